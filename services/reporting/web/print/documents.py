"""The documents, as the typesetter takes them: reports of the network, an area and a plan, and a statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from services.reporting.reports.beside import NOTHING as NOTHING_BESIDE
from services.reporting.reports.beside import BesideFigures
from services.reporting.terms import Json
from services.reporting.web.charts import catalogue as charts
from services.reporting.web.charts.appearance import PRINT_FONT
from services.reporting.web.print import (
    answer_sections,
    beside_sections,
    blocks,
    money_sections,
    plan_sections,
    sections,
    statement_sections,
)
from services.reporting.web.print.blocks import Block, Speech
from services.reporting.web.print.staying_sections import staying
from services.reporting.web.print.trait_sections import taking_part
from services.reporting.web.writing import NOTHING, Code, day, number
from shared.presentable import SUBSTITUTE

TEMPLATE: Final = Path(__file__).with_name("report.typ")
CHART_WIDTH: Final = 600
# A title page names so many areas; more are counted.
NAMED_AREAS: Final = 4


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A document: its titles, its parts, and the report that it is made of."""

    title: str
    about: str
    parts: Iterable[Block | None]


def network(report: Json, say: Speech, beside: BesideFigures = NOTHING_BESIDE) -> PrintedDocument:
    """Make the network's report."""
    names = [area["name"] for area in report["areas"]]
    about = " · ".join(names) if len(names) <= NAMED_AREAS else f"{len(names)} {say('områder', 'areas')}"
    parts = (
        sections.overview(report, say),
        sections.areas(report, say),
        sections.activity(report, say),
        sections.effort_areas(report, say),
        taking_part(report, say),
        sections.change(report, say),
        staying(report, say),
        sections.plans(report, say),
        money_sections.money(report, say),
        beside_sections.ahead(beside, report, say),
        sections.practices(report, say),
        beside_sections.stories(beside, report, say),
        sections.method(report, say),
    )
    return PrintedDocument(say("Netværksrapport", "Network report"), about, parts)


def area(report: Json, say: Speech, beside: BesideFigures = NOTHING_BESIDE) -> PrintedDocument:
    """Make the report of an area."""
    head = report["area"]
    parts = (
        sections.overview(report, say),
        sections.activity(report, say),
        sections.effort_areas(report, say),
        taking_part(report, say),
        sections.change(report, say),
        staying(report, say),
        sections.plans(report, say),
        money_sections.money(report, say),
        beside_sections.ahead(beside, report, say),
        sections.practices(report, say),
        beside_sections.stories(beside, report, say),
        sections.method(report, say),
    )
    return PrintedDocument(head["name"], say("Områderapport", "Area report") + f" · {head['municipality']}", parts)


def plan(report: Json, say: Speech, beside: BesideFigures = NOTHING_BESIDE) -> PrintedDocument:
    """Make the report of a plan."""
    parts = (
        plan_sections.overview(report, say),
        plan_sections.goals(report, say),
        plan_sections.activities(report, say),
        sections.activity(report, say),
        sections.effort_areas(report, say),
        taking_part(report, say),
        sections.change(report, say),
        plan_sections.money(report, say),
        plan_sections.statements(report, say),
        sections.practices(report, say),
        beside_sections.stories(beside, report, say),
        sections.method(report, say),
    )
    areas = " · ".join(area["name"] for area in report["areas"])
    return PrintedDocument(report["plan"]["name"], say.dimension("plan") + f" · {areas}", parts)


def statement(report: Json, say: Speech) -> PrintedDocument:
    """Make the annual statement of a plan."""
    parts = (
        statement_sections.overview(report, say),
        statement_sections.spending(report, say),
        statement_sections.instalments(report, say),
        statement_sections.method(say),
        statement_sections.vouchers(report, say),
    )
    return PrintedDocument(say.heading("statement") + f" {report['year']}", report["plan_name"], parts)


def answers(report: Json, say: Speech) -> PrintedDocument:
    """Make the answers of a day."""
    parts = (
        answer_sections.urgent(report, say),
        answer_sections.money(report, say),
        answer_sections.work(report, say),
    )
    about = " · ".join(plan["name"] for plan in report["plans"][:NAMED_AREAS])
    return PrintedDocument(say("Spørgsmål og svar", "Questions and answers"), about, parts)


