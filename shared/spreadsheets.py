"""Reads the first sheet of a workbook, or a CSV file, row by row. Owns that a file is bounded; keeps nothing of it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, TypeAlias

import openpyxl

from shared.comma_separated import Separator

# What a workbook may hold when it is unpacked.
LARGEST_UNPACKED_BYTES: Final = 100_000_000
# A workbook begins as every zip file does.
ZIP: Final = b"PK"
Cell: TypeAlias = str | int | float | bool | date


class SheetUnreadable(Exception):
    """A file is no workbook and no CSV in UTF-8, or is larger than it may be; the text says which."""


def rows_of(content: bytes, most_rows: int, most_columns: int) -> tuple[Iterator[list[Cell]], Separator]:
    """Give the rows of a file, at most one more than `most_rows`, and the sign that parts its fields.

    In a workbook numbers and days are what they are, a day without its time; everything else is text.

    Raises:
        SheetUnreadable: it cannot be read.
    """
    if content.startswith(ZIP):
        return _of_workbook(content, most_rows, most_columns), ","
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetUnreadable(f"it cannot be read as UTF-8: {type(error).__name__}") from None
    first = text.partition("\n")[0]
    separator: Separator = ";" if first.count(";") > first.count(",") else ","
    return _of_text(text, separator, most_rows, most_columns), separator


def _of_text(text: str, separator: Separator, most_rows: int, most_columns: int) -> Iterator[list[Cell]]:
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            if number > most_rows:
                return
            yield list(row[:most_columns])
    except csv.Error as error:
        raise SheetUnreadable(f"it is no CSV: {error}") from None


def _of_workbook(content: bytes, most_rows: int, most_columns: int) -> Iterator[list[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        is_small = size <= LARGEST_UNPACKED_BYTES
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True) if is_small else None
    except Exception as error:  # noqa: BLE001  whatever a damaged workbook raises
        raise SheetUnreadable(f"it is no workbook: {type(error).__name__}") from None
    if book is None:
        raise SheetUnreadable(f"it is {size} bytes when it is unpacked")
    try:
        rows = book.worksheets[0].iter_rows(max_row=most_rows + 1, max_col=most_columns, values_only=True)
        for row in rows:
            yield [_cell(value) for value in row]
    except Exception as error:  # noqa: BLE001  as above
        raise SheetUnreadable(f"it is a damaged workbook: {type(error).__name__}") from None
    finally:
        book.close()


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str | int | float | bool | date):
        return value
    return "" if value is None else str(value)
