"""Which tables each report has: one entry for each part of its JSON. A part without an entry fails a test."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.reporting.exports import plans, staying
from services.reporting.exports.columns import (
    AMOUNTS,
    AREA,
    BALANCE,
    COMMITMENT,
    FIGURES,
    FUNDER_KIND,
    FUNDING,
    NAME,
    PLAN,
)
from services.reporting.exports.parts import BY_NAME, Part, figure, key, table, upright, value
from services.reporting.exports.tables import Cell, DataTable, Document, Heading, Kind, Language, Value, say
from services.reporting.indicators import DISCLOSURE_RULES
from services.reporting.terms import ADDED, Json
from services.reporting.words import DIMENSIONS, FIGURE_NAMES, HEADINGS, LENSES, RESPONDENTS, SEVERITIES, Word


@dataclass(frozen=True, slots=True)
class Shape:
    """How one report is exported; `told_apart` are parts of its JSON that the first sheet tells, not a table."""

    title: Word
    parts: tuple[Part, ...]
    told_apart: frozenset[str]


TOTALS: Final = upright(Part("totals", ("Nøgletal", "Key figures"), ("totals",), (*FIGURES, *FUNDING)))
PREVIOUS: Final = (
    Part(
        "previous_period",
        HEADINGS["previous"],
        ("previous", "period"),
        (value("from", HEADINGS["from"], "day"), value("to", HEADINGS["until"], "day")),
    ),
    upright(Part("previous", ("Nøgletal før", "Key figures before"), ("previous", "totals"), (*FIGURES, *FUNDING))),
    Part(
        "previous_funders",
        ("Finansiering før", "Funding before"),
        ("previous", "totals", "funding", "by_funder_kind", "{funder_kind}"),
        (FUNDER_KIND, *AMOUNTS),
    ),
    Part(
        "previous_regulation_accounts",
        ("Reguleringskonti før", "Regulation accounts before"),
        ("previous", "totals", "funding", "regulation_accounts", "*"),
        (COMMITMENT, BALANCE),
    ),
)
FUNDERS: Final = Part(
    "funders",
    HEADINGS["funders"],
    ("totals", "funding", "by_funder_kind", "{funder_kind}"),
    (FUNDER_KIND, *AMOUNTS),
)
REGULATION_ACCOUNTS: Final = Part(
    "regulation_accounts",
    HEADINGS["regulation_accounts"],
    ("totals", "funding", "regulation_accounts", "*"),
    (COMMITMENT, BALANCE),
)
EFFORT_AREAS: Final = Part(
    "effort_areas",
    HEADINGS["effort_areas"],
    ("effort_areas", "*"),
    (
        key("pool", DIMENSIONS["pool"]),
        key("effort_area", DIMENSIONS["effort_area"]),
        NAME,
        *FIGURES,
    ),
)
AREAS: Final = Part(
    "areas",
    HEADINGS["areas"],
    ("areas", "*"),
    (
        AREA,
        NAME,
        value("municipality", HEADINGS["municipality"]),
        value("last_event_at", ("Seneste indberetning (UTC)", "Last event (UTC)"), "moment"),
        *FIGURES,
        *FUNDING,
    ),
)
AREA_FUNDERS: Final = Part(
    "area_funders",
    ("Områders finansiering", "Funding of areas"),
    ("areas", "*", "funding", "by_funder_kind", "{funder_kind}"),
    (AREA, FUNDER_KIND, *AMOUNTS),
)
AREA_REGULATION_ACCOUNTS: Final = Part(
    "area_regulation_accounts",
    ("Områders reguleringskonti", "Areas' regulation accounts"),
    ("areas", "*", "funding", "regulation_accounts", "*"),
    (AREA, COMMITMENT, BALANCE),
)
MONTHS: Final = Part(
    "months", HEADINGS["months"], ("months", "*"), (key("month", DIMENSIONS["month"]), *FIGURES)
)  # fmt: skip
PLANS: Final = Part(
    "plans",
    HEADINGS["plans"],
    ("plans", "*"),
    (
        PLAN,
        NAME,
        value("areas", HEADINGS["areas"]),
        value("start", ("Begynder", "Start"), "day"),
        value("end", ("Slutter", "End"), "day"),
        value("elapsed_pct", HEADINGS["elapsed_pct"], "percent"),
        value("spent_pct", HEADINGS["spent_pct"], "percent"),
        *FUNDING,
        value("milestones.planned", HEADINGS["milestones"], "number"),
        value("milestones.reached", HEADINGS["milestones_reached"], "number"),
        value("milestones.overdue", HEADINGS["milestones_overdue"], "number"),
        value("anchored", FIGURE_NAMES["activities_anchored"], "number"),
    ),
)
PLAN_FUNDERS: Final = Part(
    "plan_funders",
    ("Planers finansiering", "Funding of plans"),
    ("plans", "*", "funding", "by_funder_kind", "{funder_kind}"),
    (PLAN, FUNDER_KIND, *AMOUNTS),
)
PLAN_REGULATION_ACCOUNTS: Final = Part(
    "plan_regulation_accounts",
    ("Planers reguleringskonti", "Plans' regulation accounts"),
    ("plans", "*", "funding", "regulation_accounts", "*"),
    (PLAN, COMMITMENT, BALANCE),
)
CHANGE: Final = Part(
    "change",
    FIGURE_NAMES["change"],
    ("change", "*"),
    (
        key("lens", HEADINGS["lens"], words=LENSES),
        key("respondent", HEADINGS["respondent"], words=RESPONDENTS),
        value("pairs", HEADINGS["pairs"], "number"),
        value("mean_before", HEADINGS["mean_before"], "decimal"),
        value("mean_after", HEADINGS["mean_after"], "decimal"),
        value("mean_change", HEADINGS["mean_change"], "decimal"),
        value("ci_low", HEADINGS["ci_low"], "decimal"),
        value("ci_high", HEADINGS["ci_high"], "decimal"),
    ),
)
CROSSWALK: Final = Part(
    "crosswalk",
    ("Indsatsområder på tværs af puljer", "Effort areas across pools"),
    ("crosswalk", "*"),
    (
        key("pool", DIMENSIONS["pool"]),
        key("effort_area", DIMENSIONS["effort_area"]),
        NAME,
        value("covers", ("Omfatter", "Covers")),
        *(figure(name) for name in ADDED),
    ),
)
PRACTICES: Final = Part(
    "practices",
    ("Praksis", "Practices"),
    ("practices", "*"),
    (
        key("activity", DIMENSIONS["activity"]),
        NAME,
        AREA,
        value("summary", ("Sammenfatning", "Summary")),
        value("what_works", ("Hvad virker", "What works")),
        value("shared_on", ("Delt", "Shared"), "day"),
        value("adopted_by", HEADINGS["adopted_by"]),
    ),
)
ATTENTION: Final = Part(
    "attention",
    HEADINGS["attention"],
    ("attention", "*"),
    (
        value("severity", HEADINGS["severity"], words=SEVERITIES),
        key("code", ("Kode", "Code")),
        AREA,
        PLAN,
        value("since", HEADINGS["since"], "day"),
        value("detail", ("Forklaring", "Detail")),
    ),
)

CONTEXT: Final = Part(
    "context",
    ("Kontekst", "Context"),
    ("context", "*"),
    (
        AREA,
        key("indicator", HEADINGS["indicator"]),
        value("date", HEADINGS["date"], "day"),
        value("value", HEADINGS["value"], "decimal"),
        value("source", HEADINGS["source"]),
        value("before.date", ("Året før, dato", "The year before, date"), "day"),
        value("before.value", ("Året før, værdi", "The year before, value"), "decimal"),
    ),
)

_COMMON: Final = (
    TOTALS, FUNDERS, REGULATION_ACCOUNTS, EFFORT_AREAS, MONTHS, PLANS, PLAN_FUNDERS, PLAN_REGULATION_ACCOUNTS, CHANGE,
    CROSSWALK, *staying.PARTS, PRACTICES, ATTENTION, AREAS, AREA_FUNDERS, AREA_REGULATION_ACCOUNTS, CONTEXT, *PREVIOUS,
)  # fmt: skip
# `names` hold no figure: a file is for programs too, and keeps to the codes.
_TOLD_APART: Final = frozenset({"period", "as_of", "digest", "disclosure", "names", "notes", "rules"})
SHAPES: Final[Mapping[str, Shape]] = {
    "network": Shape(("Netværksrapport", "Network report"), _COMMON, _TOLD_APART),
    "area": Shape(("Områderapport", "Area report"), (*_COMMON, plans.GOALS, plans.ASSESSMENTS), _TOLD_APART | {"area"}),
    "plan": Shape(("Planrapport", "Plan report"), (plans.HEAD, *_COMMON, *plans.OF_PLAN), _TOLD_APART),
    "statement": Shape(HEADINGS["statement"], plans.OF_STATEMENT, _TOLD_APART | plans.STATEMENT_HEAD),
}


def document(report_kind: str, name: str, report: Json, language: Language) -> Document:
    """Make the document of a report: what it is first, then a table for each part that it has."""
    shape = SHAPES[report_kind]
    tables = [made for part in shape.parts if (made := table(part, report, language)) is not None]
    title = say(shape.title, language)
    if subject := _subject(report_kind, report):
        title = f"{title}: {subject}"
    recorded = report["as_of"].get("recorded")
    return Document(
        name=name,
        title=title,
        language=language,
        tables=[about(title, report, language), *tables, definitions(language)],
        withheld_because=withheld_because(report, language),
        recorded=datetime.fromisoformat(recorded) if recorded else None,
    )


def _subject(report_kind: str, report: Json) -> str | None:
    """Name what a report is about, None for the network."""
    if report_kind == "statement":
        return f"{report['plan_name']} {report['year']}"
    name: str | None = report.get(report_kind, {}).get("name")
    return name


def about(title: str, report: Json, language: Language) -> DataTable:
    """Make the table that says what a document is: its period, cursor, digest and rules, and notes on its method."""
    as_of, period, disclosure = report["as_of"], report.get("period") or {}, report.get("disclosure") or {}
    facts: list[tuple[Word, Value, Kind]] = [
        (("Titel", "Title"), title, "text"),
        (HEADINGS["from"], period.get("from"), "text"),
        (HEADINGS["until"], period.get("to"), "text"),
        (HEADINGS["cursor"], ",".join(f"{o}:{as_of[o]}" for o in as_of if o != "recorded"), "text"),
        (("Registreret (UTC)", "Recorded (UTC)"), as_of.get("recorded"), "text"),
        (HEADINGS["digest"], report.get("digest"), "text"),
        (HEADINGS["rules"], report.get("rules"), "number"),
        (("Mindste antal, der vises", "Smallest count shown"), disclosure.get("threshold"), "number"),
        (("Antal personer vist", "Counts of people shown"), disclosure.get("published"), "number"),
        (("Antal personer udeladt", "Counts of people withheld"), disclosure.get("withheld"), "number"),
    ]
    rows = [[Cell(say(words, language)), Cell(found, kind)] for words, found, kind in facts if found is not None]
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
            Cell(say((item.label_da, item.label_en), language)),
            Cell(say((item.definition_da, item.definition_en), language)),
            Cell(say(DISCLOSURE_RULES[item.disclosure], language)),
        ]
        for item in BY_NAME.values()
        if item.name in names
    ]
    return DataTable("definitions", say(("Definitioner", "Definitions"), language), headings, rows)


def withheld_because(report: Json, language: Language) -> str:
    """Say why values are withheld."""
    threshold = (report.get("disclosure") or {}).get("threshold", "")
    return say(
        (
            f"kunne vise en gruppe på under {threshold} personer",
            f"could show a group of fewer than {threshold} people",
        ),
        language,
    )
