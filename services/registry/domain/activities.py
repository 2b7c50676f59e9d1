"""The rules about activities: their life, courses, mentor companies and micro-businesses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.registry.domain.checks import (
    all_enrolled_on,
    closed,
    effort_area_of,
    has_started,
    in_order,
    known_activity,
    known_organisation,
    known_plan,
    not_closed,
    opened,
    running_activity,
    unknown,
)
from services.registry.domain.people_rows import Enrolment
from services.registry.domain.rows import Activity, Anchoring, Business, Course, Mentoring, Plan
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.activities import (
    ActivityAnchored,
    ActivityEnded,
    ActivityPlanned,
    ActivityStarted,
    BusinessClosed,
    BusinessFounded,
    CourseClosed,
    CourseOpened,
    MentorEngaged,
    MentorReleased,
)

MENTOR_KINDS: Final = frozenset({"company", "association"})


def plan_activity(state: WorkingSet, event: CloudEvent[ActivityPlanned]) -> Decision:
    """A new activity lies inside its plan: its dates, its area and its effort area."""
    data = event.data
    if state.get(Activity, data.activity):
        raise Refused("activity_exists", f"'{data.activity}' is planned already", pointer="/data/activity")
    plan = known_plan(state, data.plan)
    not_closed(plan)
    if data.area not in plan.areas:
        detail = "it has not consented to this plan yet" if data.area in plan.invited else "it is no area of this plan"
        raise Refused("area_not_in_plan", f"'{data.area}': {detail}", pointer="/data/area")
    effort_area_of(state, plan, data.effort_area)
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
    """A planned activity of a plan that goes on starts once; with a reason, one that had ended goes on."""
    activity = known_activity(state, event.data.activity)
    plan = state.get(Plan, activity.plan)
    if plan is not None:
        not_closed(plan)
    if activity.started_on is None:
        state.put(replace(activity, started_on=event.data.date))
        return Decision()
    if activity.ended_on is None:
        detail = f"it started on {activity.started_on}"
        raise Refused("activity_already_started", detail, pointer="/data/activity")
    if event.data.reason is None:
        detail = f"it ended on {activity.ended_on}; a reason is needed to reopen it"
        raise Refused("reason_missing", detail, pointer="/data")
    in_order(activity.started_on, event.data.date)
    # The end was a mistake: the activity has run since it first started, and what others fold is that day.
    state.put(replace(activity, ended_on=None))
    return Decision(outcome={"reopened": True, "started": activity.started_on.isoformat()})


def end_activity(state: WorkingSet, event: CloudEvent[ActivityEnded]) -> Decision:
    """Only a running activity ends, not before it started."""
    activity = known_activity(state, event.data.activity)
    started_on = has_started(activity)
    if activity.ended_on is not None:
        raise Refused("activity_already_ended", f"it ended on {activity.ended_on}", pointer="/data/activity")
    in_order(started_on, event.data.date)
    state.put(replace(activity, ended_on=event.data.date))
    return Decision()


def anchor_activity(state: WorkingSet, event: CloudEvent[ActivityAnchored]) -> Decision:
    """A known organisation carries an activity on, from its beginning at the earliest; said again, it replaces."""
    data = event.data
    activity = known_activity(state, data.activity)
    known_organisation(state, data.organisation)
    in_order(activity.start_on, data.from_day, pointer="/data/from")
    state.put(Anchoring(data.activity, data.organisation, data.from_day, data.funding_note))
    return Decision()


def open_course(state: WorkingSet, event: CloudEvent[CourseOpened]) -> Decision:
    """A new course lies inside its activity."""
    data = event.data
    activity = known_activity(state, data.activity)
    if state.get(Course, data.course):
        raise Refused("course_exists", f"the course '{data.course}' is open already", pointer="/data/course")
    if data.start < activity.start_on or data.end > activity.end_on:
        detail = f"the activity runs from {activity.start_on} to {activity.end_on}"
        pointer = "/data/start" if data.start < activity.start_on else "/data/end"
        raise Refused("outside_activity", detail, pointer=pointer)
    state.put(Course(data.course, data.activity, data.start, data.end))
    return Decision()


def close_course(state: WorkingSet, event: CloudEvent[CourseClosed]) -> Decision:
    """A course closes once, not before it began."""
    data = event.data
    course = state.get(Course, data.course)
    activity = state.get(Activity, course.activity) if course else None
    if course is None or activity is None:
        raise unknown("course", data.course)
    if course.closed_on is not None:
        raise Refused("course_already_closed", f"it was closed on {course.closed_on}", pointer="/data/course")
    in_order(course.start_on, data.date)
    state.put(replace(course, closed_on=data.date))
    return Decision()


def engage_mentor(state: WorkingSet, event: CloudEvent[MentorEngaged]) -> Decision:
    """A company or an association is mentor of an activity once at a time."""
    data = event.data
    known_activity(state, data.activity)
    organisation = known_organisation(state, data.organisation)
    if organisation.kind not in MENTOR_KINDS:
        detail = f"'{data.organisation}' is no company and no association"
        raise Refused("no_mentor_kind", detail, pointer="/data/organisation")
    mentoring = state.get(Mentoring, (data.activity, data.organisation))
    spans = opened(mentoring.spans if mentoring else (), data.date)
    if spans is None:
        raise Refused("already_engaged", "it is mentor of this activity already", pointer="/data/organisation")
    state.put(Mentoring(data.activity, data.organisation, spans))
    return Decision()


def release_mentor(state: WorkingSet, event: CloudEvent[MentorReleased]) -> Decision:
    """Only a mentor company is released, not before it was engaged."""
    data = event.data
    known_activity(state, data.activity)
    known_organisation(state, data.organisation)
    mentoring = state.get(Mentoring, (data.activity, data.organisation))
    spans = closed(mentoring.spans if mentoring else (), data.date)
    if spans is None:
        raise Refused("not_engaged", "it is no mentor of this activity", pointer="/data/organisation")
    state.put(Mentoring(data.activity, data.organisation, spans))
    return Decision()


def found_business(state: WorkingSet, event: CloudEvent[BusinessFounded]) -> Decision:
    """Participants who are enrolled on that day found a micro-business in a running activity."""
    data = event.data
    running_activity(state, event)
    if state.get(Business, (data.activity, data.business)):
        raise Refused("business_exists", f"'{data.business}' is founded already", pointer="/data/business")
    all_enrolled_on(state, data.activity, data.members, data.date, pointer="/data/members/{}")
    state.put(Business(data.activity, data.business, data.name, tuple(data.members), data.date))
    return Decision()


def close_business(state: WorkingSet, event: CloudEvent[BusinessClosed]) -> Decision:
    """A micro-business closes once, not before it was founded; who was in it has been enrolled."""
    data = event.data
    known_activity(state, data.activity)
    business = state.get(Business, (data.activity, data.business))
    if business is None:
        raise unknown("business", data.business)
    if business.closed_on is not None:
        raise Refused("business_already_closed", f"it was closed on {business.closed_on}", pointer="/data/business")
    in_order(business.founded_on, data.date)
    for place, member in enumerate(data.members or ()):
        enrolment = state.get(Enrolment, (data.activity, member))
        if enrolment is None or not enrolment.begun_by(data.date):
            detail = f"this participant was not enrolled by {data.date}"
            raise Refused("not_enrolled", detail, pointer=f"/data/members/{place}")
    members = business.members if data.members is None else tuple(data.members)
    state.put(replace(business, name=data.name or business.name, members=members, closed_on=data.date))
    return Decision()


RULES: Final[Mapping[type[EventData], Rule]] = {
    ActivityPlanned: plan_activity,
    ActivityStarted: start_activity,
    ActivityEnded: end_activity,
    ActivityAnchored: anchor_activity,
    CourseOpened: open_course,
    CourseClosed: close_course,
    MentorEngaged: engage_mentor,
    MentorReleased: release_mentor,
    BusinessFounded: found_business,
    BusinessClosed: close_business,
}
