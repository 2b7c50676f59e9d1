"""The routes of charts: a specification for the browser, the same as a drawing, and the script that draws."""

import asyncio
import functools
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.reporting.figures.api import FiguresAsked as Chosen
from services.reporting.figures.pivot import Question
from services.reporting.figures.service import FigureAnswers
from services.reporting.reader.reading import READERS_ALONE, Days, Holding, Known, own_areas, reached, wanted
from services.reporting.reader.report import Report
from services.reporting.reader.wanted import Wanted
from services.reporting.reports.service import Reports
from services.reporting.web.answering import answer
from services.reporting.web.charts import bundle
from services.reporting.web.charts import catalogue as charts
from services.reporting.web.charts.appearance import ThemeName
from services.reporting.web.press import Press
from services.reporting.web.writing import Code
from shared.errors import NotFound
from shared.http.authentication import identity
from shared.http.browsers import FOR_GOOD
from shared.http.reading import Filter, Name, in_document
from shared.http.state import part_of
from shared.recent import Recent
from shared.tokens import Identity

SVG: Final = "image/svg+xml"
PNG: Final = "image/png"
# What the press is asked for.
PRESSED: Final = {SVG: "drawing", PNG: "picture"}
DRAWINGS: Final = {"svg": SVG, "png": PNG}
DRAWN_WIDTH: Final = 720
CACHED: Final = 256
# The script is the same for all, and asked for without a token.
ANYBODY: Final = "anybody"

ChartReader = Annotated[Identity, Depends(identity)]
ChartName = Annotated[str, Query(alias="chart", max_length=100, description="Which of the indicators is drawn.")]
ChartLanguage = Annotated[Code, Query(description="The language of its words and numbers.")]
Themed = Annotated[ThemeName, Query(description="The ground that it is drawn on.")]


@dataclass(frozen=True, slots=True)
class ChartAsked:
    """Which chart is asked for, of which report, and how it is to look."""

    sender: str
    wanted: Wanted
    language: Code
    theme: ThemeName


class Specifications:
    """Draws up specifications in a thread, since each takes Altair tens of milliseconds, and keeps those made."""

    def __init__(self) -> None:
        self._made: Recent[tuple[str, ...], bytes] = Recent(CACHED)

    async def give(self, name: str, report: Report, language: Code, theme: ThemeName) -> bytes:
        """Give a chart's specification as JSON.

        Raises:
            NotFound: this report has nothing for such a chart.
        """
        key = (report.etag, name, language, theme)
        if (made := self._made.find(key)) is not None:
            return made
        content = orjson.loads(report.body)
        if name not in charts.available(content):
            raise NotFound(f"there is no chart '{name}' of this report")
        drawn_up = await asyncio.to_thread(lambda: orjson.dumps(charts.specification(name, content, language, theme)))
        return self._made.keep(key, drawn_up)

    async def of_figures(self, of: str, time: str | None, report: Report, language: Code, theme: ThemeName) -> bytes:
        """Give the specification of one of the figures of one's own choice as JSON.

        Raises:
            NotFound: there are none, or too many to be drawn.
        """
        content = orjson.loads(report.body)
        if of not in charts.drawable(content, time):
            raise NotFound(f"'{of}' is not among these figures, or is read in their table")
        return await asyncio.to_thread(lambda: orjson.dumps(charts.of_figures(of, time, content, language, theme)))


