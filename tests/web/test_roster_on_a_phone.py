"""A coordinator on a phone registers a session of twelve: the taps that it takes, with scripting and without."""

from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page
from starlette.routing import compile_path

from tests.support.browsing import NARROW, OF_REGISTERING, WIDE, in_language, visiting
from tests.support.clubs import TODAY, TWELVE, sign_in, tell
from tests.support.extent import long_but_for
from tests.support.systems import System

# An area for each test that saves something, and one club in each, which is called as its area.
SCRIPTED, PLAIN, AREA = "fremmoedevej", "fremmoedegade", "fremmoedeplads"
PHONE: Final[dict[str, Any]] = {"viewport": {"width": NARROW, "height": 844}, "has_touch": True, "is_mobile": True}
SMALLEST: Final = 320
MOST_TAPS: Final = 14
MOST_TAPS_AS_LAST: Final = 4
PAGES: Final = (
    "/own-area",
    f"/roster?activity={AREA}",
    "/roster",
    "/offline",
    "/register",
    "/register/participant.enrolled",
    "/register/budget.approved",
    "/register/story.published",
    "/context-figures",
    f"/series?activity={AREA}&first=2026-09-01&last=2026-10-30",
)
VIOLATIONS: Final = """
async () => (await axe.run()).violations.map(
  (item) => `${item.id}: ${item.nodes.map((node) => node.target.join(" ")).join(", ")}`
)
"""


@pytest.fixture(scope="module")
def told_system(plain_system: System) -> System:
    """Tell of areas of their own, each with a club of twelve and two sessions that are planned."""
    tell(plain_system, (SCRIPTED, PLAIN, AREA))
    return plain_system


class Thumb:
    """Taps, and counts its taps."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.taps = 0

    async def tap(self, found: Any, *, leads_on: bool = False) -> None:  # noqa: ANN401  a locator
        """Tap something; where it leads to a page, wait for that."""
        self.taps += 1
        if not leads_on:
            await found.tap()
            return
        async with self._page.expect_navigation(wait_until="load"):
            await found.tap()


def _attendances(system: System, area: str) -> int:
    found: int = system.report_of(area)["totals"]["attendances"]["value"]
    return found


@pytest.mark.parametrize("area", long_but_for([SCRIPTED, PLAIN], [SCRIPTED]))
async def test_a_session_of_twelve_takes_at_most_fourteen_taps(
    told_system: System, browser: Browser, area: str
) -> None:
    """From the own area to what is saved; the report inside the area shows it; a week later *as last time* does."""
    how = {**PHONE, "java_script_enabled": area == SCRIPTED}
    async with visiting(browser, told_system, **how) as visit:
        await sign_in(visit, told_system, area)
        page = visit.page
        thumb = Thumb(page)
        await thumb.tap(page.locator(".tasks a").first, leads_on=True)
        for tick in await page.locator("input[name=came]").all():
            await thumb.tap(tick)
        await thumb.tap(page.get_by_role("button", name="Gem", exact=True), leads_on=True)
        assert await page.get_by_text("Gemt.").count() == 1
        assert thumb.taps <= MOST_TAPS
        assert _attendances(told_system, area) == len(TWELVE)
        await thumb.tap(page.get_by_role("link", name="Tilbage til mit område"), leads_on=True)
        again = Thumb(page)
        await again.tap(page.locator(".tasks a").first, leads_on=True)
        await again.tap(page.get_by_role("button", name="Som sidst"), leads_on=True)
        await again.tap(page.get_by_role("button", name="Gem", exact=True), leads_on=True)
        assert again.taps <= MOST_TAPS_AS_LAST
        assert await page.get_by_text("Gemt.").count() == 1
        assert _attendances(told_system, area) == 2 * len(TWELVE)
        assert visit.wrong == []


def test_every_page_of_registering_is_walked() -> None:
    """A page that is new there is opened too; lists for a browser without a net are no page."""
    walked = [path.partition("?")[0] for path in PAGES]
    missed = {path for path in OF_REGISTERING if not any(compile_path(path)[0].fullmatch(each) for each in walked)}
    assert missed == {"/offline/rosters"}


@pytest.mark.parametrize("path", long_but_for(PAGES, PAGES[1:2]))
async def test_whoever_needs_help_to_read_can_register(
    told_system: System, browser: Browser, axe: str, path: str
) -> None:
    """axe-core finds no violation, in the dark too and in both languages; nothing is wider than the smallest screen."""
    for scheme, width in (("light", WIDE), ("dark", SMALLEST)):
        async with visiting(
            browser, told_system, viewport={"width": width, "height": 900}, color_scheme=scheme
        ) as visit:
            await sign_in(visit, told_system, AREA)
            await visit.page.evaluate(f"{axe}; undefined")
            for language in ("da", "en"):
                await visit.open(in_language(path, language))
                await visit.page.evaluate(f"{axe}; undefined")
                assert await visit.page.evaluate(VIOLATIONS) == [], f"{path} {language} {scheme}"
                too_wide = await visit.page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert too_wide <= 0, f"{path} is wider than {width}"
                assert await visit.page.locator("h1").count() == 1
            assert visit.wrong == []


async def test_the_keyboard_alone_registers_a_session(told_system: System, browser: Browser) -> None:
    """Tab and blank tick, Enter saves; what has the focus is seen."""
    async with visiting(browser, told_system, viewport={"width": WIDE, "height": 900}) as visit:
        await sign_in(visit, told_system, AREA)
        day = TODAY - timedelta(days=1)
        await visit.open(f"/roster?activity={AREA}&date={day}")
        await visit.page.get_by_role("button", name="Alle").focus()
        async with visit.page.expect_navigation(wait_until="load"):
            await visit.page.keyboard.press("Enter")
        assert await visit.page.locator("input[name=came]:checked").count() == len(TWELVE)
        await visit.page.locator("input[name=came]").first.focus()
        await visit.page.keyboard.press("Space")
        await visit.page.keyboard.press("Tab")
        assert await visit.page.evaluate("document.activeElement.name.startsWith('away.')")
        async with visit.page.expect_navigation(wait_until="load"):
            await visit.page.locator("#hours").press("Enter")
        assert await visit.page.get_by_text("Gemt.").count() == 1, "Enter saves, and presses no other button"
        assert await visit.page.locator("input[name=came]:checked").count() == len(TWELVE) - 1
        assert visit.wrong == []
