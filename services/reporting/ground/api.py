"""The routes from a figure to its events: as JSON by pages, and as files."""

import re
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.exports.api import FORMS, csv_form, send, xlsx_form
from services.reporting.exports.service import Files, Form
from services.reporting.ground.rules import FIGURES, GroundQuestion, RandomDraw
from services.reporting.ground.service import BEGINNING, Ground, Grounds
from services.reporting.ground.store import EntryPlace
from services.reporting.reader.reading import READERS_ALONE, Days, Holding, Reader, own_areas, reached
from services.reporting.reader.report import Report
from shared.accounts import accounts_of
from shared.errors import BadRequest
from shared.http.reading import NO_NUL, Filter, Limit, in_document
from shared.http.state import part_of

CURSOR: Final = re.compile(r"(-?[0-9]{1,18})\.(.{0,200})", re.DOTALL)
MOST_DRAWN: Final = 1_000

router = APIRouter(tags=["ground"], dependencies=[*READERS_ALONE, Depends(reached)])


async def told_of(  # noqa: PLR0913, PLR0917  FastAPI takes each parameter by itself
    area: Filter = None,
    plan: Filter = None,
    funder_kind: Filter = None,
    commitment: Filter = None,
    line: Filter = None,
    pool: Filter = None,
    effort_area: Filter = None,
    cost_type: Filter = None,
    year: Annotated[int | None, Query(ge=1900, le=2200, description="The year of lines of a budget.")] = None,
    activity: Filter = None,
    months_after: Annotated[
        int | None, Query(ge=0, le=120, description="Of follow-ups, how many months after.")
    ] = None,
    status: Filter = None,
    lens: Filter = None,
    respondent: Filter = None,
) -> dict[str, str | None]:
    """Read what the figure is told of. A form sends a field that nobody filled as an empty one."""
    return {
        "area": area or None,
        "plan": plan or None,
        "funder_kind": funder_kind or None,
        "commitment": commitment or None,
        "line": line or None,
        "pool": pool or None,
        "effort_area": effort_area or None,
        "cost_type": cost_type or None,
        "year": str(year) if year else None,
        "activity": activity or None,
        "months_after": None if months_after is None else str(months_after),
        "status": status or None,
        "lens": lens or None,
        "respondent": respondent or None,
    }


async def question(  # noqa: PLR0913, PLR0917  FastAPI takes each parameter by itself
    days: Days,
    of: Annotated[dict[str, str | None], Depends(told_of)],
    figure: Annotated[
        str, Query(max_length=63, pattern=NO_NUL, description=f"One of {', '.join(FIGURES)}.")
    ] = "spent_ore",
    release: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="The figure as this release tells it: its rule alone.")
    ] = None,
    events: Annotated[bool, Query(description="Tell its events too, or its rule alone.")] = True,  # noqa: FBT002  of a query
    sample: Annotated[
        int | None, Query(ge=1, le=MOST_DRAWN, description="Draw so many at random, instead of telling all.")
    ] = None,
    seed: Annotated[
        str, Query(max_length=100, pattern=NO_NUL, description="What the draw begins with, such as a report's digest.")
    ] = "",
) -> GroundQuestion:
    """Read which figure's ground is asked for."""
    return GroundQuestion(figure, of, *days, RandomDraw(sample, seed) if sample else None, release, events)


GroundAsked = Annotated[GroundQuestion, Depends(question)]


async def after(
    cursor: Annotated[str, Query(max_length=220, pattern=NO_NUL, description="`next` of the page before.")] = "",
) -> EntryPlace:
    """Read where a page begins.

    Raises:
        BadRequest: the cursor is none (`bad_cursor`).
    """
    if not cursor:
        return BEGINNING
    found = CURSOR.fullmatch(cursor)
    if found is None:
        raise BadRequest("bad_cursor", "this cursor is none that a page gave as `next`")
    return EntryPlace(int(found[1]), found[2])


AfterEntry = Annotated[EntryPlace, Depends(after)]


@router.get("/ground", summary="The events of a figure", response_model=Ground)
async def get_ground(
    request: Request, reader: Reader, asked: GroundAsked, place: AfterEntry, limit: Limit = 100
) -> Response:
    """Lead from a figure to exactly the events that it was folded from, by pages; or draw a sample of them.

    Figures of money are for those who read the accounts of the plans meant; those of people for the area's own
    coordinators. The events add up to the sum that is told, which is the figure of reports of the same days.
    """
    told = await part_of(request, Grounds).ground(asked, accounts_of(reader), own_areas(reader), place, limit)
    return Response(orjson.dumps(told), media_type="application/json", headers={"Cache-Control": "private, no-cache"})


@router.get(
    "/ground.csv",
    summary="The events of a figure as CSV",
    response_class=Response,
    responses=in_document(FORMS["csv"][1]),
)
async def get_ground_csv(
    request: Request, holding: Holding, asked: GroundAsked, form: Annotated[Form, Depends(csv_form)]
) -> Response:
    """Give all events of a figure, or a sample of them."""
    return await _as_file(request, holding, asked, Form("csv", form.language, form.table or "events"))


@router.get(
    "/ground.xlsx",
    summary="The events of a figure as a workbook",
    response_class=Response,
    responses=in_document(FORMS["xlsx"][1]),
)
async def get_ground_xlsx(
    request: Request, holding: Holding, asked: GroundAsked, form: Annotated[Form, Depends(xlsx_form)]
) -> Response:
    """Give a workbook: what was asked and what it comes to, and all events of the figure, or a sample of them."""
    return await _as_file(request, holding, asked, form)


async def _as_file(request: Request, holding: Holding, asked: GroundQuestion, form: Form) -> Response:
    reader = holding.identity
    told = await part_of(request, Grounds).whole(asked, accounts_of(reader), own_areas(reader))
    file = await part_of(request, Files).of_ground(holding.identifier, Report(orjson.dumps(told), ""), form)
    return send(file, form.tag(told["digest"]))
