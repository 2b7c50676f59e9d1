"""The roster of a session: who came, who did not, guests and hours; registered and corrected the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.entry.field_words import ABSENT_BECAUSE
from services.reporting.entry.posting import Posted
from services.reporting.entry.service import Entry, Roster
from services.reporting.entry.shapes import form_of
from services.reporting.reader.reading import own_areas, reached
from services.reporting.terms import Json
from services.reporting.web.entry import drafts
from services.reporting.web.entry.drafts import Draft
from services.reporting.web.entry.refusing import wrong_by_path
from services.reporting.web.entry.saying import known_since, say
from services.reporting.web.entry.signed_out import kept_page
from services.reporting.web.entry.typed import read, write
from services.reporting.web.language import language_of
from services.reporting.web.noting import note_page
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, recognised, same_origin
from services.reporting.web.wording import Wording
from services.reporting.web.writing import Code, said
from shared import clock
from shared.errors import NotFound, Unauthenticated
from shared.events.envelope import AREA_PREFIX
from shared.events.fields import FIRST_DAY, LAST_DAY, SLUG_PATTERN
from shared.events.registry.people import AttendanceRecorded
from shared.http.forms import LongFormFields
from shared.http.state import part_of

PATH: Final = "/roster"
CAME, AWAY = "came", "away."
# Absent, and nobody knows why.
NO_REASON: Final = "-"
NOBODY: Final = "nobody"
ALL, AS_LAST = "all", "last"
# So long a page waits to say that what was saved is in the report.
TOLD_SECONDS: Final = 1.0
Asked = Annotated[str | None, Query(pattern=SLUG_PATTERN)]
Day = Annotated[date | None, Query(alias="date", ge=FIRST_DAY, le=LAST_DAY)]

router: Final = APIRouter()


@router.get(PATH, dependencies=[Depends(reached)])
async def get_roster(
    request: Request, visitor: Visiting, activity: Asked = None, day: Day = None, session: Asked = None
) -> Response:
    """Show the roster of a session, as it was registered before or blank; without an activity, which there are.

    Raises:
        NotFound: there is no such activity.
        Forbidden: it is of an area that is not the visitor's own.
    """
    today = clock.today()
    if activity is None:
        own = await part_of(request, Entry).own_area(own_areas(visitor.identity), today)
        return page(request, "rosters.html", visitor=visitor, activities=own.activities, today=today)
    roster = await part_of(request, Entry).roster(activity, day or today, own_areas(visitor.identity), session)
    code = language_of(request.url.path).code
    draft = drafts.begun([f"{AREA_PREFIX}{roster.area}"], clock.now(), _filled(roster, code))
    return await _shown(request, visitor, roster, _next(roster, draft, roster.seen))


@router.post(PATH, dependencies=[Depends(same_origin)])
async def post_roster(
    request: Request, fields: LongFormFields, activity: Asked = None, day: Day = None, session: Asked = None
) -> Response:
    """Tick everybody, or those of last time; or post the roster to the intake, and show what became of it.

    Raises:
        NotFound: there is no such activity, or none is named.
        Forbidden: it is of an area that is not the visitor's own.
    """
    visitor = await recognised(request)
    if visitor is None:
        return kept_page(request, _title(request), fields)
    if activity is None or day is None:
        raise NotFound("a roster is of an activity and a day")
    roster = await part_of(request, Entry).roster(activity, day, own_areas(visitor.identity), session)
    draft = drafts.read(fields, [f"{AREA_PREFIX}{roster.area}"], clock.now())
    if draft.action in (ALL, AS_LAST):
        return await _shown(request, visitor, roster, _ticked(roster, draft))
    code = language_of(request.url.path).code
    told = drafts.event_of(draft, AttendanceRecorded, data_of(roster, draft.typed, code))
    try:
        outcome = await say(request, visitor, roster, told, draft.seen)
    except Unauthenticated:
        return kept_page(request, _title(request), fields)
    roster, posted = outcome.roster, outcome.posted
    if posted is None:
        draft = _next(roster, draft, roster.seen)
    elif not posted.is_away:
        draft = _next(roster, draft, posted.sequence or roster.seen)
        roster = await known_since(request, visitor, roster, posted.sequence, TOLD_SECONDS)
    return await _shown(request, visitor, roster, draft, posted, is_taken=outcome.is_taken)


def _next(roster: Roster, draft: Draft, seen: int) -> Draft:
    """Give what is said next of a session by whoever has seen what was said of it last."""
    identifier = drafts.id_of_session(roster.activity, roster.session, seen)
    return replace(draft, id=identifier, time=clock.now().isoformat(timespec="seconds"), seen=seen)


def data_of(roster: Roster, typed: Mapping[str, Sequence[str]], code: Code) -> Json:
    """Give what a roster says of its session; a headcount only where nobody is named."""

    def number(name: str, kind: Any) -> Json:  # noqa: ANN401  a literal
        text = next(iter(typed.get(name, ())), "")
        return {name: read(kind, text, code)} if text else {}

    data: Json = {"activity": roster.activity, "session": roster.session, "date": roster.day.isoformat()}
    came = [who for who in typed.get(CAME, ()) if who]
    absent = [_absence(name.removeprefix(AWAY), values[0]) for name, values in typed.items() if name.startswith(AWAY)]
    # Whoever says nothing of anybody is asked again: that nobody came is said.
    data |= number("guests", "whole") | number("hours", "decimal") | number("headcount", "whole")
    if came or absent or NOBODY in typed:
        data["participants"] = came
    return {**data, "absent": absent} if absent else data


def _absence(who: str, reason: str) -> Json:
    return {"participant": who} if reason == NO_REASON else {"participant": who, "reason": reason}


def _filled(roster: Roster, code: Code) -> dict[str, list[str]]:
    """Give what is typed already: what was recorded, else the hours that are planned or were held last."""
    told = roster.recorded
    typed: dict[str, list[str]] = {}
    if told is not None and not told["is_cancelled"]:
        typed[CAME] = list(told["participants"])
        if not typed[CAME] and told["headcount"] is None:
            typed[NOBODY] = ["true"]
        typed |= {f"{AWAY}{item['participant']}": [item.get("reason", NO_REASON)] for item in told["absent"]}
        typed |= {name: [str(told[name])] for name in ("guests", "headcount") if told[name]}
    known = (each["hours"] for each in (told, roster.planned, roster.last) if each and each["hours"])
    if (hours := next(known, None)) is not None:
        typed["hours"] = [write("decimal", hours.normalize(), code)]
    return typed


def _ticked(roster: Roster, draft: Draft) -> Draft:
    """Tick all who are enrolled, or those of them who came last; who is absent is so no longer."""
    before = set(roster.last["participants"]) if roster.last else set()
    came = [who for who in roster.enrolled if draft.action == ALL or who in before]
    kept = {name: list(values) for name, values in draft.typed.items() if name.removeprefix(AWAY) not in came}
    return replace(draft, typed={**kept, CAME: came})


async def _shown(  # noqa: PLR0913  what a roster is shown with
    request: Request,
    visitor: Visitor,
    roster: Roster,
    draft: Draft,
    posted: Posted | None = None,
    *,
    is_taken: bool = False,
) -> Response:
    code = language_of(request.url.path).code
    refusals = posted.refusals if posted else ()
    wrong = wrong_by_path(refusals, form_of(AttendanceRecorded), code)
    # Whoever was registered and is enrolled no longer on that day is shown still.
    named = [*draft.typed.get(CAME, ()), *(name.removeprefix(AWAY) for name in draft.typed if name.startswith(AWAY))]
    people = [*roster.enrolled, *sorted(set(named) - set(roster.enrolled))]
    await note_page(request, visitor, PATH, f"roster of {roster.activity} on {roster.day}", people)
    reasons = [(NO_REASON, ""), *((reason, said(word, code)) for reason, word in ABSENT_BECAUSE.items())]
    return page(
        request,
        "roster.html",
        visitor=visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refusals or is_taken else HTTPStatus.OK,
        roster=roster,
        draft=draft,
        people=people,
        reasons=reasons,
        wrong=wrong,
        posted=posted,
        is_taken=is_taken,
        is_told=posted is not None and roster.seen >= posted.sequence,
    )


def _title(request: Request) -> str:
    return Wording(language_of(request.url.path)).indicator("attendances")
