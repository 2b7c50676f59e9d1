"""Pages on a narrow screen and pages that are short: nothing is cut off, and the footer stands at the foot."""

import dataclasses
from typing import Final

import httpx
import pytest
from playwright.async_api import Browser

from tests.support.browsing import WIDE, visiting
from tests.support.systems import System

# The narrowest that a page is to be read on (WCAG 2.2, 1.4.10).
NARROWEST: Final = 320
HEIGHT: Final = 900
# Texts of charts that were shortened, for they are longer than their chart is wide.
SHORTENED: Final = """
() => [...document.querySelectorAll(".chart text")].map((text) => text.textContent).filter((said) => said.endsWith("…"))
"""
# Blocks of commands that are wider than what is seen of them.
HIDDEN: Final = """
() => [...document.querySelectorAll("pre")].filter((block) => block.scrollWidth > block.clientWidth).length
"""
# How many pixels of the screen are left under the footer.
UNDER_THE_FOOTER: Final = "() => innerHeight - document.querySelector('footer').getBoundingClientRect().bottom"
# The spans of years in captions that stand on two lines.
BROKEN_SPANS: Final = """
() => [...document.querySelectorAll("caption .nowrap")].filter((span) => span.getClientRects().length > 1).length
"""

# The labels of key figures that are one word and yet stand on two lines.
BROKEN_WORDS: Final = """
() => [...document.querySelectorAll(".key-figures dt")].filter((label) => {
  const inside = document.createRange();
  inside.selectNodeContents(label);
  return /^[^\\s-]+$/.test(label.textContent.trim()) && inside.getClientRects().length > 1;
}).map((label) => label.textContent)
"""


def _stranger(system: System) -> System:
    return dataclasses.replace(system, session="")


@pytest.mark.parametrize("width", [NARROWEST, WIDE])
async def test_the_footer_of_a_short_page_stands_at_the_foot_of_the_screen(
    rich_system: System, browser: Browser, width: int
) -> None:
    """It once stood in the middle, with the ground of the page under it."""
    how = {"viewport": {"width": width, "height": HEIGHT}}
    async with visiting(browser, _stranger(rich_system), **how) as visit:
        await visit.open("/sign-in")
        assert abs(await visit.page.evaluate(UNDER_THE_FOOTER)) < 1


async def test_no_command_is_cut_off_on_a_narrow_screen(rich_system: System, browser: Browser) -> None:
    """The command that makes a link stands on the page of who is not signed in, to be copied whole."""
    how = {"viewport": {"width": NARROWEST, "height": HEIGHT}}
    async with visiting(browser, _stranger(rich_system), **how) as visit:
        await visit.open("/sign-in")
        assert await visit.page.locator("pre").count() == 1
        assert await visit.page.evaluate(HIDDEN) == 0


@pytest.mark.parametrize("language", ["", "/en"])
async def test_no_word_of_a_chart_of_money_is_cut_off_on_a_narrow_screen(
    rich_system: System, browser: Browser, language: str
) -> None:
    """What is spent and how much time has gone stood on one line that was longer than the chart is wide."""
    how = {"viewport": {"width": NARROWEST, "height": HEIGHT}}
    async with visiting(browser, rich_system, **how) as visit:
        await visit.open(f"{language}/money")
        assert await visit.page.locator(".chart text").count() > 0
        assert await visit.page.evaluate(SHORTENED) == []
        assert await visit.page.locator("caption .nowrap").count() > 0
        assert await visit.page.evaluate(BROKEN_SPANS) == 0


@pytest.mark.parametrize("path", ["/subscriptions/confirm", "/subscriptions/stop"])
def test_a_link_of_a_mail_without_its_secret_is_said_to_be_broken(rich_system: System, path: str) -> None:
    """It once showed a field called link, which nobody can fill."""
    answer = httpx.get(f"{rich_system.address}{path}", timeout=60)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Linket er ikke helt." in answer.text
    assert "<input" not in answer.text.partition("<main")[2]


async def test_no_word_of_a_key_figure_is_broken_on_a_narrow_screen(rich_system: System, browser: Browser) -> None:
    """Mikrovirksomheder once lost its last two letters to a line of their own."""
    how = {"viewport": {"width": NARROWEST, "height": HEIGHT}}
    async with visiting(browser, rich_system, **how) as visit:
        await visit.open("/")
        assert await visit.page.locator(".key-figures dt").count() > 1
        assert await visit.page.evaluate(BROKEN_WORDS) == []
