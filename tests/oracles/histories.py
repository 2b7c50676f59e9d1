"""Random histories for reporting, as log entries of the two services that it follows.

They are well formed and consistent, in the order in which their owners would log them; whether every rule of the
registry would let them pass is no matter here.
"""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final

from shared import money
from shared.backbone.event_log import Entry
from tests.support.builders import Json, an_event

AREAS: Final = ("urbanplanen", "gellerupparken")
SHARED_PLAN: Final = "plan-shared"
EFFORT_AREAS: Final = ("beskaeftigelse", "uddannelse-og-livschancer")
FIRST_DAY: Final = dt.date(2025, 8, 1)
# The last is in no budget.
LINES: Final = ("wages", "rent", "other")
KINDS: Final = ("landsbyggefonden", "municipality", "housing_organisation")

Logs = dict[str, list[Entry]]
Told = Iterator[tuple[Json, Json | None]]


def history(chance: random.Random) -> Logs:
    """Make the logs of the registry and of funding."""
    return {
        "registry": _numbered(_registry(chance)),
        "funding": _numbered(_funding(chance)),
    }


def _numbered(told: Told) -> list[Entry]:
    return [
        Entry(
            {
                "sequence": sequence,
                "recorded": f"2026-07-01T00:00:{sequence % 60:02}+00:00",
                "event": event,
                "outcome": outcome,
            }
        )
        for sequence, (event, outcome) in enumerate(told, start=1)
    ]


def _registry(chance: random.Random) -> Told:
    effort_areas = [{"effort_area": name, "name": name.capitalize()} for name in EFFORT_AREAS]
    pool = {"pool": "2019-26", "name": "2019-26", "start": "2019-01-01", "end": "2026-12-31"}
    for _ in range(chance.randint(1, 2)):
        crossing = {"effort_area": chance.choice(EFFORT_AREAS), "other_pool": "2015-18", "other_effort_area": "tryghed"}
        known = {"crosswalk": [crossing]} if chance.random() < 0.7 else {}
        yield an_event("pool.defined", {**pool, "effort_areas": effort_areas, **known}), None
    for name in chance.sample(("Somebody", "Another name"), k=chance.randint(0, 2)):
        yield an_event("organisation.registered", {"organisation": "somebody", "name": name, "kind": "company"}), None
    for area in AREAS:
        for name in chance.sample((area, area.upper(), area.capitalize()), k=chance.randint(1, 2)):
            yield an_event("area.registered", {"area": area, "name": name, "municipality": "Aarhus Kommune"}), None
        data = {"plan": f"plan-{area}", "name": area, "pool": "2019-26", "areas": [area], "approval_reference": "1"}
        yield an_event("plan.approved", {**data, "start": f"{FIRST_DAY}", "end": "2029-07-31"}), None
        if chance.random() < 0.3:
            yield (
                an_event("plan.extended", {"plan": f"plan-{area}", "end": "2030-07-31", "approval_reference": "2"}),
                None,
            )
        yield from _milestones(chance, f"plan-{area}", area)
        yield from _goals(chance, f"plan-{area}", area)
        yield from _partners(chance, f"plan-{area}", area)
        if chance.random() < 0.2:
            yield an_event("plan.closed", {"plan": f"plan-{area}", "date": f"{_day(chance, 300, 500)}"}), None
        yield from _stories(chance, area)
    yield from _shared_plan(chance)
    for number in range(chance.randint(1, 4)):
        yield from _activity(chance, f"activity-{number}", chance.choice(AREAS))


def _shared_plan(chance: random.Random) -> Told:
    """One area has a plan approved for both; the other may consent, and the network may have done so for it."""
    proposing, invited = chance.sample(AREAS, k=2)
    data = {"plan": SHARED_PLAN, "name": "Fælles", "pool": "2019-26", "areas": list(AREAS), "approval_reference": "1"}
    approved = an_event("plan.approved", {**data, "start": f"{FIRST_DAY}", "end": "2029-07-31"})
    yield approved, chance.choice((None, {"invited": [invited]}, {"invited": [invited]}))
    if chance.random() < 0.5:
        consent = {"plan": SHARED_PLAN, "area": invited}
        yield an_event("plan.consented", consent, source=f"/areas/{invited}"), None
    yield from _goals(chance, SHARED_PLAN, proposing)


def _milestones(chance: random.Random, plan: str, area: str) -> Told:
    for number in range(chance.randint(0, 3)):
        data = {"plan": plan, "milestone": f"{area}-{number}", "title": "x"}
        for _ in range(chance.randint(1, 2)):
            due = {"due": f"{_day(chance, 0, 500)}"}
            yield an_event("milestone.planned", {**data, **due}, source=f"/areas/{area}"), None
        if chance.random() < 0.5:
            reached = {"plan": plan, "milestone": f"{area}-{number}", "date": f"{_day(chance, 0, 500)}"}
            yield an_event("milestone.reached", reached, source=f"/areas/{area}"), None


