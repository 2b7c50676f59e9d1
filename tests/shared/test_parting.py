"""A log that went back: its owner begins a new epoch, its followers notice and apply nothing that is in no log."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
import redis.asyncio
from fastapi import FastAPI

from shared import database
from shared.backbone import chains, event_log, parting, streams
from shared.backbone.consumer import Consumer
from shared.backbone.continuity import Anchor, Continuity
from shared.backbone.event_log import Mark
from shared.clock import now
from shared.database import Pool
from shared.http.state import state_in
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import an_area, body
from tests.support.following import following, make_table, reaches, seen
from tests.support.keyring import Keyring
from tests.support.running import on_a_port
from tests.support.streaming import logged, published

STREAM = streams.stream_name("registry")
FOUNDING = 3
# A service notices within two seconds.
NOTICED_SECONDS = 2.0
# That hold a log against what is known of it.
QUERIES = 1

Follow: TypeAlias = Callable[..., contextlib.AbstractAsyncContextManager[Consumer]]


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    """Give the follower's database."""
    pool = await database.open_pool(await make_database("follower", like="registry"), 4)
    await make_table(pool)
    yield pool
    await pool.close()


@pytest.fixture
async def address(registry_app: FastAPI) -> AsyncIterator[str]:
    """Run the registry on a port, with its relay."""
    async with on_a_port({"registry": registry_app}) as address:
        yield f"{address}/registry"


@pytest.fixture
def follow(pool: Pool, redis_url: str, address: str, keyring: Keyring) -> Follow:
    """Give a function that follows the registry until its context ends."""

    def follow(**options: Any) -> contextlib.AbstractAsyncContextManager[Consumer]:
        return following(pool, redis_url, address, keyring, **options)

    return follow


async def _post(address: str, bearer: Bearer, *names: str) -> int:
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.post(f"{address}/events", content=body([an_area(name) for name in names]))
        assert answer.status_code == 201, answer.text
        return int(answer.json()["cursor"].removeprefix("registry:").partition("@")[0])


async def _cut(app: FastAPI, sequence: int) -> None:
    """Put the registry's log back to where it ended at a sequence, as a restore does."""
    async with state_in(app).pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM area WHERE area LIKE 'late-%'")
        await connection.execute("DELETE FROM event_log WHERE sequence > $1", sequence)
        await connection.execute(
            "UPDATE event_log_head SET sequence = $1, chain = (SELECT chain FROM event_log WHERE sequence = $1)",
            sequence,
        )
        await connection.execute("UPDATE position SET sequence = $1 WHERE name = 'relay'", sequence)


async def _place(pool: Pool) -> tuple[Any, ...]:
    row = await pool.fetchrow("SELECT sequence, epoch, chain FROM position WHERE name = 'registry'")
    return tuple(row or ())


async def _parts(consumer: Consumer) -> str:
    async with asyncio.timeout(NOTICED_SECONDS):
        while consumer.parted is None:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.01)
    return consumer.parted


async def test_an_owner_whose_log_went_back_is_noticed_and_nothing_of_its_new_log_is_applied(
    registry_app: FastAPI, address: str, bearer: Bearer, follow: Follow, pool: Pool
) -> None:
    """A follower that is ahead stops, says so in its own table, and applies nothing under the numbers it knows."""
    await _post(address, bearer, "early")
    async with follow() as consumer:
        last = await _post(address, bearer, *(f"late-{number}" for number in range(5)))
        await reaches(consumer, last)
        before = await seen(pool)
        await _cut(registry_app, FOUNDING + 1)
        assert await _parts(consumer) == "log_replaced"
        assert not consumer.healthy
        assert not consumer.able
        await _post(address, bearer, *(f"other-{number}" for number in range(9)))
        await asyncio.sleep(4 * 0.05)
        assert await seen(pool) == before
        async with pool.acquire() as connection:
            (noted,) = await parting.all_of(connection)
        assert (noted.follower, noted.owner, noted.code) == ("follower", "registry", "log_replaced")
    epochs = await state_in(registry_app).pool.fetch("SELECT reason FROM log_epoch ORDER BY number")
    assert [row["reason"] for row in epochs] == ["founded", "went_back"]


