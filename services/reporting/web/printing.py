"""The routes of the reports on paper: PDF, by suffix, for the same readers as the JSON and under the same tag."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.api.reading import First, Known, Last, must_read, own_areas, reached
from services.reporting.service.reports import Report, Reports, Wanted
from services.reporting.web.answering import answer
from services.reporting.web.press import Press
from services.reporting.web.print import documents
from services.reporting.web.writing import Language
from shared.http.authentication import identity
from shared.http.reading import Name
from shared.tokens import Identity

MEDIA_TYPE: Final = "application/pdf"

InLanguage = Annotated[Language, Query(description="The language of the document.")]
_PDF: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.OK.value: {"content": {MEDIA_TYPE: {}}, "description": "The document."}
}


def routes(reader: Callable[..., Any] = identity) -> APIRouter:
    """Make the routes; `reader` is the dependency that tells who asks: a bearer of a token, or a visitor of a page."""
    router = APIRouter(tags=["print"], dependencies=[Depends(reached)], responses=_PDF, default_response_class=Response)

    @router.get("/reports/network.pdf", summary="The network report on paper")
    async def get_network_document(  # noqa: PLR0913, PLR0917  FastAPI takes each parameter by itself
        request: Request,
        who: Annotated[Identity, Depends(reader)],
        first_day: First = None,
        last_day: Last = None,
        language: InLanguage = "da",
        known: Known = None,
    ) -> Response:
        """Give the report over all areas as PDF."""
        must_read(who)
        wanted = Wanted(None, first_day, last_day, inside=False, known=own_areas(who))
        return await _document(request, wanted, language, known)

    @router.get("/reports/areas/{area}.pdf", summary="The report of an area on paper")
    async def get_area_document(  # noqa: PLR0913, PLR0917  as above
        request: Request,
        who: Annotated[Identity, Depends(reader)],
        area: Name,
        first_day: First = None,
        last_day: Last = None,
        language: InLanguage = "da",
        known: Known = None,
    ) -> Response:
        """Give the report of one area as PDF; its own coordinators see small counts, nobody else does."""
        must_read(who)
        inside = who.role == "coordinator" and area in who.areas
        return await _document(request, Wanted(area, first_day, last_day, inside, own_areas(who)), language, known)

    return router


async def _document(request: Request, wanted: Wanted, language: Language, known: str | None) -> Response:
    reports: Reports = request.app.state.reports
    press: Press = request.app.state.press
    report = await reports.report(wanted)

    async def make() -> bytes:
        return await press.make(f"{report.etag} {language} pdf", lambda: _order(report, language))

    name = request.url.path.rsplit("/reports/", 1)[-1].replace("/", "-")
    # Names of areas and plans are slugs, so the name needs no quoting.
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Language": language}
    return await answer(report.etag, known, MEDIA_TYPE, make, headers)


async def _order(report: Report, language: Language) -> dict[str, Any]:
    """Draw up a document, in a thread: its charts take Altair tens of milliseconds each."""
    return await asyncio.to_thread(lambda: documents.order(orjson.loads(report.body), language))
