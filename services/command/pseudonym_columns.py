"""Puts pseudonyms in place of people in a list: a CSV file or a workbook. Owns that nothing of a person is left in it.

Of a list only the columns that were named are read; they are not written again, and every other one is.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import xlsxwriter

from services.command.access import CommandFailed
from shared.comma_separated import BYTE_ORDER_MARK, Separator, csv_bytes, harmless
from shared.pseudonyms import SHORT_DIGITS, NoPerson
from shared.spreadsheets import Cell, SheetUnreadable, rows_of

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 500
LARGEST_BYTES: Final = 50_000_000
COLUMN: Final = "pseudonym"
# Of one row: the cells of the columns that name a person.
Maker = Callable[[Sequence[str]], str]


class ListFailed(CommandFailed):
    """A list could not be read or written; the code says why, and stands before the sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


def replace(source: Path, target: Path, columns: Sequence[str], make: Maker) -> tuple[int, list[tuple[int, str]]]:
    """Write a list anew with a pseudonym for the columns that name people; give how many, and each row that has none.

    A row without one is left out, and told of by its number and the code of what was wrong with it.

    Raises:
        ListFailed: `list_unreadable`, `list_too_long`, `column_missing`, `list_exists`.
    """
    if target.exists():
        raise ListFailed("list_exists", f"{target} is there already")
    rows, separator = _rows(source)
    heads = next(rows, None) or []
    missing = [name for name in columns if heads.count(name) != 1]
    if missing:
        raise ListFailed("column_missing", f"the list has no column, or two, of the name {missing[0]}")
    people = [heads.index(name) for name in columns]
    kept = [place for place in range(len(heads)) if place not in people]
    written: list[list[str]] = [[COLUMN, *(heads[place] for place in kept)]]
    faults: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS:
            raise ListFailed("list_too_long", f"a list has at most {MOST_ROWS} rows")
        cells = [*row, *[""] * (len(heads) - len(row))]
        if not any(cells):
            continue
        try:
            pseudonym = make([cells[place] for place in people])
        except NoPerson as fault:
            faults.append((number, fault.code))
        else:
            written.append([pseudonym, *(cells[place] for place in kept)])
    _write(target, written, separator)
    return len(written) - 1, faults


def _rows(source: Path) -> tuple[Iterator[list[str]], Separator]:
    try:
        if source.stat().st_size > LARGEST_BYTES:
            raise ListFailed("list_too_long", f"a list has at most {LARGEST_BYTES} bytes")
        rows, separator = rows_of(source.read_bytes(), MOST_ROWS, MOST_COLUMNS)
    except (OSError, SheetUnreadable) as error:
        raise ListFailed("list_unreadable", f"{source}: {error}") from None
    return _texts(source, rows), separator


def _texts(source: Path, rows: Iterator[list[Cell]]) -> Iterator[list[str]]:
    try:
        for row in rows:
            yield [_cell(value) for value in row]
    except SheetUnreadable as error:
        raise ListFailed("list_unreadable", f"{source}: {error}") from None


def _cell(value: Cell) -> str:
    if isinstance(value, int) and len(str(value)) == SHORT_DIGITS - 1:
        # A number that begins with a nought loses it in a workbook.
        return f"{value:0{SHORT_DIGITS}}"
    return str(value)


def _write(target: Path, rows: Sequence[Sequence[str]], separator: Separator) -> None:
    try:
        if target.suffix.lower() == ".xlsx":
            with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, [harmless(cell) for cell in row])
        else:
            target.write_bytes(csv_bytes(rows, separator, mark=BYTE_ORDER_MARK))
    except OSError as error:
        raise ListFailed("list_unreadable", f"{target} cannot be written: {error.strerror}") from None
