"""The page on which figures about areas come in from a spreadsheet: looked through first, then saved, all or none.

Owns no rule: what is sent goes through the intake, as what is typed does.
"""

import asyncio
import csv
import functools
import io
from collections.abc import Mapping, Sequence
from email import policy
from email.parser import BytesParser
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from services.reporting.entry.context_sheet import (
    COLUMNS,
    FAULTS,
    MOST_COLUMNS,
    MOST_ROWS,
    ContextSheet,
    SheetFault,
    read_sheet,
)
from services.reporting.entry.posting import Intakes, Posted
from services.reporting.entry.service import Entry
from services.reporting.terms import Json
from services.reporting.web.entry import drafts
from services.reporting.web.entry.drafts import Draft
from services.reporting.web.entry.refusing import message
from services.reporting.web.entry.signed_out import kept_page
from services.reporting.web.entry.typed import read
from services.reporting.web.language import language_of, marked
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, recognised, same_origin, session_of
from services.reporting.web.writing import Code, said
from shared import clock
from shared.context_figures import CONTEXT_FIGURES
from shared.errors import BadRequest, Forbidden, Unauthenticated
from shared.events.envelope import AREA_PREFIX, NETWORK
from shared.events.reporting import ContextImported
from shared.http.forms import LONG_FORM_BYTES, LongFields, bounded, fields_of_form
from shared.http.state import part_of
from shared.spreadsheets import Cell, SheetUnreadable, rows_of

PATH: Final = "/context-figures"
TITLE: Final = marked("Indlæs områdetal")
SHEET: Final = "sheet"
COLUMN_LETTERS: Final = "letters"
SEND: Final = "send"
ROW: Final = "row"
router: Final = APIRouter()


async def sheet_or_fields(request: Request) -> tuple[bytes, LongFields]:
    """Read a form that has a file in it, or the fields of one that was looked through; a FastAPI dependency.

    Raises:
        TooLarge: no spreadsheet of ours is that large.
        BadRequest: it is no form of ours.
    """
    body = await bounded(request, LONG_FORM_BYTES)
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return b"", fields_of_form(body)
    if "\n" in kind or "\r" in kind:
        raise BadRequest("invalid_form", "this is no form of ours")
    told = BytesParser(policy=policy.HTTP).parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    parts = [part for part in told.iter_parts() if part.get_param("name", header="content-disposition") == SHEET]
    if len(parts) != 1:
        raise BadRequest("invalid_form", "this is no form of ours")
    content = parts[0].get_payload(decode=True)
    return content if isinstance(content, bytes) else b"", {}


Sent = Annotated[tuple[bytes, LongFields], Depends(sheet_or_fields)]


@router.get(PATH)
async def get_context_import(request: Request, visitor: Visiting) -> Response:
    """Show which columns a spreadsheet has, and which figures there are.

    Raises:
        Forbidden: the visitor's role registers nothing.
    """
    return await _shown(request, visitor, drafts.begun(_sources(visitor), clock.now(), {}), None)


@router.post(PATH, dependencies=[Depends(same_origin)])
async def post_context_import(request: Request, sent: Sent) -> Response:
    """Look a spreadsheet through, or save what was looked through: whatever is wrong, nothing of it is saved.

    Raises:
        Forbidden: the visitor's role registers nothing.
    """
    content, fields = sent
    visitor = await recognised(request)
    if visitor is None:
        return kept_page(request, language_of(request.url.path).gettext(TITLE), fields)
    draft = drafts.read(fields, _sources(visitor), clock.now())
    if draft.action != SEND:
        code = language_of(request.url.path).code
        sheet = await asyncio.to_thread(_read, content, _areas(visitor), code)
        return await _shown(request, visitor, draft, sheet)
    sheet = _looked_through(draft.typed, _areas(visitor))
    if sheet.faults:
        return await _shown(request, visitor, draft, sheet)
    try:
        posted = await _save(request, visitor, draft, sheet)
    except Unauthenticated:
        return kept_page(request, language_of(request.url.path).gettext(TITLE), fields)
    return await _shown(request, visitor, draft, sheet, posted)


async def _save(request: Request, visitor: Visitor, draft: Draft, sheet: ContextSheet) -> Posted:
    """Send what is not there yet, as one batch; what is there already counts once."""
    known = await _known(request, sheet)
    is_network = _sources(visitor)[0] == NETWORK
    events = [
        _event(draft, place, row.data, NETWORK if is_network else f"{AREA_PREFIX}{row.data['area']}")
        for place, row in enumerate(sheet.rows)
        if known.get(row.key) != (row.data["value"], row.data["source"])
    ]
    if not events:
        return Posted()
    posted = await part_of(request, Intakes).post(session_of(request), ContextImported.event_owner, events)
    sent = [
        place for place, row in enumerate(sheet.rows) if known.get(row.key) != (row.data["value"], row.data["source"])
    ]
    refused = [type(each)(sent[each.index], each.pointer, each.code) for each in posted.refusals]
    return Posted(posted.accepted, posted.duplicates, posted.cursor, posted.warnings, refused, posted.is_away)


