"""Puts the demo's events in other orders that the rules allow: what an event builds on comes before it."""

import heapq
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

Json = dict[str, Any]
COMMITTED: Final = "funding.committed"
BOOKED: Final = "expense.booked"
# Each of these changes what the plan's later bookings are held against.
TURNING_POINTS: Final = (COMMITTED, "budget.", "statement.")


def shuffled(lines: Sequence[bytes], dice: random.Random) -> list[bytes]:
    """Give the lines in a random order that the rules allow."""
    before = _before([json.loads(line) for line in lines])
    followers: dict[int, list[int]] = defaultdict(list)
    for place, others in enumerate(before):
        for other in others:
            followers[other].append(place)
    waits_for = [len(others) for others in before]
    free = [(dice.random(), place) for place, count in enumerate(waits_for) if count == 0]
    heapq.heapify(free)
    order: list[bytes] = []
    while free:
        _, place = heapq.heappop(free)
        order.append(lines[place])
        for other in followers[place]:
            waits_for[other] -= 1
            if waits_for[other] == 0:
                heapq.heappush(free, (dice.random(), other))
    assert len(order) == len(lines)
    return order


def _before(events: Sequence[Json]) -> list[set[int]]:
    """Give for each event the places of those that have to come before it; all of them do in the file."""
    made: dict[str, list[int]] = defaultdict(list)
    plans = {event["data"]["commitment"]: event["data"]["plan"] for event in events if _name(event) == COMMITTED}
    plans |= {event["data"]["expense"]: event["data"]["plan"] for event in events if _name(event) == BOOKED}
    before: list[set[int]] = []
    for place, event in enumerate(events):
        name, data = _name(event), event["data"]
        kept = [*_keeps(name, data)]
        needs, makes = [*_needs(name, data), *kept], [*_makes(name, data), *kept]
        if name.startswith(("funding.", "budget.", "expense.", "statement.")):
            plan = data.get("plan") or plans[data.get("commitment") or data["expense"]]
            turns = name.startswith(TURNING_POINTS)
            needs.append(f"money of {plan}" if turns else f"turn of {plan}")
            makes += [f"money of {plan}", *([f"turn of {plan}"] if turns else [])]
        before.append({other for wanted in needs for other in made[wanted]})
        for made_name in makes:
            made[made_name].append(place)
    return before


def _name(event: Json) -> str:
    return str(event["type"]).removeprefix("dk.helhedsnet.").removesuffix(".v1")


# By the first word of an event's name: what its data names that the words on it keep their order for.
KEPT: Final[dict[str, tuple[str, ...]]] = {
    # Room in an activity may be short: who leaves makes room for who joins.
    "participant": ("activity",),
    "attendance": ("session",),
    "session": ("session",),
    "goal": ("plan", "goal"),
    "milestone": ("plan", "milestone"),
    "partner": ("plan", "organisation", "role"),
    "mentor": ("activity", "organisation"),
    "volunteer": ("activity", "volunteer"),
    "business": ("business",),
    "story": ("story",),
    "funding": ("commitment",),
    "expense": ("expense",),
}


def _keeps(name: str, data: Json) -> Iterator[str]:
    """Name what an event has to keep its order in, where there is such a thing."""
    if name.partition(".")[0] in KEPT:
        yield "words on " + " ".join(f"{kind} {data[kind]}" for kind in KEPT[name.partition(".")[0]])


def _makes(name: str, data: Json) -> Iterator[str]:
    """Name what an event brings about."""
    match name:
        case "area.registered":
            yield f"area {data['area']}"
        case "organisation.registered":
            yield f"organisation {data['organisation']}"
        case "plan.approved":
            yield f"plan {data['plan']}"
        case "activity.planned" | "activity.started":
            yield f"activity {data['activity']}"
        case "course.opened":
            yield f"course {data['course']}"
        case "participant.enrolled" | "participant.left":
            yield f"participant {data['activity']} {data['participant']}"
        case "practice.shared":
            yield f"practice {data['activity']}"


def _needs(name: str, data: Json) -> Iterator[str]:
    """Name what has to be there before an event."""
    kinds = ("plan", "organisation", "activity", "course")
    yield from (f"{kind} {data[kind]}" for kind in kinds if kind in data)
    if name == "plan.approved":
        yield from (f"area {area}" for area in data["areas"])
    if name == "practice.adopted":
        yield f"practice {data['source_activity']}"
    people = [*data.get("participants", ()), *data.get("members", ())]
    yield from (f"participant {data['activity']} {person}" for person in people)
    if name in {"outcome.measured", "followup.recorded"}:
        yield f"participant {data['activity']} {data['participant']}"