async def test_what_an_abandoned_past_left_on_the_stream_is_applied_by_nobody(
    registry_app: FastAPI, address: str, bearer: Bearer, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """Owner and follower are both put back while the stream goes on; then a group reads it from its beginning."""
    early = await _post(address, bearer, "early")
    async with follow() as consumer:
        await reaches(consumer, early)
    place = await _place(pool)
    last = await _post(address, bearer, *(f"late-{number}" for number in range(5)))
    await published(redis_client, STREAM, last)
    await _cut(registry_app, early)
    await redis_client.xgroup_destroy(STREAM, "follower")
    async with follow() as consumer:
        assert await _parts(consumer) == "log_replaced"
        assert await seen(pool) == list(range(1, early + 1))
    assert place == await _place(pool)


async def test_a_follower_that_was_put_back_alone_catches_up(
    address: str, bearer: Bearer, follow: Follow, pool: Pool
) -> None:
    """What it has not applied is in the owner's log, so it needs nobody."""
    await _post(address, bearer, "early")
    async with follow() as consumer:
        await reaches(consumer, FOUNDING + 1)
        place = await _place(pool)
        last = await _post(address, bearer, "late-1", "late-2")
        await reaches(consumer, last)
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("DELETE FROM seen WHERE sequence > $1", FOUNDING + 1)
            await connection.execute(
                "UPDATE position SET sequence = $1, epoch = $2, chain = $3 WHERE name = 'registry'", *place
            )
        last = await _post(address, bearer, "late-3")
        await reaches(consumer, last)
        assert consumer.parted is None
    assert await seen(pool) == list(range(1, last + 1))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE position SET sequence = sequence + 100 WHERE name = 'registry'", "log_shorter"),
        ("UPDATE position SET chain = sha256('else') WHERE name = 'registry'", "log_differs"),
        ("UPDATE position SET epoch = gen_random_uuid() WHERE name = 'registry'", "log_replaced"),
    ],
)
async def test_each_way_of_parting_has_its_code_and_passes_where_the_owner_agrees_again(
    address: str, bearer: Bearer, follow: Follow, pool: Pool, change: str, code: str
) -> None:
    """Whatever does not fit is told by its code; put right, the follower goes on by itself."""
    last = await _post(address, bearer, "early")
    async with follow() as consumer:
        await reaches(consumer, last)
    place = await _place(pool)
    await pool.execute(change)
    async with follow() as consumer:
        assert await _parts(consumer) == code
        await pool.execute("UPDATE position SET sequence = $1, epoch = $2, chain = $3 WHERE name = 'registry'", *place)
        last = await _post(address, bearer, "next")
        await reaches(consumer, last)
        async with asyncio.timeout(5):
            while not (consumer.healthy and await seen(pool) == list(range(1, last + 1))):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.01)
        async with pool.acquire() as connection:
            assert await parting.all_of(connection) == []


async def _continuity(
    connection: database.Connection, anchor: Anchor | None, on_stream: Mark | None = None, key: bytes = b"k"
) -> Mark:
    return await Continuity("registry", key, anchor).begin(connection, on_stream)


async def test_a_log_is_held_against_its_anchor_its_stream_and_its_key(
    registry_app: FastAPI, address: str, bearer: Bearer, keyring: Keyring, tmp_path: Path
) -> None:
    """Cut, changed or signed by someone else, a log begins a new epoch, once; as it was, it stays what it is."""
    last = await _post(address, bearer, "late-1", "late-2")
    anchor, key = Anchor(tmp_path / "anchors" / "registry.json"), keyring.signer("registry").fingerprint
    async with state_in(registry_app).pool.acquire() as connection:
        end = await _continuity(connection, None, key=key)
        anchor.write(end)
        assert anchor.read() == end
        assert await _continuity(connection, anchor, end, key) == end
        await _cut(registry_app, last - 1)
        cut = await _continuity(connection, anchor, None, key)
        assert cut.epoch != end.epoch
        # What was known of the epoch before is past.
        assert await _continuity(connection, anchor, end, key) == cut
        changed = Mark(cut.epoch, cut.sequence, b"else")
        after_change = await _continuity(connection, None, changed, key)
        assert after_change.epoch != cut.epoch
        foreign = await _continuity(connection, None, None, b"another key")
        assert foreign.epoch != after_change.epoch
        assert await _continuity(connection, None, None, b"another key") == foreign
        reasons = await connection.fetch("SELECT reason, sequence FROM log_epoch ORDER BY number")
    assert [row["reason"] for row in reasons][-1] == "another_installation"
    assert reasons[-1]["sequence"] == last - 1


