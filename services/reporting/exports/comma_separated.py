"""Tables as CSV that a spreadsheet opens cleanly in its reader's language. Owns how a value is written there.

Danish: semicolons between values, a comma before decimals, which is what a Danish spreadsheet expects. English: commas
and a point. Both begin with a byte order mark, so that æ, ø and å are read as such. Amounts are in kroner.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from services.reporting.exports.tables import (
    UNITS,
    Cell,
    DataTable,
    Document,
    Heading,
    Language,
    say,
    withheld_columns,
    withholds,
)
from services.reporting.reports.parts.declaring import Kind
from services.reporting.words import HEADINGS, Word
from shared import comma_separated
from shared.comma_separated import BYTE_ORDER_MARK, Field

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
LONG_HEADINGS: Final[tuple[Word, ...]] = (
    ("Tabel", "Table"),
    ("Række", "Row"),
    ("Felt", "Field"),
    HEADINGS["value"],
    ("Enhed", "Unit"),
    ("Bemærkning", "Remark"),
)


def table_csv(document: Document, table: DataTable) -> bytes:
    """Write one table as it stands; what is withheld is an empty value, named in a last column."""
    language = document.language
    with_reason = withholds(table)
    heading: list[Field] = [_with_unit(column, language) for column in table.headings]
    rows = [[written(cell) for cell in row] for row in table.rows]
    if with_reason:
        heading.append(say(HEADINGS["withheld"], language))
        for fields, row in zip(rows, table.rows, strict=True):
            names = withheld_columns(table, row)
            fields.append(f"{', '.join(names)}: {document.withheld_because}" if names else "")
    return _csv([heading, *rows], language)


def long_csv(document: Document) -> bytes:
    """Write every table of a document below one another, one value a line; what is withheld is empty, with a reason."""
    language = document.language
    lines: list[list[Field]] = [[say(words, language) for words in LONG_HEADINGS]]
    for table in document.tables:
        for row in table.rows:
            cells = list(zip(table.headings, row, strict=True))
            name = " · ".join(str(written(cell) or "") for heading, cell in cells if heading.names_row)
            lines.extend(
                [
                    table.title,
                    name,
                    heading.label,
                    written(cell),
                    _unit(cell.kind, language),
                    document.withheld_because if cell.withheld else "",
                ]
                for heading, cell in cells
                if not heading.names_row
            )
    return _csv(lines, language)


def written(cell: Cell) -> Field:
    """Give a value as it is written; a moment is read as text, and amounts as kroner with their øre."""
    if isinstance(cell.value, datetime):
        return f"{cell.value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if cell.kind == "calendar_month" and isinstance(cell.value, date):
        return f"{cell.value:%Y-%m}"
    if cell.kind == "kroner" and cell.value is not None:
        if not isinstance(cell.value, int):
            raise TypeError(f"an amount is in whole øre, not {cell.value}")
        return Decimal(cell.value).scaleb(-2)
    return cell.value


def _unit(kind: Kind, language: Language) -> str:
    return say(UNITS[kind], language) if kind in UNITS else ""


def _with_unit(heading: Heading, language: Language) -> str:
    unit = _unit(heading.kind, language)
    return f"{heading.label} ({unit})" if unit else heading.label


def _csv(rows: list[list[Field]], language: Language) -> bytes:
    return comma_separated.csv_bytes(rows, ";" if language == "da" else ",", mark=BYTE_ORDER_MARK)
