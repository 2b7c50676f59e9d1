"""Tables as every export writes them: typed cells under headings. Owns no file format, and reads no report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from services.reporting.reports.parts.declaring import BY_NAME, Kind
from services.reporting.words import AT_LEAST, SMALL, Word, least_of

Language = Literal["da", "en"]
Value = str | int | float | date | datetime | None

# The table of what figures mean.
DEFINITIONS: Final = "definitions"
UNITS: Final[dict[Kind, Word]] = {"kroner": ("kr.", "kr."), "percent": ("%", "%")}
# A month is its first day; who writes it leaves the day out.
READ_FROM_TEXT: Final[dict[Kind, Callable[[str], Value]]] = {
    "day": date.fromisoformat,
    "calendar_month": lambda text: date.fromisoformat(f"{text}-01"),
    "calendar_year": int,
    "moment": datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and how it is written; a `withheld` one is empty, and `told` is what is said of it all the same.

    `called` is what people call a code: a workbook has that in its place, CSV keeps the code.
    """

    value: Value
    kind: Kind = "text"
    withheld: bool = False
    told: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name in the interface, its label, how its cells are written, and whether it names the row.

    `figure` is what the table of definitions calls the figure of the column: set for each figure of the catalogue, also
    where its label says the same. Where it is empty, the label counts.
    """

    name: str
    label: str
    kind: Kind = "text"
    names_row: bool = False
    figure: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table; each row has a cell for each heading. `name` is that of the interface, `title` is for people."""

    name: str
    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Document:
    """What is exported: its title, the tables, the first of which says what it is, and when its facts were recorded.

    `withheld_because` is said wherever a value was withheld, and `origin` is what the file says of where it is from.
    """

    name: str
    title: str
    language: Language
    tables: Sequence[DataTable]
    withheld_because: str
    recorded: datetime | None = None
    origin: str = ""


def say(words: Word, language: Language) -> str:
    """Choose the words of a language."""
    danish, english = words
    return danish if language == "da" else english


def figure_called(name: str, language: Language) -> str:
    """Give what the table of definitions calls a figure, empty where the catalogue has none of that name."""
    found = BY_NAME.get(name)
    return say((found.label_da, found.label_en), language) if found else ""


def told_of(count: Mapping[str, Any], language: Language) -> str:
    """Write what is told of a figure of people that is hidden; nothing where nothing is."""
    if count.get("hidden") == "small":
        return say(SMALL, language)
    least = least_of(count)
    return "" if least is None else f"{say(AT_LEAST, language)} {least:g}"


def typed(value: object, kind: Kind) -> Value:
    """Read a value of an answer's JSON as what it means: days and moments come as text."""
    if value is None:
        return None
    if kind in READ_FROM_TEXT:
        return READ_FROM_TEXT[kind](str(value))
    if kind == "text":
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if not isinstance(value, int | float):
        raise TypeError(f"a {kind} is a number, not {value!r}")
    return value


def withheld_columns(table: DataTable, row: Sequence[Cell]) -> list[str]:
    """Name the columns in which a row has nothing because it was withheld."""
    return [
        f"{heading.label} ({cell.told})" if cell.told else heading.label
        for heading, cell in zip(table.headings, row, strict=True)
        if cell.withheld
    ]


def withholds(table: DataTable) -> bool:
    """Tell whether anything is withheld in a table."""
    return any(cell.withheld for row in table.rows for cell in row)