def _event(draft: Draft, place: int, data: Json, source: str) -> Json:
    """Give the event of a row: its id is that of the form and its place in letters, so that it counts once."""
    base, letters = len(drafts.LETTERS), drafts.LETTERS
    told = f"{letters[place // base**2]}{letters[place // base % base]}{letters[place % base]}"
    return drafts.event_of(Draft(f"{draft.id}-{told}", draft.time, source, {}), ContextImported, data)


def _sources(visitor: Visitor) -> list[str]:
    sources = drafts.sources_of(visitor.identity)
    if not sources:
        raise Forbidden("this role registers nothing")
    return sources


def _areas(visitor: Visitor) -> dict[str, str]:
    own = visitor.identity.areas if visitor.identity.role == "coordinator" else visitor.area_names.keys()
    return {area: visitor.area_names.get(area, area) for area in own}


def _read(content: bytes, areas: Mapping[str, str], code: Code) -> ContextSheet:
    try:
        cells, _ = rows_of(content, MOST_ROWS + 1, MOST_COLUMNS)
        return read_sheet(cells, areas, functools.partial(read, code=code))
    except SheetUnreadable:
        return ContextSheet(faults=[SheetFault("", "sheet_unreadable")])


def _looked_through(typed: Mapping[str, Sequence[str]], areas: Mapping[str, str]) -> ContextSheet:
    """Read what the page that was looked through holds, with the rows and columns that the spreadsheet had."""
    text = next(iter(typed.get(SHEET, ())), "")
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n"), newline="")))[: MOST_ROWS + 2]
    except csv.Error:
        return ContextSheet(faults=[SheetFault("", "sheet_unreadable")])
    cells: list[Sequence[Cell]] = [[danish[0] for danish, _ in COLUMNS.values()], *(row[1:] for row in rows)]
    sheet = read_sheet(cells, areas, functools.partial(read, code="en"))
    letters = next(iter(typed.get(COLUMN_LETTERS, ())), "")
    if len(letters) == len(COLUMNS):
        sheet.letters = dict(zip(COLUMNS, letters, strict=True))
    numbers = [int(row[0]) for row in rows if row and row[0].isdecimal() and len(row[0]) <= len(str(MOST_ROWS))]
    if not sheet.faults and len(numbers) == len(sheet.rows):
        sheet.rows = [type(row)(number, row.data) for number, row in zip(numbers, sheet.rows, strict=True)]
    return sheet


def _held(sheet: ContextSheet) -> str:
    """Write rows as the page holds them until they are saved."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(
        [row.number, *(row.data[name] for name in COLUMNS)] for row in sheet.rows
    )
    return text.getvalue()


async def _known(request: Request, sheet: ContextSheet) -> Mapping[tuple[str, str, str], tuple[float, str]]:
    return await part_of(request, Entry).context_figures({row.data["area"] for row in sheet.rows})


async def _shown(
    request: Request, visitor: Visitor, draft: Draft, sheet: ContextSheet | None, posted: Posted | None = None
) -> Response:
    _sources(visitor)
    code = language_of(request.url.path).code
    known = await _known(request, sheet) if sheet else {}
    refusals = posted.refusals if posted else ()
    wrong = [
        (fault.cell, f"{fault.where}: " if fault.where else "", said(FAULTS[fault.code], code))
        for fault in (sheet.faults if sheet else ())
    ]
    if sheet is not None:
        wrong += [
            (sheet.cell(each.index, each.pointer.rpartition("/")[2]), "", message(each.code, code)) for each in refusals
        ]
    is_sheet = sheet is not None and not wrong and not (posted and posted.is_stored)
    return page(
        request,
        "context_import.html",
        visitor=visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        draft=draft,
        columns=[_spoken(danish, english, code) for danish, english in COLUMNS.values()],
        context_figures=[(item, said((item.da, item.en), code)) for item in CONTEXT_FIGURES.values()],
        areas=_areas(visitor),
        rows=[_row(row.data, known.get(row.key)) for row in sheet.rows] if sheet and is_sheet else [],
        held=_held(sheet) if sheet and is_sheet else "",
        letters="".join(sheet.letters.values()) if sheet else "",
        wrong=wrong,
        posted=posted,
    )


def _spoken(danish: Sequence[str], english: Sequence[str], code: Code) -> str:
    return " / ".join(danish if code == "da" else english)


def _row(data: Json, before: tuple[float, str] | None) -> dict[str, Any]:
    """Give a row as it is looked through: new, known already, or said anew with what it was."""
    is_known = before == (data["value"], data["source"])
    return {**data, "is_known": is_known, "before": before[0] if before and not is_known else None}
