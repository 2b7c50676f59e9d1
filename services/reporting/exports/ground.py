"""The tables of the ground of a figure: what was asked and what it comes to, and the events."""

from typing import Final

from services.reporting.exports.tables import Cell, DataTable, Document, Heading, Language, say, typed
from services.reporting.reports.parts.declaring import Kind
from services.reporting.terms import Json
from services.reporting.words import DIMENSIONS, EVENT_FIELDS, HEADINGS, Word, word

KINDS: Final[dict[str, Kind]] = {"ore": "kroner", "number": "number", "hours": "decimal", "percent": "percent"}
# The columns of an event, and what each holds.
COLUMNS: Final[tuple[tuple[str, Word], ...]] = (
    ("event", EVENT_FIELDS["event"]),
    ("type", EVENT_FIELDS["type"]),
    ("date", HEADINGS["date"]),
    ("plan", DIMENSIONS["plan"]),
    ("fact", EVENT_FIELDS["fact"]),
    ("commitment", HEADINGS["commitment"]),
    ("voucher", HEADINGS["voucher"]),
    ("text", HEADINGS["text"]),
    ("reference", HEADINGS["reference"]),
    ("line", HEADINGS["line"]),
    ("area", DIMENSIONS["area"]),
    ("activity", DIMENSIONS["activity"]),
    ("key", EVENT_FIELDS["key"]),
)


def document(told: Json, language: Language) -> Document:
    """Make the document of a ground."""
    title = say(EVENT_FIELDS["ground"], language)
    return Document(
        name="ground",
        title=title,
        language=language,
        tables=[_about(told, language), _events(title, told, language)],
        withheld_because="",
    )


def _about(told: Json, language: Language) -> DataTable:
    sample, kind = told["sample"] or {}, KINDS[told["unit"]]
    called = {**HEADINGS, **{name: DIMENSIONS[name] for name in ("area", "plan", "effort_area", "activity", "year")}}
    facts: list[tuple[Word, Cell]] = [
        (HEADINGS["figure"], Cell(told["called"][language])),
        (HEADINGS["meaning"], Cell(told["rule"][language])),
        *((word(called, name), Cell(str(value))) for name, value in told["of"].items()),
        (HEADINGS["from"], Cell(typed(told["period"]["from"], "day"), "day")),
        (HEADINGS["until"], Cell(typed(told["period"]["to"], "day"), "day")),
        (HEADINGS["total"], Cell(typed(told.get("sum_ore", told.get("sum")), kind), kind)),
        (EVENT_FIELDS["events"], Cell(told["events"], "number")),
        (EVENT_FIELDS["entries"], Cell(told["entries"], "number")),
        (HEADINGS["cursor"], Cell(",".join(f"{owner}:{place}" for owner, place in told["as_of"].items()))),
        (HEADINGS["digest"], Cell(told["digest"])),
        *((EVENT_FIELDS[f"sample_{name}"], Cell(str(value))) for name, value in sample.items()),
    ]
    headings = [
        Heading("subject", say(("Emne", "Subject"), language), names_row=True),
        Heading("text", say(("Indhold", "Content"), language)),
    ]
    rows = [[Cell(say(name, language)), cell] for name, cell in facts if cell.value is not None]
    return DataTable("about", say(("Om", "About"), language), headings, rows)


def _events(title: str, told: Json, language: Language) -> DataTable:
    kind = KINDS[told["unit"]]
    amount = "amount_ore" if told["unit"] == "ore" else "amount"
    kinds: dict[str, Kind] = {"date": "day", amount: kind}
    # A column that no event of this figure has is not there.
    columns = [(name, called) for name, called in COLUMNS if any(row[name] is not None for row in told["rows"])]
    columns.insert(min(3, len(columns)), (amount, HEADINGS["amount"] if kind == "kroner" else HEADINGS["value"]))
    headings = [
        Heading(name, say(called, language), kinds.get(name, "text"), names_row=name == "event")
        for name, called in columns
    ]
    rows = [
        [Cell(typed(row[heading.name], heading.kind), heading.kind) for heading in headings] for row in told["rows"]
    ]
    return DataTable("events", title, headings, rows)
