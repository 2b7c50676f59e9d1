"""What once kept readers from a page or a figure: tips, choices, keys, narrow screens, paper and language."""

import html
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
import vl_convert
from playwright.async_api import Browser, expect

from services.reporting.web.charts import catalogue as charts
from services.reporting.web.writing import Code
from services.reporting.words import HEADINGS
from tests.support.browsing import NARROW, in_language, visiting
from tests.support.invitations import get
from tests.support.registering import Visitors
from tests.support.systems import System

PLAN: Final = "/plans/amagerplanen-2023"
# What stands beside a chart on a page: its margins, and those of its frame.
BESIDE_A_CHART: Final = 74
SMALL_PHONE: Final = 320
# What is as wide as a sheet of A4 between its margins, in pixels.
PAPER: Final = 718
# How far from the pointer the tip of a chart may stand.
BESIDE: Final = 40
BARS: Final = ".chart svg .mark-rect path"
TIP: Final = "#vg-tooltip-element"
# The boxes of all texts of a drawing that say something.
TEXTS: Final = """
() => [...document.querySelectorAll("svg text")].filter((text) => text.textContent.trim()).map((text) => {
  const box = text.getBoundingClientRect();
  return [text.textContent, box.left, box.top, box.right, box.bottom];
})
"""
# The words of a table's headings that stand on two lines, and the tables that are wider than their place.
BROKEN: Final = r"""
() => {
  const broken = [];
  for (const cell of document.querySelectorAll("thead th")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const word of node.data.matchAll(/[^\s\u00ad-]+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (tops.size > 1) broken.push(word[0]);
      }
    }
  }
  for (const place of document.querySelectorAll(".scroll")) {
    if (place.checkVisibility() && place.scrollWidth > place.clientWidth + 1) broken.push(`wide: ${place.ariaLabel}`);
  }
  return broken;
}
"""

# How many days stand in tables, written out, and those of which a part is on a line of its own.
DAYS: Final = r"""
() => {
  let days = 0;
  const broken = [];
  for (const cell of document.querySelectorAll("tbody th, tbody td")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const day of node.data.matchAll(/\d{1,2}\. [a-zæøå]+ \d{4}/g)) {
        const range = document.createRange();
        range.setStart(node, day.index);
        range.setEnd(node, day.index + day[0].length);
        days += 1;
        const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (tops.size > 1) broken.push(day[0]);
      }
    }
  }
  return [days, broken];
}
"""

# The captions that are not whole in the visible part of their table, once it was moved to its end.
CUT_CAPTIONS: Final = """
() => [...document.querySelectorAll(".scroll")].filter((place) => place.checkVisibility()).filter((place) => {
  place.scrollLeft = place.scrollWidth;
  const seen = place.getBoundingClientRect(), box = place.querySelector("caption").getBoundingClientRect();
  return box.left < seen.left - 1 || box.right > seen.right + 1;
}).map((place) => place.ariaLabel)
"""


async def test_the_tip_of_a_chart_stands_beside_the_pointer(rich_system: System, browser: Browser) -> None:
    """It once lay below the footer, and the page grew by it."""
    async with visiting(browser, rich_system, viewport={"width": 1280, "height": 900}) as visit:
        await visit.open("/")
        height = await visit.page.evaluate("document.documentElement.scrollHeight")
        bar = visit.page.locator(BARS).first
        await bar.scroll_into_view_if_needed()
        await bar.hover()
        await expect(visit.page.locator(TIP)).to_be_visible()
        tip, under = await visit.page.locator(TIP).bounding_box(), await bar.bounding_box()
        assert tip is not None
        assert under is not None
        pointer = under["x"] + under["width"] / 2, under["y"] + under["height"] / 2
        assert abs(tip["x"] - pointer[0]) < BESIDE
        assert abs(tip["y"] - pointer[1]) < BESIDE
        assert await visit.page.evaluate("document.documentElement.scrollHeight") == height


