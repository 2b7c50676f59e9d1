"""A coordinator registers without a net: with the service worker, the sealed database and the intake as they are."""

import contextlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support import builders as b
from tests.support.browsing import NARROW, VIOLATIONS, Visit, visiting
from tests.support.clubs import TODAY, TWELVE, sign_in, tell
from tests.support.offline_books import DUMP, keep_book
from tests.support.systems import System

# An area for each test.
ALONE, BOTH, OUT = "oevej", "oegade", "oeplads"
PHONE: Final[dict[str, Any]] = {"viewport": {"width": NARROW, "height": 844}, "has_touch": True, "is_mobile": True}
# By the pseudonyms under which the twelve are known.
NAMES: Final = {b.person(who): f"Kanariefugl {who[0].upper()}" for who in TWELVE}


@pytest.fixture(scope="module")
def told_system(plain_system: System) -> System:
    """Tell of areas of their own, each with a club of twelve and two sessions that are planned."""
    tell(plain_system, (ALONE, BOTH, OUT))
    return plain_system


@contextlib.asynccontextmanager
async def _phone(browser: Browser, system: System, area: str) -> AsyncIterator[Visit]:
    """Open a phone whose vault is open and whose lists are read."""
    async with visiting(browser, system, **PHONE) as visit:
        await sign_in(visit, system, area)
        passphrase = await keep_book(visit, area, NAMES)
        await visit.open("/offline")
        await visit.page.fill("[data-passphrase]", passphrase)
        await visit.page.get_by_role("button", name="Åbn bogen").click()
        await expect(visit.page.locator("[data-activity] option")).to_have_count(1)
        yield visit


async def _register(page: Page, day: str, came: int, hours: str = "2") -> None:
    await page.fill("[data-date]", day)
    await expect(page.locator("[data-roster]")).to_have_attribute("data-session", day)
    await expect(page.locator("[data-list] li")).to_have_count(len(TWELVE))
    for tick in (await page.locator("[data-who]").all())[:came]:
        await tick.check()
    await page.fill("#hours", hours)
    await page.get_by_role("button", name="Gem", exact=True).click()


def _attendances(system: System, area: str) -> int:
    found: int = system.report_of(area)["totals"]["attendances"]["value"]
    return found


async def test_what_is_saved_without_a_net_is_sent_when_there_is_one(
    told_system: System, browser: Browser, axe: str
) -> None:
    """The roster opens, shows names, is saved and stays when the page is closed; no name lies in the browser."""
    async with _phone(browser, told_system, ALONE) as visit:
        page = visit.page
        await page.context.set_offline(True)
        await page.goto(f"{visit.address}/roster?activity={ALONE}&date={TODAY}")
        await expect(page.locator("[data-shown]").first).to_have_text(NAMES[b.person(TWELVE[0])])
        await _register(page, f"{TODAY}", 3)
        await expect(page.locator("[data-said]")).to_contain_text("Gemt her")
        await expect(page.locator("[data-net]")).to_contain_text("1 mødegang venter")
        lying = await page.evaluate(DUMP)
        assert ALONE in lying
        assert not [word for word in (*NAMES.values(), *NAMES, "Kanariefugl", "Klubben") if word in lying]
        await page.close()
        again = await page.context.new_page()
        await again.goto(f"{visit.address}/offline")
        await expect(again.locator("[data-net]")).to_contain_text("1 mødegang venter")
        await page.context.set_offline(False)
        await again.evaluate("dispatchEvent(new Event('online'))")
        await expect(again.locator("[data-net]")).to_contain_text("Intet venter")
        assert _attendances(told_system, ALONE) == 3
        await again.evaluate(f"{axe}; undefined")
        assert await again.evaluate(VIOLATIONS) == []


@pytest.mark.long(beside="test_what_is_saved_without_a_net_is_sent_when_there_is_one")
async def test_two_phones_choose_and_what_is_refused_is_mended(told_system: System, browser: Browser) -> None:
    """The second is shown what the first registered; a refusal comes back with what was typed."""
    day = f"{TODAY - timedelta(days=7)}"
    async with _phone(browser, told_system, BOTH) as first, _phone(browser, told_system, BOTH) as second:
        for visit, came in ((first, 2), (second, 5)):
            await visit.page.context.set_offline(True)
            await _register(visit.page, day, came)
            await expect(visit.page.locator("[data-said]")).to_contain_text("Gemt her")
        for visit in (first, second):
            await visit.page.context.set_offline(False)
            await visit.page.evaluate("dispatchEvent(new Event('online'))")
            words = "Intet venter" if visit is first else "1 mødegang skal ses på"
            await expect(visit.page.locator("[data-net]")).to_contain_text(words)
        page = second.page
        await expect(page.locator("[data-theirs]")).to_contain_text("2 af de tilmeldte")
        await expect(page.locator("[data-task-list] [data-mine]")).to_contain_text("5 af de tilmeldte")
        assert _attendances(told_system, BOTH) == 2
        await page.get_by_role("button", name="Brug mit i stedet").click()
        await expect(page.locator("[data-net]")).to_contain_text("Intet venter")
        assert _attendances(told_system, BOTH) == 5
        await _register(page, f"{TODAY}", 1, hours="mange")
        await expect(page.locator("[data-texts]")).to_contain_text("wrong_type")
        await page.locator("[data-task-list]").get_by_role("button", name="Ret").click()
        await expect(page.locator("#hours")).to_have_value("mange")
        await page.fill("#hours", "2")
        await page.get_by_role("button", name="Gem", exact=True).click()
        await expect(page.locator("[data-net]")).to_contain_text("Intet venter")
        assert _attendances(told_system, BOTH) == 6


@pytest.mark.long(beside="test_what_is_saved_without_a_net_is_sent_when_there_is_one")
async def test_a_session_that_ended_meanwhile_keeps_all(told_system: System, browser: Browser) -> None:
    """Whoever is signed out is asked to sign in, and what was saved is sent then."""
    async with _phone(browser, told_system, OUT) as visit:
        page = visit.page
        cookies = await page.context.cookies()
        await page.context.clear_cookies()
        await _register(page, f"{TODAY}", 4)
        await expect(page.locator("[data-why]")).to_contain_text("Du er ikke logget ind længere")
        await expect(page.locator("[data-net]")).to_contain_text("1 mødegang venter")
        await page.context.add_cookies([{**each} for each in cookies])  # type: ignore[typeddict-item]  # as it gave them
        await page.get_by_role("button", name="Send nu").click()
        await expect(page.locator("[data-net]")).to_contain_text("Intet venter")
        assert _attendances(told_system, OUT) == 4
        # On the roster with a net the names are those of the vault, too.
        await visit.open(f"/roster?activity={OUT}")
        await expect(page.get_by_text(re.compile("^Kanariefugl"))).to_have_count(len(TWELVE))
