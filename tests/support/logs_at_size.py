"""The logs of a network of any number of events over four years: the same network however many events there are.

Owns no rule; the events are valid ones, written as text because there are millions of them.
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import asyncpg
import orjson

from tests.support import builders as b
from tests.support.builders import Json
from tests.support.filling import COLUMNS, Line, chained, end_with_the_last

PEOPLE: Final = 10
FIRST_DAY: Final = dt.date(2021, 8, 1)
DAYS: Final = 4 * 365
FUNDERS: Final = ("landsbyggefonden", "municipality", "housing_organisation")
# Of twenty facts, one is an expense: those are funding's.
EXPENSE_EVERY: Final = 20
COPIED_AT_ONCE: Final = 100_000

# Source, type, time, id, body and outcome.
Told = tuple[str, str, str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Network:
    """How large a network is; its activities are spread evenly over its areas, with ten people in each."""

    areas: int
    activities: int

    def events(self, facts: int) -> int:
        """Give how many events both logs hold, with so many facts."""
        return facts + sum(1 for _ in itertools.chain(_network(self), _financing(self)))


TWELVE_AREAS: Final = Network(areas=12, activities=120)


async def fill(url: str, owner: str, count: int, network: Network = TWELVE_AREAS) -> int:
    """Write an owner's log of a network of `count` events in both logs, into an empty one; give its head."""
    connection = await asyncpg.connect(url, command_timeout=3_600)
    try:
        # An index is built faster than it is kept.
        await connection.execute("ALTER TABLE event_log DROP CONSTRAINT event_log_identity")
        rows = chained(lines(owner, count, network))
        while chunk := list(itertools.islice(rows, COPIED_AT_ONCE)):
            await connection.copy_records_to_table("event_log", records=chunk, columns=COLUMNS)
        await connection.execute("ALTER TABLE event_log ADD CONSTRAINT event_log_identity UNIQUE (source, id)")
        head = await end_with_the_last(connection)
        await connection.execute("VACUUM ANALYZE event_log")
    finally:
        await connection.close()
    return head


async def come(url: str, name: str, sequence: int) -> None:
    """Note in a service's database how far its relay or a consumer has come."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("INSERT INTO position (name, sequence) VALUES ($1, $2)", name, sequence)
    finally:
        await connection.close()


def sessions(facts: int) -> int:
    """Give how many of so many facts are sessions that were held."""
    return sum(number % EXPENSE_EVERY != 0 and number % 10 < 8 for number in range(facts))


def lines(owner: str, count: int, network: Network = TWELVE_AREAS) -> Iterator[Line]:
    """Give the lines of an owner's log, numbered from 1."""
    facts = max(0, count - network.events(0))
    told: tuple[Iterator[Json], Iterator[Told]] = (
        (_network(network), _registry_facts(network, facts))
        if owner == "registry"
        else (_financing(network), _expenses(network, facts))
    )
    for sequence, (source, name, time, identifier, body, outcome) in enumerate(
        itertools.chain(map(_written, told[0]), told[1]), start=1
    ):
        recorded = dt.datetime.fromisoformat(time)
        yield sequence, source, identifier, name, recorded, hashlib.sha256(body.encode()).digest(), body, outcome


def _written(event: Json) -> Told:
    return event["source"], event["type"], event["time"], event["id"], orjson.dumps(event).decode(), None


def _network(network: Network) -> Iterator[Json]:
    """Give what the facts are about: areas, plans, activities, and who is in them."""
    for number in range(network.areas):
        plan, area = {"plan": f"plan-{number}"}, f"area-{number}"
        yield b.an_area(area)
        yield b.a_plan(**plan, areas=[area], start=f"{FIRST_DAY}", end="2025-07-31")
        for place in range(4):
            milestone = {**plan, "milestone": f"milestone-{number}-{place}", "title": "x"}
            yield b.an_event("milestone.planned", {**milestone, "due": f"202{2 + place}-06-01"})
    for number in range(network.activities):
        yield from _activity(number, number % network.areas)