def _goals(chance: random.Random, plan: str, area: str) -> Told:
    for number in range(chance.randint(0, 2)):
        named = {"plan": plan, "goal": f"{area}-{number}"}
        for _ in range(chance.randint(1, 2)):
            figures = {"baseline": chance.choice((1, 2.5)), "target": chance.randint(1, 100)}
            wanted = {**named, "effort_area": chance.choice(EFFORT_AREAS), "title": "x", **figures}
            yield an_event("goal.set", wanted, source=f"/areas/{area}"), None
        for _ in range(chance.randint(0, 3)):
            attainment = chance.choice(("reached", "partly", "not_reached"))
            said = {**named, "year": chance.choice((2025, 2026)), "attainment": attainment}
            yield an_event("goal.assessed", said, source=f"/areas/{area}"), None


def _partners(chance: random.Random, plan: str, area: str) -> Told:
    for role in chance.sample(("applicant", "funder"), k=chance.randint(0, 2)):
        named = {"plan": plan, "organisation": "somebody", "role": role}
        day = chance.randint(0, 200)
        for number in range(chance.randint(1, 4)):
            word = "left" if number % 2 else "joined"
            day += chance.randint(0, 60)
            said = {**named, "date": f"{FIRST_DAY + dt.timedelta(days=day)}"}
            yield an_event(f"partner.{word}", said, source=f"/areas/{area}"), None


def _stories(chance: random.Random, area: str) -> Told:
    for number in range(chance.randint(0, 3)):
        data = {"story": f"{area}-{number}", "area": area, "title": "x", "text": "y"}
        about = {"activity": f"activity-{number}"} if chance.random() < 0.5 else {}
        consent = {"consent": {"reference": "s", "guardian": False}}
        story = an_event("story.published", {**data, **about, **consent}, source=f"/areas/{area}")
        yield {**story, "time": f"{_day(chance, 0, 500)}T12:00:00Z"}, None
        if chance.random() < 0.3:
            yield an_event("story.withdrawn", {"story": f"{area}-{number}"}, source=f"/areas/{area}"), None


def _activity(chance: random.Random, activity: str, area: str) -> Told:
    def said(event: str, /, **data: Any) -> tuple[Json, None]:
        return an_event(event, {"activity": activity, **data}, source=f"/areas/{area}"), None

    effort_area = chance.choice(EFFORT_AREAS)
    planned = {"plan": f"plan-{area}", "area": area, "name": activity, "kind": "club", "effort_area": effort_area}
    yield said("activity.planned", **planned, start=f"{FIRST_DAY}", end="2026-12-31")
    if chance.random() < 0.1:
        return
    started = _day(chance, 0, 100)
    yield said("activity.started", date=f"{started}")
    # The same few people everywhere in an area, so that some are in several of its activities.
    people = [f"{area}-{number}" for number in chance.sample(range(9), k=chance.randint(0, 9))]
    for person in people:
        enrolled = f"{_day(chance, 100, 250)}"
        consent = {"reference": "s", "guardian": True}
        who: Json = {"participant": person, **_trait(chance)}
        yield said("participant.enrolled", **who, date=enrolled, consent=consent)
    yield from _comings_and_goings(chance, activity, area, people)
    yield from _sessions(chance, activity, area, people)
    if chance.random() < 0.5:
        yield said("activity.ended", date=f"{_day(chance, 250, 500)}")
        if chance.random() < 0.3:
            yield said("activity.started", date=f"{_day(chance, 400, 500)}", reason="resumed")
    if chance.random() < 0.3:
        yield said("activity.anchored", organisation="somebody", **{"from": "2030-01-01"})
    if chance.random() < 0.5:
        yield said("practice.shared", summary="x", what_works="y")


def _trait(chance: random.Random) -> Json:
    """Give an age band, and sometimes a gender: what is said of one person may be something else the next time."""
    gender = chance.choice(("female", "male", "other", None))
    return {"age_band": chance.choice(("10-12", "13-14", "15-17"))} | ({"gender": gender} if gender else {})


