"""The page of the events behind a figure, and of a sample of them that an auditor draws."""

from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from services.reporting.ground.api import MOST_DRAWN, AfterEntry, GroundAsked
from services.reporting.ground.made_of import DEFINITIONS
from services.reporting.ground.service import Grounds
from services.reporting.reader.reading import own_areas
from services.reporting.reports.service import Reports
from services.reporting.terms import COUNTS, Json
from services.reporting.web.language import language_of
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting
from services.reporting.web.writing import Code, said
from services.reporting.words import DIMENSIONS, EVENT_FIELDS, HEADINGS, Word
from shared.accounts import accounts_of
from shared.events.every_event import EVENTS
from shared.http.state import part_of

SHOWN: Final = 100
# How many are drawn where nobody says how many.
DRAWN: Final = 25
# What a page of the list and a draw have of their own; the rest of a question is that of the figure.
OF_PLACE: Final = frozenset({"cursor", "sample", "seed", "limit", "language"})
EVENT_NAMES: Final = {event.event_name: (event.label_da, event.label_en) for event in EVENTS}
FIELDS: Final[Mapping[str, Word]] = {
    **HEADINGS,
    **EVENT_FIELDS,
    **{str(name): each for name, each in DIMENSIONS.items()},
}

router: Final = APIRouter()


@router.get("/ground")
async def get_ground_page(request: Request, visitor: Visiting, asked: GroundAsked, place: AfterEntry) -> Response:
    """Show the events that a figure was folded from, by pages, with what they come to; or a sample of them."""
    reader = visitor.identity
    told = await part_of(request, Grounds).ground(asked, accounts_of(reader), own_areas(reader), place, SHOWN)
    code = language_of(request.url.path).code
    lines = await part_of(request, Reports).budget_lines_of({row["plan"] for row in told["rows"] if row["line"]})
    question = [(name, value) for name, value in request.query_params.items() if name not in OF_PLACE and value]
    return page(
        request,
        "ground_rule.html" if asked.kind == "rule" else "ground.html",
        visitor=visitor,
        told=told,
        question=question,
        asked_for=urlencode(question),
        following=urlencode([*question, ("cursor", told["next"])]) if told["next"] else None,
        is_first=not request.query_params.get("cursor"),
        seed=request.query_params.get("seed") or told["digest"],
        size=told["sample"]["size"] if told["sample"] else min(DRAWN, told["entries"] or 1),
        most=MOST_DRAWN,
        people=(*COUNTS, "left"),
        areas=visitor.area_names,
        lines={(row["plan"], row["line"]): row for row in lines},
        called=told["called"][code],
        part_address=_address,
        catalogue=DEFINITIONS,
        field=partial(_field, code),
        event_name=lambda kind: said(EVENT_NAMES[kind], code),
    )


def _address(part: Json) -> str:
    """Give the address of the ground of a part of a figure."""
    days = {name: day for name, day in part["period"].items() if day}
    return f"/ground?{urlencode({'figure': part['figure'], **part['of'], **days})}"


def _field(code: Code, name: str) -> str:
    """Name what a figure is told of, or something of its events."""
    return said(FIELDS[name], code)
