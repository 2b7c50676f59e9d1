"""Tables as CSV that a spreadsheet opens cleanly in its reader's language. Owns how a value is written there.

Danish: semicolons between values, a comma before decimals, which is what a Danish spreadsheet expects. English: commas
and a point. Both begin with a byte order mark, so that æ, ø and å are read as such. Amounts are in kroner.
"""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any, Final

from services.reporting.exports.tables import (
    UNITS,
    WITHHELD_HEADING,
    Cell,
    Document,
    Heading,
    Kind,
    Language,
    Table,
    Words,
    say,
    withheld_columns,
    withholds,
)

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
BYTE_ORDER_MARK: Final = "\ufeff"
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
LONG_HEADINGS: Final[tuple[Words, ...]] = (
    ("Tabel", "Table"),
    ("Række", "Row"),
    ("Felt", "Field"),
    ("Værdi", "Value"),
    ("Enhed", "Unit"),
    ("Bemærkning", "Remark"),
)


def table_csv(document: Document, table: Table) -> bytes:
    """Write one table as it stands; what is withheld is an empty value, named in a last column."""
    language = document.language
    with_reason = withholds(table)
    heading = [_with_unit(column, language) for column in table.headings]
    rows = [[written(cell, language) for cell in row] for row in table.rows]
    if with_reason:
        heading.append(say(WITHHELD_HEADING, language))
        for text, row in zip(rows, table.rows, strict=True):
            names = withheld_columns(table, row)
            text.append(f"{', '.join(names)}: {document.withheld_because}" if names else "")
    return _csv([heading, *rows], language)


def long_csv(document: Document) -> bytes:
    """Write every table of a document below one another, one value a line; what is withheld is empty, with a reason."""
    language = document.language
    lines = [[say(words, language) for words in LONG_HEADINGS]]
    for table in document.tables:
        for row in table.rows:
            cells = list(zip(table.headings, row, strict=True))
            name = " · ".join(written(cell, language) for heading, cell in cells if heading.names_row)
            lines.extend(
                [
                    table.title,
                    name,
                    heading.label,
                    written(cell, language),
                    _unit(cell.kind, language),
                    document.withheld_because if cell.withheld else "",
                ]
                for heading, cell in cells
                if not heading.names_row
            )
    return _csv(lines, language)


def written(cell: Cell, language: Language) -> str:
    """Write a value as a spreadsheet of a language reads it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        # A sender's text is never read as a formula.
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    number = _kroner(value) if cell.kind == "kroner" else f"{value}"
    return number.replace(".", ",") if language == "da" else number


def _kroner(amount_ore: float) -> str:
    if not isinstance(amount_ore, int):
        raise TypeError(f"an amount is in whole øre, not {amount_ore}")
    whole, part = divmod(abs(amount_ore), 100)
    return f"{'-' if amount_ore < 0 else ''}{whole}.{part:02}"


def _unit(kind: Kind, language: Language) -> str:
    return say(UNITS[kind], language) if kind in UNITS else ""


def _with_unit(heading: Heading, language: Language) -> str:
    unit = _unit(heading.kind, language)
    return f"{heading.label} ({unit})" if unit else heading.label


def _csv(rows: list[list[Any]], language: Language) -> bytes:
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    csv.writer(text, delimiter=";" if language == "da" else ",").writerows(rows)
    return text.getvalue().encode()