@pytest.mark.parametrize("unticked", ["indicator", "by"])
async def test_a_choice_of_nothing_leaves_the_form_there(rich_system: System, browser: Browser, unticked: str) -> None:
    """Whoever unticks everything was once told of a period that ends too early, and had no form to mend it."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/figures?indicator=sessions&by=area")
        for box in await visit.page.locator(f"input[name={unticked}]:checked").all():
            await box.uncheck()
        async with visit.page.expect_navigation(wait_until="load"):
            await visit.page.locator("form.pivot button").click()
        await visit.settled()
        assert await visit.page.locator("form.pivot").count() == 1
        assert await visit.page.get_by_role("alert").count() == 0
        assert await visit.page.locator("main table tbody tr").count() > 0
        assert visit.wrong == []


async def test_an_address_that_names_nothing_leaves_the_form_there(rich_system: System) -> None:
    """Fields that are sent empty choose nothing: they are no names, and no days, that do not exist."""
    async with _client(rich_system) as client:
        answer = await client.get("/figures?indicator=&by=&from=&to=", follow_redirects=True)
    assert answer.status_code == httpx.codes.OK
    assert 'class="panel pivot"' in answer.text
    assert 'role="alert"' not in answer.text
    assert 'data-figure="rows.0.' in answer.text


async def test_going_through_a_choice_by_keys_leaves_the_page_alone(rich_system: System, browser: Browser) -> None:
    """The third entry is reached without a page for each one on the way; the button then shows it (WCAG 2.2, 3.2.2)."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/change")
        address = visit.page.url
        choice = visit.page.locator("form[data-at-once] select").first
        await visit.page.locator(".period summary").click()
        await choice.focus()
        for _ in range(2):
            await visit.page.keyboard.press("ArrowDown")
        await visit.page.wait_for_timeout(200)
        assert visit.page.url == address
        assert await choice.evaluate("(choice) => choice === document.activeElement && choice.selectedIndex") == 2
        async with visit.page.expect_navigation(wait_until="load"):
            await visit.page.locator("form[data-at-once] button").first.click()
        assert visit.page.url != address


async def test_a_chart_without_scripting_is_whole_and_leaves_no_hole(rich_system: System, browser: Browser) -> None:
    """The headings of funders were cut at the left, under the room that a drawn chart would have taken."""
    async with visiting(browser, rich_system, java_script_enabled=False) as visit:
        await visit.open("/money")
        picture = visit.page.locator("noscript img[src*=funders], figure img[src*=funders]").first
        address = await picture.get_attribute("src")
        assert address is not None
        for place in await visit.page.locator(".chart").all():
            assert await place.bounding_box() is None
    async with visiting(browser, rich_system) as visit:
        await visit.page.goto(f"{rich_system.address}{address}")
        texts = await visit.page.evaluate(TEXTS)
        assert {text for text, *_ in texts} >= {"Landsbyggefonden", "Boligorganisation"}
        assert [text for text, left, *_ in texts if left < 0] == []


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("width", [SMALL_PHONE, NARROW])
async def test_figures_of_cohorts_do_not_lie_over_one_another(
    rich_system: System, browser: Browser, width: int, language: Code
) -> None:
    """A narrow field has room for the number of people alone, and its heading for the years; shares are in the table.

    More cohorts than the demo has make fields narrow on any phone.
    """
    async with visiting(browser, rich_system, viewport={"width": width, "height": 900}) as visit:
        await visit.open(in_language("/staying", language))
        texts = await visit.page.evaluate(TEXTS)
        assert len(texts) > 10
        assert _over_one_another(texts) == []
        report = {**rich_system.report(), "retention": _cohorts(5)}
        drawn = charts.specification("retention", report, language, "light")
        await visit.page.set_content(vl_convert.vegalite_to_svg({**drawn, "width": width - BESIDE_A_CHART}))
        texts = await visit.page.evaluate(TEXTS)
        assert {text for text, *_ in texts} >= {"101", "104"}
        # The name of the axis is set by the server's face here, on a page by the browser's.
        assert _over_one_another([text for text in texts if text[0] not in HEADINGS["cohort"]]) == []


def _over_one_another(texts: list[tuple[str, float, float, float, float]]) -> list[tuple[str, str]]:
    """Give the texts that no gap parts, by their boxes: from left and top to right and bottom."""
    return [
        (one[0], other[0])
        for place, one in enumerate(texts)
        for other in texts[:place]
        if one[1] < other[3] + 1 and other[1] < one[3] + 1 and one[2] < other[4] - 1 and other[2] < one[4] - 1
    ]


