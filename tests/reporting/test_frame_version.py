"""The version of the frame moves whenever a count of people does, and stands where most facts change none."""

import hashlib
import random
import re
from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, given, settings

from services.reporting.folding import folds
from services.reporting.people import store
from services.reporting.periods import Period
from services.reporting.statements import statement
from shared.backbone.event_log import Entry
from shared.database import Connection, Pool
from tests.oracles.histories import history
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.folding import CHANCE, TABLES, fold, period_of

# Each of them counts the frame a hundred times, so none is made smaller when it fails.
EXAMPLES = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FRAME = ("people", "people_of_parts", "volunteers", "volunteers_of_parts", "change", "staying", "alumni", "belongings")
PERSON = "8c1fa02b4de97a63"
ACTIVITY = "lektiecafe"


def _entry(sequence: int, event: Json, outcome: Json | None = None) -> Entry:
    return Entry({"sequence": sequence, "recorded": "2026-07-01T00:00:00+00:00", "event": event, "outcome": outcome})


def _small_batches(chance: random.Random) -> Iterator[tuple[str, list[Entry]]]:
    """Deal a history in any order, some of it twice and a few at a time, and then forget somebody."""
    people: set[tuple[str, str]] = set()
    dealt: list[tuple[str, list[Entry]]] = []
    for owner, entries in history(chance).items():
        cards = entries + chance.sample(entries, k=len(entries) // 3)
        chance.shuffle(cards)
        people |= {
            (said["activity"], said["participant"])
            for said in (entry.event["data"] for entry in entries)
            if {"activity", "participant"} <= said.keys()
        }
        while cards:
            size = chance.randint(1, 4)
            dealt.append((owner, cards[:size]))
            cards = cards[size:]
    chance.shuffle(dealt)
    yield from dealt
    for sequence, (activity, person) in enumerate(chance.sample(sorted(people), k=min(3, len(people))), start=10_000):
        sha256 = hashlib.sha256(person.encode()).hexdigest()
        outcome = {"participant_sha256": sha256, "activities": [activity], "keep_totals_from": 5}
        yield "registry", [_entry(sequence, b.an_event("consent.withdrawn", {}), outcome)]


@EXAMPLES
@given(chance=CHANCE)
async def test_no_count_of_people_changes_unless_the_version_moves(reporting_pool: Pool, chance: random.Random) -> None:
    """Whatever is folded, in any order: counts of the same days that stood at the same version are the same."""
    whole = period_of(chance)
    async with reporting_pool.acquire() as connection:
        await connection.execute(f"TRUNCATE {TABLES}, frame_version")
        version, counted = await _counted(connection, whole)
        for owner, batch in _small_batches(chance):
            async with connection.transaction():
                await folds.fold(connection, owner, folds.prepared(batch))
            version_before, counted_before = version, counted
            version, counted = await _counted(connection, whole)
            assert version != version_before or counted == counted_before, [entry.name for entry in batch]


def test_a_fold_counts_nobody_exactly_when_it_writes_nothing_that_people_are_counted_from() -> None:
    """One that says so and touches a table of a query of the frame would leave counts that are no longer true.

    One that does not say so and touches none would have people counted anew for nothing.
    """
    read = {word for query in FRAME for word in re.findall(r"(?:FROM|JOIN) (\w+)", statement("people", query))}
    assert {"enrolment", "presence", "volunteering", "measurement", "followup", "plan"} <= read
    for fold_name in set(folds.FOLDS.values()):
        text = statement("folding", fold_name)
        written = set(re.findall(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", text))
        assert written
        touched = written & read
        assert (fold_name in folds.COUNTS_NOBODY) == (not touched), f"{fold_name} writes {touched}"
        assert (fold_name in folds.TELLING) == ("AS may_change_counts" in text), fold_name


async def _counted(connection: Connection, whole: Period) -> tuple[str, object]:
    return await store.frame_version(connection), await store.frame(connection, whole)


async def _versions(pool: Pool, *batches: list[Json]) -> list[str]:
    """Fold batches one after the other, and give the version after each."""
    sequence, versions = 0, []
    await fold(pool, [])
    async with pool.acquire() as connection:
        for batch in batches:
            entries = [_entry(sequence + place, event) for place, event in enumerate(batch, start=1)]
            sequence += len(entries)
            await folds.fold(connection, "registry", folds.prepared(entries))
            versions.append(await store.frame_version(connection))
    return versions


async def test_who_came_before_in_a_month_moves_nothing(reporting_pool: Pool) -> None:
    """Another session with the same person is no reason to count again; one less is, when it was the only one."""

    def held(session: str, day: str, *people: str) -> list[Json]:
        return [b.an_attendance(session, ACTIVITY, date=day, participants=list(people))]

    first, again, moved, next_month, taken_back = await _versions(
        reporting_pool,
        held("one", "2026-10-01", PERSON),
        held("two", "2026-10-08", PERSON),
        held("two", "2026-10-09", PERSON),
        held("three", "2026-11-05", PERSON),
        held("three", "2026-11-05"),
    )
    assert first == again == moved
    assert len({moved, next_month, taken_back}) == 3


async def test_what_is_no_matter_of_people_moves_nothing(reporting_pool: Pool) -> None:
    """Money, milestones and the hours of volunteers are folded without a word to who counts people."""
    milestone = {"plan": "plan-1", "milestone": "butik", "title": "x", "due": "2026-12-31"}
    hours = {"activity": ACTIVITY, "volunteer": PERSON, "date": "2026-10-20", "hours": 3}
    before, after = await _versions(
        reporting_pool, [], [b.an_event("milestone.planned", milestone), b.an_event("volunteer.hours", hours)]
    )
    assert before == after
