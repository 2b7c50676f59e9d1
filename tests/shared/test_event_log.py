"""The log: gapless in the order of the commits, and each identity once."""

import asyncio
import base64
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest

from shared import database
from shared.backbone import appending, event_log
from shared.backbone.appending import Tail
from shared.backbone.event_log import Accepted, Entry
from shared.database import Connection, Pool
from tests.support.builders import Json, an_area, posted
from tests.support.running import as_process

NOW = datetime(2025, 8, 1, 12, tzinfo=UTC)
WRITERS = 3
TRANSACTIONS = 60


async def _append(connection: Connection, events: Sequence[Json], outcome: str | None = None) -> int:
    return await appending.append(connection, [Accepted(posted(event), outcome) for event in events], NOW)


async def _sequences(pool: Pool) -> list[int]:
    return [row["sequence"] for row in await pool.fetch("SELECT sequence FROM event_log ORDER BY sequence")]


async def test_sequences_count_from_one_in_the_order_given(registry_pool: Pool) -> None:
    """Each append continues where the last one ended, and tells where it began."""
    async with registry_pool.acquire() as connection:
        assert await event_log.head(connection) == 0
        assert await _append(connection, [an_area("one"), an_area("two")]) == 0
        assert await _append(connection, [an_area("three")]) == 2
        assert await event_log.head(connection) == 3
        entries = [Entry(orjson.loads(line.text)) for line in (await event_log.read(connection, 0, 10)).lines]
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.event["data"]["area"] for entry in entries] == ["one", "two", "three"]


async def test_a_rollback_gives_its_numbers_back(registry_pool: Pool) -> None:
    """What was never committed leaves no gap."""
    async with registry_pool.acquire() as connection:
        await _append(connection, [an_area()])
        transaction = connection.transaction()
        await transaction.start()
        await _append(connection, [an_area(), an_area()])
        await transaction.rollback()
        assert await _append(connection, [an_area()]) == 1
    assert await _sequences(registry_pool) == [1, 2]


async def test_a_second_writer_waits_until_the_first_has_committed(registry_pool: Pool) -> None:
    """A reader that has seen a number has seen all numbers before it: order of numbers is order of commits."""
    async with registry_pool.acquire() as first, registry_pool.acquire() as second:
        transaction = first.transaction()
        await transaction.start()
        await _append(first, [an_area()])
        waiting = asyncio.create_task(_append(second, [an_area()]))
        await _until_somebody_waits_for_a_lock(registry_pool)
        assert await _sequences(registry_pool) == []
        await transaction.commit()
        assert await waiting == 1


async def _until_somebody_waits_for_a_lock(pool: Pool) -> None:
    async with asyncio.timeout(10):
        while not await pool.fetchval(  # noqa: ASYNC110  PostgreSQL tells nobody that somebody waits
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ):
            await asyncio.sleep(0.005)


async def test_writers_of_several_processes_leave_no_gap(registry_pool: Pool, registry_database: str) -> None:
    """Whoever writes and rolls back in whatever order: the log counts 1, 2, 3, and each writer's part is in order."""
    async with contextlib.AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(
                as_process("-m", "tests.support.log_writer", registry_database, f"writer-{number}", str(TRANSACTIONS))
            )
            for number in range(WRITERS)
        ]
        outputs = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * WRITERS
    committed = sum(int(output) for output, _ in outputs)
    assert committed > 0
    assert await _sequences(registry_pool) == list(range(1, committed + 1))
    out_of_order = await registry_pool.fetchval(
        "SELECT count(*) FROM"
        " (SELECT id, lag(id) OVER (PARTITION BY source ORDER BY sequence) AS before FROM event_log) AS pairs"
        " WHERE before >= id"
    )
    assert out_of_order == 0
    assert await _is_tied(registry_pool)


async def _is_tied(pool: Pool) -> bool:
    """Tell whether PostgreSQL computes the chain of every line, and of the head, as it stands there."""
    tied: bool = await pool.fetchval(
        f"SELECT chained('', ARRAY(SELECT {event_log.CONTENT} FROM event_log ORDER BY sequence))"  # noqa: S608  a constant
        " = ARRAY(SELECT chain FROM event_log ORDER BY sequence)"
        " AND (SELECT (sequence, chain, recorded) FROM event_log_head)"
        " = (SELECT (sequence, chain, recorded) FROM event_log ORDER BY sequence DESC LIMIT 1)"
    )
    return tied


async def test_lines_are_tied_whatever_the_writer_believes_of_the_end(registry_pool: Pool) -> None:
    """A writer goes on from where the log ends, whoever sends, after others and after what was rolled back."""
    tail = Tail()

    async def append(connection: Connection, *accepted: Accepted, recorded: datetime = NOW) -> int:
        return await appending.append(connection, accepted, recorded, tail)

    def line(outcome: str | None = None, *author: str) -> Accepted:
        return Accepted(posted(an_area()), outcome, *author)

    async with registry_pool.acquire() as connection:
        assert await append(connection, line(), line('{"navn": "Ågade"}')) == 0
        assert await append(connection, line(None, "user", "u-1"), line('{"a":1}', "api_key", "k-1")) == 2
        assert await _append(connection, [an_area()]) == 4
        assert await append(connection, line(None, "user", "u-1")) == 5
        transaction = connection.transaction()
        await transaction.start()
        await append(connection, line())
        await transaction.rollback()
        assert await append(connection, line(), recorded=NOW + timedelta(microseconds=1)) == 6
        # A clock that goes back, and a head that somebody has moved on: no line is older than the one before it.
        assert await append(connection, line(), recorded=NOW) == 7
        await connection.execute("UPDATE event_log_head SET recorded = $1", NOW + timedelta(days=1))
        assert await append(connection, line(), recorded=NOW) == 8
        times = [row["recorded"] for row in await connection.fetch("SELECT recorded FROM event_log ORDER BY sequence")]
    assert times == sorted(times)
    assert times[-3:] == [NOW + timedelta(microseconds=1)] * 2 + [NOW + timedelta(days=1)]
    assert await _is_tied(registry_pool)


