"""The worker makes each release once, whole, and the same however often it is killed; what was made stays."""

import asyncio
import contextlib
import random
import signal
from collections.abc import AsyncIterator
from typing import Final

import pytest

from services.reporting.folding import folds, second_tables
from services.reporting.releases import store, worker
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releases.rules import CannotRelease
from services.reporting.releasing.calendar import Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import Release, ReleaseRow
from shared import database, locks
from shared.backbone import event_log
from shared.database import Connection, Pool
from tests.conftest import MakeDatabase
from tests.oracles.histories import history
from tests.support.folding import batches
from tests.support.release_worker import (
    DECEMBER,
    NOVEMBER,
    OCTOBER,
    SEED,
    begun,
    ended,
    forget_releases,
    heads,
    release_tables,
    with_history,
)

WAITED_SECONDS: Final = 300.0
LOCKS: Final = f"SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = {locks.RELEASE}"
HELD: Final = f"SELECT EXISTS ({LOCKS})"
LET_GO: Final = f"SELECT NOT EXISTS ({LOCKS})"


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    """Give the address of a fresh reporting database."""
    return await make_database("reporting")


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    """Give connections to it; it holds a history."""
    opened = await database.open_pool(url, 4)
    await with_history(opened)
    yield opened
    await opened.close()


async def _made(connection: Connection, head: ReleaseHead) -> Release:
    """Read a release whole."""
    areas = await store.areas_after(connection, head.number, None, 1_000)
    rows = [
        ReleaseRow(area, cell, told)
        for area in areas
        for cell, told in (await store.told(connection, head.number, area)).items()
    ]
    return Release(head.number, head.cursor["registry"]["sequence"], head.threshold, head.calendar, rows)


async def _until(connection: Connection, query: str) -> None:
    """Wait until a query finds something."""
    async with asyncio.timeout(WAITED_SECONDS):
        while not await connection.fetchval(query):  # noqa: ASYNC110  a database tells nobody
            await asyncio.sleep(0.01)


@pytest.mark.long(beside="test_a_worker_that_is_killed_leaves_nothing_and_the_next_makes_the_same")
async def test_releases_follow_one_another_each_with_its_entry_in_the_log(pool: Pool, url: str) -> None:
    """Their rows have their digests; asked for again, they are there already."""
    assert await ended(await begun(url, [OCTOBER, NOVEMBER])) == 0
    first, second = await heads(pool)
    assert (first.number, first.month, second.number, second.month) == (1, OCTOBER, 2, NOVEMBER)
    async with pool.acquire() as connection:
        for head in (first, second):
            assert (await _made(connection, head)).digest == head.digest
        page = await event_log.read(connection, 0, 10)
        assert [line.sequence for line in page.lines] == [first.sequence, second.sequence] == [1, 2]
        assert all(
            f'"{head.digest}"'.encode() in line.text for head, line in zip((first, second), page.lines, strict=True)
        )
        assert (await event_log.positions(connection))["reporting"] == 2
        before = await release_tables(connection)
        assert await ended(await begun(url, [OCTOBER, NOVEMBER])) == 0
        assert await release_tables(connection) == before


async def test_a_worker_that_is_killed_leaves_nothing_and_the_next_makes_the_same(pool: Pool, url: str) -> None:
    """While it reads and decides, and in the very moment between what it wrote and its end."""
    async with pool.acquire() as connection:
        killed = await begun(url, [OCTOBER])
        await _until(connection, HELD)
        killed.send_signal(signal.SIGKILL)
        await killed.wait()
        assert await heads(pool) == []
        async with pool.acquire() as other, _held_log(other):
            killed = await begun(url, [OCTOBER])
            # It has written all rows, and waits for its place in the log.
            await _until(
                connection,
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND query LIKE '%event_log_head%'",
            )
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
        await _until(
            connection,
            LET_GO,
        )
        assert await heads(pool) == []
        assert await connection.fetchval("SELECT count(*) FROM released_cells") == 0
        assert await ended(await begun(url, [OCTOBER])) == 0
        interrupted = await release_tables(connection)
    assert len(await heads(pool)) == 1
    assert interrupted == await _elsewhere(pool)


