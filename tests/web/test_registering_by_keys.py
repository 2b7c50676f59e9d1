"""Whoever has keys alone, on the smallest screen, registers all there is to register; axe-core looks at every state.

Nothing is clicked: the focus goes from one place to the next, and what has it can be seen.
"""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.support import builders as b
from tests.support.browsing import VIOLATIONS, Visit, visiting
from tests.support.clubs import TODAY, TWELVE, sign_in, tell
from tests.support.offline_books import keep_book
from tests.support.systems import System

SMALLEST: Final[dict[str, Any]] = {"viewport": {"width": 320, "height": 640}}
FORMS, SERIES, OFFLINE, STATES = "tastvej", "taststi", "tastgade", "tasttorv"
MOST_STEPS: Final = 150
# Whether what has the focus lies on the screen, and is marked.
IS_SEEN: Final = """
() => {
  const {left, right, top, bottom} = document.activeElement.getBoundingClientRect();
  const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);
  const isMarked = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  return isMarked && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
}
"""


@pytest.fixture(scope="module")
def told_system(plain_system: System) -> System:
    """Tell of areas of their own, each with a club of twelve and two sessions that are planned."""
    tell(plain_system, (FORMS, SERIES, OFFLINE, STATES))
    return plain_system


class Keys:
    """Somebody who has a keyboard, and presses nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def reach(self, wanted: Locator) -> None:
        """Go on by Tab until something has the focus, and see that it can be seen."""
        await expect(wanted).to_be_visible()
        for _ in range(MOST_STEPS):
            if await wanted.evaluate("(found) => found === document.activeElement"):
                assert await self.page.evaluate(IS_SEEN), f"the focus is not seen at {wanted}"
                return
            await self.page.keyboard.press("Tab")
        pytest.fail(f"the keys do not lead to {wanted}")

    async def write(self, selector: str, text: str) -> None:
        """Go to a field and write over what stands there; in a list of choices, the choice that begins so."""
        field = self.page.locator(selector)
        await self.reach(field)
        if not await field.evaluate("(found) => found.tagName === 'SELECT'"):
            await self.page.keyboard.press("Control+a")
        await self.page.keyboard.type(text)

    async def tick(self, selector: str) -> None:
        """Go to a box and tick it."""
        await self.reach(self.page.locator(selector))
        await self.page.keyboard.press("Space")

    async def press(self, wanted: Locator, *, leads_on: bool = False) -> None:
        """Go to a button or a link and press it; where it leads to a page, wait for that."""
        await self.reach(wanted)
        if not leads_on:
            await self.page.keyboard.press("Enter")
            return
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.keyboard.press("Enter")

    def button(self, name: str) -> Locator:
        """Give the button of a name that is for people to press."""
        return self.page.get_by_role("button", name=name, exact=True)


@contextlib.asynccontextmanager
async def _hands(browser: Browser, system: System, area: str) -> AsyncIterator[tuple[Visit, Keys]]:
    async with visiting(browser, system, **SMALLEST) as visit:
        await sign_in(visit, system, area)
        yield visit, Keys(visit.page)


async def _see(page: Page, axe: str) -> None:
    """See that axe-core finds nothing, and that nothing is wider than the screen."""
    await page.evaluate(f"{axe}; undefined")
    assert await page.evaluate(VIOLATIONS) == [], page.url
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wider) <= 0, f"{page.url} is wider than the smallest screen"


async def test_a_form_is_filled_in_refused_and_mended_by_keys(told_system: System, browser: Browser, axe: str) -> None:
    """From the own area to a participant who has left; the refusal is at its field and read out with it."""
    async with _hands(browser, told_system, FORMS) as (visit, keys):
        page = visit.page
        await keys.press(page.get_by_role("link", name="Registrér noget andet"), leads_on=True)
        await keys.press(page.get_by_role("link", name="Deltager udskrevet"), leads_on=True)
        await keys.write("[name=activity]", "Klub")
        await keys.write("[name=participant]", b.person(TWELVE[0]))
        await keys.write("[name=date]", "i morgen")
        await keys.write("[name=reason]", "Flyt")
        await keys.press(keys.button("Registrér"), leads_on=True)
        assert await page.locator("[name=date]").get_attribute("aria-invalid") == "true"
        described = await page.locator("[name=date]").get_attribute("aria-describedby")
        assert "wrong-date" in (described or "").split()
        await _see(page, axe)
        visit.wrong = [each for each in visit.wrong if "422" not in each]
        await keys.write("[name=date]", f"{TODAY.day}/{TODAY.month}-{TODAY.year}")
        await keys.press(keys.button("Registrér"), leads_on=True)
        assert await page.get_by_text("Det er registreret.").count() == 1
        await _see(page, axe)
        assert visit.wrong == []


@pytest.mark.long(beside="test_a_form_is_filled_in_refused_and_mended_by_keys")
async def test_a_series_and_a_roster_are_registered_by_keys(told_system: System, browser: Browser, axe: str) -> None:
    """A series is planned and one of its days left out; a roster is saved, and a second time as last time."""
    async with _hands(browser, told_system, SERIES) as (visit, keys):
        page = visit.page
        await keys.press(page.get_by_role("link", name="Planlæg mødegange"), leads_on=True)
        for name, day in (("first", TODAY + timedelta(days=7)), ("last", TODAY + timedelta(days=21))):
            await keys.reach(page.locator(f"#{name}"))
            # What a field for days takes, in the order of the browser's language.
            await page.keyboard.type(f"{day:%m%d%Y}")
        await keys.press(keys.button("Vis dagene"), leads_on=True)
        days = page.locator("[name=day]")
        assert await days.count() == 3
        if await days.nth(1).is_checked():
            await keys.tick("[name=day] >> nth=1")
        await keys.write("#start", "25.00")
        await keys.press(keys.button("Planlæg"), leads_on=True)
        assert await page.locator("#start").get_attribute("aria-describedby") == "wrong-start"
        await _see(page, axe)
        await keys.write("#start", "18.30")
        await keys.press(keys.button("Planlæg"), leads_on=True)
        assert await page.get_by_text("Mødegangene er planlagt.").count() == 1
        await keys.press(page.get_by_role("link", name="Tilbage til mit område"), leads_on=True)
        await keys.press(page.locator(".tasks a").first, leads_on=True)
        await keys.press(keys.button("Alle"), leads_on=True)
        await keys.write("[name='away." + b.person(TWELVE[0]) + "']", "Ferie")
        await keys.write("#guests", "mange")
        await keys.press(keys.button("Gem"), leads_on=True)
        assert await page.locator("#guests").get_attribute("aria-describedby") == "wrong-guests"
        await _see(page, axe)
        await keys.tick(f"[name=came][value='{b.person(TWELVE[0])}']")
        await keys.write("#guests", "2")
        await keys.press(keys.button("Gem"), leads_on=True)
        assert await page.get_by_text("Gemt.").count() == 1
        await _see(page, axe)


@pytest.mark.long(beside="test_a_form_is_filled_in_refused_and_mended_by_keys")
async def test_without_a_net_the_keys_do_it_all_too(told_system: System, browser: Browser, axe: str) -> None:
    """The book is opened, a roster saved and refused, mended, and sent."""
    async with _hands(browser, told_system, OFFLINE) as (visit, keys):
        page = visit.page
        passphrase = await keep_book(visit, OFFLINE, {b.person(who): f"Kanariefugl {who}" for who in TWELVE})
        await visit.open("/offline")
        await _see(page, axe)
        await keys.write("[data-passphrase]", passphrase)
        await keys.press(keys.button("Åbn bogen"))
        await expect(page.locator("[data-activity] option")).to_have_count(1)
        await page.context.set_offline(True)
        await keys.press(keys.button("Alle"))
        await keys.write("#hours", "mange")
        await keys.press(keys.button("Gem"))
        await expect(page.locator("[data-net]")).to_contain_text("1 mødegang venter")
        await _see(page, axe)
        # It is sent by itself as soon as there is a net.
        await page.context.set_offline(False)
        await expect(page.locator("[data-texts]")).to_contain_text("wrong_type")
        await expect(page.locator("#wrong-hours")).to_contain_text("wrong_type")
        await _see(page, axe)
        await keys.press(page.locator("[data-task-list]").get_by_role("button", name="Ret"))
        await expect(page.locator("#wrong-hours")).to_contain_text("wrong_type")
        await keys.write("#hours", "2")
        await keys.press(keys.button("Gem"))
        await expect(page.locator("[data-net]")).to_contain_text("Intet venter")
        assert told_system.report_of(OFFLINE)["totals"]["attendances"]["value"] == len(TWELVE)
        await _see(page, axe)


@pytest.mark.long(beside="test_a_form_is_filled_in_refused_and_mended_by_keys")
async def test_people_are_chosen_by_name_from_the_book(told_system: System, browser: Browser, axe: str) -> None:
    """What is sent is the pseudonym: the name stands beside the field in this browser, and in no field."""
    people = {b.person(who): f"Kanariefugl {who[0].upper()}" for who in TWELVE}
    (pseudonym, name), (other, _) = list(people.items())[:2]
    async with _hands(browser, told_system, FORMS) as (visit, keys):
        page = visit.page
        passphrase = await keep_book(visit, FORMS, people)
        await visit.open("/register/outcome.measured")
        await keys.write("[data-passphrase]", passphrase)
        await page.keyboard.press("Enter")
        await expect(page.locator("#people-of-the-book option")).to_have_count(len(TWELVE))
        await keys.write("[name=participant]", pseudonym)
        await expect(page.locator("[data-person-named]")).to_have_text(name)
        await _see(page, axe)
        await visit.open("/register/business.founded")
        for chosen in (name, people[other]):
            await keys.write("[data-choose-person] select", chosen)
            await page.keyboard.press("Tab")
        await expect(page.locator("[name='members.others']")).to_have_value(f"{pseudonym}\n{other}")
        await _see(page, axe)


@pytest.mark.long(beside="test_a_form_is_filled_in_refused_and_mended_by_keys")
async def test_every_state_of_the_pages_can_be_read(told_system: System, browser: Browser, axe: str) -> None:
    """A preview, a list that somebody else saved meanwhile, and what is shown to whoever was signed out."""
    async with _hands(browser, told_system, STATES) as (visit, keys):
        page = visit.page
        await visit.open("/register/story.published")
        await keys.write("[name=title]", "En god dag")
        await keys.write("[name=text]", "Alle var med.")
        await keys.press(keys.button("Se det igennem"), leads_on=True)
        assert await page.get_by_text("Alle var med.").count() == 1
        await _see(page, axe)
        roster = f"/roster?activity={STATES}&date={TODAY}"
        await visit.open(roster)
        second = await page.context.new_page()
        await second.goto(f"{visit.address}{roster}")
        for each in (second, page):
            await each.get_by_role("button", name="Alle").press("Enter")
            await expect(each.locator("input[name=came]:checked")).to_have_count(len(TWELVE))
            if each is page:
                await each.locator("input[name=came]").first.uncheck()
            await each.locator("#hours").press("Enter")
            await expect(each.locator("[role=status], .warn[role=alert]").first).to_be_visible()
        await expect(page.get_by_text("en anden har registreret")).to_be_visible()
        await _see(page, axe)
        cookies = await page.context.cookies()
        await page.context.clear_cookies()
        await keys.press(keys.button("Gem"), leads_on=True)
        await expect(page.get_by_text("Du er ikke logget ind længere.")).to_be_visible()
        await _see(page, axe)
        await page.context.add_cookies([{**each} for each in cookies])  # type: ignore[typeddict-item]  # as it gave them
        await keys.press(keys.button("Gem igen"), leads_on=True)
        assert await page.get_by_text("Gemt.").count() == 1
