"""How the registry's events about people are told: who comes, who leaves, what changed, and who is forgotten."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from tests.fuzz.plans import Activity
from tests.fuzz.telling import First, Teller, Told
from tests.fuzz.telling_registry import LENSES, running
from tests.support.builders import Json

MOST_NAMED: Final = 12
MOST_STAYING: Final = 60
AGE_BANDS: Final = ("0-5", "6-9", "10-12", "13-14", "15-17", "18-24", "25-29", "30-49", "50-66", "67+")
STATUSES: Final = ("education", "job", "leisure_job", "neither", "unknown")
REASONS: Final = ("completed", "education", "job", "moved", "other")


def participant_enrolled(teller: Teller) -> Told:
    """Enrol somebody new, in an open course where there is one."""
    activity = running(teller)
    if len(activity.stays) >= MOST_STAYING:
        raise First(participant_left(teller))
    # Courses begin within the first weeks; who enrols comes after.
    open_courses = [course for course, is_open in activity.courses.items() if is_open]
    data = {
        "participant": teller.pseudonym(),
        "date": teller.day(activity.started or activity.start, activity.end),
        "age_band": teller.dice.choice(AGE_BANDS),
        "consent": {"reference": "Samtykke 17", "guardian": True},
    }
    if teller.chance(0.7):
        data["gender"] = teller.dice.choice(("female", "male", "other"))
    if open_courses and teller.chance(0.5):
        data["course"] = teller.one_of(open_courses)
    return _of(teller, "participant.enrolled", activity, **data)


def participant_left(teller: Teller) -> Told:
    """Let somebody leave."""
    activity = _with_people(teller)
    participant, since = teller.one_of(activity.stays.items())
    day = teller.day(since, activity.end)
    data = {"participant": participant, "date": day, "reason": teller.dice.choice(REASONS)}
    return _of(teller, "participant.left", activity, **data)


def attendance_recorded(teller: Teller) -> Told:
    """Record who, or how many, came to a session, new or recorded before."""
    activity = running(teller)
    again = activity.sessions and teller.chance(0.2)
    number = teller.dice.randrange(activity.sessions) if again else activity.sessions
    data: dict[str, object] = {"session": f"{activity.name}-gang-{number}"}
    if activity.stays and teller.chance(0.6):
        came = teller.dice.sample(sorted(activity.stays), min(len(activity.stays), teller.dice.randint(1, MOST_NAMED)))
        absent = sorted(activity.stays.keys() - set(came))[: teller.dice.randint(0, 2)]
        since = max(activity.stays[who] for who in [*came, *absent])
        data |= {"participants": came, "date": teller.day(since, activity.end), "guests": teller.dice.randint(0, 3)}
        if absent:
            data["absent"] = [{"participant": who} for who in absent]
    else:
        day = teller.day(activity.started or activity.start, activity.end)
        data |= {"headcount": teller.dice.randint(0, 90), "date": day}
    return _of(teller, "attendance.recorded", activity, **data, hours=teller.dice.choice((0.5, 2, 2.25, 24)))


def session_planned(teller: Teller) -> Told:
    """Plan a session, one that was planned before too."""
    activity = running(teller)
    session = f"{activity.name}-gang-{teller.dice.randint(0, activity.sessions + 1)}"
    day = teller.day(activity.start, activity.end)
    return _of(teller, "session.planned", activity, session=session, date=day, start="18:30")


def session_cancelled(teller: Teller) -> Told:
    """Cancel a session, one that was recorded too."""
    activity = running(teller)
    session = f"{activity.name}-gang-{teller.dice.randint(0, activity.sessions)}"
    day = teller.day(activity.started or activity.start, activity.end)
    return _of(teller, "session.cancelled", activity, session=session, date=day, reason="Sygdom")


def volunteer_engaged(teller: Teller) -> Told:
    """Engage a volunteer."""
    activity = running(teller)
    data = {"volunteer": teller.pseudonym(), "role": teller.dice.choice(("volunteer", "venture_pilot"))}
    return _of(teller, "volunteer.engaged", activity, **data, date=teller.day(activity.start, activity.end))


def volunteer_left(teller: Teller) -> Told:
    """Let a volunteer go."""
    activity, (volunteer, role), since = _volunteer(teller)
    day = teller.day(since, activity.end)
    return _of(teller, "volunteer.left", activity, volunteer=volunteer, role=role, date=day)


def volunteer_hours(teller: Teller) -> Told:
    """Record a volunteer's hours."""
    activity, (volunteer, _), since = _volunteer(teller)
    day, hours = teller.day(since, activity.end), teller.dice.choice((0.25, 3, 8, 24))
    return _of(teller, "volunteer.hours", activity, volunteer=volunteer, date=day, hours=hours)