def of_report(report: Json, say: Speech, beside: BesideFigures = NOTHING_BESIDE) -> PrintedDocument:
    """Make the document that fits a report."""
    if "vouchers" in report:
        return statement(report, say)
    if "plan_ends" in report:
        return answers(report, say)
    if "plan" in report:
        return plan(report, say, beside)
    return area(report, say, beside) if "area" in report else network(report, say, beside)


def order(report: Json, language: Code, origin: str = "", beside: BesideFigures = NOTHING_BESIDE) -> dict[str, Any]:
    """Give what the press makes a report's document from: its content, the charts in it, and where it is from."""
    say = Speech(language)
    document = of_report(report, say, beside)
    # A part with nothing in it is no part.
    parts = [_with_what_is_left_out(part, say) for part in document.parts if part is not None and part["blocks"]]
    names = [block["name"] for part in parts for block in part["blocks"] if block["kind"] == "chart"]
    return {
        "kind": "document",
        "template": str(TEMPLATE),
        "timestamp": _made_at(report),
        "content": {
            **_frame(report, document, say),
            "parts": parts,
            "origin": [origin] if origin else [],
        },
        "specifications": {
            name: {**charts.specification(name, report, language, "print"), "width": CHART_WIDTH} for name in names
        },
    }


def _with_what_is_left_out(part: Block, say: Speech) -> Block:
    """Say after each list that is not set whole how much more there is."""
    told: list[Block] = []
    for block in part["blocks"]:
        told.append(block)
        if left_out := block.get("left_out"):
            more = number(left_out, say.language)
            danish, english = f"{more} flere er udeladt her.", f"{more} more are left out here."
            told.append(
                blocks.note(say(f"{danish} Excel-filen har dem alle.", f"{english} The workbook has all of them."))
            )
    return {**part, "blocks": told}


def _frame(report: Json, document: PrintedDocument, say: Speech) -> dict[str, Any]:
    """Give what stands around the parts: the title page, the footer, and the words of both."""
    period, as_of = report["period"], report["as_of"]
    cursor = " · ".join(f"{owner}:{as_of[owner]}" for owner in ("registry", "funding") if owner in as_of)
    days = _days(period, say)
    return {
        "font": PRINT_FONT,
        "language": say.language,
        "title": document.title,
        "about": document.about,
        "period": days,
        "contents": say("Indhold", "Contents"),
        "cursor": cursor,
        "digest": report["digest"],
        "page": say("Side", "Page"),
        "of": say("af", "of"),
        "identity": [
            [say.heading("period"), days],
            *([[say("Opgjort", "As of"), day(as_of["recorded"], say.language)]] if as_of.get("recorded") else []),
            [say.heading("cursor"), cursor],
            [say.heading("digest"), report["digest"]],
            [say.heading("rules"), str(report["rules"])],
        ],
        "reproducible": say(
            "Den samme position og de samme regler giver den samme rapport: tallene kan slås op igen og efterprøves med"
            " kontrolsummen. På siderne fører hvert tal til sin regel og, for dem der må læse dem, til registreringerne"
            " bag.",
            "The same position and the same rules give the same report: the figures can be read again and checked by"
            " the digest. On the pages each figure leads to its rule and, for those who may read them, to the events"
            " behind it.",
        ),
        # Said only where it happened.
        "substituted": say(
            f"{SUBSTITUTE} står for et tegn, som dokumentets skrifter ikke har, for eksempel en emoji. På siderne og i"
            " Excel-filen står teksten, som den er skrevet.",
            f"{SUBSTITUTE} stands for a sign that the fonts of this document lack, such as an emoji. The pages and the"
            " workbook have the text as it was written.",
        ),
    }


def _days(period: Json, say: Speech) -> str:
    """Write the days of a report; the answers of a day are of that day alone."""
    if period["from"]:
        return f"{day(period['from'], say.language)} {NOTHING} {day(period['to'], say.language)}"
    return (
        day(period["to"], say.language)
        if period["to"]
        else say("Intet er registreret endnu", "Nothing is recorded yet")
    )


def _made_at(report: Json) -> int:
    """Give the second at which the report's last event was recorded: the same report is the same document."""
    recorded = report["as_of"].get("recorded")
    return int(datetime.fromisoformat(recorded).timestamp()) if recorded else 0
