"""What is posted during a run: lanes of batches, one for each area and owner, made from the seed. Owns no answer.

A lane is in order and knows nothing of the others, except that funding's waits for what the registry's says. It holds
what is hard to keep right: people who come and withdraw their consent, corrections, money that is shared and reversed,
years that are locked.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from shared.events.envelope import Owner
from tests.support import builders
from tests.support.builders import Json

LARGEST_BATCH: Final = 25
FUNDERS: Final = (("landsbyggefonden", 75), ("municipality", 15), ("housing_organisation", 10))
AGREED_ORE: Final = 4_000_000_000_000
LINES: Final = ("wages", "activities", "administration")
ACTIVITIES: Final = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one owner that are posted together."""

    owner: Owner
    events: tuple[Json, ...]


def lanes(seed: int, areas: int) -> list[Iterator[Batch]]:
    """Give the lanes, each without end."""
    return [
        _batches(owner, numbered(events(number, random.Random(f"{seed} {owner} {number}")), f"{owner}-{number}"), seed)
        for number in range(areas)
        for owner, events in (("registry", _registry), ("funding", _funding))
    ]


def numbered(events: Iterator[Json], lane: str) -> Iterator[Json]:
    """Give each event an id that is the same in every run of a seed."""
    for number, event in enumerate(events):
        yield {**event, "id": f"{lane}-{number}"}


def _batches(owner: Any, events: Iterator[Json], seed: int) -> Iterator[Batch]:  # noqa: ANN401  an owner's name
    sizes = random.Random(f"{seed} sizes {owner}")
    while True:
        size = sizes.choice((1, 1, 1, 2, 5, LARGEST_BATCH))
        yield Batch(owner, tuple(itertools.islice(events, size)))


def _registry(number: int, dice: random.Random) -> Iterator[Json]:
    """Tell an area's year: who comes, who leaves, what is corrected and withdrawn."""
    area, plan = f"area-{number}", f"plan-{number}"
    yield builders.an_area(area)
    yield builders.a_plan(plan, areas=[area])
    activities = [f"activity-{number}-{place}" for place in range(ACTIVITIES)]
    for activity in activities:
        yield builders.an_activity(activity, plan=plan, area=area)
        yield builders.a_start(activity, area=area)
    enrolled: dict[str, list[str]] = {activity: [] for activity in activities}
    numbers = itertools.count(1)
    while True:
        activity = dice.choice(activities)
        yield from _happening(next(numbers), area, activity, enrolled[activity], dice)


def _happening(number: int, area: str, activity: str, enrolled: list[str], dice: random.Random) -> Iterator[Json]:
    day = f"2025-{10 + number % 3:02}-{1 + number % 28:02}"
    source = f"/areas/{area}"
    # A pseudonym belongs to one activity, so that a withdrawal in one lane cannot reach into another.
    kind = dice.choices(
        ("enrol", "named", "counted", "corrected", "cancelled", "left", "withdrawn", "story"),
        (4, 6, 6, 2, 1, 1, 0.3, 0.5),
    )[0]
    session = f"{activity}-session-{number}"
    if kind == "enrol" or not enrolled:
        participant = builders.person(f"{activity}/{number}")
        enrolled.append(participant)
        yield builders.an_enrolment(participant, activity, area=area, date="2025-09-10")
    elif kind == "named":
        came = sorted(dice.sample(enrolled, min(len(enrolled), dice.randint(1, 11))))
        yield builders.an_attendance(session, activity, area=area, date=day, participants=came, hours=2)
    elif kind in {"counted", "corrected"}:
        for headcount in (7, 9)[: 1 + (kind == "corrected")]:
            yield builders.an_attendance(session, activity, area=area, date=day, headcount=headcount, hours=1)
    elif kind == "cancelled":
        data = {"activity": activity, "session": session, "date": day, "reason": "Sygdom"}
        yield builders.an_event("session.cancelled", data, source=source)
    elif kind == "left":
        gone = enrolled.pop(dice.randrange(len(enrolled)))
        data = {"activity": activity, "participant": gone, "date": "2026-01-31", "reason": "moved"}
        yield builders.an_event("participant.left", data, source=source)
    elif kind == "withdrawn":
        gone = enrolled.pop(dice.randrange(len(enrolled)))
        yield builders.an_event("consent.withdrawn", {"participant": gone}, source=source)
    else:
        yield from _story(f"story-{session}", area, source, withdrawn=dice.random() < 0.5)


def _story(story: str, area: str, source: str, *, withdrawn: bool) -> Iterator[Json]:
    data = {"story": story, "area": area, "title": "Et trykkeri", "text": "Fire drenge trykker skilte."}
    consent = {"reference": "Samtykke 17", "guardian": True}
    yield builders.an_event("story.published", {**data, "consent": consent}, source=source)
    if withdrawn:
        yield builders.an_event("story.withdrawn", {"story": story}, source=source)


def _funding(number: int, dice: random.Random) -> Iterator[Json]:
    """Tell a plan's money: promised, paid, spent, reversed."""
    area, plan = f"area-{number}", f"plan-{number}"
    for kind, percent in FUNDERS:
        commitment = f"commitment-{number}-{kind}".replace("_", "-")
        amount_ore = AGREED_ORE * percent // 100
        promise = {"plan": plan, "funder": kind.replace("_", "-"), "funder_kind": kind}
        yield builders.a_commitment(commitment, amount_ore=amount_ore, date="2025-07-01", **promise)
        paid = {"commitment": commitment, "amount_ore": amount_ore // 2, "date": "2025-08-01"}
        if kind != "landsbyggefonden":
            yield builders.an_event("funding.released", paid)
        yield builders.an_event("funding.received", {**paid, "receipt": f"receipt-{commitment}"})
    source = f"/areas/{area}"
    for spent in itertools.count(1):
        expense = f"expense-{number}-{spent}"
        concerns = {
            "plan": plan,
            "area": area,
            "line": dice.choice(LINES),
            "amount_ore": 10_001 + dice.randrange(9_973),
        }
        yield {**builders.an_expense(expense, voucher=f"Bilag {spent}", **concerns), "source": source}
        if dice.random() < 0.1:
            data = {"expense": expense, "reversal": f"{expense}-back", "date": "2025-12-01", "reason": "Forkert linje"}
            yield builders.an_event("expense.reversed", data, source=source)
