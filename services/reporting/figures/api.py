"""The routes of the pivot: any figures by up to three dimensions, as JSON, as files and as a data package."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.exports import data_package
from services.reporting.exports.api import FORMS, AsLanguage, csv_form, send, xlsx_form
from services.reporting.exports.service import Files, Form
from services.reporting.figures.pivot import DIMENSIONS, NAMES, Question
from services.reporting.figures.service import FigureAnswers
from services.reporting.reader.reading import (
    READERS_ALONE,
    Days,
    Holding,
    Known,
    Reader,
    answer,
    has,
    kept,
    own_areas,
    reached,
)
from services.reporting.reader.report import Report
from shared.http.reading import NO_NUL, in_document
from shared.http.state import part_of

router = APIRouter(tags=["figures"], dependencies=[*READERS_ALONE, Depends(reached)])

Several = Annotated[list[Annotated[str, Query(max_length=500, pattern=NO_NUL)]], Query(max_length=50)]
NOTHING: Final = ("sessions",)


async def question(  # noqa: PLR0913, PLR0917  FastAPI takes each parameter by itself
    days: Days,
    indicator: Annotated[Several, Query(description=f"One or more of {', '.join(NAMES)}.")] = list(NOTHING),  # noqa: B006  nothing changes it
    by: Annotated[Several, Query(description=f"Up to three of {', '.join(DIMENSIONS)}.")] = [],  # noqa: B006  as above
    area: Annotated[Several, Query(description="These areas alone.")] = [],  # noqa: B006  as above
    plan: Annotated[Several, Query(description="These plans alone.")] = [],  # noqa: B006  as above
    effort_area: Annotated[Several, Query(description="These effort areas alone.")] = [],  # noqa: B006  as above
) -> Question:
    """Read which figures are asked for; names may be repeated, or parted by commas."""
    chosen = (_names(each) for each in (indicator, by, area, plan, effort_area))
    indicators, dimensions, areas, plans, effort_areas = chosen
    return Question(indicators or NOTHING, dimensions, *days, areas, plans, effort_areas)


FiguresAsked = Annotated[Question, Depends(question)]


def _names(values: Iterable[str]) -> tuple[str, ...]:
    """Take names apart, each once, in the order in which they are asked for."""
    return tuple(dict.fromkeys(name for value in values for name in value.split(",") if name))


@router.get("/figures", summary="Figures by dimensions")
async def get_figures(request: Request, reader: Reader, asked: FiguresAsked, known: Known = None) -> Response:
    """Give figures by up to three dimensions, with totals; counts of people as far as the reports show them."""
    return answer(await _answer(request, reader, asked), known)


@router.get(
    "/figures.csv",
    summary="Figures by dimensions as CSV",
    response_class=Response,
    responses=in_document(FORMS["csv"][1]),
)
async def get_figures_csv(
    request: Request,
    holding: Holding,
    asked: FiguresAsked,
    form: Annotated[Form, Depends(csv_form)],
    known: Known = None,
) -> Response:
    """Give the rows as CSV, or with `table` the totals."""
    return await _as_file(request, holding, asked, Form("csv", form.language, form.table or "figures"), known)


@router.get(
    "/figures.xlsx",
    summary="Figures by dimensions as a workbook",
    response_class=Response,
    responses=in_document(FORMS["xlsx"][1]),
)
async def get_figures_xlsx(
    request: Request,
    holding: Holding,
    asked: FiguresAsked,
    form: Annotated[Form, Depends(xlsx_form)],
    known: Known = None,
) -> Response:
    """Give a workbook: what was asked, the rows, the totals, and what the figures mean."""
    return await _as_file(request, holding, asked, form, known)


@router.get(
    "/figures.zip",
    summary="Figures by dimensions as a data package",
    response_class=Response,
    responses=in_document(data_package.MEDIA_TYPE),
)
async def get_figures_package(
    request: Request, holding: Holding, asked: FiguresAsked, language: AsLanguage = "da", known: Known = None
) -> Response:
    """Give a Frictionless Data Package: CSV for programs, with a description of each field."""
    return await _as_file(request, holding, asked, Form("zip", language), known)


async def _answer(request: Request, reader: Reader, asked: Question) -> Report:
    figures = part_of(request, FigureAnswers)
    return await figures.answer(asked, own_areas(reader))


async def _as_file(request: Request, holding: Holding, asked: Question, form: Form, known: str | None) -> Response:
    report = await _answer(request, holding.identity, asked)
    etag = form.tag(report.etag)
    if has(known, etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=kept(etag))
    files = part_of(request, Files)
    sender = holding.identifier
    if form.suffix == "zip":
        return send(await files.package(sender, report, form.language), etag)
    return send(await files.of_figures(sender, report, form), etag)
