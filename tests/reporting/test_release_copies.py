"""What was released stays so, whatever moment the database is put back to: releases come again from their copies."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from services.reporting.releases import store, worker
from services.reporting.releases.copies import ReleaseCopies
from services.reporting.releases.rules import CannotRelease
from shared import database
from shared.backbone import event_log
from shared.database import Connection, Pool
from tests.conftest import MakeDatabase
from tests.support.release_worker import (
    DECEMBER,
    NOVEMBER,
    OCTOBER,
    begun,
    ended,
    forget_releases,
    heads,
    release_tables,
    with_history,
)

THRESHOLD: Final = 5


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


async def _corrected(connection: Connection) -> None:
    """Let two people have been registered by mistake."""
    await connection.execute(
        "DELETE FROM enrolment WHERE participant IN"
        " (SELECT DISTINCT participant FROM enrolment ORDER BY participant LIMIT 2)"
    )


async def test_releases_that_a_restore_lost_come_again_byte_for_byte(pool: Pool, url: str, tmp_path: Path) -> None:
    """Though the facts differ by then; and the next one moves in steps from what was told."""
    assert await worker.make_all(url, [OCTOBER, NOVEMBER], "schedule", tmp_path) == 0
    told = await heads(pool)
    async with pool.acquire() as connection:
        before = await release_tables(connection)
        await forget_releases(connection)
        await _corrected(connection)
        assert await worker.make_all(url, [NOVEMBER, DECEMBER], "schedule", tmp_path) == 0
        first, second, third = await heads(pool)
        assert [first, second] == told
        # Of the newest alone the next one has to know something.
        assert _names(tmp_path, "memory-") == ["memory-000003.json.gz"]
        moved = 0
        for area in await store.areas_after(connection, second.number, None, 10):
            then = await store.told(connection, second.number, area)
            now = await store.told(connection, third.number, area)
            both = ((told, now.get(cell)) for cell, told in then.items())
            steps = [abs(one - other) for one, other in both if isinstance(one, int) and isinstance(other, int)]
            assert not [step for step in steps if 0 < step < THRESHOLD]
            moved += len(steps)
        assert moved
        await forget_releases(connection)
        assert await worker.make_all(url, [], "schedule", tmp_path) == 0
        assert await heads(pool) == [first, second, third]
        tables = await release_tables(connection)
        assert tables[0][:2] == before[0]
        assert [line.sequence for line in (await event_log.read(connection, 0, 10)).lines] == [1, 2, 3]


def _names(folder: Path, begins: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(begins) and path.suffix == ".gz")


async def test_a_release_told_with_a_different_content_is_no_ground_for_the_next(
    pool: Pool, url: str, tmp_path: Path
) -> None:
    """Neither where the database made one without its copy, nor where one between is missing, or a copy damaged."""
    assert await worker.make_all(url, [OCTOBER, NOVEMBER], "schedule", tmp_path) == 0
    async with pool.acquire() as connection:
        await forget_releases(connection)
        await _corrected(connection)
        await worker.make(connection, NOVEMBER, "schedule")
        made = await heads(pool)
        for complaint in ("release 1 was told", "cannot be read"):
            with pytest.raises(CannotRelease, match=complaint):
                await worker.make_all(url, [DECEMBER], "schedule", tmp_path)
            assert await heads(pool) == made
            (tmp_path / "release-000001.json.gz").write_bytes(b"cut off")
        (tmp_path / "release-000001.json.gz").unlink()
        await forget_releases(connection)
        with pytest.raises(CannotRelease, match="followed one that is not there"):
            await worker.make_all(url, [DECEMBER], "schedule", tmp_path)
        assert await heads(pool) == []


async def test_a_worker_killed_after_it_made_the_copy_has_the_release_come_again(
    pool: Pool, url: str, tmp_path: Path
) -> None:
    """It is there once, and the copy's."""
    async with pool.acquire() as connection:
        async with connection.transaction():
            # It writes its copy, and then waits for its place in the log.
            await connection.execute("SELECT FROM event_log_head FOR UPDATE")
            killed = await begun(url, [OCTOBER], tmp_path)
            while not _names(tmp_path, "release-"):  # noqa: ASYNC110  a folder tells nobody
                await asyncio.sleep(0.01)
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
        copy = ReleaseCopies(tmp_path).copy(1)
        # The one that was killed holds its lock until the database notices.
        while await ended(await begun(url, [OCTOBER], tmp_path)) != 0:  # noqa: ASYNC110  a database tells nobody
            await asyncio.sleep(0.1)
        (made,) = await heads(pool)
        assert (made.number, made.digest, made.made) == (1, copy.head.digest, copy.head.made)
        assert await event_log.head(connection) == made.sequence == 1
