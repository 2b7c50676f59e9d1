"""Which tables the files of a report have: what it is first, then those of its parts, then what figures mean."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from services.reporting.exports.naming import codes_called
from services.reporting.exports.parts import table
from services.reporting.exports.tables import (
    DEFINITIONS,
    Cell,
    DataTable,
    Document,
    Heading,
    Language,
    Value,
    figure_called,
    say,
)
from services.reporting.indicators import DISCLOSURE_RULES
from services.reporting.reader.origin import Origin
from services.reporting.reports.parts.declaring import BY_NAME, Kind
from services.reporting.reports.shapes import SHAPES
from services.reporting.terms import Json
from services.reporting.words import ATTENTION, HEADINGS, Word
from shared.law import SMALLEST_TOLD

GROUND: Final[Word] = (
    (
        "På siderne fører hvert tal til sin regel og, for dem der må læse dem, til registreringerne bag. I Excel-filen"
        " fører overskriften over en kolonne med tal til tallets definition."
    ),
    (
        "On the pages each figure leads to its rule and, for those who may read them, to the events behind it. In the"
        " workbook the heading of a column of figures leads to what the figure means."
    ),
)
# Says one thing that needs attention in a language; names are what the codes of its report are called.
Concern = Callable[[Json, Mapping[str, Mapping[str, str]], Language], str]


def document(  # noqa: PLR0913, PLR0917  what a file is of, for whom and from where
    report_kind: str, name: str, report: Json, language: Language, concern: Concern, origin: Origin | None = None
) -> Document:
    """Make the document of a report: what it is first, then a table for each part that it has.

    `concern` says what needs attention in a sentence of the language.
    """
    shape = SHAPES[report_kind]
    called = codes_called(report)
    called["code"] = {code: say(words, language) for code, words in ATTENTION.items()}
    if "attention" in report:
        said = [{**item, "detail": concern(item, report["names"], language)} for item in report["attention"]]
        report = {**report, "attention": said}
    tables = [made for part in shape.tables if (made := table(part, report, language, called)) is not None]
    title = say(shape.title, language)
    if subject := _subject(report_kind, report):
        title = f"{title}: {subject}"
    recorded = report["as_of"].get("recorded")
    return Document(
        name=name,
        title=title,
        language=language,
        tables=[about(title, report, language), *tables, definitions(language)],
        withheld_because=withheld_because(language),
        recorded=datetime.fromisoformat(recorded) if recorded else None,
        origin=origin.written(report, language) if origin else "",
    )


def _subject(report_kind: str, report: Json) -> str | None:
    """Name what a report is about, None for the network."""
    if report_kind == "statement":
        return f"{report['plan_name']} {report['year']}"
    name: str | None = report.get(report_kind, {}).get("name")
    return name


def about(title: str, report: Json, language: Language) -> DataTable:
    """Make the table that says what a document is: its period, cursor, digest and rules, and notes on its method."""
    as_of, period, people = report["as_of"], report.get("period") or {}, report.get("people") or {}
    facts: list[tuple[Word, Value, Kind]] = [
        (("Titel", "Title"), title, "text"),
        (HEADINGS["from"], period.get("from"), "text"),
        (HEADINGS["until"], period.get("to"), "text"),
        (HEADINGS["cursor"], ",".join(f"{o}:{as_of[o]}" for o in as_of if o != "recorded"), "text"),
        (("Registreret (UTC)", "Recorded (UTC)"), as_of.get("recorded"), "text"),
        (HEADINGS["digest"], report.get("digest"), "text"),
        (HEADINGS["rules"], report.get("rules"), "number"),
        (("Personer opgjort til og med", "People as of the end of"), people.get("month"), "text"),
        (("Udgivelse nr.", "Release no."), people.get("release"), "number"),
        (("Udgivelsens kontrolsum (SHA-256)", "The release's digest (SHA-256)"), people.get("digest"), "text"),
        (("Mindste antal, der vises", "Smallest count shown"), people.get("threshold"), "number"),
    ]
    rows = [[Cell(say(words, language)), Cell(found, kind)] for words, found, kind in facts if found is not None]
    rows.append([Cell(say(("Fra tal til grundlag", "From figure to ground"), language)), Cell(say(GROUND, language))])
    rows += [
        [Cell(say(("Metode", "Method"), language)), Cell(note[f"text_{language}"])] for note in report.get("notes", ())
    ]
    headings = [
        Heading("subject", say(("Emne", "Subject"), language), names_row=True),
        Heading("text", say(("Indhold", "Content"), language)),
    ]
    return DataTable("about", say(("Om", "About"), language), headings, rows)


def definitions(language: Language, names: Collection[str] = tuple(BY_NAME)) -> DataTable:
    """Make the table of what figures mean, and what disclosure control does to them."""
    headings = [
        Heading("indicator", say(HEADINGS["figure"], language), names_row=True),
        Heading("definition", say(HEADINGS["meaning"], language)),
        Heading("disclosure", say(HEADINGS["disclosure"], language)),
    ]
    rows = [
        [
            Cell(figure_called(item.name, language)),
            Cell(say((item.definition_da, item.definition_en), language)),
            Cell(say(DISCLOSURE_RULES[item.disclosure], language)),
        ]
        for item in BY_NAME.values()
        if item.name in names
    ]
    return DataTable(DEFINITIONS, say(("Definitioner", "Definitions"), language), headings, rows)


def withheld_because(language: Language) -> str:
    """Say why values are hidden."""
    return say(
        (
            f"kunne vise en gruppe på under {SMALLEST_TOLD} personer, eller er ikke udgivet",
            f"could show a group of fewer than {SMALLEST_TOLD} people, or is not released",
        ),
        language,
    )
