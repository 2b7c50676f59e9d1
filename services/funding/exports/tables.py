"""Tables as CSV and as workbooks. Owns how an amount and a text are written there.

CSV is for programs: RFC 4180, UTF-8, names of the interface, amounts in øre. A workbook is for people: Danish
headings, amounts in kroner. No text of a sender's is ever read as a formula by the program that opens it.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared import comma_separated
from shared.presentable import presentable

Value = str | int | date | None

WIDTH_BY_KIND: Final = {"amount": 16, "day": 12, "number": 10, "text": 28}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in CSV, its Danish heading, and whether it holds text, numbers, days or amounts in øre."""

    name: str
    heading: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table with its rows, each as long as there are columns."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def csv_bytes(table: DataTable) -> bytes:
    """Write a table as CSV."""
    return comma_separated.csv_bytes([[column.name for column in table.columns], *table.rows])


def xlsx_bytes(table: DataTable) -> bytes:
    """Write a table as a workbook of one sheet."""
    import xlsxwriter  # noqa: PLC0415  only a download needs it, and a service shall start small

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        formats = {
            "amount": workbook.add_format({"num_format": "#,##0.00"}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "number": None,
            "text": None,
        }
        sheet = workbook.add_worksheet(table.title)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, presentable(column.heading), workbook.add_format({"bold": True}))
            sheet.set_column(place, place, WIDTH_BY_KIND[column.kind])
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(table.rows, 1):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                if isinstance(value, str):
                    sheet.write_string(number, place, presentable(value))
                elif isinstance(value, date):
                    sheet.write_datetime(number, place, value, formats["day"])
                elif value is not None:
                    # A sheet knows only floating numbers; the øre of any amount that an event may hold come through.
                    shown = value / 100 if column.kind == "amount" else value
                    sheet.write_number(number, place, shown, formats[column.kind])
    return content.getvalue()
