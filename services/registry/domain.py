"""The registry's rules: pure functions from loaded state and one event to changed state. No I/O, no framework."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.clock import months_between
from shared.errors import ForeignArea, Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry import (
    ActivityEnded,
    ActivityPlanned,
    ActivityStarted,
    AreaRegistered,
    AttendanceRecorded,
    OrganisationRegistered,
    ParticipantEnrolled,
    PlanApproved,
    PoolDefined,
)

MAX_PLAN_MONTHS: Final = 48
NO_COURSE: Final = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """A funding period and its effort areas, slug to name."""

    pool: str
    name: str
    start_on: date
    end_on: date
    effort_areas: Mapping[str, str]

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.pool


@dataclass(frozen=True, slots=True)
class Area:
    """A housing area."""

    area: str
    name: str
    municipality: str
    residents: int | None
    departments: tuple[str, ...]

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.area


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that takes part somewhere."""

    organisation: str
    name: str
    kind: str
    cvr: str | None

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.organisation


@dataclass(frozen=True, slots=True)
class Plan:
    """A helhedsplan; both days belong to it."""

    plan: str
    name: str
    pool: str
    areas: tuple[str, ...]
    start_on: date
    end_on: date
    approval_reference: str

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.plan


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity, planned until `started_on` is set, ended once `ended_on` is; `enrolled` counts who is in it now."""

    activity: str
    plan: str
    area: str
    name: str
    kind: str
    effort_area: str
    start_on: date
    end_on: date
    fixed: bool
    capacity: int | None
    target_group: str | None
    started_on: date | None = None
    ended_on: date | None = None
    enrolled: int = 0

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.activity


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One participant in one activity: the days of enrolling and leaving by course, `NO_COURSE` where there is none."""

    activity: str
    participant: str
    stays: Mapping[str, tuple[date, date | None]]
    age_band: str
    gender: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Give the activity and the participant."""
        return self.activity, self.participant

    def covers(self, day: date) -> bool:
        """Tell whether the participant was enrolled on a day, in any course."""
        return any(start <= day and (end is None or day <= end) for start, end in self.stays.values())


@dataclass(frozen=True, slots=True)
class Attendance:
    """What was recorded of one session; the latest of a session counts."""

    activity: str
    session: str
    held_on: date
    participants: tuple[str, ...] | None
    headcount: int | None
    hours: Decimal | None


def register_area(state: WorkingSet, event: CloudEvent[AreaRegistered]) -> Decision:
    """Only the network registers areas; said again, it is an update."""
    data = event.data
    _only_the_network(event)
    state.put(Area(data.area, data.name, data.municipality, data.residents, tuple(data.departments or ())))
    return Decision()


def define_pool(state: WorkingSet, event: CloudEvent[PoolDefined]) -> Decision:
    """Only the network defines pools; said again, it replaces."""
    data = event.data
    _only_the_network(event)
    names = {item.effort_area: item.name for item in data.effort_areas}
    state.put(Pool(data.pool, data.name, data.start, data.end, names))
    return Decision()


def register_organisation(state: WorkingSet, event: CloudEvent[OrganisationRegistered]) -> Decision:
    """Anybody who may post registers an organisation; said again, it is an update."""
    data = event.data
    state.put(Organisation(data.organisation, data.name, data.kind, data.cvr))
    return Decision()


def approve_plan(state: WorkingSet, event: CloudEvent[PlanApproved]) -> Decision:
    """A new plan lasts at most 48 months, in known areas, under a known pool."""
    data = event.data
    if state.get(Plan, data.plan):
        raise Refused("plan_exists", f"the plan '{data.plan}' is approved already", pointer="/data/plan")
    if event.area is not None and event.area not in data.areas:
        raise ForeignArea("an area approves only plans of its own", pointer="/data/areas")
    if state.get(Pool, data.pool) is None:
        raise _unknown("pool", data.pool)
    for place, area in enumerate(data.areas):
        if state.get(Area, area) is None:
            raise _unknown("area", area, pointer=f"/data/areas/{place}")
    if months_between(data.start, data.end) > MAX_PLAN_MONTHS:
        raise Refused("plan_too_long", f"a plan lasts at most {MAX_PLAN_MONTHS} months", pointer="/data/end")
    state.put(Plan(data.plan, data.name, data.pool, tuple(data.areas), data.start, data.end, data.approval_reference))
    return Decision()


def plan_activity(state: WorkingSet, event: CloudEvent[ActivityPlanned]) -> Decision:
    """A new activity lies inside its plan: its dates, its area and its effort area."""
    data = event.data
    _speaks_for(event, data.area, pointer="/data/area")
    if state.get(Activity, data.activity):
        raise Refused("activity_exists", f"'{data.activity}' is planned already", pointer="/data/activity")
    plan = state.get(Plan, data.plan)
    if plan is None:
        raise _unknown("plan", data.plan)
    if data.area not in plan.areas:
        raise Refused("area_not_in_plan", f"'{data.area}' is no area of this plan", pointer="/data/area")
    pool = state.get(Pool, plan.pool)
    if pool is None or data.effort_area not in pool.effort_areas:
        detail = f"'{data.effort_area}' is no effort area of the pool {plan.pool}"
        raise Refused("effort_area_not_in_pool", detail, pointer="/data/effort_area")
    if data.start < plan.start_on or data.end > plan.end_on:
        detail = f"the plan runs from {plan.start_on} to {plan.end_on}"
        raise Refused("outside_plan", detail, pointer="/data/start" if data.start < plan.start_on else "/data/end")
    state.put(
        Activity(
            data.activity,
            data.plan,
            data.area,
            data.name,
            data.kind,
            data.effort_area,
            data.start,
            data.end,
            bool(data.fixed),
            data.capacity,
            data.target_group,
        )
    )
    return Decision()


def start_activity(state: WorkingSet, event: CloudEvent[ActivityStarted]) -> Decision:
    """Only a planned activity starts, once."""
    activity = _activity(state, event)
    if activity.started_on is not None:
        detail = f"it started on {activity.started_on}"
        raise Refused("activity_already_started", detail, pointer="/data/activity")
    state.put(replace(activity, started_on=event.data.date))
    return Decision()


def end_activity(state: WorkingSet, event: CloudEvent[ActivityEnded]) -> Decision:
    """Only a running activity ends, not before it started."""
    activity = _activity(state, event)
    started_on = _started_on(activity)
    if activity.ended_on is not None:
        raise Refused("activity_already_ended", f"it ended on {activity.ended_on}", pointer="/data/activity")
    if event.data.date < started_on:
        raise Refused("dates_reversed", f"it started on {started_on}", pointer="/data/date")
    state.put(replace(activity, ended_on=event.data.date))
    return Decision()


def enrol_participant(state: WorkingSet, event: CloudEvent[ParticipantEnrolled]) -> Decision:
    """A participant joins a running activity once per course, while there is room."""
    data = event.data
    activity = _running_activity(state, event)
    course = data.course or NO_COURSE
    if data.course is not None:
        raise _unknown("course", data.course)
    enrolment = state.get(Enrolment, (data.activity, data.participant))
    if enrolment is not None and course in enrolment.stays:
        detail = "this participant is enrolled in this activity already"
        raise Refused("already_enrolled", detail, pointer="/data/participant")
    if activity.capacity is not None and activity.enrolled >= activity.capacity:
        raise Refused("capacity_reached", f"it has room for {activity.capacity}", pointer="/data/activity")
    stays = {**(enrolment.stays if enrolment else {}), course: (data.date, None)}
    state.put(Enrolment(data.activity, data.participant, stays, data.age_band, data.gender))
    state.put(replace(activity, enrolled=activity.enrolled + 1))
    return Decision()


def record_attendance(state: WorkingSet, event: CloudEvent[AttendanceRecorded]) -> Decision:
    """A session is held while the activity runs, and who is named was enrolled on that day; said again, it replaces."""
    data = event.data
    _running_activity(state, event)
    for place, participant in enumerate(data.participants or ()):
        enrolment = state.get(Enrolment, (data.activity, participant))
        if enrolment is None or not enrolment.covers(data.date):
            detail = f"this participant was not enrolled on {data.date}"
            raise Refused("not_enrolled", detail, pointer=f"/data/participants/{place}")
    participants = None if data.participants is None else tuple(data.participants)
    attendance = Attendance(data.activity, data.session, data.date, participants, data.headcount, data.hours)
    return Decision(entries=(attendance,))


Rule = Callable[[WorkingSet, Any], Decision]

RULES: Final[Mapping[type[EventData], Rule]] = {
    AreaRegistered: register_area,
    PoolDefined: define_pool,
    OrganisationRegistered: register_organisation,
    PlanApproved: approve_plan,
    ActivityPlanned: plan_activity,
    ActivityStarted: start_activity,
    ActivityEnded: end_activity,
    ParticipantEnrolled: enrol_participant,
    AttendanceRecorded: record_attendance,
}


def _only_the_network(event: CloudEvent[Any]) -> None:
    if event.area is not None:
        raise Refused("network_only", "only the source /network says this", pointer="/source")


def _speaks_for(event: CloudEvent[Any], area: str, *, pointer: str) -> None:
    """Check that an area speaks only of its own; the network may speak of any."""
    if event.area not in (None, area):
        raise ForeignArea(f"'{event.area}' may not speak for '{area}'", pointer=pointer)


def _activity(state: WorkingSet, event: CloudEvent[Any]) -> Activity:
    """Give the activity that an event names, after checking that its sender may speak of it."""
    activity = state.get(Activity, event.data.activity)
    if activity is None:
        raise _unknown("activity", event.data.activity)
    _speaks_for(event, activity.area, pointer="/data/activity")
    return activity


def _started_on(activity: Activity) -> date:
    if activity.started_on is None:
        raise Refused("activity_not_started", f"'{activity.activity}' has not started", pointer="/data/activity")
    return activity.started_on


def _running_activity(state: WorkingSet, event: CloudEvent[Any]) -> Activity:
    """Give the activity that an event names, which runs on the event's day."""
    activity = _activity(state, event)
    started_on = _started_on(activity)
    if event.data.date < started_on:
        raise Refused("activity_not_started", f"it started on {started_on}", pointer="/data/date")
    if activity.ended_on is not None and event.data.date > activity.ended_on:
        raise Refused("activity_ended", f"it ended on {activity.ended_on}", pointer="/data/date")
    return activity


def _unknown(kind: str, name: str, *, pointer: str | None = None) -> Refused:
    return Refused(f"unknown_{kind}", f"there is no {kind} '{name}'", pointer=pointer or f"/data/{kind}")
