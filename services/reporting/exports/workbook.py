"""Tables as a workbook (XLSX): a sheet for each, typed cells, no macros. Owns how a value looks there."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from services.reporting.exports.tables import (
    DEFINITIONS,
    Cell,
    DataTable,
    Document,
    Heading,
    Language,
    say,
    withheld_columns,
    withholds,
)
from services.reporting.reader.origin import PROPERTY
from services.reporting.reports.parts.declaring import Kind
from services.reporting.words import HEADINGS
from shared.presentable import presentable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A program shows separators as its own country has them; a workbook only says where they stand.
NUMBER_FORMATS: Final[Mapping[Kind, tuple[str | None, str | None]]] = {
    "text": (None, None),
    "number": ("#,##0", "#,##0"),
    "decimal": ("#,##0.00", "#,##0.00"),
    "kroner": ('#,##0.00\\ "kr."', '"kr."\\ #,##0.00'),
    "percent": ("0.0\\ %", "0.0%"),
    "calendar_year": ("0", "0"),
    "calendar_month": ("mm-yyyy", "yyyy-mm"),
    "day": ("dd-mm-yyyy", "yyyy-mm-dd"),
    "moment": ("dd-mm-yyyy\\ hh:mm:ss", "yyyy-mm-dd\\ hh:mm:ss"),
}
LEAST_WIDTHS: Final[Mapping[Kind, int]] = {
    "text": 10, "number": 8, "decimal": 10, "kroner": 18, "percent": 8,
    "calendar_year": 6, "calendar_month": 9, "day": 11, "moment": 19,
}  # fmt: skip
LARGEST_WIDTH: Final = 60
LINK_COLOUR: Final = "#004d71"
# The paper as Excel numbers it, how many rows of a table fit on it, and how much of a title its margin takes.
A4: Final = 9
ROWS_ON_A_PAGE: Final = 48
LONGEST_HEADER: Final = 120
LONGEST_TITLE: Final = 31
# Excel takes 255 signs.
LONGEST_PROPERTY: Final = 200
REFUSED_IN_TITLES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def workbook(document: Document) -> bytes:
    """Write a document as a workbook; the same document always gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415  only a download needs it, and a service shall start small

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties(
            {
                "title": presentable(document.title),
                "subject": presentable(document.name),
                "author": "Helhedsnet",
                "created": (document.recorded or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None),
            }
        )
        for number, part in enumerate(_in_parts(document.origin), 1):
            book.set_custom_property(f"{PROPERTY}-{number}", part, "text")
        formats = _formats(book, document.language)
        taken: set[str] = set()
        sheets = [
            (book.add_worksheet(_sheet_title(table.title, taken)), table) for table in document.tables if table.rows
        ]
        meanings = _meanings(sheets)
        for sheet, table in sheets:
            _write(sheet, document, table, formats, meanings)
            _set_up_print(sheet, document, table)
    return content.getvalue()


def _meanings(sheets: Sequence[tuple["Worksheet", DataTable]]) -> dict[str, str]:
    """Give where in the workbook it is said what a figure means, by what the figure is called there."""
    return {
        str(row[0].value): f"internal:'{sheet.get_name()}'!A{number}"
        for sheet, table in sheets
        if table.name == DEFINITIONS
        for number, row in enumerate(table.rows, 2)
    }


def _in_parts(text: str) -> list[str]:
    """Cut a text to what a property of a workbook holds."""
    return [text[begins : begins + LONGEST_PROPERTY] for begins in range(0, len(text), LONGEST_PROPERTY)]


def _formats(book: "Workbook", language: Language) -> dict[str, Any]:
    wrapped = {"text_wrap": True, "valign": "top"}
    heading = {"bold": True, "bottom": 1, **wrapped}
    made: dict[str, Any] = {
        "heading": book.add_format(heading),
        "leading": book.add_format({**heading, "font_color": LINK_COLOUR}),
    }
    for kind, words in NUMBER_FORMATS.items():
        number_format = words[0] if language == "da" else words[1]
        shape: dict[str, Any] = {"valign": "top", "num_format": number_format} if number_format else wrapped
        made[kind] = book.add_format(shape)
    return made


def _write(
    sheet: "Worksheet", document: Document, table: DataTable, formats: Mapping[str, Any], meanings: Mapping[str, str]
) -> None:
    headings = list(table.headings)
    if withholds(table):
        headings.append(Heading("withheld", say(HEADINGS["withheld"], document.language)))
    for place, heading in enumerate(headings):
        if heading.kind != "text" and (meaning := meanings.get(heading.figure or heading.label)):
            sheet.write_url(0, place, meaning, formats["leading"], presentable(heading.label))
        else:
            sheet.write_string(0, place, presentable(heading.label), formats["heading"])
        sheet.set_column(place, place, _width(table, place, heading.label))
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write_cell(sheet, number, place, cell, formats)
        names = withheld_columns(table, row)
        if names:
            reason = f"{', '.join(names)}: {document.withheld_because}"
            sheet.write_string(number, len(row), presentable(reason), formats["text"])
    sheet.freeze_panes(1, 0)
    if headings:
        sheet.autofilter(0, 0, len(table.rows), len(headings) - 1)


def _set_up_print(sheet: "Worksheet", document: Document, table: DataTable) -> None:
    """Let a sheet print on paper as wide as its table, its headings on each page, with what it is and which page."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    # A short table is one page, whatever its width; a long one is as wide as the paper and as many pages as it needs.
    sheet.fit_to_pages(1, 1 if len(table.rows) <= ROWS_ON_A_PAGE else 0)
    sheet.repeat_rows(0)
    title = presentable(f"{document.title}: {table.title}")[:LONGEST_HEADER].replace("&", "&&")
    page = say(("Side &P af &N", "Page &P of &N"), document.language)
    sheet.set_header(f"&L{title}")
    sheet.set_footer(f"&LHelhedsnet&R{page}")


def _write_cell(sheet: "Worksheet", row: int, place: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    value, shape = cell.called or cell.value, formats[cell.kind]
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, place, presentable(value), shape)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None, microsecond=0), shape)
    elif isinstance(value, int | float):
        # A sheet holds kroner, and a share of 1, under formats that show kr. and per cent.
        sheet.write_number(row, place, value / 100 if cell.kind in {"kroner", "percent"} else value, shape)
    else:
        sheet.write_datetime(row, place, value, shape)


def _width(table: DataTable, place: int, label: str) -> int:
    longest = max((len(word) for word in label.split()), default=0)
    least = 0
    for row in table.rows:
        if place < len(row):
            cell = row[place]
            written = cell.called or cell.value
            longest = max(longest, len(written) if isinstance(written, str) else 0)
            least = max(least, LEAST_WIDTHS[cell.kind])
    return min(max(longest, least) + 2, LARGEST_WIDTH) if place < len(table.headings) else LARGEST_WIDTH


def _sheet_title(title: str, taken: set[str]) -> str:
    """Give a title that a sheet may bear: short, without signs that have a meaning, and only once in a workbook."""
    title = presentable(title).translate(REFUSED_IN_TITLES)
    short, number = _cut(title, LONGEST_TITLE), 1
    while short.lower() in taken:
        number += 1
        short = f"{_cut(title, LONGEST_TITLE - 4)} ({number})"
    taken.add(short.lower())
    return short


def _cut(title: str, length: int) -> str:
    """Cut a title to a length as Excel counts it, in which an emoji is two; no apostrophe may stand at an end."""
    return title.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").strip("'")
