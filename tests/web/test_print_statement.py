"""An annual statement on paper and on its page: what came in is apart from what goes on, each list has its total."""

import re
from typing import Any, Final

import httpx
import pytest

from services.reporting.reports.statement_sums import DEVIATIONS, FINANCING, carried, total
from services.reporting.terms import Json
from services.reporting.web.print import statement_sections
from services.reporting.web.print.blocks import Block, Speech
from services.reporting.web.writing import Code
from tests.support.systems import System

LINES: Final = ("loen-2024", "loen-2025")
# Two lines of the year got money of the year before, and one handed some on to the next.
FORWARDS: Final = [
    {"changes": {"loen-2024": 30_000, "loen-2025": 12_345}, "approved_on": "2025-02-01", "approval_reference": "LBF 1"},
    {"changes": {"loen-2025": -4_000}, "approved_on": "2025-12-01", "approval_reference": "LBF 2"},
]
COSTS: Final = [
    {"effort_area": "uddannelse", "cost_type": "wages", "amount_ore": 70_000},
    {"effort_area": "uddannelse", "cost_type": "activities", "amount_ore": 5_050},
]
DEVIATION: Final = {
    "effort_area": "uddannelse",
    "cost_type": "wages",
    "year": 2025,
    "budget_ore": 90_000,
    "spent_ore": 70_000,
    "carried_forward_ore": 4_000,
    "left_ore": 16_000,
    "explanation": None,
}


def _statement(**changes: Any) -> Json:
    deviations = [{**DEVIATION, "line": line} for line in LINES]
    return {
        "year": 2025,
        "status": "accepted",
        "due_on": "2026-06-30",
        "submitted_on": "2026-06-09",
        "decided_on": "2026-09-01",
        "auditor_reference": "Revisorerklæring 2025",
        "remarks": None,
        **dict.fromkeys(("opening_bank_ore", "received_ore", "spent_ore", "closing_bank_ore"), 0),
        **dict.fromkeys(("local_share_pct", "local_share_to_date_pct"), 25),
        "names": {"effort_areas": {"uddannelse": "Uddannelse"}, "funders": {}},
        "financing": [],
        "financing_by_kind": {},
        "costs": COSTS,
        "deviations": deviations,
        "reallocations": [],
        "carry_forwards": FORWARDS,
        "sums": {
            "costs": total(COSTS),
            "deviations": total(deviations, DEVIATIONS),
            "financing": total([], FINANCING),
            "carried_in": carried(FORWARDS, is_in=True),
            "carried_out": carried(FORWARDS, is_in=False),
        },
        **changes,
    }


def _tables(section: Block) -> dict[str, Block]:
    return {block["caption"]: block for block in section["blocks"] if block["kind"] == "table"}


@pytest.mark.parametrize(
    ("language", "carried_in", "carried_out", "in_all"),
    [
        ("da", "Overført fra året før, kr.", "Overført til næste år, kr.", "I alt"),
        (
            "en",
            "Carried forward from the year before, DKK",
            "Carried forward to the next year, DKK",
            "Total",
        ),
    ],
)
def test_what_came_in_is_never_listed_with_what_goes_on(
    language: Code, carried_in: str, carried_out: str, in_all: str
) -> None:
    """They were once one list without a total, called what is handed on, in which both had their signs."""
    tables = _tables(statement_sections.spending(_statement(), Speech(language)))
    amounts = {caption: [row[-1] for row in table["rows"]] for caption, table in tables.items()}
    point = "," if language == "da" else "."
    assert amounts[carried_in] == [f"300{point}00", f"123{point}45", f"423{point}45"]
    assert amounts[carried_out] == [f"\N{MINUS SIGN}40{point}00", f"\N{MINUS SIGN}40{point}00"]
    for caption in (carried_in, carried_out):
        assert tables[caption]["has_total"]
        assert tables[caption]["rows"][-1][0] == in_all


def test_a_year_to_which_nothing_was_carried_has_no_such_list() -> None:
    """Nor has one that hands nothing on."""
    (first, _) = FORWARDS
    sums = {**_statement()["sums"], "carried_out": carried([first], is_in=False)}
    tables = _tables(statement_sections.spending(_statement(carry_forwards=[first], sums=sums), Speech("da")))
    assert [caption for caption in tables if caption.startswith("Overført")] == ["Overført fra året før, kr."]


def test_costs_by_effort_area_and_cost_type_are_added_up() -> None:
    """The list of what was spent on what once ended without saying how much that is."""
    first, *_ = statement_sections.spending(_statement(), Speech("da"))["blocks"]
    *rows, last = first["rows"]
    assert len(rows) >= 1
    assert first["has_total"]
    assert (last[0], last[-1]) == ("I alt", "750,50")


SUBMITTED: Final = {"decided_on": None, "status": "submitted", "auditor_reference": None}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "er indsendt 9. juni 2026, godkendt 1. september 2026. Revisors reference: Revisorerklæring 2025."),
        (SUBMITTED, "Opgørelsen er indsendt 9. juni 2026."),
        ({**SUBMITTED, "submitted_on": None, "status": "open"}, "; frist 30. juni 2026."),
    ],
)
def test_an_accepted_statement_says_when_it_was_and_no_deadline(changes: Json, told: str) -> None:
    """The deadline is told of what is not submitted; what the auditor referred to is no auditor's name."""
    standing, *_ = statement_sections.overview(_statement(**changes), Speech("da"))["blocks"]
    assert standing["text"].endswith(told)
    assert ("frist" in standing["text"]) == ("frist" in told)
    assert "Revisor:" not in standing["text"]


def test_the_page_adds_up_the_same_lists(rich_system: System) -> None:
    """In the same two tables, of which each has its own sign alone."""
    page = httpx.get(
        f"{rich_system.address}/plans/amagerplanen-2023/statements/2025",
        headers={"accept": "text/html"},
        cookies=rich_system.cookies,
        timeout=60,
    ).text
    for name in ("costs", "deviations", "carried_in", "carried_out", "instalments", "vouchers"):
        assert f'data-figure="sums.{name}.' in page, name
    for name, is_in in (("carried_in", True), ("carried_out", False)):
        (table,) = (each for each in re.findall(r"<table>.*?</table>", page, re.DOTALL) if f"sums.{name}." in each)
        *changes, in_all = (int(value) for value in re.findall(r'<data value="(-?\d+)"', table))
        assert len(changes) > 5
        assert {change > 0 for change in changes} == {is_in}
        assert sum(changes) == in_all


def test_a_year_in_which_no_money_moved_has_no_table_of_zeros() -> None:
    """It took the room that the method has on the same page."""
    still, moved = {"received_ore": 0, "carried_ore": 0}, {"received_ore": 0, "carried_ore": 100}
    for kinds, number in (({"foundation": still}, 0), ({"foundation": still, "municipality": moved}, 1)):
        tables = _tables(statement_sections.overview(_statement(financing_by_kind=kinds), Speech("da")))
        assert len(tables) == number
