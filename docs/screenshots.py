"""Writes the pictures of README and of the guide for coordinators: `python -m docs.screenshots`, with Chromium.

The demo is started for it and looked at as its visitors do, so a picture shows what the code of this moment makes.
"""

import asyncio
import dataclasses
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, async_playwright, expect

from tests.support import builders as b
from tests.support.browsing import CHROMIUM, FLAGS, NARROW, WIDE, Visit, visiting
from tests.support.clubs import TODAY, TWELVE, sign_in, tell
from tests.support.offline_books import keep_book
from tests.support.systems import System, running

FOLDER: Final = Path(__file__).parent / "images"
# File, address, and how it is looked at.
PICTURES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("overview", "/", {"viewport": {"width": WIDE, "height": 900}, "color_scheme": "light"}),
    ("money", "/money", {"viewport": {"width": WIDE, "height": 900}, "color_scheme": "light"}),
    ("plan", "/plans/amagerplanen-2023", {"viewport": {"width": WIDE, "height": 900}, "color_scheme": "dark"}),
    ("phone", "/en/areas/urbanplanen", {"viewport": {"width": NARROW, "height": 844}, "color_scheme": "dark"}),
)
# The area whose coordinator has a telephone, and how that is looked at.
AREA: Final = "solvang"
PHONE: Final[dict[str, Any]] = {"viewport": {"width": NARROW, "height": 760}, "color_scheme": "light"}
# A busy machine needs its time for a page.
expect.set_options(timeout=30_000)


async def write(system: System) -> None:
    """Write every picture of a running system, as whoever is signed in there sees it."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, path, how in PICTURES:
            async with visiting(browser, system, **how) as visit:
                await visit.open(path)
                await visit.page.screenshot(path=FOLDER / f"{name}.png")
        tell(system, (AREA,))
        async with visiting(browser, dataclasses.replace(system, session=""), **PHONE) as visit:
            await write_of_coordinator(visit, system)
        await browser.close()


async def write_of_coordinator(visit: Visit, system: System) -> None:
    """Write the pictures of a coordinator's day: the own area, a roster with names, and one without a net."""
    page = visit.page
    await sign_in(visit, system, AREA)
    people = {b.person(who): f"Deltager {place}" for place, who in enumerate(TWELVE, start=11)}
    passphrase = await keep_book(visit, AREA, people)
    await visit.open("/own-area")
    await page.fill("[data-passphrase]", passphrase)
    await page.get_by_role("button", name="Åbn bogen").click()
    await expect(page.locator("[data-open-names]")).to_have_count(0)
    await page.screenshot(path=FOLDER / "koordinator-omraade.png")
    await visit.open(f"/roster?activity={AREA}&date={TODAY}")
    await expect(page.get_by_text("Deltager 11")).to_be_visible()
    for tick in (await page.locator("input[name=came]").all())[:9]:
        await tick.check()
    await page.locator("[name^='away.']").nth(9).select_option("sent_word")
    await page.evaluate("scrollTo(0, 0)")
    await page.screenshot(path=FOLDER / "koordinator-liste.png")
    await visit.open("/offline")
    await expect(page.locator("[data-list] li")).to_have_count(len(TWELVE))
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Alle").click()
    await page.get_by_role("button", name="Gem", exact=True).click()
    await expect(page.locator("[data-net]")).to_contain_text("1 mødegang venter")
    await page.evaluate("scrollTo(0, 0)")
    await page.screenshot(path=FOLDER / "koordinator-uden-net.png")


def main() -> None:
    """Run the demo, and write the pictures."""
    with (
        tempfile.TemporaryDirectory(prefix="helhedsnet-screenshots-") as folder,
        running("demo", data=Path(folder)) as system,
    ):
        asyncio.run(write(system.signed_in()))


if __name__ == "__main__":
    main()
