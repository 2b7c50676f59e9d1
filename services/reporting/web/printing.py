"""The routes of the reports on paper: PDF, by suffix, for the same readers as the JSON and under the same tag."""

import asyncio
import functools
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.reader.origin import PROPERTY, Origin
from services.reporting.reader.reading import READERS_ALONE, Days, Holding, Known, reached, told_of, wanted
from services.reporting.reader.report import Report
from services.reporting.reports.answers.asking import answers_reader
from services.reporting.reports.answers.service import DailyAnswers
from services.reporting.reports.beside import NOTHING, BesideFigures
from services.reporting.reports.service import Reports
from services.reporting.web.answering import answer
from services.reporting.web.press import Press
from services.reporting.web.print import documents
from services.reporting.web.writing import Code
from shared.accounts import accounts_of
from shared.errors import Busy
from shared.http.reading import Name, in_document
from shared.http.state import part_of
from shared.tokens import Pass

MEDIA_TYPE: Final = "application/pdf"
# How often a report is read again because the figures moved on before what is beside it was read.
TRIES: Final = 4

DocumentLanguage = Annotated[Code, Query(description="The language of the document.")]
_PDF: Final = in_document(MEDIA_TYPE, description="The document.")


@dataclass(frozen=True, slots=True)
class DocumentAsked:
    """Who asks for a document, of which days, in which language, and what of it is at hand."""

    holding: Pass
    days: tuple[date | None, date | None]
    language: Code
    known: str | None

    async def report(
        self, request: Request, *, area: str | None = None, plan: str | None = None
    ) -> tuple[Report, BesideFigures]:
        """Give the report that is asked for and what is beside it; an area's own coordinators alone see small counts.

        Raises:
            Busy: the figures move on faster than they are read.
        """
        who, reports = self.holding.identity, _reports(request)
        for _ in range(TRIES):
            report = await reports.report(wanted(who, self.days, area=area, plan=plan), told_of(who))
            if (beside := await reports.beside(report)) is not None:
                return report, beside
        raise Busy("the figures move on while they are read; try again")


async def _asked(holding: Holding, days: Days, language: DocumentLanguage = "da", known: Known = None) -> DocumentAsked:
    return DocumentAsked(holding, days, language, known)


Asking = Annotated[DocumentAsked, Depends(_asked)]


@functools.cache
def routes() -> APIRouter:
    """Make the routes."""
    router = APIRouter(
        tags=["print"], dependencies=[*READERS_ALONE, Depends(reached)], responses=_PDF, default_response_class=Response
    )

    @router.get("/reports/network.pdf", summary="The network report on paper")
    async def get_network_document(request: Request, asked: Asking) -> Response:
        """Give the report over all areas as PDF."""
        return await _document(request, asked, *await asked.report(request))

    @router.get("/reports/answers.pdf", summary="The answers of today on paper")
    async def get_answers_document(request: Request, asked: Asking) -> Response:
        """Give what boards and leads ask, with the answers of today, as PDF."""
        reader = answers_reader(asked.holding.identity)
        return await _document(request, asked, await part_of(request, DailyAnswers).answers(reader))

    @router.get("/reports/areas/{area}.pdf", summary="The report of an area on paper")
    async def get_area_document(request: Request, asked: Asking, area: Name) -> Response:
        """Give the report of one area as PDF."""
        return await _document(request, asked, *await asked.report(request, area=area))

    @router.get("/reports/plans/{plan}.pdf", summary="The report of a plan on paper")
    async def get_plan_document(request: Request, asked: Asking, plan: Name) -> Response:
        """Give the report of one plan as PDF."""
        return await _document(request, asked, *await asked.report(request, plan=plan))

    @router.get("/reports/plans/{plan}/statements/{year}.pdf", summary="A plan's annual statement on paper")
    async def get_statement_document(request: Request, asked: Asking, plan: Name, year: int) -> Response:
        """Give the annual statement of a plan's year as PDF; a coordinator reads those of its own areas."""
        accounts = accounts_of(asked.holding.identity)
        return await _document(request, asked, await _reports(request).statement(plan, year, accounts))

    return router


def _reports(request: Request) -> Reports:
    return part_of(request, Reports)


async def _document(
    request: Request, asked: DocumentAsked, report: Report, beside: BesideFigures = NOTHING
) -> Response:
    press = part_of(request, Press)

    async def make() -> bytes:
        name = f"{report.etag} {beside.digest} {asked.language} pdf"
        origin = Origin.of(request, asked.holding.identity)
        return await press.make(
            asked.holding.identifier, name, lambda: order_of(report, asked.language, origin, beside)
        )

    # The names of areas and plans that there are need no quoting: they are slugs.
    name = request.url.path.rsplit("/reports/", 1)[-1].replace("/", "-")
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Language": asked.language}
    return await answer(report.etag, asked.known, MEDIA_TYPE, make, headers)


async def order_of(report: Report, language: Code, origin: Origin, beside: BesideFigures = NOTHING) -> dict[str, Any]:
    """Draw up a document, in a thread: its charts take Altair tens of milliseconds each."""
    told = orjson.loads(report.body)

    def draw_up() -> dict[str, Any]:
        return documents.order(told, language, f"{PROPERTY}={origin.written(told, language)}", beside)

    return await asyncio.to_thread(draw_up)
