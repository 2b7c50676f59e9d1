"""The rules about people, known only by pseudonyms: participants, attendance, volunteers, change and consent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.registry.domain import corrections
from services.registry.domain.checks import (
    all_enrolled_on,
    closed,
    course_of,
    known_activity,
    opened,
    running_activity,
)
from services.registry.domain.people_rows import (
    NO_COURSE,
    VOLUNTEER_ROLES,
    Attendance,
    Enrolment,
    Instrument,
    Measurement,
    Merging,
    Salt,
    Volunteering,
    Withdrawal,
    Withdrawn,
)
from services.registry.domain.rows import Activity, Business
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.people import (
    AttendanceRecorded,
    ConsentWithdrawn,
    FollowupRecorded,
    OutcomeMeasured,
    ParticipantEnrolled,
    ParticipantLeft,
    SessionCancelled,
    SessionPlanned,
    VolunteerEngaged,
    VolunteerHours,
    VolunteerLeft,
)
from shared.law import SMALLEST_TOLD


def enrol_participant(state: WorkingSet, event: CloudEvent[ParticipantEnrolled]) -> Decision:
    """A participant joins a running activity once at a time per course, while there is room."""
    data = event.data
    activity = running_activity(state, event)
    corrections.not_merged(state, activity.area, data.participant, pointer="/data/participant")
    course = data.course or NO_COURSE
    if data.course is not None:
        closed_on = course_of(state, data.activity, data.course).closed_on
        if closed_on is not None and data.date > closed_on:
            raise Refused("course_closed", f"the course was closed on {closed_on}", pointer="/data/course")
    enrolment = state.get(Enrolment, (data.activity, data.participant))
    stays = dict(enrolment.stays) if enrolment else {}
    spans = opened(stays.get(course, ()), data.date)
    if spans is None:
        detail = "this participant is enrolled in this activity already"
        raise Refused("already_enrolled", detail, pointer="/data/participant")
    if activity.capacity is not None and activity.enrolled >= activity.capacity:
        raise Refused("capacity_reached", f"it has room for {activity.capacity}", pointer="/data/activity")
    state.put(Enrolment(data.activity, data.participant, {**stays, course: spans}, data.age_band, data.gender))
    state.put(replace(activity, enrolled=activity.enrolled + 1))
    return Decision()


def leave_activity(state: WorkingSet, event: CloudEvent[ParticipantLeft]) -> Decision:
    """Who is enrolled leaves, in every course of the activity, not before having joined."""
    data = event.data
    activity = known_activity(state, data.activity)
    enrolment = state.get(Enrolment, (data.activity, data.participant))
    stays = {course: closed(spans, data.date) for course, spans in enrolment.stays.items()} if enrolment else {}
    left = {course: spans for course, spans in stays.items() if spans is not None}
    if enrolment is None or not left:
        raise Refused("not_enrolled", "this participant is not enrolled", pointer="/data/participant")
    state.put(enrolment._replace(stays={**enrolment.stays, **left}))
    state.put(replace(activity, enrolled=activity.enrolled - len(left)))
    return Decision()


def plan_session(state: WorkingSet, event: CloudEvent[SessionPlanned]) -> Decision:
    """A session lies inside its activity, which has not ended by that day; said again, it replaces."""
    data = event.data
    activity = known_activity(state, data.activity)
    if not activity.start_on <= data.date <= activity.end_on:
        detail = f"the activity runs from {activity.start_on} to {activity.end_on}"
        raise Refused("outside_activity", detail, pointer="/data/date")
    if activity.ended_on is not None and data.date > activity.ended_on:
        raise Refused("activity_ended", f"it ended on {activity.ended_on}", pointer="/data/date")
    return Decision()


def record_attendance(state: WorkingSet, event: CloudEvent[AttendanceRecorded]) -> Decision:
    """A session is held while the activity runs, and who is named was enrolled on that day; said again, it replaces.

    What was said of guests and of those who did not come stands in the log alone.
    """
    data = event.data
    running_activity(state, event)
    all_enrolled_on(state, data.activity, data.participants or (), data.date, pointer="/data/participants/{}")
    absent = [absence.participant for absence in data.absent or ()]
    all_enrolled_on(state, data.activity, absent, data.date, pointer="/data/absent/{}/participant")
    participants = None if data.participants is None else tuple(data.participants)
    attendance = Attendance(data.activity, data.session, data.date, participants, data.headcount, data.hours)
    return Decision(entries=(attendance,))


def cancel_session(state: WorkingSet, event: CloudEvent[SessionCancelled]) -> Decision:
    """A session is cancelled while the activity runs; of this and a recorded attendance, the later word counts."""
    data = event.data
    running_activity(state, event)
    return Decision(entries=(Attendance(data.activity, data.session, data.date, None, None, None, cancelled=True),))


def engage_volunteer(state: WorkingSet, event: CloudEvent[VolunteerEngaged]) -> Decision:
    """A volunteer has a role in an activity once at a time."""
    data = event.data
    activity = known_activity(state, data.activity)
    corrections.not_merged(state, activity.area, data.volunteer, pointer="/data/volunteer")
    volunteering = state.get(Volunteering, (data.activity, data.volunteer, data.role))
    spans = opened(volunteering.spans if volunteering else (), data.date)
    if spans is None:
        raise Refused("already_engaged", f"is {data.role} in this activity already", pointer="/data/volunteer")
    state.put(Volunteering(data.activity, data.volunteer, data.role, spans))
    return Decision()


def leave_volunteering(state: WorkingSet, event: CloudEvent[VolunteerLeft]) -> Decision:
    """Only a role that is open ends, not before it began."""
    data = event.data
    known_activity(state, data.activity)
    volunteering = state.get(Volunteering, (data.activity, data.volunteer, data.role))
    spans = closed(volunteering.spans if volunteering else (), data.date)
    if spans is None:
        raise Refused("not_engaged", f"is no {data.role} in this activity", pointer="/data/volunteer")
    state.put(Volunteering(data.activity, data.volunteer, data.role, spans))
    return Decision()


def record_volunteer_hours(state: WorkingSet, event: CloudEvent[VolunteerHours]) -> Decision:
    """Whoever worked was engaged on that day, in any role."""
    data = event.data
    known_activity(state, data.activity)
    roles = (state.get(Volunteering, (data.activity, data.volunteer, role)) for role in VOLUNTEER_ROLES)
    if not any(span.covers(data.date) for role in roles if role for span in role.spans):
        raise Refused("not_engaged", f"was not engaged on {data.date}", pointer="/data/volunteer")
    return Decision()


def measure_outcome(state: WorkingSet, event: CloudEvent[OutcomeMeasured]) -> Decision:
    """One score per wave, lens, respondent and course, on the scale that the instrument always had in the area.

    The course is the one that the participant joined last by that day; the log carries it, for those who pair.
    """
    data = event.data
    activity = known_activity(state, data.activity)
    enrolment = state.get(Enrolment, (data.activity, data.participant))
    if enrolment is None or not enrolment.begun_by(data.date):
        raise Refused("not_enrolled", f"was not enrolled by {data.date}", pointer="/data/participant")
    scale = Instrument(activity.area, data.instrument, data.scale_min, data.scale_max)
    known = state.get(Instrument, scale.key)
    if known is None:
        state.put(scale)
    elif known != scale:
        detail = f"this instrument's scale runs from {known.scale_min} to {known.scale_max}"
        raise Refused("scale_changed", detail, pointer="/data/scale_min")
    measurement = Measurement(
        data.activity,
        data.participant,
        enrolment.course_on(data.date),
        data.wave,
        data.lens,
        data.respondent,
        data.instrument,
        data.score,
        data.date,
    )
    if state.get(Measurement, measurement.key):
        detail = "there is a score of this wave, lens, respondent and course already"
        raise Refused("already_measured", detail, pointer="/data/wave")
    state.put(measurement)
    return Decision(outcome={"course": measurement.course or None})


def record_followup(state: WorkingSet, event: CloudEvent[FollowupRecorded]) -> Decision:
    """Only who has left, and is not back, is followed up."""
    data = event.data
    known_activity(state, data.activity)
    enrolment = state.get(Enrolment, (data.activity, data.participant))
    if enrolment is None:
        raise Refused("not_enrolled", "this participant was never enrolled", pointer="/data/participant")
    ends = [span.end_on for span in enrolment.spans if span.start_on <= data.date]
    if not ends or any(end is None or end > data.date for end in ends):
        raise Refused("not_left", f"had not left by {data.date}", pointer="/data/participant")
    return Decision()


def withdraw_consent(state: WorkingSet, event: CloudEvent[ConsentWithdrawn]) -> Decision:
    """Whatever an area keeps of a person is forgotten, whichever pseudonym is named; the network speaks for all areas.

    The log carries the pseudonyms' digests, by which those who hold them find what to erase.
    """
    named = event.data.participant
    areas = {event.area} if event.area is not None else {row.area for row in state.all(Activity)}
    found = [item for area in sorted(areas) if (item := _withdrawal_in(state, area, named)) is not None]
    if not found:
        corrections.known_activities(state, event.area, named, pointer="/data/participant")
    for place, withdrawal in enumerate(found, start=len(state.rows(Withdrawal))):
        _withdraw(state, replace(withdrawal, place=place))
    erased = [{"digests": item.digests, "activities": list(item.activities)} for item in found]
    salt = found[0].salt.hex()
    return Decision(outcome={"salt": salt, "erased": erased, "keep_totals_from": SMALLEST_TOLD}, entries=tuple(found))


def _withdrawal_in(state: WorkingSet, area: str, named: str) -> Withdrawal | None:
    """Say what an area has to forget of somebody; None where it keeps nothing."""
    salt = state.get(Salt, "")
    person = corrections.merged_into(state, area, named)
    names = corrections.activities_with(state, person)
    activities = sorted({name for name in names if (row := state.get(Activity, name)) and row.area == area})
    if salt is None or not activities:
        return None
    return Withdrawal(tuple(corrections.all_names(state, area, person)), 0, area, tuple(activities), salt.value)


def _withdraw(state: WorkingSet, withdrawal: Withdrawal) -> None:
    person = withdrawal.pseudonyms[0]
    for name in withdrawal.activities:
        activity, enrolment = known_activity(state, name), state.get(Enrolment, (name, person))
        if enrolment is not None:
            open_stays = sum(span.end_on is None for span in enrolment.spans)
            state.put(replace(activity, enrolled=activity.enrolled - open_stays))
        _forget(state, name, person)
    for pseudonym in withdrawal.pseudonyms:
        state.remove(Merging, (withdrawal.area, pseudonym))
        state.put(Withdrawn(withdrawal.area, pseudonym))
    state.put(withdrawal)


def _forget(state: WorkingSet, activity: str, pseudonym: str) -> None:
    """Take a pseudonym out of what this unit of work would save."""
    state.remove(Enrolment, (activity, pseudonym))
    for role in VOLUNTEER_ROLES:
        state.remove(Volunteering, (activity, pseudonym, role))
    for measurement in state.rows(Measurement):
        if (measurement.activity, measurement.participant) == (activity, pseudonym):
            state.remove(Measurement, measurement.key)
    for business in state.rows(Business):
        if business.activity == activity and pseudonym in business.members:
            members = tuple(member for member in business.members if member != pseudonym)
            state.put(replace(business, members=members))


RULES: Final[Mapping[type[EventData], Rule]] = {
    ParticipantEnrolled: enrol_participant,
    ParticipantLeft: leave_activity,
    SessionPlanned: plan_session,
    AttendanceRecorded: record_attendance,
    SessionCancelled: cancel_session,
    VolunteerEngaged: engage_volunteer,
    VolunteerLeft: leave_volunteering,
    VolunteerHours: record_volunteer_hours,
    OutcomeMeasured: measure_outcome,
    FollowupRecorded: record_followup,
    ConsentWithdrawn: withdraw_consent,
}
