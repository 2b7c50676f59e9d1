"""The routes of the reports as files: CSV and workbooks, by suffix."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.exports import comma_separated, workbook
from services.reporting.exports.service import File, Files, Form
from services.reporting.exports.tables import Language
from services.reporting.reader.origin import Origin
from services.reporting.reader.reading import (
    READERS_ALONE,
    Days,
    Holding,
    Known,
    Reader,
    has,
    kept,
    reached,
    told_of,
    wanted,
)
from services.reporting.reader.report import Report
from services.reporting.reports.answers.asking import answers_reader
from services.reporting.reports.answers.service import DailyAnswers
from services.reporting.reports.service import Reports
from shared.accounts import accounts_of
from shared.http.reading import NO_NUL, Name, in_document
from shared.http.state import part_of

router = APIRouter(tags=["exports"], dependencies=READERS_ALONE)

AsLanguage = Annotated[Language, Query(description="Danish, or English.")]
OneTable = Annotated[
    str | None,
    Query(max_length=63, pattern=NO_NUL, description="One table alone, by its name; else all, a value a line."),
]
ReportRoute = Callable[..., Awaitable[Report]]


async def csv_form(language: AsLanguage = "da", table: OneTable = None) -> Form:
    """Read how CSV is asked for."""
    return Form("csv", language, table)


async def xlsx_form(language: AsLanguage = "da") -> Form:
    """Read how a workbook is asked for."""
    return Form("xlsx", language)


FORMS: Final = {
    "csv": (csv_form, comma_separated.MEDIA_TYPE, "CSV"),
    "xlsx": (xlsx_form, workbook.MEDIA_TYPE, "a workbook"),
}


async def network_report(request: Request, reader: Reader, days: Days) -> Report:
    """Give the network report that is asked for."""
    return await _reports(request).report(wanted(reader, days), told_of(reader))


async def area_report(request: Request, reader: Reader, area: Name, days: Days) -> Report:
    """Give the report of an area; its own coordinators see small counts."""
    return await _reports(request).report(wanted(reader, days, area=area), told_of(reader))


async def plan_report(request: Request, reader: Reader, plan: Name, days: Days) -> Report:
    """Give the report of a plan."""
    return await _reports(request).report(wanted(reader, days, plan=plan), told_of(reader))


async def answers(request: Request, reader: Reader) -> Report:
    """Give the answers of today."""
    return await part_of(request, DailyAnswers).answers(answers_reader(reader))


async def statement(request: Request, reader: Reader, plan: Name, year: int) -> Report:
    """Give the annual statement of a plan's year; a coordinator reads those of its own areas."""
    return await _reports(request).statement(plan, year, accounts_of(reader))


def _reports(request: Request) -> Reports:
    return part_of(request, Reports)


def send(file: File, etag: str) -> Response:
    """Send a file under its name, with its entity tag."""
    headers = {**kept(etag), "Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)


def _route(path: str, kind: str, summary: str, question: ReportRoute) -> None:
    """Add the routes of one report as files."""
    for suffix, (form_of, media_type, called) in FORMS.items():
        router.add_api_route(
            f"{path}.{suffix}",
            _endpoint(kind, question, form_of),
            name=f"get_{kind}_{suffix}",
            summary=f"{summary} as {called}",
            description="The same figures as the JSON, for the same readers.",
            responses=in_document(media_type),
            response_class=Response,
            dependencies=[Depends(reached)],
        )


def _endpoint(kind: str, question: ReportRoute, form_of: Callable[..., Awaitable[Form]]) -> Callable[..., Any]:
    async def get_file(
        request: Request,
        report: Annotated[Report, Depends(question)],
        form: Annotated[Form, Depends(form_of)],
        holding: Holding,
        known: Known = None,
    ) -> Response:
        files = part_of(request, Files)
        etag = form.tag(report.etag)
        if has(known, etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=kept(etag))
        name = _name(kind, request.path_params)
        origin = Origin.of(request, holding.identity)
        return send(await files.of_report(holding.identifier, report, kind, name, form, origin), etag)

    return get_file


def _name(kind: str, named: Mapping[str, object]) -> str:
    """Name a file after what its report is about."""
    return "-".join(map(str, named.values())) or kind


_route("/reports/network", "network", "The network report", network_report)
_route("/reports/answers", "answers", "The answers of today", answers)
_route("/reports/areas/{area}", "area", "The report of an area", area_report)
_route("/reports/plans/{plan}", "plan", "The report of a plan", plan_report)
_route("/reports/plans/{plan}/statements/{year}", "statement", "A plan's annual statement", statement)
