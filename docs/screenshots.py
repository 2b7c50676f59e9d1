"""Writes the pictures of the pages that README shows: `python -m docs.screenshots`, in a clone with Chromium at hand.

The demo is started for it and looked at as its visitors do, so a picture shows what the code of this moment makes.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, async_playwright

from tests.support.browsing import CHROMIUM, FLAGS, NARROW, WIDE, visiting
from tests.support.systems import System, running

FOLDER: Final = Path(__file__).parent / "images"
# File, address, and how it is looked at.
PICTURES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("overview", "/", {"viewport": {"width": WIDE, "height": 900}, "color_scheme": "light"}),
    ("money", "/money", {"viewport": {"width": WIDE, "height": 900}, "color_scheme": "light"}),
    ("plan", "/plans/amagerplanen-2023", {"viewport": {"width": WIDE, "height": 900}, "color_scheme": "dark"}),
    ("phone", "/en/areas/urbanplanen", {"viewport": {"width": NARROW, "height": 844}, "color_scheme": "dark"}),
)


async def write(system: System) -> None:
    """Write every picture of a running system, as whoever is signed in there sees it."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, path, how in PICTURES:
            async with visiting(browser, system, **how) as visit:
                await visit.open(path)
                await visit.page.screenshot(path=FOLDER / f"{name}.png")
        await browser.close()


def main() -> None:
    """Run the demo, and write the pictures."""
    with (
        tempfile.TemporaryDirectory(prefix="helhedsnet-screenshots-") as folder,
        running("demo", data=Path(folder)) as system,
    ):
        asyncio.run(write(system.signed_in()))


if __name__ == "__main__":
    main()
