"""What a reader of paper cannot look up stands beside it, and no line is broken where that hides its sense."""

import io
import itertools
import re
from collections.abc import Callable
from typing import Any, Final

import pypdf
import pytest
from playwright.async_api import Browser

from services.reporting.digest import sealed
from services.reporting.reports import shapes
from services.reporting.reports.facts import Facts
from services.reporting.web import press_worker
from services.reporting.web.charts import catalogue
from services.reporting.web.press import VEGA_LITE, Press
from services.reporting.web.print import blocks, documents, sections, statement_sections
from services.reporting.web.print.blocks import PrintColumn, Speech
from services.reporting.web.writing import Code
from shared.fairness import Shares
from shared.presentable import SUBSTITUTE
from tests.support.browsing import visiting
from tests.support.systems import System

Json = dict[str, Any]
TOLD: Final = {"value": 9, "suppressed": False}
HIDDEN: Final = {"value": None, "suppressed": True}
NOTHING_POSTED: Final = Facts(
    None, None, {"registry": 3, "funding": 0}, None, areas=[], effort_areas=[], plans=[], standings=[]
)
PLAN: Final = "Gellerup-Toveshøj 2023-2027"
PERIOD: Final = "01.08.2023 til 31.07.2027"
# How high each row is that is opened on paper alone.
ROWS_ON_PAPER: Final = """
() => [...document.querySelectorAll(".on-paper tbody tr")].map((row) => row.getBoundingClientRect().height)
"""
# The years that take more than a line.
BROKEN_YEARS: Final = """
() => [...document.querySelectorAll("td")].filter((cell) => {
  if (!/^20[0-9]{2}$/.test(cell.textContent.trim())) return false;
  const words = document.createRange();
  words.selectNodeContents(cell);
  return new Set([...words.getClientRects()].map((part) => Math.round(part.top))).size > 1;
}).map((cell) => cell.textContent)
"""
NO_SESSIONS: Final = {"sessions": 0, "cancelled_sessions": 0, "participants": HIDDEN}


@pytest.mark.parametrize(("language", "said"), [("da", "en prik er et skjult tal"), ("en", "a dot is a hidden number")])
def test_a_chart_on_paper_says_what_its_dots_mean(language: Code, said: str) -> None:
    """And in what it is measured: no pointer shows it there."""
    report = {
        "period": {"from": "2024-01-01", "to": "2024-02-29"},
        "months": [{**NO_SESSIONS, "attendances": TOLD}, {**NO_SESSIONS, "attendances": HIDDEN}],
        "totals": {"funding": {"by_funder_kind": {}}},
    }
    (chart,) = sections.charts_of(report, ("attendance",), Speech(language))
    assert said in chart["about"]
    report["months"] = [{**NO_SESSIONS, "attendances": TOLD}]
    (chart,) = sections.charts_of(report, ("attendance",), Speech(language))
    assert chart["about"]
    assert said not in chart["about"]


@pytest.mark.parametrize(
    ("year", "to_date", "told"),
    [
        (
            25.0,
            24.5,
            "dækkede 25\N{NO-BREAK SPACE}% af årets udgifter (ekskl. fondsmidler), og 24,5\N{NO-BREAK SPACE}%",
        ),
        (None, 25.0, "Der er ingen udgifter i året. Til og med året dækkede de lokale parter 25\N{NO-BREAK SPACE}%"),
        (None, None, "Der er endnu ingen udgifter."),
    ],
)
def test_a_year_without_expenses_has_no_share(year: float | None, to_date: float | None, told: str) -> None:
    """A dash in the middle of a sentence says nothing."""
    statement = {"local_share_pct": year, "local_share_to_date_pct": to_date}
    assert told in statement_sections.local_share(statement, Speech("da"))


async def _printed(*parts: blocks.Block | None) -> str:
    """Give the lines of a document that has one part."""
    order = documents.order(sealed(shapes.NETWORK.tell(NOTHING_POSTED)), "da")
    order = {**order, "content": {**order["content"], "parts": [blocks.section("Del", *parts)]}, "specifications": {}}

    async def drawn() -> Json:
        return order

    made = await Press(Shares("documents being made", 1, 1)).make("somebody", "names", drawn)
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


async def test_a_day_stays_on_the_line_of_its_month() -> None:
    """Wherever the line ends."""
    text = await _printed(*(blocks.text(f"{'Så mange ord. ' * 6}{'i' * more} den 1. december") for more in range(40)))
    assert text.count("1. december") == 40
    assert "1.\ndecember" not in text


