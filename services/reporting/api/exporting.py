"""The routes of the reports as files: CSV and workbooks, by suffix."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.api.reading import Days, Known, Reader, has, kept, must_read, own_areas, reached
from services.reporting.exports import comma_separated, workbook
from services.reporting.exports.tables import Language
from services.reporting.service.exporting import File, Files, Form
from services.reporting.service.reports import Reports, Wanted
from shared.http.reading import NO_NUL, Name

router = APIRouter(tags=["exports"])

AsLanguage = Annotated[Language, Query(description="Danish, or English.")]
OneTable = Annotated[
    str | None,
    Query(max_length=63, pattern=NO_NUL, description="One table alone, by its name; else all, a value a line."),
]
Question = Callable[..., Awaitable[Wanted]]


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


async def network_question(reader: Reader, days: Days) -> Wanted:
    """Read which network report is asked for."""
    must_read(reader)
    return Wanted(None, *days, inside=False, known=own_areas(reader))


async def area_question(reader: Reader, area: Name, days: Days) -> Wanted:
    """Read which area's report is asked for; its own coordinators see small counts."""
    must_read(reader)
    return Wanted(area, *days, reader.role == "coordinator" and area in reader.areas, own_areas(reader))


def send(file: File, etag: str) -> Response:
    """Send a file under its name, with its entity tag."""
    headers = {**kept(etag), "Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)


def _route(path: str, kind: str, summary: str, question: Question) -> None:
    """Add the routes of one report as files."""
    for suffix, (form_of, media_type, called) in FORMS.items():
        router.add_api_route(
            f"{path}.{suffix}",
            _endpoint(kind, question, form_of),
            name=f"get_{kind}_{suffix}",
            summary=f"{summary} as {called}",
            description="The same figures as the JSON, for the same readers.",
            responses={HTTPStatus.OK.value: {"content": {media_type: {}}, "description": "The file."}},
            response_class=Response,
            dependencies=[Depends(reached)],
        )


def _endpoint(kind: str, question: Question, form_of: Callable[..., Awaitable[Form]]) -> Callable[..., Any]:
    async def get_file(
        request: Request,
        wanted: Annotated[Wanted, Depends(question)],
        form: Annotated[Form, Depends(form_of)],
        known: Known = None,
    ) -> Response:
        reports: Reports = request.app.state.reports
        files: Files = request.app.state.files
        report = await reports.report(wanted)
        etag = form.tag(report.etag)
        if has(known, etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=kept(etag))
        return send(await files.of_report(report, kind, wanted.area or kind, form), etag)

    return get_file


_route("/reports/network", "network", "The network report", network_question)
_route("/reports/areas/{area}", "area", "The report of an area", area_question)
