"""The life of the demo's activities: planned, started, met, cancelled, ended; their courses and what is founded."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from deploy.demo import change, people, volunteers
from deploy.demo.people import Person, Stay
from deploy.demo.story import Dice, Story, Table, Term, at, first_day_of, session_days, source_of, terms_of

CORRECTED_SHARE: Final = 0.02
CANCELLED_SHARE: Final = 0.025
LEAST_FOUNDERS: Final = 3


def tell_activity(story: Story, area: Table, activity: Table, residents: Sequence[Person]) -> list[date]:
    """Tell the life of one activity in one area, and give the days on which it met."""
    scenario, source = story.scenario, source_of(area)
    slug = f"{area['area']}-{activity['kind']}"
    _tell_plan(story, area, activity, slug)
    terms = terms_of(scenario, area, activity)
    terms = [term for term in terms if session_days(scenario, activity, term)]
    if not terms:
        return []
    days = [day for term in terms for day in session_days(scenario, activity, term)]
    story.tell(source, "activity.started", slug, at(days[0], 8), {"activity": slug, "date": days[0]})
    _tell_courses(story, source, slug, terms)
    stays: list[Stay] = []
    if area["area"] in activity.get("people", {}):
        stays = people.stays_of(scenario, area, activity, residents, terms)
        people.tell_stays(story, source, slug, stays)
        people.tell_follow_ups(story, source, activity, slug, stays)
    dice = Dice(scenario["seed"], slug, "sessions")
    held = [day for day in days if _tell_session(story, area, activity, day, stays, dice)]
    volunteers.tell_volunteers(story, area, activity, slug, [(term, held) for term in terms])
    change.tell_measurements(story, area, activity, slug, stays)
    _tell_businesses(story, area, activity, slug, stays)
    if "ended" in activity:
        data = {"activity": slug, "date": activity["ended"], "reason": activity["reason"]}
        story.tell(source, "activity.ended", slug, at(activity["ended"] + timedelta(4), 14), data)
    return held


def _tell_plan(story: Story, area: Table, activity: Table, slug: str) -> None:
    optional: Table = {key: activity[key] for key in ("fixed", "capacity", "target_group") if key in activity}
    start = first_day_of(area, activity)
    data = {
        "activity": slug,
        "plan": area["plan"],
        "area": area["area"],
        "name": activity["name"],
        "kind": activity["kind"],
        "effort_area": activity["effort_area"],
        "start": start,
        "end": activity["end"],
        **optional,
    }
    said = min(start - timedelta(30), story.scenario["last_day"] - timedelta(21))
    story.tell(source_of(area), "activity.planned", slug, at(said, 11), data)


def _tell_courses(story: Story, source: str, slug: str, terms: Sequence[Term]) -> None:
    for term in terms:
        if term.course is None:
            continue
        opened = {"course": term.course, "activity": slug, "start": term.first, "end": term.last}
        story.tell(source, "course.opened", term.course, at(term.first - timedelta(14), 12), opened)
        if term.last <= story.scenario["last_day"]:
            closed = {"course": term.course, "date": term.last}
            story.tell(source, "course.closed", term.course, at(term.last, 22, 30), closed)


def _tell_session(  # noqa: PLR0913, PLR0917  what one session needs
    story: Story, area: Table, activity: Table, day: date, stays: Sequence[Stay], dice: Dice
) -> bool:
    """Tell who came, how many, or that it was cancelled, and give whether it was held.

    Now and then somebody was forgotten, and the session is told again.
    """
    scenario, source = story.scenario, source_of(area)
    slug = f"{area['area']}-{activity['kind']}"
    session = f"{slug}-{day.isoformat()}"
    data: Table = {"activity": slug, "session": session, "date": day}
    said = at(day + timedelta(1), 8, dice.whole(0, 59))
    cancelled = dice.happens(CANCELLED_SHARE)
    if cancelled or [slug, day] in scenario["cancelled"]:
        data["reason"] = dice.mixed(scenario["cancelling_reasons"])[0]
        story.tell(source, "session.cancelled", session, said, data)
        return False
    factor = scenario["season"][str(day.month)] * _falling(scenario, slug, day)
    heads = activity.get("headcount", {}).get(area["area"])
    if heads and (not stays or dice.happens(activity.get("open_door", 0))):
        data |= {"headcount": max(1, round(dice.whole(*heads) * factor)), "hours": activity["hours"]}
        story.tell(source, "attendance.recorded", f"{session}-1", said, data)
        return True
    present = [stay for stay in stays if stay.covers(day)]
    came = sorted(stay.person.pseudonym for stay in present if dice.happens(min(1.0, stay.turn_up * factor)))
    told = _told_of(session, came)
    if came and dice.happens(CORRECTED_SHARE):
        told = _told_of(session, came[1:])
        again = data | {"participants": came, "hours": activity["hours"]}
        story.tell(source, "attendance.recorded", f"{session}-2", said + timedelta(1, 300), again)
    key, who = told
    story.tell(source, "attendance.recorded", key, said, data | who | {"hours": activity["hours"]})
    return True


def _told_of(session: str, came: Sequence[str]) -> tuple[str, Table]:
    """Give the key of a word on a session, and who came; there is no list of nobody: no head was counted then."""
    return (f"{session}-1", {"participants": came}) if came else (f"{session}-nobody", {"headcount": 0})


def _falling(scenario: Table, slug: str, day: date) -> float:
    """Give which part of an ordinary attendance is left where fewer have come of late."""
    return min((part for name, since, part in scenario["falling"] if name == slug and day >= since), default=1.0)


def _tell_businesses(story: Story, area: Table, activity: Table, slug: str, stays: Sequence[Stay]) -> None:
    """Tell of the micro-business that each course founds, and closes with its last day."""
    for business in activity.get("business", ()):
        if business["area"] != area["area"]:
            continue
        day = business["founded"]
        members = sorted(stay.person.pseudonym for stay in stays if stay.covers(day))
        if len(members) < LEAST_FOUNDERS:
            raise ValueError(f"nobody is there to found {business['business']} on {day}")
        key, source = business["business"], source_of(area)
        data = {"activity": slug, "business": key, "name": business["name"], "members": members, "date": day}
        story.tell(source, "business.founded", key, at(day, 19), data)
        if "closed" in business:
            closed = {"activity": slug, "business": key, "date": business["closed"]}
            story.tell(source, "business.closed", key, at(business["closed"], 19), closed)
