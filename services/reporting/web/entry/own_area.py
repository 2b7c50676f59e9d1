"""The page of an own area, where a coordinator begins: what is to be registered, what goes on, and what was refused."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response

from services.reporting.entry.service import Entry
from services.reporting.reader.office import Office
from services.reporting.reader.reading import own_areas, reached
from services.reporting.reports.service import Reports
from services.reporting.web.language import language_of, marked
from services.reporting.web.noting import note_page
from services.reporting.web.rendering import page
from services.reporting.web.visitor import OWN_AREA, Visiting, Visitor, session_of
from services.reporting.web.writing import said
from shared import clock
from shared.accounts import accounts_of
from shared.errors import Forbidden
from shared.events.every_event import EVENTS
from shared.http.state import part_of

REJECTED: Final = "events_rejected"
EVENT_NAMES: Final = {event.event_name: (event.label_da, event.label_en) for event in EVENTS}
YOU: Final = marked("dig")
# Whoever has a name, and speaks for none of the visitor's areas.
NETWORK: Final = marked("netværket")
PROGRAM: Final = marked("et program")
COLLEAGUE: Final = marked("en kollega")
# What whoever was invited without a name is called.
UNNAMED: Final = "invited"
SHOWN: Final = 10

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
    today = clock.today()
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
        latest=await _latest(request, visitor, own.latest),
        today=today,
        rejected=[item for item in told if item["code"] == REJECTED and item["area"] in areas],
        asked_for=[item for item in told if item["code"] != REJECTED and item["area"] in areas],
        names={"activities": {item["activity"]: item["name"] for item in own.activities}, "funders": {}},
        areas={area: visitor.area_names.get(area, area) for area in sorted(areas)},
    )


async def _latest(request: Request, visitor: Visitor, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of each registration what it is, and who made it; nobody where that was not noted."""
    language = language_of(request.url.path)
    names = await part_of(request, Office).colleagues(session_of(request)) if rows else {}

    def who(row: dict[str, Any]) -> str:
        if row["authid"] is None:
            return ""
        if row["authid"] == visitor.identity.subject:
            return language.gettext(YOU)
        unnamed = NETWORK if row["authtype"] == "user" else PROGRAM
        name = names.get(row["authid"])
        return language.gettext(COLLEAGUE) if name == UNNAMED else name or language.gettext(unnamed)

    told = [{**row, "event": said(EVENT_NAMES[row["event"]], language.code), "who": who(row)} for row in rows]
    alike = [list(run) for _, run in groupby(told, _heading)]
    return [{**run[0], "times": len(run)} for run in alike][:SHOWN]


def _heading(row: dict[str, Any]) -> tuple[Any, ...]:
    """Give what registrations in a row have in common where they are shown as one line."""
    return row["event"], row["activity"], row["session"], row["who"], row["recorded"].replace(second=0, microsecond=0)
