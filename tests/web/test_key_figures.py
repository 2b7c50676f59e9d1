"""Key figures at every width between a phone and a desk: no amount is broken, and nothing but figures is in a row."""

from typing import Final

from playwright.async_api import Browser

from tests.support.browsing import visiting
from tests.support.systems import System

# Where boxes are narrow, or not as many as fill their rows.
WIDTHS: Final = (780, 790, 800, 900, 950, 1000, 1060, 1100)
# The amounts that stand on two lines, or are wider than their box.
BROKEN: Final = """
() => [...document.querySelectorAll(".key-figures dd data")].filter((amount) => {
  const box = amount.closest("div").getBoundingClientRect(), text = amount.getBoundingClientRect();
  return amount.getClientRects().length > 1 || text.left < box.left || text.right > box.right;
}).map((amount) => amount.textContent)
"""
# Rows of boxes in which some room is left, and whether that looks as a box does.
UNLIKE: Final = """
() => [...document.querySelectorAll(".key-figures")].filter((grid) => {
  const whole = grid.getBoundingClientRect();
  const last = grid.lastElementChild.getBoundingClientRect();
  const hasRoom = whole.right - last.right > 8;
  const [around, within] = [grid, grid.lastElementChild].map((part) => getComputedStyle(part).backgroundColor);
  return hasRoom && around !== within;
}).length
"""
# How many key figures stand on a page, and whether the last row of any has room for more.
ROOM: Final = """
() => [...document.querySelectorAll(".key-figures")].some((grid) =>
  grid.getBoundingClientRect().right - grid.lastElementChild.getBoundingClientRect().right > 8)
"""


async def test_amounts_are_whole_at_every_width(rich_system: System, browser: Browser) -> None:
    """Those of the page of money once broke inside their unit, before the last letter of kr."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/money")
        assert await visit.page.locator(".key-figures.amounts dd data").count() >= 4
        for width in WIDTHS:
            await visit.page.set_viewport_size({"width": width, "height": 900})
            assert await visit.page.evaluate(BROKEN) == [], width


async def test_what_is_left_of_a_row_of_key_figures_is_no_slab(rich_system: System, browser: Browser) -> None:
    """A sixth figure under five once left four fifths of a row dark."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/")
        with_room = 0
        for width in WIDTHS:
            await visit.page.set_viewport_size({"width": width, "height": 900})
            with_room += await visit.page.evaluate(ROOM)
            assert await visit.page.evaluate(UNLIKE) == 0, width
        assert with_room > 0, "there is a width at which a row is not full"
