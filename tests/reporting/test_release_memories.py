"""What a release leaves for the next one is kept in the database, so that the worker's releases follow one another."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import orjson
import pytest

from services.reporting.releases import memories, store, worker
from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.found_moves import KeptMove, KeptMoves
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.steps import Memory
from shared.database import Connection, Pool
from tests.support.release_worker import DECEMBER, NOVEMBER, OCTOBER

AREAS: Final = ("lundtoftegade", "mjoelnerparken", "urbanplanen")
# Those who took part in October, and when each release is made.
TOLD: Final = ((OCTOBER, 100), (NOVEMBER, 105), (DECEMBER, 98))


async def test_a_count_that_comes_back_near_to_one_told_two_releases_ago_is_told_as_it_was(
    reporting_pool: Pool,
) -> None:
    """100 are told, then 105; 98 would tell of two people, however far it is from the release before."""
    cell = Count("participants", Months(0, 0))
    told = []
    async with reporting_pool.acquire() as connection:
        await _begin(connection)
        for month, people in TOLD:
            await _enrol(connection, AREAS[0], people)
            made = await worker.make(connection, month, "schedule")
            assert made is not None
            told.append([(await store.told(connection, made.number, area))[cell] for area in ("", AREAS[0])])
    assert told == [[300, 100], [305, 105], [300, 100]]


async def test_a_release_of_the_worker_starts_from_the_moves_of_the_one_before(
    reporting_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the certificates of its few people were made of is what the next one is given."""
    decisions, calls = making.decisions, []

    def noted(facts: Sequence[AreaFacts], calendar: Calendar, last: making.Kept | None = None) -> dict[str, Decision]:
        decided = decisions(facts, calendar, last)
        calls.append((last, making.kept(calendar, decided)))
        return decided

    monkeypatch.setattr(making, "decisions", noted)
    async with reporting_pool.acquire() as connection:
        await _begin(connection, few=3)
        for month in (OCTOBER, NOVEMBER):
            assert await worker.make(connection, month, "schedule") is not None
    (nothing, first), (last, _) = calls
    assert nothing is None
    assert last is not None
    assert last.moves == first.moves
    assert any(moves.certificates for areas in first.moves.values() for moves in areas.values())
    assert any(known.past for areas in last.memories.values() for known in areas.values())


def test_what_began_with_a_release_is_held_against_all_that_can_begin_with_the_next() -> None:
    """Something older came late: what was ever told of a count, and what moves it, hold for each month it may begin."""
    last = Calendar(date(2025, 8, 1), 3)
    first, later = Count("participants", Months(0, 1)), Count("participants", Months(2, 2))
    kept = making.Kept(
        last,
        {"participants": {"a": Memory({first: 105, later: 98}, {first}, {first: (100, 105), later: (98,)})}},
        {
            "participants": {
                "a": KeptMoves((first, later), (0, 1), (KeptMove((0,), (-4,)),), (KeptMove((1,), (1,), 3),))
            }
        },
    )
    rows = [row._asdict() for row in memories.written(kept)]
    assert [orjson.loads(row["past"]) for row in rows] == [
        {"participants|2025-08|2025-09": [100, 105], "participants|2025-10|2025-10": [98]}
    ]
    assert memories.read(rows, last, last.begins) == kept
    read = memories.read(rows, last, date(2025, 7, 1))
    begun = [Count("participants", Months(month, 2)) for month in (0, 1)]
    assert read.memories["participants"]["a"].past == {
        **dict.fromkeys(begun, (100, 105)),
        Count("participants", Months(3, 3)): (98,),
    }
    moves = read.moves["participants"]["a"]
    assert dict(zip(moves.counts, moves.number, strict=True)) == {
        **dict.fromkeys(begun, 0),
        Count("participants", Months(3, 3)): 1,
    }
    assert (moves.certificates, moves.donors) == ((KeptMove((0,), (-4,)),), (KeptMove((1,), (1,), 3),))


async def _begin(connection: Connection, few: int = 0) -> None:
    """Give each area a plan with an activity of a hundred people, and where wanted one of a few others."""
    for area in AREAS:
        await connection.execute(
            "INSERT INTO plan (plan, name, pool, approved_areas, areas, start_on, end_on)"
            " VALUES ($1, $1, '2019-26', ARRAY[$1], ARRAY[$1], '2025-10-01', '2029-09-30')",
            area,
        )
        for activity, people in ((area, 100), (f"{area}-few", few)):
            await connection.execute(
                "INSERT INTO activity (activity, plan, area, name, kind, effort_area, started_on)"
                " SELECT $1, $2, $2, $1, 'homework-cafe', 'job', '2025-10-01' WHERE $3 > 0",
                activity,
                area,
                people,
            )
            await _enrol(connection, activity, people)
    await connection.execute(
        "INSERT INTO freshness (owner, recorded, last_fact_on) VALUES ('registry', '2026-01-20', '2026-01-20')"
    )


async def _enrol(connection: Connection, activity: str, people: int) -> None:
    """Let so many have been in an activity in October, as is known by now."""
    await connection.execute("DELETE FROM enrolment WHERE activity = $1", activity)
    await connection.execute(
        "INSERT INTO enrolment (activity, participant, sequence, enrolled_on)"
        " SELECT $1, $1 || number, number, '2025-10-05' FROM generate_series(1, $2) AS number",
        activity,
        people,
    )
