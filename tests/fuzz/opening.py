"""Whether a file that was answered opens, and holds nothing that a spreadsheet would run. Owns one check per kind."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import openpyxl
import orjson
import pypdf

from services.reporting.exports import data_package, workbook

NUMBER: Final = re.compile(r"[+-]?[0-9][0-9.,]*( %)?")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
MOST_FIELD_BYTES: Final = 10_000_000


def faults(media_type: str, content: bytes) -> Iterator[str]:
    """Say why an answer does not open, or what of it should not be there."""
    check = CHECKS.get(media_type)
    if check is None:
        return
    try:
        yield from check(content)
    # Whatever a reader of such files raises means that it does not open.
    except Exception as error:  # noqa: BLE001  whatever a reader of such files raises
        yield f"it does not open: {type(error).__name__}: {error}"


def _json(content: bytes) -> Iterator[str]:
    orjson.loads(content)
    yield from ()


def _csv(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8-sig")
    if not text.strip():
        yield "it is empty"
    csv.field_size_limit(MOST_FIELD_BYTES)
    # Whoever opens it may have told the program either separator.
    for separator in (";", ","):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                if cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell):
                    yield f"with '{separator}' between cells, one begins a formula: {cell[:60]!r}"
                    return


def _workbook(content: bytes) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield f"a cell of {sheet.title} is a formula: {str(cell.value)[:60]!r}"
                    return
    book.close()


def _pdf(content: bytes) -> Iterator[str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    if not pages or not pages[0].extract_text().strip():
        yield "there is nothing on its first page"


def _package(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if broken := archive.testzip():
            yield f"{broken} in it is broken"
        orjson.loads(archive.read("datapackage.json"))


def _drawing(content: bytes) -> Iterator[str]:
    text = content.decode()
    if "<svg" not in text or "</svg>" not in text:
        yield "it is no drawing"
    if "<script" in text:
        yield "a drawing holds a script"


def _page(content: bytes) -> Iterator[str]:
    text = content.decode()
    if "</html>" not in text:
        yield "the page ends before its end"
    for script in ("<script>alert", "<img src=x onerror", 'javascript:alert(1)"'):
        if script in text:
            yield f"the page holds {script!r} as it was sent"


CHECKS: Final[Mapping[str, Callable[[bytes], Iterator[str]]]] = {
    "application/json": _json,
    "text/csv": _csv,
    workbook.MEDIA_TYPE: _workbook,
    "application/pdf": _pdf,
    data_package.MEDIA_TYPE: _package,
    "image/svg+xml": _drawing,
    "text/html": _page,
}
