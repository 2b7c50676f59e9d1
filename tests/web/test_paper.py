"""What a reader of paper cannot look up stands beside it, and no line is broken where that hides its sense."""

import io
from typing import Any, Final

import pypdf
import pytest

from services.reporting.digest import sealed
from services.reporting.reports import shapes
from services.reporting.reports.facts import Facts
from services.reporting.web.press import Press
from services.reporting.web.print import blocks, documents, sections, statement_sections
from services.reporting.web.print.blocks import PrintColumn, Speech
from services.reporting.web.writing import Code
from shared.fairness import Shares

Json = dict[str, Any]
TOLD: Final = {"value": 9, "suppressed": False}
HIDDEN: Final = {"value": None, "suppressed": True}
NOTHING_POSTED: Final = Facts(
    None, None, {"registry": 3, "funding": 0}, None, areas=[], effort_areas=[], plans=[], standings=[]
)
PLAN: Final = "Amagerplanen 2023-2027"
PERIOD: Final = "01.08.2023 til 31.07.2027"
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


async def test_the_titles_of_many_columns_leave_room_for_names() -> None:
    """The name of a plan and its period were broken, and the titles over numbers were not."""
    titles = ("Forløbet tid", "Forbrug i pct.", "Lokal medfinansiering, alle tilsagn", "Milepæle nået", "Forankrede")
    columns: list[PrintColumn] = [
        ("Helhedsplan", "words"),
        ("Periode", "words"),
        *((each, "numbers") for each in titles),
    ]
    table = blocks.table("Tabel", columns, [[PLAN, PERIOD, "82,2", "75,1", "24", "4 af 7", "3"]])
    order = documents.order(sealed(shapes.NETWORK.tell(NOTHING_POSTED)), "da")
    order = {**order, "content": {**order["content"], "parts": [blocks.section("Del", table)]}, "specifications": {}}

    async def drawn() -> Json:
        return order

    made = await Press(Shares("documents being made", 1, 1)).make("somebody", "names", drawn)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert PLAN in text
    assert PERIOD in text
    assert "Forløbet\ntid" in text