@pytest.mark.long(beside="test_a_worker_that_is_killed_leaves_nothing_and_the_next_makes_the_same")
async def test_of_two_replicas_one_makes_it(pool: Pool, url: str) -> None:
    """Whichever comes second makes nothing, and nothing is there twice."""
    both = [await begun(url, [OCTOBER]), await begun(url, [OCTOBER])]
    await asyncio.gather(*map(ended, both))
    (made,) = await heads(pool)
    async with pool.acquire() as connection:
        assert await event_log.head(connection) == made.sequence == 1
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", locks.RELEASE)
            assert await ended(await begun(url, [NOVEMBER])) == 75
    assert await heads(pool) == [made]


async def test_a_rebuild_leaves_releases_and_what_follows_is_the_same(pool: Pool, url: str) -> None:
    """All is folded anew in a different order; the next release has the same bytes as without that."""
    async with pool.acquire() as connection:
        for month in (OCTOBER, NOVEMBER):
            await worker.make(connection, month, "schedule")
        expected = await release_tables(connection)
        await forget_releases(connection)
        await worker.make(connection, OCTOBER, "schedule")
        before = await release_tables(connection)
    await _rebuild(url)
    async with pool.acquire() as connection:
        assert await release_tables(connection) == before
        await worker.make(connection, NOVEMBER, "schedule")
        assert await release_tables(connection) == expected


async def test_nothing_can_be_released_of_a_month_before_all_began(pool: Pool) -> None:
    """Nor where no activity had begun."""
    async with pool.acquire() as connection:
        with pytest.raises(CannotRelease, match="nothing had happened"):
            await worker.make(connection, OCTOBER.replace(month=7), "schedule")
        await connection.execute("TRUNCATE activity")
        with pytest.raises(CannotRelease, match="no activity had begun"):
            await worker.make(connection, OCTOBER, "schedule")


async def test_something_older_that_comes_late_is_held_against_what_was_told(pool: Pool) -> None:
    """A plan that began earlier makes the next release begin earlier, and what was told stays or moves by five."""
    async with pool.acquire() as connection:
        first = await worker.make(connection, NOVEMBER, "schedule")
        assert first is not None
        await connection.execute("UPDATE plan SET start_on = '2025-06-10' WHERE plan = 'plan-urbanplanen'")
        second = await worker.make(connection, DECEMBER, "schedule")
        assert second is not None
        assert (second.calendar.begins.month, second.calendar.months) == (6, first.calendar.months + 3)
        for area in await store.areas_after(connection, 1, None, 10):
            then = await store.told(connection, 1, area)
            now = await store.told(connection, 2, area)
            for cell, told in then.items():
                shifted = Count(cell.name, Months(*(month + 2 for month in cell.months)), cell.of)
                later = now.get(shifted)
                if isinstance(told, int) and isinstance(later, int):
                    assert told == later or abs(told - later) >= 5


async def _elsewhere(pool: Pool) -> list[list[tuple[object, ...]]]:
    """Give what is there when the same release is made anew without anybody being killed."""
    async with pool.acquire() as connection:
        await forget_releases(connection)
        await worker.make(connection, OCTOBER, "schedule")
        return await release_tables(connection)


async def _rebuild(url: str) -> None:
    """Fold the history anew into second tables, in any order, and put them in the place of the first."""
    chance = random.Random(SEED)  # noqa: S311  drawn from a seed
    logs = history(random.Random(SEED))  # noqa: S311  as above
    connection = await database.connect(url)
    try:
        positions = await event_log.positions(connection)
        revision = await second_tables.begin(connection)
        for owner, batch in batches(chance, logs):
            await folds.fold(connection, owner, folds.prepared(batch))
        for name, sequence in positions.items():
            await event_log.position(connection, name)
            await event_log.set_position(connection, name, sequence)
        await second_tables.complete(connection)
        async with connection.transaction():
            await second_tables.swap(connection, await second_tables.lock(connection, revision))
        await second_tables.clear(connection)
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def _held_log(connection: Connection) -> AsyncIterator[None]:
    """Hold the log, so that nobody appends to it."""
    async with connection.transaction():
        await connection.execute("SELECT FROM event_log_head FOR UPDATE")
        yield
