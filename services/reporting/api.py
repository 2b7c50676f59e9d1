"""Reporting's read routes."""

import re
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.reporting import indicators
from services.reporting.service import Report, Reports, Wanted, wait_until
from shared.errors import BadRequest, Forbidden
from shared.events.fields import FIRST_DAY, LAST_DAY
from shared.http.authentication import identity
from shared.http.reading import Filter, Name
from shared.tokens import Identity

AT_LEAST: Final = re.compile(r"(registry|funding):([0-9]{1,18})")

router = APIRouter(tags=["reports"])
Reader = Annotated[Identity, Depends(identity)]
First = Annotated[
    date | None,
    Query(alias="from", ge=FIRST_DAY, le=LAST_DAY, description="The first day; else the first plan's."),
]
Last = Annotated[
    date | None,
    Query(alias="to", ge=FIRST_DAY, le=LAST_DAY, description="The last day; else the latest with a fact."),
]
Known = Annotated[str | None, Header(alias="If-None-Match", description="The entity tag of a report at hand.")]


async def _reached(
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
    wanted: dict[str, int] = {}
    for part in filter(None, (at_least or "").split(",")):
        found = AT_LEAST.fullmatch(part)
        if found is None:
            raise BadRequest("invalid_cursor", "at_least looks like registry:1234,funding:77")
        wanted[found[1]] = int(found[2])
    await wait_until(request.app.state.consumers, wanted, request.app.state.settings.at_least_wait_ms)


@router.get("/reports/network", summary="The network report", dependencies=[Depends(_reached)])
async def get_network_report(
    request: Request, reader: Reader, first_day: First = None, last_day: Last = None, known: Known = None
) -> Response:
    """Give the report over all areas."""
    _must_read(reader)
    reports: Reports = request.app.state.reports
    wanted = Wanted(None, first_day, last_day, inside=False, known=_own_areas(reader))
    return _answer(await reports.report(wanted), known)


@router.get("/reports/areas/{area}", summary="The report of an area", dependencies=[Depends(_reached)])
async def get_area_report(  # noqa: PLR0913  FastAPI takes each parameter by itself
    *,
    request: Request,
    reader: Reader,
    area: Name,
    first_day: First = None,
    last_day: Last = None,
    known: Known = None,
) -> Response:
    """Give the report of one area; its own coordinators see small counts, nobody else does."""
    _must_read(reader)
    reports: Reports = request.app.state.reports
    inside = reader.role == "coordinator" and area in reader.areas
    wanted = Wanted(area, first_day, last_day, inside, _own_areas(reader))
    return _answer(await reports.report(wanted), known)


@router.get("/indicators", summary="What the figures mean", tags=["indicators"])
async def get_indicators(reader: Reader) -> dict[str, list[dict[str, Any]]]:
    """Give every indicator with its label, definition, unit, source events and disclosure rule."""
    _must_read(reader)
    return {"indicators": [indicators.as_json(indicator) for indicator in indicators.INDICATORS]}


@router.get("/attention", summary="What needs attention today", tags=["attention"], dependencies=[Depends(_reached)])
async def get_attention(request: Request, reader: Reader, area: Filter = None) -> dict[str, list[dict[str, Any]]]:
    """List what needs somebody's attention, the gravest first: everywhere, or in one area and its plans."""
    _must_read(reader)
    reports: Reports = request.app.state.reports
    return {"attention": await reports.attention(area)}


def _must_read(reader: Identity) -> None:
    if reader.role == "service":
        raise Forbidden("a service reads logs, not reports")


def _own_areas(reader: Identity) -> frozenset[str]:
    """Give the areas whose small counts a reader sees."""
    return reader.areas if reader.role == "coordinator" else frozenset()


def _answer(report: Report, known: str | None) -> Response:
    # A report is kept only by whom it was made for, and asked about each time: the cursor moves with every event.
    headers = {"ETag": report.etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if known is not None and report.etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=headers)
    return Response(report.body, headers=headers, media_type="application/json")
