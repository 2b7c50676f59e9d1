"""A spreadsheet of figures that others measured of areas, read row by row; each fault names its cell. Pure.

It reads what columns hold. What is right beyond that the intake says, as it does of every other sender.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from services.reporting.terms import Json
from services.reporting.words import Word
from shared.context_figures import CONTEXT_FIGURES
from shared.spreadsheets import Cell

MOST_ROWS: Final = 1_000
MOST_COLUMNS: Final = 26
# What is told of at once.
MOST_FAULTS: Final = 100
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SheetColumn: TypeAlias = Literal["area", "indicator", "date", "value", "source"]
# What the columns may be called, Danish and English; the first of each is shown.
COLUMNS: Final[Mapping[SheetColumn, tuple[Sequence[str], Sequence[str]]]] = {
    "area": (("Område", "Boligområde"), ("Area",)),
    "indicator": (("Tal", "Indikator"), ("Figure", "Indicator")),
    "date": (("Dato", "År"), ("Date", "Year")),
    "value": (("Værdi",), ("Value",)),
    "source": (("Kilde",), ("Source",)),
}
SheetCode: TypeAlias = Literal[
    "blank_cell", "column_missing", "named_twice", "not_a_day", "not_a_number", "outside_bounds",
    "sheet_blank", "sheet_too_long", "sheet_unreadable", "unknown_area", "unknown_figure",
]  # fmt: skip
FAULTS: Final[Mapping[SheetCode, Word]] = {
    "blank_cell": ("Cellen er tom.", "The cell is blank."),
    "column_missing": ("Kolonnen mangler, eller der er to af den.", "The column is missing, or there are two of it."),
    "named_twice": (
        "Området har allerede en værdi af tallet den dag, længere oppe.",
        "The area has a value of this figure on that day already, further up.",
    ),
    "not_a_day": ("Det er hverken en dato eller et år.", "This is neither a day nor a year."),
    "not_a_number": ("Det er ikke et tal.", "This is no number."),
    "outside_bounds": ("Værdien ligger uden for tallets grænser.", "The value lies outside the figure's bounds."),
    "sheet_blank": ("Der er ingen rækker i regnearket.", "There are no rows in the spreadsheet."),
    "sheet_too_long": (
        f"Regnearket har flere end {MOST_ROWS} rækker.",
        f"The spreadsheet has more than {MOST_ROWS} rows.",
    ),
    "sheet_unreadable": (
        "Filen er hverken et Excel-regneark (xlsx) eller en CSV-fil i UTF-8, eller den er for stor.",
        "The file is neither an Excel workbook (xlsx) nor a CSV file in UTF-8, or it is too large.",
    ),
    "unknown_area": (
        "Området findes ikke, eller du registrerer ikke for det.",
        "There is no such area, or you do not register for it.",
    ),
    "unknown_figure": ("Der er intet områdetal, der hedder sådan.", "No figure about areas is called so."),
}
# Reads what people type: a day as ISO, a number; what cannot be read stays as it was.
CellReader: TypeAlias = Callable[[Literal["day", "decimal"], str], object]


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong, with the cell as spreadsheets name it; `where` is the column, or nothing."""

    cell: str
    code: SheetCode
    where: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A figure of an area on a day; `number` is the row that it stands in, from 1."""

    number: int
    data: Json

    @property
    def key(self) -> tuple[str, str, str]:
        """Give what the value is of: the area, the figure and the day."""
        return self.data["area"], self.data["indicator"], self.data["date"]


@dataclass(slots=True)
class ContextSheet:
    """What a spreadsheet says, the letter of each column, and what is wrong; where anything is, nothing counts."""

    rows: list[SheetRow] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    faults: list[SheetFault] = field(default_factory=list)

    def cell(self, place: int, name: str) -> str:
        """Give the name of the cell of a row, by the row's place and the field; without one, the row's number."""
        return f"{self.letters.get(name, '')}{self.rows[place].number}"


def read_sheet(cells: Iterable[Sequence[Cell]], areas: Mapping[str, str], reader: CellReader) -> ContextSheet:
    """Read a spreadsheet; `areas` are those that somebody may speak of, by short name, with what they are called."""
    sheet = ContextSheet()
    known = {
        "area": _by_any_name({code: (name, name) for code, name in areas.items()}),
        "indicator": _by_any_name({code: (item.da, item.en) for code, item in CONTEXT_FIGURES.items()}),
    }
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(cells, start=1):
        if number == 1:
            _read_head(row, sheet)
            if sheet.faults:
                return sheet
        elif number > MOST_ROWS + 1:
            sheet.faults.append(SheetFault(f"A{number}", "sheet_too_long"))
            return sheet
        elif any(cell != "" for cell in row) and len(sheet.faults) < MOST_FAULTS:
            _read_row(number, row, sheet, known, reader, seen)
    if not sheet.rows and not sheet.faults:
        sheet.faults.append(SheetFault("A2", "sheet_blank"))
    return sheet


def _by_any_name(names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {name.casefold(): code for code, called in names.items() for name in (*called, code)}


def _read_head(row: Sequence[Cell], sheet: ContextSheet) -> None:
    heads = [str(cell).strip().casefold() for cell in row]
    for name, (danish, english) in COLUMNS.items():
        called = {each.casefold() for each in (*danish, *english)}
        places = [place for place, head in enumerate(heads) if head in called]
        if len(places) == 1:
            sheet.letters[name] = LETTERS[places[0]]
        else:
            sheet.faults.append(SheetFault("A1", "column_missing", danish[0]))


def _read_row(  # noqa: PLR0913, PLR0917  a row, and all that it is held against
    number: int,
    row: Sequence[Cell],
    sheet: ContextSheet,
    known: Mapping[str, Mapping[str, str]],
    reader: CellReader,
    seen: set[tuple[str, str, str]],
) -> None:
    data: Json = {}
    faults: list[SheetFault] = []
    for name in COLUMNS:
        place = LETTERS.index(sheet.letters[name])
        cell = row[place] if place < len(row) else ""
        found, code = _value(name, cell, known, reader)
        data[name] = found
        if code is not None:
            faults.append(SheetFault(f"{sheet.letters[name]}{number}", code))
    if not faults:
        figure = CONTEXT_FIGURES[data["indicator"]]
        made = SheetRow(number, data)
        if not figure.least <= data["value"] <= figure.most:
            faults.append(SheetFault(f"{sheet.letters['value']}{number}", "outside_bounds"))
        elif made.key in seen:
            faults.append(SheetFault(f"{sheet.letters['area']}{number}", "named_twice"))
        else:
            seen.add(made.key)
            sheet.rows.append(made)
    sheet.faults += faults


def _value(
    name: SheetColumn, cell: Cell, known: Mapping[str, Mapping[str, str]], reader: CellReader
) -> tuple[object, SheetCode | None]:
    """Give what a cell says, or why it says nothing."""
    text = str(cell).strip()
    if not text:
        return None, "blank_cell"
    if name in known:
        code = known[name].get(text.casefold())
        return code, None if code else ("unknown_area" if name == "area" else "unknown_figure")
    if name == "date":
        day = _day(cell, text, reader)
        return day, None if day else "not_a_day"
    if name == "value":
        number = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else reader("decimal", text)
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        return number, None if is_number else "not_a_number"
    return text, None


def _day(cell: Cell, text: str, reader: CellReader) -> str | None:
    """Give a day as ISO; a year is its first day, as the lists of areas have it."""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR:
        return f"{int(text)}-01-01"
    try:
        return dt.date.fromisoformat(str(reader("day", text))).isoformat()
    except ValueError:
        return None