def _cohorts(years: int) -> list[dict[str, Any]]:
    names = [f"{year}/{year % 100 + 1}" for year in range(2020, 2020 + years)]
    return [
        {
            "cohort": name,
            "new_participants": {"value": 200 - place, "suppressed": False},
            "years": [
                {
                    "years_later": later,
                    "school_year": names[place + later],
                    "seen": {"value": 100 + later, "suppressed": False},
                    "share_pct": 55.5,
                }
                for later in range(1, years - place)
            ],
        }
        for place, name in enumerate(names)
    ]


async def test_bars_of_funders_are_long_enough_to_compare_on_a_phone(rich_system: System, browser: Browser) -> None:
    """The names of the kinds once took all the width, and every bar was a line; amounts stood beside nothing."""
    async with visiting(browser, rich_system, viewport={"width": SMALL_PHONE, "height": 900}) as visit:
        await visit.open("/en/money")
        bars = visit.page.locator("[data-specification*=funders] svg .mark-rect path")
        widths = sorted([box["width"] for bar in await bars.all() if (box := await bar.bounding_box())])
        assert len(widths) > 10
        assert widths[-1] > SMALL_PHONE / 6
        assert widths[-1] > 5 * widths[0]


@pytest.mark.parametrize("path", ["/answers", PLAN, f"{PLAN}/statements/2025", "/releases"])
async def test_no_day_of_a_table_is_taken_apart_on_a_phone(rich_system: System, browser: Browser, path: str) -> None:
    """A day once stood on three lines and a period on six, in rows that nobody could look through."""
    async with visiting(browser, rich_system, viewport={"width": SMALL_PHONE, "height": 900}) as visit:
        await visit.open(path)
        days, broken = await visit.page.evaluate(DAYS)
        assert days > 0
        assert broken == []


# The boxes of key figures, row by row: where each begins and ends.
BOXES: Final = """
() => Object.values(Object.groupBy(
  [...document.querySelectorAll(".key-figures > div")].map((box) => box.getBoundingClientRect()),
  (box) => Math.round(box.bottom),
)).map((row) => row.map((box) => Math.round(box.top)))
"""


@pytest.mark.parametrize("width", [SMALL_PHONE, 1280])
async def test_key_figures_stand_in_even_rows_and_nothing_is_wider_than_the_phone(
    rich_system: System, browser: Browser, width: int
) -> None:
    """A class of the forms once put each box at its own height; a field for a file was wider than a small phone."""
    async with visiting(browser, rich_system, viewport={"width": width, "height": 900}) as visit:
        await visit.open("/")
        rows = await visit.page.evaluate(BOXES)
        assert rows
        assert [row for row in rows if len(set(row)) > 1] == []
        # Two beside each other broke words in the middle on so small a phone.
        assert len(rows) == (6 if width == SMALL_PHONE else 1)
        for path in ("/pseudonyms", "/en/pseudonyms"):
            await visit.open(path)
            over = await visit.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert over == 0, path


@pytest.mark.parametrize("path", ["/", PLAN])
async def test_no_heading_is_broken_and_no_column_is_cut_on_paper(
    rich_system: System, browser: Browser, path: str
) -> None:
    """Paper once had "Mikrovirksomhede-r", and not the balances of a plan."""
    async with visiting(browser, rich_system, viewport={"width": PAPER, "height": 1_000}) as visit:
        await visit.open(path)
        await visit.page.emulate_media(media="print")
        assert await visit.page.evaluate(BROKEN) == []


async def test_a_partner_who_has_left_is_told_with_the_day(rich_system: System) -> None:
    """It once stood among the others as if it were there still."""
    async with _client(rich_system) as client:
        page = html.unescape((await client.get(PLAN)).text)
        (row,) = re.findall(r"<li>Mentorvirksomhed A,.*?</li>", page)
        assert "til 11. juni 2025" in row
        assert "siden" not in row