@functools.cache
def routes() -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["charts"])
    # The script is everybody's.
    of_a_report = [*READERS_ALONE, Depends(reached)]

    async def asked(  # noqa: PLR0913, PLR0917  FastAPI takes each parameter by itself
        holding: Holding,
        days: Days,
        area: Filter = None,
        plan: Filter = None,
        language: ChartLanguage = "da",
        theme: Themed = "light",
    ) -> ChartAsked:
        report = wanted(holding.identity, days, area=None if plan else area, plan=plan)
        return ChartAsked(holding.identifier, report, language, theme)

    @router.get("/charts/{name}.json", summary="A chart's specification", dependencies=of_a_report)
    async def get_specification(
        request: Request, name: Name, asking: Annotated[ChartAsked, Depends(asked)], known: Known = None
    ) -> Response:
        """Give a chart's Vega-Lite specification, with the figures of a report that this reader may see."""
        report = await _report(request, asking)
        return await answer(
            report.etag, known, "application/json", lambda: _specification(request, name, report, asking)
        )

    for suffix, media_type in DRAWINGS.items():
        router.add_api_route(
            f"/charts/{{name}}.{suffix}",
            _drawing_route(asked, media_type),
            summary=f"A chart as {suffix.upper()}",
            description="Where no script runs, and for slides and letters.",
            dependencies=of_a_report,
            response_class=Response,
            responses=in_document(media_type, description="The drawing."),
        )

    @router.get("/charts/{script}.js", summary="The script that draws charts", include_in_schema=False)
    async def get_script(request: Request, script: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
        """Give the script that draws charts, to be kept for good."""
        if f"{script}.js" != bundle.name():
            raise NotFound("there is no such script")
        press = part_of(request, Press)
        body = await press.make(ANYBODY, bundle.name(), bundle.order)
        headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
        if "gzip" in accept_encoding:
            headers["Content-Encoding"] = "gzip"
        else:
            body = gzip.decompress(body)
        return Response(body, headers=headers, media_type="text/javascript; charset=utf-8")

    return router


chosen: Final = APIRouter(tags=["charts"], dependencies=[*READERS_ALONE, Depends(reached)])


@dataclass(frozen=True, slots=True)
class OneFigure:
    """One of the figures that are asked for, and how it is to be drawn."""

    choice: Question
    of: str
    language: Code
    theme: ThemeName


async def _one_figure(
    choice: Chosen, of: ChartName, language: ChartLanguage = "da", theme: Themed = "light"
) -> OneFigure:
    return OneFigure(choice, of, language, theme)


Figure = Annotated[OneFigure, Depends(_one_figure)]


@chosen.get("/figures/chart.json", summary="A chart of figures of one's own choice")
async def get_chosen(request: Request, who: ChartReader, figure: Figure, known: Known = None) -> Response:
    """Give the Vega-Lite specification of one of the figures that are asked for."""
    report = await _answered(request, who, figure.choice)
    return await answer(report.etag, known, "application/json", lambda: _chosen(request, report, figure))


async def _chosen_drawing(
    request: Request, holding: Holding, figure: Figure, media_type: str, known: str | None
) -> Response:
    report = await _answered(request, holding.identity, figure.choice)
    press, kind = part_of(request, Press), PRESSED[media_type]

    async def order() -> dict[str, Any]:
        specification = orjson.loads(await _chosen(request, report, figure))
        return {**charts.drawing_order(specification, DRAWN_WIDTH, figure.theme), "kind": kind}

    async def draw() -> bytes:
        made = f"{report.etag} {figure.of} {figure.language} {figure.theme} {kind}"
        return await press.make(holding.identifier, made, order)

    return await answer(report.etag, known, media_type, draw)


def _chosen_drawing_route(media_type: str) -> Callable[..., Awaitable[Response]]:
    async def get_chosen_drawing(request: Request, holding: Holding, figure: Figure, known: Known = None) -> Response:
        return await _chosen_drawing(request, holding, figure, media_type, known)

    return get_chosen_drawing


for _suffix, _media_type in DRAWINGS.items():
    chosen.add_api_route(
        f"/figures/chart.{_suffix}",
        _chosen_drawing_route(_media_type),
        summary=f"A chart of figures of one's own choice as {_suffix.upper()}",
        description="Where no script runs, and for slides and letters.",
        response_class=Response,
        responses=in_document(_media_type, description="The drawing."),
    )


async def _answered(request: Request, who: Identity, choice: Question) -> Report:
    answers = part_of(request, FigureAnswers)
    return await answers.answer(choice, own_areas(who))


async def _chosen(request: Request, report: Report, figure: OneFigure) -> bytes:
    specifications = part_of(request, Specifications)
    return await specifications.of_figures(figure.of, figure.choice.time, report, figure.language, figure.theme)


async def _report(request: Request, asking: ChartAsked) -> Report:
    reports = part_of(request, Reports)
    return await reports.report(asking.wanted)


def _drawing_route(asked: Callable[..., Awaitable[ChartAsked]], media_type: str) -> Callable[..., Awaitable[Response]]:
    async def get_drawing(
        request: Request, name: Name, asking: Annotated[ChartAsked, Depends(asked)], known: Known = None
    ) -> Response:
        return await _drawn(request, name, asking, known, media_type)

    return get_drawing


async def _drawn(request: Request, name: str, asking: ChartAsked, known: str | None, media_type: str) -> Response:
    """Give a chart as the press draws it, as SVG or as PNG."""
    report = await _report(request, asking)
    press, kind = part_of(request, Press), PRESSED[media_type]

    async def order() -> dict[str, Any]:
        specification = orjson.loads(await _specification(request, name, report, asking))
        return {**charts.drawing_order(specification, DRAWN_WIDTH, asking.theme), "kind": kind}

    async def draw() -> bytes:
        made = f"{report.etag} {name} {asking.language} {asking.theme} {kind}"
        return await press.make(asking.sender, made, order)

    return await answer(report.etag, known, media_type, draw)


async def _specification(request: Request, name: str, report: Report, asking: ChartAsked) -> bytes:
    """Give a chart's specification, from before where the report is still the same.

    Raises:
        NotFound: this report has nothing for such a chart.
    """
    specifications = part_of(request, Specifications)
    return await specifications.give(name, report, asking.language, asking.theme)
