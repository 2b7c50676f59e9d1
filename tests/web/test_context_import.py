"""Figures about areas come in from a spreadsheet: looked through first, each fault at its cell, all or none, once."""

import io
import re
from datetime import date
from html import unescape
from typing import Any, Final

import httpx
import openpyxl
import pytest

from shared.context_figures import CONTEXT_FIGURES
from tests.support import builders as b
from tests.support.forms import forms
from tests.support.registering import Visitors

PATH: Final = "/context-figures"
HEAD: Final = ("Område", "Tal", "År", "Værdi", "Kilde")
LIST: Final = "Listen over udsatte boligområder 2025"
GOOD: Final = (
    HEAD,
    ("Urbanplanen", "Beboere", 2025, 8_214, LIST),
    (b.AREA, "employed_pct", date(2025, 1, 1), 58.41, LIST),
    ("urbanplanen", "Income against the region's average", 2025, 61.234, LIST),
)


def _workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _csv(*rows: tuple[Any, ...]) -> bytes:
    return (
        "\ufeff".encode() + "\r\n".join(";".join(str(cell).replace(".", ",") for cell in row) for row in rows).encode()
    )


async def _choose(visitors: Visitors, visitor: dict[str, str], content: bytes) -> httpx.Response:
    return await visitors.client.post(PATH, files={"sheet": ("tal.xlsx", content)}, headers=visitor)


async def _save(visitors: Visitors, visitor: dict[str, str], page: str) -> httpx.Response:
    (form,) = (form for form in forms(page) if form.method == "post" and form.action == PATH)
    return await visitors.send(PATH, visitor, [*form.sent, ("-action", "send")])


async def _context(visitors: Visitors) -> list[tuple[str, str, float]]:
    rows = await visitors.rows("reporting", "SELECT indicator, measured_on, value FROM context ORDER BY indicator")
    return [(row["indicator"], row["measured_on"].isoformat(), float(row["value"])) for row in rows]


async def _known(visitors: Visitors) -> dict[str, str]:
    """Have two areas known to reporting; give who registers for one of them."""
    cursor = await visitors.post(b.an_area(), b.an_area(b.OTHER_AREA, name="Gellerupparken"))
    own = await visitors.sign_in("coordinator", b.AREA)
    await visitors.get("/register", own, at_least=cursor)
    await visitors.figures(cursor)
    return own


def _faults(text: str) -> list[str]:
    return re.findall(r"<li><strong>([A-Z]*[0-9]+)</strong>", text)


@pytest.mark.parametrize("written", [_workbook, _csv])
async def test_a_spreadsheet_is_looked_through_and_saved_once(visitors: Visitors, written: Any) -> None:  # noqa: ANN401  a function
    """Nothing is stored before; a second import of the same file stores nothing more, and says so."""
    own = await _known(visitors)
    looked = await _choose(visitors, own, written(*GOOD))
    assert looked.status_code == httpx.codes.OK, looked.text
    assert await _context(visitors) == []
    assert looked.text.count("nyt</td>") == 3
    saved = await _save(visitors, own, looked.text)
    assert "3 tal er gemt." in unescape(saved.text)
    expected = [
        ("employed_pct", "2025-01-01", 58.41),
        ("income_pct", "2025-01-01", 61.234),
        ("residents", "2025-01-01", 8214.0),
    ]
    assert await _context(visitors) == expected
    pressed_twice = await _save(visitors, own, looked.text)
    assert "Alle tal i regnearket var der i forvejen." in pressed_twice.text
    again = await _choose(visitors, own, written(*GOOD))
    assert again.text.count("findes allerede</td>") == 3
    assert "Alle tal i regnearket var der i forvejen." in (await _save(visitors, own, again.text)).text
    assert len(await visitors.lines("reporting")) == 3
    changed = await _choose(visitors, own, written(HEAD, ("Urbanplanen", "Beboere", 2025, 8_300, LIST)))
    assert "ændres fra 8.214" in changed.text
    await _save(visitors, own, changed.text)
    assert ("residents", "2025-01-01", 8300.0) in await _context(visitors)


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (("Gellerupparken", "Beboere", 2025, 10, LIST), "A3"),
        (("Urbanplanen", "Etnicitet", 2025, 10, LIST), "B3"),
        (("Urbanplanen", "Beboere", "i fjor", 10, LIST), "C3"),
        (("Urbanplanen", "Beboere", 2025, "mange", LIST), "D3"),
        (("Urbanplanen", "Andel dømte", 2025, 100.5, LIST), "D3"),
        (("Urbanplanen", "Andel dømte", 2025, -1, LIST), "D3"),
        (("Urbanplanen", "Beboere", 2025, 10, ""), "E3"),
        (("Urbanplanen", "Andel i arbejde", 2025, 10, LIST), "A3"),
    ],
)
async def test_a_fault_is_told_at_its_cell_and_nothing_is_saved(
    visitors: Visitors, row: tuple[Any, ...], cell: str
) -> None:
    """Whose area it is not, what no figure is called, what is no day or number, what is out of bounds or twice."""
    own = await _known(visitors)
    first = ("Urbanplanen", "employed_pct", 2025, 58.4, LIST)
    looked = await _choose(visitors, own, _workbook(HEAD, first, row))
    assert (looked.status_code, _faults(looked.text)) == (httpx.codes.UNPROCESSABLE_ENTITY, [cell])
    assert await visitors.lines("reporting") == []


