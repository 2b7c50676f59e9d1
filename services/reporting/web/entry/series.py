"""A weekly series of sessions, planned at once: its days are shown, those in school holidays left out, and chosen."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.entry.posting import Intakes, Posted
from services.reporting.entry.school_holidays import holiday_on, weekly
from services.reporting.entry.service import Entry
from services.reporting.entry.shapes import form_of
from services.reporting.reader.reading import own_areas, reached
from services.reporting.terms import Json
from services.reporting.web.entry import drafts
from services.reporting.web.entry.drafts import Draft
from services.reporting.web.entry.filled import Typed, data_of
from services.reporting.web.entry.refusing import wrong_by_path
from services.reporting.web.entry.signed_out import kept_page
from services.reporting.web.entry.typed import read
from services.reporting.web.language import language_of, marked
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, recognised, same_origin, session_of
from services.reporting.web.writing import Code, said
from shared import clock
from shared.errors import Forbidden, Unauthenticated
from shared.events.envelope import AREA_PREFIX
from shared.events.registry.people import SessionPlanned
from shared.http.forms import LongFormFields
from shared.http.state import part_of

PATH: Final = "/series"
TITLE: Final = marked("Planlæg mødegange")
# A year of weeks, and one more.
MOST: Final = 54
DAYS: Final = "day"
Short = Annotated[str | None, Query(max_length=100)]

router: Final = APIRouter()


@router.get(PATH, dependencies=[Depends(reached)])
async def get_series(
    request: Request, visitor: Visiting, activity: Short = None, first: Short = None, last: Short = None
) -> Response:
    """Show which series can be planned, and where its first and last day are known, its days.

    Raises:
        Forbidden: the visitor has no area.
    """
    code = language_of(request.url.path).code
    given = {"activity": activity, "first": first, "last": last}
    typed = {name: [value] for name, value in given.items() if value}
    draft = drafts.begun([], clock.now(), typed)
    return await _shown(request, visitor, draft, _days(typed, code))


@router.post(PATH, dependencies=[Depends(same_origin)])
async def post_series(request: Request, fields: LongFormFields) -> Response:
    """Post a session for each day that is chosen, as one batch: all or none; whoever is signed out loses nothing.

    Raises:
        Forbidden: the visitor has no area.
    """
    language = language_of(request.url.path)
    code = language.code
    visitor = await recognised(request)
    if visitor is None:
        return kept_page(request, language.gettext(TITLE), fields)
    draft = drafts.read(fields, [], clock.now())
    own = await part_of(request, Entry).own_area(own_areas(visitor.identity), clock.today())
    activity = next(iter(draft.typed.get("activity", ())), "")
    area = next((item["area"] for item in own.activities if item["activity"] == activity), None)
    if area is None:
        raise Forbidden("a series is of an activity of the own area")
    events = [_event(draft, area, number, day, code) for number, day in enumerate(draft.typed.get(DAYS, ())[:MOST])]
    if not events:
        return await _shown(request, visitor, draft, _days(draft.typed, code))
    try:
        posted = await part_of(request, Intakes).post(session_of(request), "registry", events)
    except Unauthenticated:
        return kept_page(request, language.gettext(TITLE), fields)
    return await _shown(request, visitor, draft, _days(draft.typed, code), posted)


def _event(draft: Draft, area: str, number: int, day: str, code: Code) -> Json:
    """Give the event of one session: its id is that of the form and its place in letters, so that it counts once."""
    typed = {**draft.typed, "date": [day], "session": [day]}
    place = f"{drafts.LETTERS[number // len(drafts.LETTERS)]}{drafts.LETTERS[number % len(drafts.LETTERS)]}"
    of_day = Draft(f"{draft.id}-{place}", draft.time, f"{AREA_PREFIX}{area}", typed)
    return drafts.event_of(of_day, SessionPlanned, data_of(form_of(SessionPlanned), typed, code))


def _days(typed: Typed, code: Code) -> list[date]:
    """Give the days of the series, none where its first or last is not known."""
    ends = [_day(next(iter(typed.get(name, ())), ""), code) for name in ("first", "last")]
    first, last = ends
    if first is None or last is None:
        return []
    return weekly(first, min(last, first + MOST * timedelta(days=7)), MOST)


def _day(text: str, code: Code) -> date | None:
    try:
        return date.fromisoformat(read("day", text, code)) if text else None
    except ValueError:
        return None


async def _shown(
    request: Request, visitor: Visitor, draft: Draft, days: list[date], posted: Posted | None = None
) -> Response:
    areas = own_areas(visitor.identity)
    if not areas:
        raise Forbidden("only a coordinator has an area")
    code = language_of(request.url.path).code
    refusals = posted.refusals if posted else ()
    own = await part_of(request, Entry).own_area(areas, clock.today())
    chosen = draft.typed.get(DAYS)
    found = [(day, holiday_on(day)) for day in days]
    return page(
        request,
        "series.html",
        visitor=visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK,
        activities=own.activities,
        draft=draft,
        days=[
            (day, said(name, code) if name else "", day.isoformat() in chosen if chosen else name is None)
            for day, name in found
        ],
        wrong=wrong_by_path(refusals, form_of(SessionPlanned), code),
        posted=posted,
    )