def _sessions(chance: random.Random, activity: str, area: str, people: list[str]) -> Told:
    def said(event: str, /, **data: Any) -> tuple[Json, None]:
        return an_event(event, {"activity": activity, **data}, source=f"/areas/{area}"), None

    for _ in range(chance.randint(0, 12)):
        # Few names for many records: some replace others, also with another day or in another way of counting.
        session, held = f"session-{chance.randint(1, 6)}", f"{_day(chance, 100, 500)}"
        hours = {"hours": chance.choice((0.25, 1, 1.5, 2.75))} if chance.random() < 0.8 else {}
        if chance.random() < 0.2:
            yield said("session.planned", session=session, date=held, start="18:30", **hours)
        if chance.random() < 0.15:
            yield said("session.cancelled", session=session, date=held)
        elif people and chance.random() < 0.7:
            came = chance.sample(people, k=chance.randint(0, len(people)))
            beside: dict[str, Any] = {"guests": chance.randint(0, 9)} if chance.random() < 0.3 else {}
            absent = [{"participant": who} for who in people if who not in came]
            if absent and chance.random() < 0.3:
                beside["absent"] = absent
            yield said("attendance.recorded", session=session, date=held, participants=came, **beside, **hours)
        else:
            yield said("attendance.recorded", session=session, date=held, headcount=chance.randint(0, 30), **hours)


def _comings_and_goings(chance: random.Random, activity: str, area: str, people: list[str]) -> Told:
    """Courses, second enrolments, departures, volunteers, mentors, businesses and scores of one activity."""

    def said(event: str, /, **data: Any) -> tuple[Json, None]:
        return an_event(event, data, source=f"/areas/{area}"), None

    course = f"{activity}-course"
    if chance.random() < 0.5:
        yield said(
            "course.opened", course=course, activity=activity, start=f"{_day(chance, 90, 120)}", end="2026-05-31"
        )
    consent = {"reference": "s", "guardian": True}
    for person in people:
        who: Json = {"activity": activity, "participant": person}
        if chance.random() < 0.3:
            yield said("participant.left", **who, date=f"{_day(chance, 250, 350)}", reason="job")
            for months_after in chance.sample((3, 6, 12), k=chance.randint(0, 2)):
                after = {"date": f"{_day(chance, 300, 500)}", "months_after": months_after}
                yield said("followup.recorded", **who, **after, status=chance.choice(("job", "education", "unknown")))
            if chance.random() < 0.5:
                again = f"{_day(chance, 350, 450)}"
                trait = _trait(chance)
                yield said("participant.enrolled", **who, **trait, date=again, consent=consent, course=course)
    if chance.random() < 0.3:
        yield said("course.closed", course=course, date=f"{_day(chance, 250, 500)}")
    yield from _who_helps(chance, activity, area)
    if people and chance.random() < 0.5:
        named: Json = {"activity": activity, "business": f"{activity}-business"}
        yield said("business.founded", **named, name="x", members=people[:2], date=f"{_day(chance, 90, 200)}")
        if chance.random() < 0.5:
            yield said("business.closed", **named, date=f"{_day(chance, 200, 400)}")
    yield from _scores(chance, activity, area, people)


def _who_helps(chance: random.Random, activity: str, area: str) -> Told:
    def said(event: str, /, **data: Any) -> tuple[Json, None]:
        return an_event(event, data, source=f"/areas/{area}"), None

    for kind, field, some in (("volunteer", "volunteer", 4), ("mentor", "organisation", 2)):
        for number in range(chance.randint(0, some)):
            named: Json = {"activity": activity, field: f"{field}-{number}"}
            role = {"role": "volunteer"} if kind == "volunteer" else {}
            yield said(f"{kind}.engaged", **named, **role, date=f"{_day(chance, 90, 200)}")
            if kind == "volunteer" and chance.random() < 0.7:
                yield said(
                    "volunteer.hours", **named, date=f"{_day(chance, 200, 400)}", hours=chance.choice((0.5, 2, 7))
                )
            if chance.random() < 0.4:
                over = "volunteer.left" if kind == "volunteer" else "mentor.released"
                yield said(over, **named, **role, date=f"{_day(chance, 200, 450)}")


def _scores(chance: random.Random, activity: str, area: str, people: list[str]) -> Told:
    for person in people:
        for wave, first, last in (("before", 90, 200), ("after", 200, 400)):
            if chance.random() < 0.8:
                scale = (
                    {"scale_min": 0, "scale_max": 10} if activity == "activity-0" else {"scale_min": 1, "scale_max": 5}
                )
                data = {"activity": activity, "participant": person, "instrument": f"{activity}-scale", "wave": wave}
                data |= {"lens": "self_perception", "respondent": "self", "date": f"{_day(chance, first, last)}"}
                score = chance.randint(scale["scale_min"], scale["scale_max"])
                yield an_event("outcome.measured", {**data, **scale, "score": score}, source=f"/areas/{area}"), None