async def test_a_log_that_lost_its_last_line_alone_begins_one_epoch(
    registry_app: FastAPI, address: str, bearer: Bearer, keyring: Keyring
) -> None:
    """Its head stands at a line that is not there, however often it is held against what is known."""
    last = await _post(address, bearer, "late-1", "late-2")
    continuity = Continuity("registry", keyring.signer("registry").fingerprint)
    async with state_in(registry_app).pool.acquire() as connection:
        end = await continuity.begin(connection, None)
        await connection.execute("DELETE FROM event_log WHERE sequence = $1", last)
        begun = await continuity.confirmed(connection)
        assert begun.epoch != end.epoch
        for _ in range(3):
            assert await continuity.confirmed(connection) == begun


class _Between:
    """A connection on which something happens just before the query of a number, once."""

    def __init__(self, connection: database.Connection, number: int, happens: Callable[[], Awaitable[None]]) -> None:
        self._connection = connection
        self._left = number
        self._happens = happens

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a connection has
        asked = getattr(self._connection, name)
        if name not in {"fetchval", "fetchrow"}:
            return asked

        async def ask(*arguments: Any) -> Any:  # noqa: ANN401  see above
            self._left -= 1
            if self._left == 0:
                await self._happens()
            return await asked(*arguments)

        return ask


@pytest.mark.parametrize("number", range(1, QUERIES + 2))
async def test_a_log_that_is_cut_while_it_is_held_against_what_is_known_is_noticed(
    registry_app: FastAPI, address: str, bearer: Bearer, keyring: Keyring, number: int
) -> None:
    """Whichever of its queries the cut comes before, it is noticed then or the next time; never forgotten."""
    last = await _post(address, bearer, "late-1", "late-2")
    pool = state_in(registry_app).pool
    continuity = Continuity("registry", keyring.signer("registry").fingerprint)
    async with pool.acquire() as connection:
        end = await continuity.begin(connection, None)
        between: Any = _Between(connection, number, lambda: _cut(registry_app, last - 1))
        await continuity.confirmed(between)
        after = await continuity.confirmed(connection)
    if number <= QUERIES:
        assert (after.sequence, after.epoch != end.epoch) == (last - 1, True)
    else:
        assert after == end


async def test_an_anchor_that_cannot_be_read_or_written_keeps_nobody_up(
    registry_app: FastAPI, address: str, tmp_path: Path
) -> None:
    """A broken file is as none, and where none can be written the log goes on."""
    assert address
    broken = Anchor(tmp_path / "registry.json")
    broken.path.write_text("{")
    assert broken.read() is None
    nowhere = Anchor(tmp_path / "registry.json" / "below" / "registry.json")
    async with state_in(registry_app).pool.acquire() as connection:
        continuity = Continuity("registry", b"k", nowhere)
        end = await continuity.begin(connection, None)
        await continuity.keep(end)
        assert await event_log.mark(connection) == end


async def test_the_time_of_a_log_never_goes_back(registry_app: FastAPI, address: str, bearer: Bearer) -> None:
    """A line that is written while the clock stands earlier bears the time of the line before it."""
    await _post(address, bearer, "early")
    ahead = now().replace(year=now().year + 1)
    await state_in(registry_app).pool.execute("UPDATE event_log_head SET recorded = $1", ahead)
    await _post(address, bearer, "late-1")
    assert await state_in(registry_app).pool.fetchval("SELECT max(recorded) FROM event_log") == ahead


async def test_the_chain_is_the_one_that_the_formula_gives(registry_app: FastAPI, address: str, bearer: Bearer) -> None:
    """Every line's chain follows from those before it, and the head has that of the last."""
    await _post(address, bearer, *(f"area-{number}" for number in range(7)))
    async with state_in(registry_app).pool.acquire() as connection:
        rows = await connection.fetch("SELECT * FROM event_log ORDER BY sequence")
        end = await event_log.mark(connection)
    chain = chains.BEFORE_THE_FIRST
    for row in rows:
        author = f"{row['authtype']} {row['authid']}"
        chain = chains.linked(chain, chains.content(row["digest"], row["recorded"], row["outcome"], author))
        assert row["chain"] == chain
    assert (end.sequence, end.chain) == (len(rows), chain)
    assert [line.chain for line in (await logged(state_in(registry_app).pool)).lines] == [row["chain"] for row in rows]
