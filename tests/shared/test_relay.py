"""The relay on a real stream: all that is logged comes out, in order, whoever dies on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest
import redis.asyncio
from faststream.redis import RedisBroker

from shared import background
from shared.backbone import appending, event_log, pages, streams
from shared.backbone.continuity import Continuity
from shared.backbone.event_log import Accepted
from shared.backbone.relay import RETRY_SECONDS, Relay
from shared.database import Pool
from shared.metrics import Metrics
from tests.support.builders import an_area, posted
from tests.support.keyring import Keyring
from tests.support.running import Wire
from tests.support.streaming import published, sequences

NOW = datetime(2025, 8, 1, 12, tzinfo=UTC)
STREAM = streams.stream_name("registry")

Relaying: TypeAlias = Callable[..., contextlib.AbstractAsyncContextManager["asyncio.Task[None]"]]


@pytest.fixture
def relaying(registry_database: str, redis_url: str, keyring: Keyring) -> Relaying:
    """Give a function that relays the log until its context ends; each call is a replica of its own."""

    @contextlib.asynccontextmanager
    async def relaying(url: str = redis_url, bytes_limit: int = 10_000_000) -> AsyncIterator["asyncio.Task[None]"]:
        broker: RedisBroker = streams.open_broker(url)
        await broker.connect()
        signer = keyring.signer("registry")
        stream = streams.OwnStream(broker, "registry", signer, bytes_limit=bytes_limit)
        continuity = Continuity("registry", signer.fingerprint)
        relay = Relay(registry_database, stream, continuity, Metrics("registry"))
        running = asyncio.create_task(relay.run(), name="relay")
        try:
            yield running
        finally:
            await background.end([running])
            await broker.stop()

    return relaying


async def _append(pool: Pool, count: int = 1) -> int:
    """Log some events in one transaction, and give the last sequence."""
    async with pool.acquire() as connection, connection.transaction():
        events = [Accepted(posted(an_area()), None) for _ in range(count)]
        return await appending.append(connection, events, NOW) + count


async def _has(client: "redis.asyncio.Redis", last: int) -> list[int]:
    """Wait until the stream ends with a sequence, and give all that it holds."""
    return await published(client, STREAM, last)


async def _has_saved(pool: Pool, last: int) -> None:
    """Wait until the relay has saved a position, which it does just after the stream has the entries."""
    async with asyncio.timeout(15):
        # Nothing tells when.
        while await pool.fetchval("SELECT sequence FROM position WHERE name = 'relay'") != last:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.005)


async def _end_the_leader(pool: Pool) -> None:
    """End the connection of the relay that leads."""
    await pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
    )


async def test_all_that_is_logged_is_published_in_order(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """What was there before comes first, what follows comes at once; more than one page of it too."""
    await _append(registry_pool, 1_200)
    async with relaying():
        assert await _has(redis_client, 1_200) == list(range(1, 1_201))
        for _ in range(20):
            last = await _append(registry_pool, 3)
        assert await _has(redis_client, last) == list(range(1, last + 1))


async def test_a_commit_wakes_it(registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis") -> None:
    """An event is on the stream long before the relay would look by itself."""
    async with relaying():
        await _has(redis_client, await _append(registry_pool))
        started = asyncio.get_running_loop().time()
        for _ in range(10):
            await _has(redis_client, await _append(registry_pool))
        # By looking alone, it would need two seconds for each.
        assert asyncio.get_running_loop().time() - started < 10


async def test_it_goes_on_from_its_position(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """A relay that starts again publishes what is new, and nothing twice."""
    for _ in range(3):
        last = await _append(registry_pool, 2)
        async with relaying():
            await _has(redis_client, last)
            await _has_saved(registry_pool, last)
    assert await sequences(redis_client, STREAM) == list(range(1, last + 1))


async def test_a_crash_between_publishing_and_the_position_publishes_again(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """Twice is harmless, consumers know what they have; never would be a loss."""
    last = await _append(registry_pool, 3)
    async with registry_pool.acquire() as connection:
        await event_log.position(connection, "relay")
        # Whoever holds this row keeps the relay from saving its position after it has published.
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SELECT FROM position WHERE name = 'relay' FOR UPDATE")
        async with relaying():
            await _has(redis_client, last)
        await transaction.rollback()
    async with relaying():
        last = await _append(registry_pool)
        assert await _has(redis_client, last) == [1, 2, 3, 1, 2, 3, 4]


async def test_one_replica_leads_and_the_other_takes_over(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """Two relays publish each event once; when the leader dies, the other goes on."""
    async with relaying() as first:
        await _has(redis_client, await _append(registry_pool, 2))
        async with relaying():
            async with asyncio.timeout(10):
                # The second one waits for the first; PostgreSQL tells nobody when.
                while not await registry_pool.fetchval(  # noqa: ASYNC110  as above
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                ):
                    await asyncio.sleep(0.005)
            last = await _append(registry_pool, 2)
            await _has(redis_client, last)
            # Between publishing and saving its position it would leave a repetition, which is another test's claim.
            await _has_saved(registry_pool, last)
            await background.end([first])
            last = await _append(registry_pool, 2)
            assert await _has(redis_client, last) == list(range(1, last + 1))


async def test_a_lost_database_connection_is_made_again(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """A relay whose connection is cut connects anew and loses nothing."""
    async with relaying() as running:
        await _has(redis_client, await _append(registry_pool))
        for _ in range(2):
            await _end_the_leader(registry_pool)
            last = await _append(registry_pool, 2)
            held = await _has(redis_client, last)
        assert not running.done()
    assert sorted(set(held)) == list(range(1, last + 1))


async def test_what_was_published_in_between_makes_a_lost_connection_the_first_again(
    registry_pool: Pool,
    relaying: Relaying,
    redis_client: "redis.asyncio.Redis",
    logged: list[MutableMapping[str, Any]],
) -> None:
    """However often its connection is lost in a life, it waits for long only where nothing works in between."""
    async with relaying():
        for _ in RETRY_SECONDS:
            last = await _append(registry_pool)
            await _has(redis_client, last)
            await _has_saved(registry_pool, last)
            await _end_the_leader(registry_pool)
        await _has(redis_client, await _append(registry_pool))
    waits = [line["retry_delay_s"] for line in logged if line["event"] == "relay.waiting"]
    assert waits == [RETRY_SECONDS[0]] * len(RETRY_SECONDS)


async def test_a_redis_that_goes_away_and_comes_back_gets_what_it_missed(
    registry_pool: Pool, relaying: Relaying, redis_url: str, redis_client: "redis.asyncio.Redis"
) -> None:
    """While the courier is away, events wait in the log; when it is back, they go on from the position."""
    address = urlsplit(redis_url)
    async with Wire(address.port or 0) as wire:
        through_the_wire = address._replace(netloc=address.netloc.replace(f":{address.port}", f":{wire.port}")).geturl()
        async with relaying(through_the_wire) as running:
            await _has(redis_client, await _append(registry_pool, 2))
            await wire.cut()
            last = await _append(registry_pool, 2)
            await wire.mend()
            held = await _has(redis_client, last)
            last = await _append(registry_pool, 2)
            assert (await _has(redis_client, last))[-2:] == [last - 1, last]
            assert not running.done()
    # A batch whose answer was lost on the wire is sent again.
    assert sorted(set(held)) == [1, 2, 3, 4]


async def test_a_full_stream_loses_its_oldest_by_bytes(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """The limit holds for what Redis needs in memory, whether pages are large or single events."""
    limit = 200_000
    async with relaying(bytes_limit=limit):
        last = await _append(registry_pool, 2_000)
        held = await _has(redis_client, last)
        assert held == list(range(held[0], last + 1))
        assert held[0] > 1
        assert await _memory(redis_client) <= 1.5 * limit
        for _ in range(50):
            last = await _append(registry_pool)
            held = await _has(redis_client, last)
        assert held == list(range(held[0], last + 1))
        assert await _memory(redis_client) <= 1.5 * limit


async def _memory(client: Any) -> int:  # noqa: ANN401  redis-py has no types for this
    """Give the bytes that the stream takes in Redis."""
    return int(await client.memory_usage(STREAM, samples=0))


async def test_it_goes_on_behind_whatever_stands_on_the_stream(
    registry_pool: Pool, relaying: Relaying, redis_client: "redis.asyncio.Redis"
) -> None:
    """A message that somebody put there with the clock as its number is no end: the own messages follow it."""
    async with relaying():
        await _has(redis_client, await _append(registry_pool))
        await redis_client.xadd(STREAM, {streams.PAGE: pages.written("", b"", []), streams.SIGNATURE: b""})
        last = await _append(registry_pool)
        await _has(redis_client, last)
        await _has_saved(registry_pool, last)
    await redis_client.xtrim(STREAM, maxlen=0, approximate=False)
    async with relaying():
        last = await _append(registry_pool)
        assert await _has(redis_client, last) == [last]