async def test_each_row_of_a_statement_adds_up_on_the_page(rich_system: System) -> None:
    """What was carried forward was once left out, so that budget less spending was not what stood as left."""
    async with _client(rich_system) as client:
        page = (await client.get(f"{PLAN}/statements/2025")).text
    told = re.findall(r'<data value="(-?\d+)" data-figure="deviations\.(\d+)\.(\w+)"', page)
    rows: dict[str, dict[str, int]] = {}
    for value, row, name in told:
        rows.setdefault(row, {})[name] = int(value)
    assert len(rows) > 5
    assert any(row["carried_forward_ore"] for row in rows.values())
    for row in rows.values():
        assert row["left_ore"] == row["budget_ore"] - row["spent_ore"] - row["carried_forward_ore"]


async def test_a_coordinator_is_led_to_no_refused_page_and_sees_the_own_months(rich_system: System) -> None:
    """Links to another plan's statements once answered 403, and the own activity's months were hidden."""
    async with _client(rich_system) as client:
        await client.post("/switch", data={"area": "gellerupparken"}, headers={"origin": rich_system.address})
        assert "/statements/" not in (await client.get(PLAN)).text
        own = (await client.get("/plans/gellerup-toveshoej-2023")).text
        assert "/statements/" in own
        months = (await client.get("/activities/gellerupparken-pigegruppe")).text.split('id="months"')[1]
        assert "•" not in months.split("</section>")[0]
        assert "skjult" not in months.split("</section>")[0]


# Which texts stand on a page without being said to be Danish.
NOT_SAID: Final = """
(texts) => {
  const written = new Set(texts), found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    if (written.has(text)) found.push([text, node.parentElement.closest("[lang]").lang]);
  }
  return found;
}
"""
# Fields of reports that areas write sentences in.
WRITTEN: Final = frozenset({"title", "comment", "funding_note", "text", "remarks", "explanation", "what_works"})


@pytest.mark.parametrize(
    ("path", "report"),
    [
        (PLAN, f"/reporting/reports{PLAN}"),
        (f"{PLAN}/statements/2025", f"/reporting/reports{PLAN}/statements/2025"),
        ("/inspiration", "/reporting/reports/network"),
    ],
)
async def test_what_areas_write_is_said_to_be_danish_on_english_pages(
    rich_system: System, browser: Browser, path: str, report: str
) -> None:
    """A reader aloud changes its voice there (WCAG 2.2, 3.1.2): titles, remarks, notes and texts of vouchers."""
    told = get(rich_system, report).json()
    # A name is a name in every language.
    written = sorted(set(_written(told)) - {row["name"] for row in told.get("activities", ())})
    async with visiting(browser, rich_system) as visit:
        await visit.open(in_language(path, "en"))
        found = await visit.page.evaluate(NOT_SAID, written)
        assert found
        assert [text for text, language in found if language != "da"] == []


def _written(value: Any) -> Iterator[str]:  # noqa: ANN401  any JSON
    if isinstance(value, list):
        for each in value:
            yield from _written(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name in WRITTEN and isinstance(each, str):
                yield each.strip()
            elif not name.startswith("text_"):
                yield from _written(each)


async def test_a_new_system_shows_no_empty_table_and_no_empty_notes(visitors: Visitors) -> None:
    """A head without rows, and notes without a note, say nothing."""
    lead = await visitors.sign_in("lead")
    for path in ("/", "/money", "/change", "/staying", "/inspiration", "/feed", "/monday", "/answers"):
        page = re.sub(r"\s+", " ", await visitors.get(path, lead))
        assert "<tbody> </tbody>" not in page, path
        assert not re.search(r'<h2 id="notes">[^<]*</h2> <ul> </ul>', page), path


def _client(system: System) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=system.address, headers={"accept": "text/html"}, cookies=system.cookies, timeout=60
    )


async def test_a_tables_caption_is_read_whole_on_a_phone(rich_system: System, browser: Browser) -> None:
    """It was as wide as its table, so that its end was cut; it stays where it is while the table is moved."""
    async with visiting(browser, rich_system, viewport={"width": SMALL_PHONE, "height": 800}) as visit:
        await visit.open("/money")
        assert await visit.page.locator(".scroll caption").count() > 1
        assert await visit.page.evaluate(CUT_CAPTIONS) == []