def _activity(number: int, place_of_area: int) -> Iterator[Json]:
    name, area = f"activity-{number}", f"area-{place_of_area}"
    effort_area = ("beskaeftigelse", "uddannelse-og-livschancer")[number % 2]
    days = {"start": f"{FIRST_DAY}", "end": "2025-07-31"}
    yield b.an_activity(name, plan=f"plan-{place_of_area}", area=area, effort_area=effort_area, **days)
    yield b.a_start(name, area=area, date=f"{FIRST_DAY}")
    volunteer = b.person(f"volunteer-{number}")
    engaged = {"activity": name, "volunteer": volunteer, "role": "volunteer", "date": f"{FIRST_DAY}"}
    yield b.an_event("volunteer.engaged", engaged, source=f"/areas/{area}")
    for place in range(PEOPLE):
        person = _pseudonym(number, place)
        joined = FIRST_DAY + dt.timedelta(days=(number * PEOPLE + place) * 7 % (DAYS // 2))
        yield b.an_enrolment(person, name, area=area, date=f"{joined}")
        score = {"activity": name, "participant": person, "instrument": "scale", "lens": "self_perception"}
        for wave, days_later in (("before", 1), ("after", 300)):
            measured = {"wave": wave, "respondent": "self", "date": f"{joined + dt.timedelta(days=days_later)}"}
            scale = {"score": 1 + (number + place + days_later) % 5, "scale_min": 1, "scale_max": 5}
            yield b.an_event("outcome.measured", {**score, **measured, **scale}, source=f"/areas/{area}")


def _financing(network: Network) -> Iterator[Json]:
    for number in range(network.areas):
        for kind in FUNDERS:
            promise = {"plan": f"plan-{number}", "funder": kind.replace("_", "-"), "funder_kind": kind}
            commitment = f"commitment-{number}-{kind}".replace("_", "-")
            yield b.a_commitment(commitment, amount_ore=10**12, date=f"{FIRST_DAY}", **promise)


def _pseudonym(activity: int, place: int) -> str:
    return b.person(f"at-{activity}/{place}")


def _registry_facts(network: Network, facts: int) -> Iterator[Told]:
    """Give sessions, most with names, some by head or cancelled, and volunteers' hours, day after day."""
    who = [
        [orjson.dumps([_pseudonym(number, place) for place in range(most)]).decode() for most in range(PEOPLE + 1)]
        for number in range(network.activities)
    ]
    for number in range(facts):
        if number % EXPENSE_EVERY == 0:
            continue
        # Shifted round by round, so that in the end every activity has facts of every kind.
        activity = (number * 7 + number // network.activities) % network.activities
        kind, day = number % 10, _day(number, facts)
        about = f'"activity":"activity-{activity}","date":"{day}"'
        name, more = "attendance.recorded", f'"session":"s-{number}","headcount":{number % 30}'
        if kind < 7:
            more = f'"session":"s-{number}","participants":{who[activity][4 + kind]},"hours":2'
        elif kind == 8:
            name, more = "session.cancelled", f'"session":"s-{number}"'
        elif kind == 9:
            volunteer = b.person(f"volunteer-{activity}")
            name, more = "volunteer.hours", f'"volunteer":"{volunteer}","hours":3'
        yield _told(number, activity % network.areas, name, day, f"{about},{more}", None)


def _expenses(network: Network, facts: int) -> Iterator[Told]:
    """Give what was spent, shared by the funders of the plan."""
    for number in range(0, facts, EXPENSE_EVERY):
        place = number // EXPENSE_EVERY % network.areas
        day = _day(number, facts)
        shares = ",".join(f'"commitment-{place}-{kind}":{100 + number % 50}'.replace("_", "-") for kind in FUNDERS)
        data = (
            f'"expense":"e-{number}","plan":"plan-{place}","area":"area-{place}","line":"wages",'
            f'"amount_ore":{3 * (100 + number % 50)},"incurred_on":"{day}","voucher":"B-{number}","text":"x"'
        )
        yield _told(number, place, "expense.booked", day, data, f'{{"shares":{{{shares}}}}}')


def _day(number: int, facts: int) -> dt.date:
    """Spread the facts evenly over the years."""
    return FIRST_DAY + dt.timedelta(days=number * DAYS // facts)


def _told(number: int, area: int, name: str, day: dt.date, data: str, outcome: str | None) -> Told:
    source, kind, time = f"/areas/area-{area}", f"dk.helhedsnet.{name}.v1", f"{day}T20:00:00Z"
    body = (
        f'{{"specversion":"1.0","id":"fact-{number}","source":"{source}","type":"{kind}","time":"{time}",'
        f'"data":{{{data}}}}}'
    )
    return source, kind, time, f"fact-{number}", body, outcome
