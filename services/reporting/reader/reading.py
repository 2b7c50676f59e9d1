"""What every read route of reporting asks of its reader, and how a report goes out."""

import re
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Header, Query, Request, Response

from services.reporting.periods import named
from services.reporting.reader.report import Report
from services.reporting.reader.waiting import Cursor, check_epoch, check_place, wait_until
from services.reporting.reader.wanted import ToldOf, Wanted
from services.reporting.settings import ReportingSettings
from shared.accounts import accounts_of
from shared.backbone import event_log
from shared.errors import BadRequest, Forbidden, Unanswerable
from shared.events.fields import FIRST_DAY, LAST_DAY
from shared.http.authentication import bearer
from shared.http.reading import ENTITY_TAG
from shared.http.state import state_of
from shared.tokens import Identity, Pass

AT_LEAST: Final = re.compile(r"(registry|funding|reporting):([0-9]{1,18})(@[0-9a-f]{8})?")


async def may_read(held: Annotated[Pass, Depends(bearer)]) -> Pass:
    """Let in those who read reports.

    Raises:
        Forbidden: a service reads logs, not reports.
    """
    if held.identity.role == "service":
        raise Forbidden("a service reads logs, not reports")
    return held


async def reader_of(held: Annotated[Pass, Depends(may_read)]) -> Identity:
    """Give who reads."""
    return held.identity


# What every router of reports, figures and what is shared is made with, so that none of its routes can forget it.
READERS_ALONE: Final = [Depends(may_read)]
Reader = Annotated[Identity, Depends(reader_of)]
# What the reader holds: until when it reads, and by what it is counted among those who share what is bounded.
Holding = Annotated[Pass, Depends(may_read)]
First = Annotated[
    date | None,
    Query(alias="from", ge=FIRST_DAY, le=LAST_DAY, description="The first day; else the first plan's."),
]
Last = Annotated[
    date | None,
    Query(alias="to", ge=FIRST_DAY, le=LAST_DAY, description="The last day; else the latest with a fact."),
]
PeriodNamed = Annotated[
    str | None,
    Query(
        alias="period",
        max_length=7,
        description="Instead of `from` and `to`: `2026`, `2026-Q3`, `2026-09`, or the school year `2025/26`.",
    ),
]
Known = Annotated[str | None, Header(alias=ENTITY_TAG, description="The entity tag of a report at hand.")]


async def asked_days(
    first_day: First = None, last_day: Last = None, period: PeriodNamed = None
) -> tuple[date | None, date | None]:
    """Read for which days a report is asked for, by their ends or by the period's name.

    Raises:
        Unanswerable: the name is none (`invalid_period`), or both ways are used (`period_and_days`).
    """
    if period is None:
        return first_day, last_day
    if first_day or last_day:
        raise Unanswerable("period_and_days", "give either a period or its days")
    found = named(period)
    if found is None:
        raise Unanswerable("invalid_period", "a period is called 2026, 2026-Q3, 2026-09 or 2025/26")
    return found.first_day, found.last_day


Days = Annotated[tuple[date | None, date | None], Depends(asked_days)]


async def reached(
    request: Request,
    at_least: Annotated[
        str | None,
        Query(
            max_length=100,
            description="What intake answered, such as `registry:1234,funding:77`; waits for it.",
        ),
    ] = None,
) -> None:
    """Wait until the cursor that the reader saw is in the report: read your own writes."""
    wanted: dict[str, Cursor] = {}
    for part in filter(None, (at_least or "").split(",")):
        found = AT_LEAST.fullmatch(part)
        if found is None:
            raise BadRequest("invalid_cursor", "at_least looks like registry:1234,funding:77")
        wanted[found[1]] = Cursor(int(found[2]), found[3] or "")
    # What reporting takes itself is folded when it answers, so there is nothing to wait for.
    state = state_of(request)
    if own := wanted.get("reporting"):
        async with state.pool.acquire() as connection:
            check_epoch("reporting", own, state.continuity.suffix)
            check_place("reporting", own.sequence, await event_log.head(connection))
    await wait_until(state.consumers, wanted, state.part(ReportingSettings).at_least_wait_ms)


def own_areas(reader: Identity) -> frozenset[str]:
    """Give the areas inside which a reader sees everything."""
    return reader.areas if reader.role == "coordinator" else frozenset()


def wanted(
    reader: Identity, days: tuple[date | None, date | None], *, area: str | None = None, plan: str | None = None
) -> Wanted:
    """Give which report is asked for, the network's, an area's or a plan's, and all that its reader may see of it."""
    # Outside of them a coordinator is told what everybody is, and has the same answer.
    own = own_areas(reader) if plan else own_areas(reader) & {area or ""}
    return Wanted(area, *days, accounts=accounts_of(reader), own=own, plan=plan)


def told_of(reader: Identity) -> ToldOf:
    """Give the areas whose rejected events a reader is told of: a coordinator its own, everybody else all."""
    return reader.areas if reader.role == "coordinator" else None


def answer(report: Report, known: str | None) -> Response:
    """Send a report with its entity tag, or nothing where the reader has it already."""
    if has(known, report.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=kept(report.etag))
    return Response(report.body, headers=kept(report.etag), media_type="application/json")


def kept(etag: str) -> dict[str, str]:
    """Give the headers of an answer that its reader alone may keep, and asks about each time."""
    # The cursor moves with every event, and a page knows its reader by a cookie.
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


def has(known: str | None, etag: str) -> bool:
    """Tell whether the reader has the answer with this entity tag already."""
    return known is not None and etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
