"""The routes of the reports, and of what explains and follows from them."""

from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response

from services.reporting import indicators
from services.reporting.reader.reading import READERS_ALONE, Days, Known, Reader, answer, reached, told_of, wanted
from services.reporting.reports.annual_statement import STATEMENT
from services.reporting.reports.answers.asking import answers_reader
from services.reporting.reports.answers.service import DailyAnswers
from services.reporting.reports.answers.shape import ANSWERS
from services.reporting.reports.remembering import Remembered
from services.reporting.reports.service import Reports
from services.reporting.reports.shapes import AREA, NETWORK, PLAN
from shared.accounts import accounts_of
from shared.http.reading import Filter, Name
from shared.http.state import part_of

REACHED: Final = [Depends(reached)]
router = APIRouter(tags=["reports"], dependencies=READERS_ALONE, route_class=Remembered)


@router.get("/reports/network", summary="The network report", response_model=NETWORK.model, dependencies=REACHED)
async def get_network_report(request: Request, reader: Reader, days: Days, known: Known = None) -> Response:
    """Give the report over all areas."""
    reports = part_of(request, Reports)
    return answer(await reports.report(wanted(reader, days), told_of(reader)), known)


@router.get("/reports/areas/{area}", summary="The report of an area", response_model=AREA.model, dependencies=REACHED)
async def get_area_report(request: Request, reader: Reader, area: Name, days: Days, known: Known = None) -> Response:
    """Give the report of one area; its own coordinators see small counts, nobody else does."""
    reports = part_of(request, Reports)
    return answer(await reports.report(wanted(reader, days, area=area), told_of(reader)), known)


@router.get("/reports/plans/{plan}", summary="The report of a plan", response_model=PLAN.model, dependencies=REACHED)
async def get_plan_report(request: Request, reader: Reader, plan: Name, days: Days, known: Known = None) -> Response:
    """Give the report of one plan; coordinators who have all of its areas see small counts, nobody else does.

    Its accounts are for its own areas' coordinators, leads, auditors and admins; others get the rest of it.
    """
    reports = part_of(request, Reports)
    return answer(await reports.report(wanted(reader, days, plan=plan), told_of(reader)), known)


@router.get("/reports/answers", summary="The answers of today", response_model=ANSWERS.model, dependencies=REACHED)
async def get_answers(request: Request, reader: Reader, known: Known = None) -> Response:
    """Answer what boards and leads ask of money, deadlines, mentors, cancelled sessions and what carries on."""
    return answer(await part_of(request, DailyAnswers).answers(answers_reader(reader)), known)


@router.get(
    "/reports/plans/{plan}/statements/{year}",
    summary="A plan's annual statement",
    response_model=STATEMENT.model,
    dependencies=REACHED,
)
async def get_statement(request: Request, reader: Reader, plan: Name, year: int, known: Known = None) -> Response:
    """Give the annual statement of a plan's year; a coordinator reads those of its own areas."""
    reports = part_of(request, Reports)
    return answer(await reports.statement(plan, year, accounts_of(reader)), known)


@router.get("/indicators", summary="What the figures mean", tags=["indicators"])
async def get_indicators() -> dict[str, list[dict[str, Any]]]:
    """Give every indicator with its label, definition, unit, source events and disclosure rule."""
    return {"indicators": [indicators.as_json(indicator) for indicator in indicators.INDICATORS]}


@router.get("/attention", summary="What needs attention today", tags=["attention"], dependencies=REACHED)
async def get_attention(request: Request, reader: Reader, area: Filter = None) -> dict[str, list[dict[str, Any]]]:
    """List what needs somebody's attention, the gravest first: everywhere, or in one area and its plans."""
    reports = part_of(request, Reports)
    return {"attention": await reports.attention(area, accounts_of(reader), told_of(reader))}