async def test_columns_travel_as_one_text_and_part_where_they_were_joined(registry_pool: Pool) -> None:
    """Nothing is NULL; a text that holds the sign between them is not sent, since every row behind it would shift."""
    for column in (["a", "ø,b", None, "d"], ["a"], [None], [None, None]):
        rows = await registry_pool.fetch(
            f"SELECT told FROM unnest({database.parted(1)}, $2::int[]) AS new(told, place)",  # noqa: S608  a constant
            database.joined(column),
            list(range(len(column))),
        )
        assert [row["told"] for row in rows] == column
    for wrong in (["a\x1fb", "c"], ["a\x1fb"]):
        with pytest.raises(ValueError, match="parts texts"):
            database.joined(wrong)


async def test_the_same_identity_is_never_logged_twice(registry_pool: Pool) -> None:
    """The constraint holds even where no rule looked."""
    event = an_area()
    async with registry_pool.acquire() as connection:
        await _append(connection, [event])
        with pytest.raises(asyncpg.UniqueViolationError):
            await _append(connection, [event])
        assert await event_log.head(connection) == 1


async def test_lookup_finds_what_is_logged_and_nothing_else(registry_pool: Pool) -> None:
    """A known (source, id) comes with its sequence and its digest; source and id count together."""
    event = an_area()
    known = posted(event)
    async with registry_pool.acquire() as connection:
        await _append(connection, [an_area(), event])
        wanted = [known.identity, ("/network", "other"), ("/areas/urbanplanen", known.event.id)]
        assert await event_log.lookup(connection, wanted) == {known.identity: (2, known.digest)}
        assert await event_log.lookup(connection, []) == {}


async def test_an_entry_tells_when_it_was_recorded_and_what_was_decided(registry_pool: Pool) -> None:
    """Other services read the event as it was sent, with the moment and the outcome."""
    event = an_area()
    async with registry_pool.acquire() as connection:
        await _append(connection, [event], outcome='{"shares": {"lbf": 75}}')
        (line,) = (await event_log.read(connection, 0, 1)).lines
    document = orjson.loads(line.text)
    assert len(base64.b64decode(document.pop("chain"))) == 32
    assert document == {
        "sequence": 1,
        "recorded": "2025-08-01T12:00:00+00:00",
        "event": event,
        "outcome": {"shares": {"lbf": 75}},
    }


async def test_a_position_begins_at_zero_and_is_kept_by_name(registry_pool: Pool) -> None:
    """Each relay and consumer has a place of its own."""
    async with registry_pool.acquire() as connection:
        assert await event_log.position(connection, "relay") == 0
        await event_log.set_position(connection, "relay", 7)
        assert await event_log.position(connection, "relay") == 7
        assert await event_log.position(connection, "funding", lock=True) == 0
        assert await event_log.positions(connection) == {"funding": 0, "relay": 7}


async def test_an_event_is_buried_once(registry_pool: Pool) -> None:
    """A dead letter that is written again stays one, with its first reason."""
    entry = Entry({"sequence": 5, "event": an_area()})
    async with registry_pool.acquire() as connection:
        await event_log.bury(connection, "registry", entry, "first", NOW)
        await event_log.bury(connection, "registry", entry, "second", NOW)
    rows = await registry_pool.fetch("SELECT owner, sequence, reason, entry FROM dead_letter")
    assert [(row["owner"], row["sequence"], row["reason"]) for row in rows] == [("registry", 5, "first")]
    assert orjson.loads(rows[0]["entry"]) == entry.document


def test_a_services_address_keeps_everything_but_the_database() -> None:
    """Sockets, credentials and options stay as they were given."""
    assert database.service_url("postgresql://u:p@h:1/postgres?sslmode=require", "registry") == (
        "postgresql://u:p@h:1/helhedsnet_registry?sslmode=require"
    )
    assert database.service_url("postgresql://postgres:@/postgres?host=/socket", "funding") == (
        "postgresql://postgres:@/helhedsnet_funding?host=/socket"
    )


async def test_what_was_asked_of_an_empty_log_is_still_found_by_its_key_in_a_long_one(registry_database: str) -> None:
    """The plan of a statement stays as it was first made: on a writer's connection it must never read the whole log."""
    connection = await database.connect(registry_database, database.BY_KEY)
    try:
        # Until then PostgreSQL takes a table that it knows nothing of for a larger one than this.
        await connection.execute("ANALYZE event_log")
        plan = await connection.fetch(
            "EXPLAIN SELECT sequence FROM event_log JOIN unnest('{a}'::text[], '{b}'::text[]) AS wanted(source, id)"
            " USING (source, id)"
        )
    finally:
        await connection.close()

    assert any("event_log_identity" in row[0] for row in plan), plan