def _funding(chance: random.Random) -> Told:
    for area in AREAS:
        for state in ("submitted", "returned", "submitted", "accepted")[: chance.randint(0, 4)]:
            yield an_event(f"statement.{state}", {"plan": f"plan-{area}", "year": 2025}), None
        weights: dict[str, int] = {}
        for kind in chance.sample(KINDS, k=chance.randint(1, 3)):
            commitment, amount_ore = f"{area}-{kind}", chance.randint(1_000, 9_000_000)
            weights[commitment] = amount_ore
            data = {"commitment": commitment, "plan": f"plan-{area}", "funder": kind, "funder_kind": kind}
            said = {**data, "amount_ore": amount_ore, "reference": "1", "date": f"{_day(chance, -60, 60)}"}
            is_the_networks = chance.random() < 0.3
            yield an_event("funding.committed", said), {"confirmed": True} if is_the_networks else None
            if not is_the_networks and chance.random() < 0.5:
                confirmed = {"commitment": commitment, "amount_ore": amount_ore, "date": f"{_day(chance, 0, 400)}"}
                yield an_event("funding.confirmed", confirmed), None
        for number in range(chance.randint(0, 8)):
            commitment, amount_ore = chance.choice(sorted(weights)), chance.randint(1, 1_000)
            moved: Json = {"commitment": commitment, "amount_ore": amount_ore, "date": f"{_day(chance, 0, 400)}"}
            if chance.random() < 0.5:
                yield an_event("funding.released", moved), None
            else:
                outcome = chance.choice((None, {"released_ore": chance.randint(1, amount_ore)}))
                yield an_event("funding.received", {**moved, "receipt": f"{area}-{number}"}), outcome
        yield from _holding_back(chance, sorted(weights))
        yield from _budget(chance, f"plan-{area}")
        yield from _expenses(chance, area, weights)


def _expenses(chance: random.Random, area: str, weights: dict[str, int]) -> Told:
    for number in range(chance.randint(0, 8)):
        amount_ore = chance.randint(1, 100_000)
        spent = {"expense": f"{area}-{number}", "plan": f"plan-{area}", "area": area}
        spent["line"] = chance.choice(LINES)
        if chance.random() < 0.5:
            spent["activity"] = f"activity-{chance.randint(0, 3)}"
        booked = {"amount_ore": amount_ore, "incurred_on": f"{_day(chance, 0, 400)}", "voucher": "1", "text": "x"}
        shares = {name: share for name, share in money.split(amount_ore, weights).items() if share}
        event = an_event("expense.booked", {**spent, **booked}, source=f"/areas/{area}")
        yield event, {"shares": shares}
        if chance.random() < 0.4:
            back = {"expense": spent["expense"], "reversal": f"back-{area}-{number}", "reason": "x"}
            yield (
                an_event("expense.reversed", {**back, "date": f"{_day(chance, 0, 400)}"}, source=f"/areas/{area}"),
                # Where the year is locked, the ledger books it under another day than the sender names.
                {
                    "plan": spent["plan"],
                    "line": spent["line"],
                    "booked_on": f"{_day(chance, 0, 400)}",
                    "shares": {name: -share for name, share in shares.items()},
                },
            )


def _holding_back(chance: random.Random, commitments: list[str]) -> Told:
    day = chance.randint(0, 200)
    commitment = chance.choice(commitments)
    for number in range(chance.randint(0, 3)):
        day += chance.randint(0, 60)
        said = {"commitment": commitment, "date": f"{FIRST_DAY + dt.timedelta(days=day)}", "reason": f"{number}"}
        yield an_event("funding.resumed" if number % 2 else "funding.withheld", said), None


def _budget(chance: random.Random, plan: str) -> Told:
    """A budget, approved perhaps twice, and money that moves in it; what it changes is in the outcome."""
    if chance.random() < 0.3:
        return
    costs = {"cost_type": "wages", "effort_area": EFFORT_AREAS[0]}
    stands: dict[str, int] = {}
    for version in range(chance.randint(1, 2)):
        lines: list[Json] = [
            {"line": line, **costs, "year": 2025, "amount_ore": chance.randint(1, 9_999)} for line in LINES[:2]
        ]
        changes = {line["line"]: line["amount_ore"] - stands.get(line["line"], 0) for line in lines}
        stands = {line["line"]: line["amount_ore"] for line in lines}
        event = an_event("budget.approved", {"plan": plan, "lines": lines, "approval_reference": f"{version}"})
        yield event, {"version": 2 * version + 1, "changes": {line: ore for line, ore in changes.items() if ore}}
        moved = [{"line": LINES[0], "amount_ore": -1}, {"line": LINES[1], "amount_ore": 1}]
        said = {"plan": plan, "kind": "reallocation", "changes": moved, "approval_reference": "r"}
        yield an_event("budget.revised", said), {"version": 2 * version + 2, "changes": {LINES[0]: -1, LINES[1]: 1}}
        stands = {LINES[0]: stands[LINES[0]] - 1, LINES[1]: stands[LINES[1]] + 1}


def _day(chance: random.Random, first: int, last: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=chance.randint(first, last))