def test_vouchers_of_a_day_stand_as_people_count() -> None:
    """Number 9 before number 10, and each day by itself."""
    names = (("2025-02-01", "Bilag nr. 1"), ("2025-01-31", "Bilag nr. 10"), ("2025-01-31", "Bilag nr. 9"))
    row = {"text": "Leje", "line": "leje", "amount_ore": 100, "reversal": None}
    statement = {
        "vouchers": [{**row, "booked_on": day, "voucher": name} for day, name in names],
        "deviations": [],
        "sums": {"vouchers": {"amount_ore": 300}},
    }
    (table,) = statement_sections.vouchers(statement, Speech("da"))["blocks"]
    assert [cells[1] for cells in table["rows"]] == ["Bilag nr. 9", "Bilag nr. 10", "Bilag nr. 1", ""]


def test_a_high_table_of_several_columns_of_sentences_runs_on() -> None:
    """Each of them is narrow, and its rows high: kept together it left a third of the page before it empty."""
    columns: list[PrintColumn] = [("Mål", "prose"), ("Indsatsområde", "prose"), ("Værdi", "prose"), ("Nået", "prose")]
    rows = [["Flere unge i fritidsjob", "Beskæftigelse", "", "2023: ikke nået, 2024: delvist nået, 2025: nået"]] * 5
    high, low = blocks.table("Mål", columns, rows), blocks.table("Mål", columns, rows[:2])
    assert high
    assert low
    many = blocks.table(
        "Milepæle", [("Milepæl", "prose"), ("Frist", "words")], [["Tilsynet er holdt", "31.10.2026"]] * 13
    )
    assert many
    assert (high["together"], low["together"], many["together"]) == (False, True, True)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_days_under_milestones_stand_evenly(language: Code) -> None:
    """One that has no room takes every second with it: nine months between two, and six between others, mislead."""
    due = ("2023-12-15", "2024-10-31", "2025-06-30", "2026-02-28", "2026-10-31", "2027-02-01", "2027-06-30")
    milestone = {"reached_on": None, "overdue": False}
    report = {
        "period": {"from": "2023-08-01", "to": "2026-11-13"},
        "milestones": [{**milestone, "title": "Milepæl", "due": day} for day in due],
    }
    made = catalogue.specification("milestones", report, language, "print")
    order = catalogue.drawing_order(made, documents.CHART_WIDTH, "print")
    drawn = press_worker.drawing({**order, "vega_lite": VEGA_LITE, "substitute": SUBSTITUTE}).decode()
    seen = r'translate\(([0-9.]+),[0-9.]+\)"[^>]* opacity="1">[a-zA-Z]{3}\.? 20[0-9]{2}<'
    places = [float(at) for at in re.findall(seen, drawn)]
    steps = [after - before for before, after in itertools.pairwise(sorted(places))]
    assert len(steps) > 2
    assert max(steps) < min(steps) * 1.1


async def test_the_titles_of_many_columns_leave_room_for_names() -> None:
    """The name of a plan and its period were broken, and the titles over numbers were not."""
    titles = ("Forløbet tid", "Forbrug i pct.", "Lokal medfinansiering, alle tilsagn", "Milepæle nået", "Forankrede")
    columns: list[PrintColumn] = [
        ("Helhedsplan", "words"),
        ("Periode", "words"),
        *((each, "numbers") for each in titles),
    ]
    table = blocks.table("Tabel", columns, [[PLAN, PERIOD, "82,2", "75,1", "24", "4 af 7", "3"]])
    text = await _printed(table)
    assert PLAN in text
    assert PERIOD in text
    assert "Forløbet\ntid" in text


async def test_answers_have_their_instalments_and_whole_years_on_paper(rich_system: System, browser: Browser) -> None:
    """There was a heading over nothing, and "20" above "25"."""
    async with visiting(browser, rich_system, viewport={"width": 718, "height": 1_000}) as visit:
        await visit.open("/answers")
        await visit.page.emulate_media(media="print")
        assert await visit.page.locator(".on-paper table").count() > 0
        heights = await visit.page.evaluate(ROWS_ON_PAPER)
        assert min(heights) > 0
        assert await visit.page.evaluate(BROKEN_YEARS) == []


@pytest.mark.parametrize("make", [press_worker.drawing, press_worker.picture])
@pytest.mark.parametrize(
    "name",
    ["\N{SUNFLOWER}" * 60, "Solsikken " * 20 + "\N{SUNFLOWER}" * 20, "\N{SUNFLOWER}"],
    ids=["cut off between pictures", "cut off before", "whole"],
)
def test_a_name_of_pictures_that_is_cut_off_is_drawn(make: Callable[[dict[str, Any]], bytes], name: str) -> None:
    """A drawing that shortens a name parts signs of two halves, and measured half a sign: it ended in an error."""
    specification = {
        "description": name,
        "data": {"values": [{"name": name, "count": 1}]},
        "mark": "bar",
        "encoding": {"x": {"field": "count"}, "y": {"field": "name", "axis": {"labelLimit": 100}}},
    }
    drawn = make({"specification": specification, "vega_lite": VEGA_LITE, "substitute": SUBSTITUTE})
    assert drawn.startswith((b"<svg", b"\x89PNG"))
