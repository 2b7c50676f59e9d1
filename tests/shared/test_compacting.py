"""What was erased is in no file of the database any more, soon after, by itself; and nobody is hindered for long."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from shared.backbone import compacting, event_log
from shared.backbone.compacting import Compactor
from shared.database import Pool
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support import builders as b

GONE: Final = b.person("nobody-else-has-this-name")
STAYS: Final = b.person("and-nobody-this-one")
LOOKS: Final = 3
SOON_SECONDS: Final = 90


async def _post(registry: httpx.AsyncClient, bearer: Bearer, *events: b.Json) -> None:
    headers = {**bearer("admin"), "content-type": "application/json"}
    answer = await registry.post("/registry/events", content=b.body(list(events)), headers=headers)
    assert answer.is_success, answer.text


async def _files_with(pool: Pool, text: str) -> list[str]:
    """Give the files of this database in which a text stands; what is only in memory is written down first."""
    await pool.execute("CHECKPOINT")
    folder = Path(await pool.fetchval("SHOW data_directory"))
    database = await pool.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    return [path.name for path in _files(folder / "base" / str(database)) if text.encode() in path.read_bytes()]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file())


async def _done(compactor: Compactor) -> None:
    """Look until it is done: the server's own analysing may be at work on the old rows."""
    async with asyncio.timeout(SOON_SECONDS):
        while not await compactor.look():  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.05)


async def test_what_was_erased_is_in_no_file_of_the_database(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Nor in statistics of its columns; whoever stays is there as before, and nothing is asked for a second time."""
    pool, compactor = state_in(registry_app).pool, Compactor(state_in(registry_app).line.url)
    people = [b.an_enrolment(person) for person in (GONE, STAYS)]
    await _post(registry, bearer, *b.a_running_activity(), *people)
    await pool.execute("ANALYZE")
    assert await compactor.look()
    await _post(registry, bearer, b.an_event("consent.withdrawn", {"participant": GONE}, source=f"/areas/{b.AREA}"))
    assert await _files_with(pool, GONE)
    assert not await compactor.look()
    await _done(compactor)
    assert await _files_with(pool, GONE) == []
    assert await _files_with(pool, STAYS)


async def test_it_waits_for_whoever_still_sees_the_old_rows(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """A table that is written anew meanwhile would hold them again."""
    pool, compactor = state_in(registry_app).pool, Compactor(state_in(registry_app).line.url)
    await _post(registry, bearer, *b.a_running_activity(), b.an_enrolment(GONE))
    async with pool.acquire() as reader, reader.transaction(isolation="repeatable_read"):
        await reader.fetchval("SELECT count(*) FROM event_log")
        await _post(registry, bearer, b.an_event("consent.withdrawn", {"participant": GONE}, source=f"/areas/{b.AREA}"))
        assert [await compactor.look() for _ in range(LOOKS)] == [False] * LOOKS
    await _done(compactor)
    assert await _files_with(pool, GONE) == []


async def test_a_large_database_waits_for_the_night(
    registry: httpx.AsyncClient, registry_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody writes then whom it could hold up."""
    assert registry is not None
    compactor = Compactor(state_in(registry_app).line.url)
    monkeypatch.setattr(compacting, "AT_ONCE_BYTES", 0)
    async with state_in(registry_app).pool.acquire() as connection:
        await compacting.ask(connection)
        monkeypatch.setattr(compacting, "NIGHT_HOURS", range(0))
        assert [await compactor.look() for _ in range(LOOKS)] == [False] * LOOKS
        monkeypatch.setattr(compacting, "NIGHT_HOURS", range(24))
        await _done(compactor)
        positions = await event_log.positions(connection)
    assert positions[compacting.DONE] == positions[compacting.ASKED]


async def test_a_table_in_use_is_waited_for_shortly_and_the_others_are_not_written_again(
    registry: httpx.AsyncClient, registry_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So one busy table makes no work for the rest."""
    assert registry is not None
    pool, compactor = state_in(registry_app).pool, Compactor(state_in(registry_app).line.url)
    monkeypatch.setattr(compacting, "LOCK_MS", 50)
    before = await _file_of(pool, "position")
    async with pool.acquire() as reader:
        await compacting.ask(reader)
        assert not await compactor.look()
        async with reader.transaction():
            await reader.execute("LOCK event_log IN ACCESS SHARE MODE")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await _done(compactor)
        once = await _file_of(pool, "position")
        await _done(compactor)
    assert before != once == await _file_of(pool, "position")


async def _file_of(pool: Pool, table: str) -> int:
    node: int = await pool.fetchval("SELECT pg_relation_filenode($1::regclass)", table)
    return node


async def test_a_table_that_takes_too_long_is_told_and_left(
    registry: httpx.AsyncClient, registry_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is nobody else's only for so long, and is not tried again at once."""
    assert registry is not None
    compactor = Compactor(state_in(registry_app).line.url)
    async with state_in(registry_app).pool.acquire() as connection:
        await compacting.ask(connection)
    assert not await compactor.look()
    monkeypatch.setattr(compacting, "TABLE_SECONDS", 0.000_1)
    with pytest.raises(compacting.TooMuch, match="VACUUM"):
        await _done(compactor)
    monkeypatch.undo()
    await _done(compactor)
