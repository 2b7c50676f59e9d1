"""The page of an own area, where a coordinator begins: what is to be registered, what goes on, and what was refused."""

from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from services.reporting.entry.service import Entry
from services.reporting.reader.reading import own_areas, reached
from services.reporting.reports.service import Reports
from services.reporting.web.noting import note_page
from services.reporting.web.rendering import page
from services.reporting.web.visitor import OWN_AREA, Visiting
from shared import clock
from shared.accounts import accounts_of
from shared.errors import Forbidden
from shared.http.state import part_of

REJECTED: Final = "events_rejected"

router: Final = APIRouter()


@router.get(OWN_AREA, dependencies=[Depends(reached)])
async def get_own_area(request: Request, visitor: Visiting) -> Response:
    """Show what the visitor's areas have to see to.

    Raises:
        Forbidden: the visitor has no area.
    """
    areas = own_areas(visitor.identity)
    if not areas:
        raise Forbidden("only a coordinator has an area")
    today = clock.now().date()
    own = await part_of(request, Entry).own_area(areas, today)
    people = [item["participant"] for item in own.absent]
    await note_page(request, visitor, OWN_AREA, "who was absent several times in a row", people)
    reports = part_of(request, Reports)
    told = await reports.attention(None, accounts_of(visitor.identity), areas)
    return page(
        request,
        "own_area.html",
        visitor=visitor,
        own=own,
        today=today,
        rejected=[item for item in told if item["code"] == REJECTED and item["area"] in areas],
        asked_for=[item for item in told if item["code"] != REJECTED and item["area"] in areas],
        names={"activities": {item["activity"]: item["name"] for item in own.activities}, "funders": {}},
        areas={area: visitor.area_names.get(area, area) for area in sorted(areas)},
    )
