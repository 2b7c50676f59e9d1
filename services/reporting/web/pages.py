"""The pages and their addresses: each takes a use case of reporting, and hands what it gives to a template."""

from datetime import date
from typing import Annotated, Any, Final, TypeVar

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from services.reporting import indicators
from services.reporting.api.reading import own_areas
from services.reporting.service.reports import Reports, Wanted
from services.reporting.web.rendering import page
from services.reporting.web.strengths import strengths
from services.reporting.web.visitor import Visiting, Visitor
from shared import clock
from shared.errors import Forbidden
from shared.events.fields import FIRST_DAY, LAST_DAY
from shared.http.reading import Filter, Name

Report = dict[str, Any]
ValueT = TypeVar("ValueT")
SHOWN_ATTENTION: Final = 6


def _or_none(value: ValueT) -> ValueT | None:
    """Take a form's empty field for one that is not there."""
    return value or None


First = Annotated[date | None, BeforeValidator(_or_none), Query(alias="from", ge=FIRST_DAY, le=LAST_DAY)]
Last = Annotated[date | None, BeforeValidator(_or_none), Query(alias="to", ge=FIRST_DAY, le=LAST_DAY)]

router: Final = APIRouter()


async def network(
    request: Request, visitor: Visitor, first_day: date | None = None, last_day: date | None = None
) -> Report:
    """Give the network report that this visitor may read."""
    return await _report(request, visitor, None, first_day, last_day)


async def _report(
    request: Request, visitor: Visitor, area: str | None, first_day: date | None, last_day: date | None
) -> Report:
    reader = visitor.identity
    if reader.role == "service":
        raise Forbidden("a service reads logs, not reports")
    reports: Reports = request.app.state.reports
    inside = area is not None and area in own_areas(reader)
    made = await reports.report(Wanted(area, first_day, last_day, inside, own_areas(reader)))
    report: Report = orjson.loads(made.body)
    return report


@router.get("/")
async def get_overview(request: Request, visitor: Visiting, first_day: First = None, last_day: Last = None) -> Response:
    """Show the network: what stands well, what needs attention, and the figures that matter."""
    report = await network(request, visitor, first_day, last_day)
    return page(
        request,
        "overview.html",
        visitor=visitor,
        report=report,
        strengths=strengths(report),
        attention=report["attention"][:SHOWN_ATTENTION],
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
    )


@router.get("/areas/{area}")
async def get_area(
    request: Request, visitor: Visiting, area: Name, first_day: First = None, last_day: Last = None
) -> Response:
    """Show one area."""
    report = await _report(request, visitor, area, first_day, last_day)
    return page(
        request,
        "area.html",
        visitor=visitor,
        report=report,
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
    )


@router.get("/money")
async def get_money(request: Request, visitor: Visiting, last_day: Last = None) -> Response:
    """Show what was promised, what came, where it went, and who carries it."""
    report = await network(request, visitor, None, last_day)
    return page(request, "money.html", visitor=visitor, report=report, areas=visitor.area_names)


@router.get("/change")
async def get_change(
    request: Request, visitor: Visiting, area: Filter = None, first_day: First = None, last_day: Last = None
) -> Response:
    """Show the paired change of individuals, over all areas or in one."""
    report = await _report(request, visitor, area or None, first_day, last_day)
    return page(request, "change.html", visitor=visitor, report=report, areas=visitor.area_names, area=area or "")


@router.get("/inspiration")
async def get_inspiration(request: Request, visitor: Visiting) -> Response:
    """Show what areas share with one another, and who took it home."""
    report = await network(request, visitor)
    return page(request, "inspiration.html", visitor=visitor, report=report, areas=visitor.area_names)


@router.get("/monday")
async def get_monday(request: Request, visitor: Visiting, area: Filter = None) -> Response:
    """Show what needs attention this week, everywhere or in one area."""
    report = await network(request, visitor)
    reports: Reports = request.app.state.reports
    return page(
        request,
        "monday.html",
        visitor=visitor,
        report=report,
        attention=await reports.attention(area or None),
        today=clock.now().date(),
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
        area=area or "",
    )


@router.get("/method")
async def get_method(request: Request, visitor: Visiting) -> Response:
    """Show what the figures mean and what is withheld."""
    report = await network(request, visitor)
    return page(
        request,
        "method.html",
        visitor=visitor,
        report=report,
        indicators=[indicators.as_json(indicator) for indicator in indicators.INDICATORS],
        threshold=request.app.state.settings.disclosure_threshold,
    )


@router.get("/status")
async def get_status(request: Request, visitor: Visiting) -> Response:
    """Show whether the system does its work, and how fresh its figures are."""
    report = await network(request, visitor)
    consumers = [
        {"owner": consumer.owner, "position": consumer.position, "is_running": consumer.healthy}
        for consumer in request.app.state.consumers
    ]
    return page(
        request,
        "status.html",
        visitor=visitor,
        report=report,
        consumers=consumers,
        dead_letters=[item for item in report["attention"] if item["code"] == "dead_letters"],
    )


def _names(rows: list[Report], key: str) -> dict[str, str]:
    return {row[key]: row["name"] for row in rows}
