"""The pages of administrators as they look and are used: who may sign in, and who did what."""

import dataclasses
import os
import re
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser

from services.reporting.web.visitor import COOKIE
from tests.support import builders as b
from tests.support.browsing import NARROW, VIOLATIONS, WIDE, Scheme, in_language, visiting
from tests.support.extent import long_but_for
from tests.support.invitations import invite
from tests.support.systems import System

PATHS: Final = ("/administration", "/log", "/log?of=registry")
# A name as long as may be, and one that would be script.
NAMES: Final = ("Fremmødesystemet i " + "Brabrand" * 20, "<script>alert(1)</script>")
CLOUDEVENT: Final = {"content-type": "application/cloudevents+json"}
MINUTE: Final = re.compile(r"(?:kl\.|at) \d+[.:]\d\d")
# Where pictures are put, for whoever looks at the pages; none are taken where it is empty.
PICTURES: Final = os.environ.get("HELHEDSNET_PICTURES", "")


@pytest.fixture(scope="session")
def office(plain_system: System) -> System:
    """Give the system as an administrator sees it, with people, an open invitation and keys of programs."""
    headers = {"Authorization": f"Bearer {plain_system.token('admin')}"}
    with httpx.Client(base_url=plain_system.address, headers=headers) as client:
        # The widest that stands in a list to choose from, on a narrow screen too.
        area = b.an_area("langt-navn", name="Boligområdet " + "Langtnavn" * 12)
        client.post("/registry/events", json=area, headers=CLOUDEVENT).raise_for_status()
        for name in NAMES:
            client.post("/access/keys", json={"name": name, "role": "auditor"}).raise_for_status()
            asked = {"name": name, "role": "lead", "minutes": 60}
            client.post("/access/invitations", json=asked).raise_for_status()
    taken = {"invitation": invite(plain_system, "--role", "admin")}
    origin = {"origin": plain_system.address}
    answer = httpx.post(f"{plain_system.address}/sign-in", data=taken, headers=origin)
    return dataclasses.replace(plain_system, session=answer.cookies[COOKIE])


@pytest.mark.parametrize(
    ("path", "language", "width", "scheme"),
    long_but_for(
        (
            (path, language, width, scheme)
            for path in PATHS
            for language in ("da", "en")
            for width in (WIDE, NARROW)
            for scheme in ("light", "dark")
        ),
        (("/administration", "da", NARROW, "light"), ("/log", "en", WIDE, "dark")),
    ),
)
async def test_nothing_keeps_an_administrator_from_using_their_pages(
    office: System, browser: Browser, axe: str, path: str, language: str, width: int, scheme: Scheme
) -> None:
    """axe-core finds nothing, nothing fails or is wider than the screen, and it says the same without scripts."""
    how: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    said = []
    for scripting in (True, False):
        async with visiting(browser, office, java_script_enabled=scripting, **how) as visit:
            await visit.open(in_language(path, language))
            # A session is used once more by each visit.
            said.append(MINUTE.sub("", await visit.page.locator("main").inner_text()))
            assert NAMES[1] in said[-1] or path.endswith("registry")
            assert visit.wrong == []
            if scripting:
                too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert await visit.page.evaluate(too_wide) <= 0
                if PICTURES:
                    name = f"{path.strip('/').replace('?of=', '-')}-{language}-{width}-{scheme}.png"
                    await visit.page.screenshot(path=Path(PICTURES) / name, full_page=True)
                await visit.page.evaluate(f"{axe}; undefined")
                assert await visit.page.evaluate(VIOLATIONS) == []
    assert said[0] == said[1]


async def test_a_key_is_made_and_ended_by_the_keyboard_alone(office: System, browser: Browser) -> None:
    """Each field and button is reached by Tab, and what is shown once is read out."""
    async with visiting(browser, office) as visit:
        await visit.open("/en/administration")
        form = visit.page.locator("form[action$='/administration/keys']")
        await form.locator("input[name=name]").focus()
        await visit.page.keyboard.type("By keyboard")
        await visit.page.keyboard.press("Tab")
        await visit.page.keyboard.type("Auditor")
        await visit.page.keyboard.press("Tab")
        await visit.page.keyboard.press("Tab")
        async with visit.page.expect_navigation():
            await visit.page.keyboard.press("Enter")
        assert await visit.page.locator("[role=status] [data-made=key]").count() == 1
        row = visit.page.locator("tr", has_text="By keyboard")
        await row.get_by_role("button").focus()
        async with visit.page.expect_navigation():
            await visit.page.keyboard.press("Enter")
        assert await visit.page.locator("tr", has_text="By keyboard").count() == 0
        assert visit.wrong == []
