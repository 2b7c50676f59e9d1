"""The tables of an answer to a question for figures: the rows, and the totals by each smaller choice of dimensions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.reporting.exports.reports import about, definitions, withheld_because
from services.reporting.exports.tables import (
    Cell,
    DataTable,
    Document,
    Heading,
    Language,
    figure_called,
    say,
    told_of,
    typed,
)
from services.reporting.reports.parts.declaring import BY_NAME, KIND_OF_UNIT, Kind
from services.reporting.terms import STANDING_AMOUNTS, TIMES, Json
from services.reporting.words import ACCUMULATED, DIMENSIONS, HEADINGS, word

TITLE: Final = HEADINGS["figures"]
KIND_OF_TIME: Final[Mapping[str, Kind]] = {"year": "calendar_year", "month": "calendar_month"}


def document(answer: Json, language: Language) -> Document:
    """Make the document of an answer: what was asked, the rows and the totals, and what the figures mean."""
    title = say(TITLE, language)
    wanted = [item["indicator"] for item in answer["indicators"]]
    tables = [_table("figures", title, answer["by"], answer["rows"], answer, language)]
    for total in answer["totals"]:
        over = ", ".join(say(word(DIMENSIONS, name), language) for name in total["by"])
        called = " ".join((say(HEADINGS["total"], language), over)).strip()
        tables.append(_table(table_name(total["by"]), called, total["by"], total["rows"], answer, language))
    recorded = answer["as_of"]["recorded"]
    return Document(
        name="figures",
        title=title,
        language=language,
        tables=[about(title, answer, language), *tables, definitions(language, wanted)],
        withheld_because=withheld_because(language),
        recorded=datetime.fromisoformat(recorded) if recorded else None,
    )


def table_name(by: Sequence[str]) -> str:
    """Name the table of totals by some dimensions."""
    return "-".join(("total", *(f"by-{name.replace('_', '-')}" for name in by)))


def fields(by: Sequence[str]) -> list[str]:
    """Name the fields that say what a row is about."""
    return [field for name in by for field in (("pool", name) if name == "effort_area" else (name,))]


def kind_of(indicator: str) -> Kind:
    """Say how an indicator is written."""
    return KIND_OF_UNIT.get(BY_NAME[indicator].unit, "number")


def _table(  # noqa: PLR0913, PLR0917  what a table is made from
    name: str, title: str, by: Sequence[str], rows: Sequence[Json], answer: Json, language: Language
) -> DataTable:
    headings = []
    for field in fields(by):
        kind = KIND_OF_TIME.get(field, "text")
        headings.append(Heading(field, say(word(DIMENSIONS, field), language), kind, names_row=True))
        if field in answer["names"]:
            label = f"{say(word(DIMENSIONS, field), language)}, {say(('navn', 'name'), language)}"
            headings.append(Heading(f"{field}_name", label, names_row=True))
    headings += [
        Heading(
            item["indicator"],
            _label(item, by, language),
            kind_of(item["indicator"]),
            figure=figure_called(item["indicator"], language),
        )
        for item in answer["indicators"]
    ]
    return DataTable(
        name, title, headings, [[_cell(heading, row, answer, language) for heading in headings] for row in rows]
    )


def _label(item: Json, by: Sequence[str], language: Language) -> str:
    """Name a figure; an amount by spans of time is that at the end of each, and says so."""
    label: str = item[f"label_{language}"]
    if item["indicator"] in STANDING_AMOUNTS and TIMES.intersection(by):
        return f"{label}, {say(ACCUMULATED, language)}"
    return label


def _cell(heading: Heading, row: Json, answer: Json, language: Language) -> Cell:
    if heading.name.endswith("_name"):
        field = heading.name.removesuffix("_name")
        slug = f"{row['pool']}/{row[field]}" if field == "effort_area" else row[field]
        return Cell(answer["names"][field].get(slug))
    found: Any = row[heading.name]
    if isinstance(found, dict):
        told = told_of(found, language)
        return Cell(typed(found["value"], heading.kind), heading.kind, withheld=found["suppressed"], told=told)
    return Cell(typed(found, heading.kind), heading.kind)
