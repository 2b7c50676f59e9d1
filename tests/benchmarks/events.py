"""What the benchmarks post: a network of areas with running activities, and sessions and expenses for them."""

import itertools
from collections.abc import Iterator
from typing import Final

import orjson

from shared.events.catalogue import MAX_EVENTS
from tests.benchmarks.load import ANSWER_SECONDS, drive, post
from tests.benchmarks.system import System
from tests.support import builders
from tests.support.builders import Json

AREAS: Final = 2
ACTIVITIES: Final = 20
# The size of a group in Mind Your Own Business.
NAMES: Final = 11
HOURS: Final = 2
# Landsbyggefonden last: a plan that has started takes its share only beside what the others promised.
FUNDERS: Final = (("municipality", 15), ("housing_organisation", 10), ("landsbyggefonden", 75))
AGREED_ORE: Final = 4_000_000_000_000
LINES: Final = ("wages", "activities", "administration", "evaluation")
BATCH: Final = 500

_numbers = itertools.count(1)


def area(number: int, areas: int = AREAS) -> str:
    """Name an area."""
    return f"area-{number % areas}"


def plan(number: int, areas: int = AREAS) -> str:
    """Name the plan of an area."""
    return f"posted-plan-{number % areas}"


def network(areas: int = AREAS, activities: int = ACTIVITIES) -> list[Json]:
    """Give what sessions need: areas, plans, running activities and who is enrolled in them."""
    events: list[Json] = []
    for number in range(areas):
        events.append(builders.an_area(area(number, areas)))
        events.append(builders.a_plan(plan(number, areas), areas=[area(number, areas)]))
    for number in range(activities):
        name, own = f"activity-{number}", area(number, areas)
        events.append(builders.an_activity(name, plan=plan(number, areas), area=own))
        events.append(builders.a_start(name, area=own))
        events.extend(builders.an_enrolment(_pseudonym(number, place), name, area=own) for place in range(NAMES))
    return events


def financing(areas: int = AREAS) -> list[Json]:
    """Give what expenses need: three funders for each plan, and all that they promised paid in."""
    events: list[Json] = []
    for number in range(areas):
        for kind, percent in FUNDERS:
            name = f"posted-{number}-{kind}".replace("_", "-")
            amount_ore = AGREED_ORE * percent // 100
            promise = {"plan": plan(number, areas), "funder": kind.replace("_", "-"), "funder_kind": kind}
            events.append(builders.a_commitment(name, amount_ore=amount_ore, date="2025-07-01", **promise))
            paid = {"commitment": name, "amount_ore": amount_ore, "date": "2025-08-01"}
            if kind != "landsbyggefonden":
                events.append(builders.an_event("funding.released", paid))
            events.append(builders.an_event("funding.received", {**paid, "receipt": f"receipt-{name}"}))
    return events


def sessions(*, named: bool, areas: int = AREAS, activities: int = ACTIVITIES) -> Iterator[Json]:
    """Give sessions without end, each with eleven names or a headcount."""
    for number in _numbers:
        activity = number % activities
        came = {"participants": [_pseudonym(activity, place) for place in range(NAMES)]} if named else {}
        day = f"2025-{9 + number % 4:02}-{10 + number % 20:02}"
        yield builders.an_attendance(
            f"session-{number}", f"activity-{activity}", area=area(activity, areas), date=day, hours=HOURS, **came
        )


def expenses(areas: int = AREAS, *, in_a_row: int = 1) -> Iterator[Json]:
    """Give expenses without end, shared over three funders each; so many of an area come before the next one's."""
    for place, number in enumerate(_numbers):
        own = place // in_a_row
        concerns = {"plan": plan(own, areas), "area": area(own, areas), "line": LINES[number % len(LINES)]}
        event = builders.an_expense(
            f"expense-{number}", amount_ore=10_000 + number % 9_973, voucher=f"Bilag nr. {number}", **concerns
        )
        yield {**event, "source": f"/areas/{area(own, areas)}"}


def batches(events: Iterator[Json], count: int, size: int = BATCH) -> list[list[Json]]:
    """Take batches off events without end."""
    return [list(itertools.islice(events, size)) for _ in range(count)]


async def post_all(system: System, owner: str, events: list[Json], *, within_seconds: float = ANSWER_SECONDS) -> str:
    """Post events in few large batches, and give the cursor after them."""
    token = system.token("admin")
    bodies = [builders.body(events[first : first + MAX_EVENTS]) for first in range(0, len(events), MAX_EVENTS)]
    requests = [post(f"/{owner}/events", token, body) for body in bodies]
    driven = await drive(system.ports[owner], requests, 1, within_seconds=within_seconds)
    driven.must_be(201)
    cursor: str = orjson.loads(driven.answers[-1].body)["cursor"]
    return cursor


def _pseudonym(activity: int, place: int) -> str:
    return builders.person(f"at-{activity}/{place}")