async def test_what_the_intake_refuses_is_told_at_its_cell(visitors: Visitors) -> None:
    """A number of a person in the source, and a day that is far ahead; the good row beside them is not saved."""
    own = await _known(visitors)
    rows = [
        GOOD[1],
        ("Urbanplanen", "employed_pct", 2025, 50, "Spurgt 010190-1234"),
        ("Urbanplanen", "income_pct", 2099, 50, LIST),
    ]
    looked = await _choose(
        visitors, own, _workbook(("Kilde", "Værdi", "År", "Tal", "Område"), *(row[::-1] for row in rows))
    )
    refused = await _save(visitors, own, looked.text)
    assert (refused.status_code, set(_faults(refused.text))) == (httpx.codes.UNPROCESSABLE_ENTITY, {"A3", "C4"})
    assert "personal_number" in refused.text
    assert await visitors.lines("reporting") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 no workbook", "hverken et Excel-regneark"),
        (b"\xff\xfe\x00", "hverken et Excel-regneark"),
        (b"", "ingen rækker"),
        (_csv(HEAD), "ingen rækker"),
        (_csv(HEAD[:4]), "Kolonnen mangler"),
        (_csv(HEAD, *[("Urbanplanen", "Beboere", 2025, 1, LIST)] * 1_002), "flere end 1000"),
    ],
)
async def test_what_is_no_such_spreadsheet_is_said(visitors: Visitors, content: bytes, said: str) -> None:
    """A damaged file, a different one, a blank one, one that is too long."""
    looked = await _choose(visitors, await _known(visitors), content)
    assert looked.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in unescape(looked.text)


async def test_what_was_not_looked_through_is_not_saved(visitors: Visitors) -> None:
    """A form that no page of ours made: a cell that is too long, a row that is no row, one with a different area."""
    own = await _known(visitors)
    for held in (
        '2,urbanplanen,residents,2025-01-01,8,x\n2,"' + "x" * 200_000,
        "kun dette",
        "2,gellerupparken,residents,2025,8,x",
    ):
        refused = await visitors.send(PATH, own, [("sheet", held), ("letters", "ABCDE"), ("-action", "send")])
        assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert await visitors.lines("reporting") == []


async def test_a_page_in_english_and_who_may_not(visitors: Visitors) -> None:
    """Every figure of the table is named on the page; a lead registers nothing."""
    own = await _known(visitors)
    page = await visitors.get(f"/en{PATH}", own)
    assert all(item.en in unescape(page) and code in page for code, item in CONTEXT_FIGURES.items())
    lead = await visitors.sign_in("lead")
    assert (await _choose(visitors, lead, _csv(*GOOD))).status_code == httpx.codes.FORBIDDEN