def business_founded(teller: Teller) -> Told:
    """Let participants found a micro-business."""
    activity = _with_people(teller, running_only=True)
    members = teller.dice.sample(sorted(activity.stays), min(len(activity.stays), 3))
    day = teller.day(max(activity.stays[who] for who in members), activity.end)
    data = {"business": teller.name("firma"), "name": teller.title(), "members": members, "date": day}
    return _of(teller, "business.founded", activity, **data)


def business_closed(teller: Teller) -> Told:
    """Close a micro-business."""
    activities = teller.world.activities.values()
    activity, business, since = teller.one_of((each, *item) for each in activities for item in each.businesses.items())
    data = {"business": business, "name": teller.title(), "date": teller.day(since, activity.end)}
    return _of(teller, "business.closed", activity, **data)


def outcome_measured(teller: Teller) -> Told:
    """Measure somebody once more, on the one scale that the instrument has; the waves come in pairs."""
    activity = _with_people(teller)
    participant, since = teller.one_of(activity.stays.items())
    keys = (
        (participant, wave, lens, respondent)
        for lens in LENSES[:2]
        for respondent in ("self", "other")
        for wave in ("before", "after", "follow_up")
    )
    _, wave, lens, respondent = teller.one_of([key for key in keys if key not in activity.measured][:1])
    data: Json = {"participant": participant, "wave": wave, "lens": lens, "respondent": respondent}
    data |= {"instrument": f"{teller.world.own}-skala", "score": teller.dice.choice((1, 2.5, 3.75, 5))}
    day = teller.day(since, activity.end)
    return _of(teller, "outcome.measured", activity, **data, scale_min=1, scale_max=5, date=day)


def followup_recorded(teller: Teller) -> Told:
    """Say where somebody is who has left."""
    activities = [each for each in teller.world.activities.values() if each.left]
    if not activities:
        raise First(participant_left(teller))
    activity = teller.one_of(activities)
    participant, since = teller.one_of(activity.left.items())
    data = {"participant": participant, "date": teller.day(since), "months_after": teller.dice.choice((0, 6, 12, 120))}
    return _of(teller, "followup.recorded", activity, **data, status=teller.dice.choice(STATUSES))


def participant_corrected(teller: Teller) -> Told:
    """Say somebody's age or gender anew."""
    activity = _with_people(teller)
    data = {"participant": teller.one_of(sorted(activity.stays)), "gender": teller.dice.choice(("female", "other"))}
    if teller.chance(0.5):
        data["age_band"] = teller.dice.choice(("15-17", "18-24"))
    return Told("participant.corrected", activity.area, data)


def participant_merged(teller: Teller) -> Told:
    """Say that two were one person, or give somebody a new pseudonym."""
    activity = _with_people(teller)
    gone = teller.one_of(sorted(activity.stays))
    others = [name for name in sorted(activity.stays) if name != gone]
    into = teller.pseudonym() if not others or teller.chance(0.3) else teller.one_of(others)
    return Told("participant.merged", activity.area, {"participant": gone, "into": into})


def consent_withdrawn(teller: Teller) -> Told:
    """Forget somebody."""
    activity = _with_people(teller)
    return Told("consent.withdrawn", teller.about(activity), {"participant": teller.one_of(sorted(activity.stays))})


def _with_people(teller: Teller, *, running_only: bool = False) -> Activity:
    activities = teller.world.activities.values()
    found = [each for each in activities if each.stays and (each.runs or not running_only)]
    if not found:
        raise First(participant_enrolled(teller))
    return teller.one_of(found)


def _volunteer(teller: Teller) -> tuple[Activity, tuple[str, str], date]:
    activities = teller.world.activities.values()
    found = [(each, *item) for each in activities for item in each.volunteers.items()]
    if not found:
        raise First(volunteer_engaged(teller))
    return teller.one_of(found)


def _of(teller: Teller, kind: str, activity: Activity, /, **data: object) -> Told:
    return Told(kind, teller.about(activity), {"activity": activity.name, **data})


PEOPLE: Final[Mapping[str, Callable[[Teller], Told]]] = {
    told.__name__.replace("_", "."): told
    for told in (
        participant_enrolled,
        participant_left,
        attendance_recorded,
        session_planned,
        session_cancelled,
        volunteer_engaged,
        volunteer_left,
        volunteer_hours,
        business_founded,
        business_closed,
        outcome_measured,
        followup_recorded,
        participant_corrected,
        participant_merged,
        consent_withdrawn,
    )
}
