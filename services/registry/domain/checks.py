"""What several rules check alike, each with its code. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from services.registry.domain.people_rows import Enrolment
from services.registry.domain.rows import Activity, Area, Course, Organisation, Plan, Pool, Span, Spans
from shared.backbone.working_set import WorkingSet
from shared.codes import Code
from shared.errors import Refused
from shared.events.envelope import CloudEvent

Kind: TypeAlias = Literal[
    "activity", "area", "business", "course", "goal", "milestone", "organisation", "plan", "pool", "story"
]
UNKNOWN: Final[dict[Kind, Code]] = {
    "activity": "unknown_activity",
    "area": "unknown_area",
    "business": "unknown_business",
    "course": "unknown_course",
    "goal": "unknown_goal",
    "milestone": "unknown_milestone",
    "organisation": "unknown_organisation",
    "plan": "unknown_plan",
    "pool": "unknown_pool",
    "story": "unknown_story",
}


def unknown(kind: Kind, name: str, *, pointer: str | None = None) -> Refused:
    """Make the refusal of a name that stands for nothing."""
    return Refused(UNKNOWN[kind], f"there is no {kind} '{name}'", pointer=pointer or f"/data/{kind}")


def known_area(state: WorkingSet, name: str, *, pointer: str = "/data/area") -> Area:
    """Give an area that an event names."""
    area = state.get(Area, name)
    if area is None:
        raise unknown("area", name, pointer=pointer)
    return area


def known_pool(state: WorkingSet, name: str) -> Pool:
    """Give a pool that an event names."""
    pool = state.get(Pool, name)
    if pool is None:
        raise unknown("pool", name)
    return pool


def known_organisation(state: WorkingSet, name: str) -> Organisation:
    """Give an organisation that an event names."""
    organisation = state.get(Organisation, name)
    if organisation is None:
        raise unknown("organisation", name)
    return organisation


def known_plan(state: WorkingSet, name: str) -> Plan:
    """Give a plan that an event names."""
    plan = state.get(Plan, name)
    if plan is None:
        raise unknown("plan", name)
    return plan


def inside_plan(plan: Plan, day: date, *, pointer: str) -> None:
    """Check that a day lies inside a plan."""
    if not plan.covers(day):
        raise Refused("outside_plan", f"the plan runs from {plan.start_on} to {plan.end_on}", pointer=pointer)


def not_closed(plan: Plan) -> None:
    """Check that a plan still goes on."""
    if plan.closed_on is not None:
        raise Refused("plan_closed", f"the plan was closed on {plan.closed_on}", pointer="/data/plan")


def effort_area_of(state: WorkingSet, plan: Plan, effort_area: str, *, pointer: str = "/data/effort_area") -> None:
    """Check that an effort area belongs to a plan's pool."""
    pool = state.get(Pool, plan.pool)
    if pool is None or effort_area not in pool.effort_areas:
        detail = f"'{effort_area}' is no effort area of the pool {plan.pool}"
        raise Refused("effort_area_not_in_pool", detail, pointer=pointer)


def known_activity(state: WorkingSet, name: str) -> Activity:
    """Give an activity that an event names."""
    activity = state.get(Activity, name)
    if activity is None:
        raise unknown("activity", name)
    return activity


def has_started(activity: Activity) -> date:
    """Give the day on which an activity started."""
    if activity.started_on is None:
        raise Refused("activity_not_started", f"'{activity.activity}' has not started", pointer="/data/activity")
    return activity.started_on


def running_activity(state: WorkingSet, event: CloudEvent[Any]) -> Activity:
    """Give the activity that an event names, which runs on the event's day."""
    activity = known_activity(state, event.data.activity)
    started_on = has_started(activity)
    if event.data.date < started_on:
        raise Refused("activity_not_started", f"it started on {started_on}", pointer="/data/date")
    if activity.ended_on is not None and event.data.date > activity.ended_on:
        raise Refused("activity_ended", f"it ended on {activity.ended_on}", pointer="/data/date")
    return activity


def course_of(state: WorkingSet, activity: str, name: str) -> Course:
    """Give a course of an activity."""
    course = state.get(Course, name)
    if course is None or course.activity != activity:
        raise unknown("course", name)
    return course


def all_enrolled_on(state: WorkingSet, activity: str, participants: Sequence[str], day: date, *, pointer: str) -> None:
    """Check that each of those named was in an activity on a day; the pointer has a place for that in their list."""
    if not participants:
        return
    since = state.index(Enrolment, _since)
    if since is not None and _all_are_in(since.get(activity, {}), participants, day):
        return
    enrolments = state.mapping(Enrolment)
    for place, participant in enumerate(participants):
        enrolment = enrolments.get((activity, participant))
        if enrolment is None or not enrolment.covers(day):
            detail = f"this participant was not enrolled on {day}"
            raise Refused("not_enrolled", detail, pointer=pointer.format(place))


def _since(enrolments: Iterable[Enrolment]) -> dict[str, dict[str, date]]:
    """Give by activity and pseudonym the first day of the stay that is still open, of those who have one."""
    since: dict[str, dict[str, date]] = {}
    for enrolment in enrolments:
        for spans in enrolment.stays.values():
            if spans and spans[-1].end_on is None:
                since.setdefault(enrolment.activity, {})[enrolment.participant] = spans[-1].start_on
    return since


def _all_are_in(since: Mapping[str, date], participants: Iterable[str], day: date) -> bool:
    """Tell whether all have a stay that is open and began by a day; most sessions name nobody else (ADR 182)."""
    try:
        return max(map(since.__getitem__, participants), default=day) <= day
    except KeyError:
        return False


def in_order(start: date, end: date, *, pointer: str = "/data/date") -> None:
    """Check that something does not end before it began."""
    if end < start:
        raise Refused("dates_reversed", f"it began on {start}", pointer=pointer)


def opened(spans: Spans, day: date) -> Spans | None:
    """Add a span that begins on a day; None when another one is still open then, or comes later."""
    if any(span.end_on is None or span.end_on >= day for span in spans):
        return None
    return (*spans, Span(day))


def closed(spans: Spans, day: date) -> Spans | None:
    """End the open span on a day; None when none is open.

    Raises:
        Refused: it began after that day (`dates_reversed`).
    """
    if not spans or spans[-1].end_on is not None:
        return None
    in_order(spans[-1].start_on, day)
    return (*spans[:-1], Span(spans[-1].start_on, day))
