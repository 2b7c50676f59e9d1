"""The courier: how fast a relay publishes a log that is there, and how fast a consumer follows the stream of it.

Both are the processes that run in an installation, each alone. Beside them stands what the same Redis takes and gives
of the same messages. The consumer's owner is there and confirms from where it goes on; what it follows is the stream.
"""

import asyncio
import time
from typing import Any, Final

from redis.asyncio import Redis

from shared import database, migrations
from shared.backbone import consumer, event_log, pages, relay, streams
from tests.benchmarks.measuring import Row, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import START_SECONDS, System, ready, running, start, stop
from tests.support import logs_at_size
from tests.support.rebuild_at_size import MIGRATIONS

EVENTS: Final = 60_000
STREAM: Final = streams.stream_name("registry")
COPY: Final = "helhedsnet-benchmarks-limit"
GROUP: Final = "funding"
CARRY_SECONDS: Final = 120
LOOK_SECONDS: Final = 0.002


async def measure(options: Options) -> list[Row]:
    """Measure publishing, then following what was published."""
    async with running() as system, Redis.from_url(system.servers.redis_url) as redis:
        for service in ("registry", "funding"):
            await migrations.migrate(system.servers.database_url, service, MIGRATIONS / service / "migrations")
        url = database.service_url(system.servers.database_url, "registry")
        await logs_at_size.fill(url, "registry", EVENTS)
        # Its founding events come with the first start; then the log stands still.
        await start(system, "registry")
        await ready(system.ports["registry"], "/registry/health/ready")
        head = (await system.ask("registry", "/events?limit=1", "service"))["head"]
        await stop(system, "registry")
        published = await _relay(system, redis, head, options.rounds)
        # Whoever follows asks the owner once from where it goes on.
        await start(system, "registry")
        await ready(system.ports["registry"], "/registry/health/ready")
        return [published, await _consumer(system, redis, head, options.rounds)]


async def _relay(system: System, redis: Redis, head: int, rounds: int) -> Row:
    batches = await _batches(system)
    messages = sum(map(len, batches))

    async def ours() -> float:
        await redis.delete(STREAM)
        carried = await _carried(system, "registry", event_log.RELAY, head)
        await _check_stream(redis, head)
        return carried

    async def pipelined() -> float:
        await redis.delete(COPY)
        started = time.perf_counter()
        for batch in batches:
            pipeline = redis.pipeline(transaction=False)
            for message in batch:
                pipeline.xadd(COPY, message)
            await pipeline.execute()
        seconds = time.perf_counter() - started
        assert await redis.xlen(COPY) == messages, "a message is missing"
        await redis.delete(COPY)
        return head / seconds

    figures = await interleaved({"measured": ours, "limit": pipelined}, rounds)
    return row("relay: published from the log, beside XADD of the same messages", "events/s", figures)


async def _consumer(system: System, redis: Redis, head: int, rounds: int) -> Row:
    async def ours() -> float:
        await _without_group(redis, GROUP)
        carried = await _carried(system, "funding", "registry", head)
        await _check_funding(system)
        return carried

    async def read() -> float:
        await _without_group(redis, COPY)
        await redis.xgroup_create(STREAM, COPY, id="0")
        messages = await redis.xlen(STREAM)
        count, started = 0, time.perf_counter()
        while found := await _read(redis):
            count += found
        seconds = time.perf_counter() - started
        assert count == messages, f"{count} messages of {messages}"
        return head / seconds

    figures = await interleaved({"measured": ours, "limit": read}, rounds)
    return row("consumer: followed by funding, beside XREADGROUP of the same messages", "events/s", figures)


async def _carried(system: System, service: str, position: str, head: int) -> float:
    """Start a service that is at nothing, and give the events a second from its first batch to the head.

    The first batch is left out with what comes before it: a service takes its time to start.
    """
    connection = await system.connect(service)
    try:
        await connection.execute("UPDATE position SET sequence = 0, chain = NULL WHERE name = $1", position)
        await start(system, service)
        first = await _beyond(connection, position, 0, START_SECONDS)
        started = time.perf_counter()
        await _beyond(connection, position, head - 1, CARRY_SECONDS)
        seconds = time.perf_counter() - started
        last = await event_log.position(connection, position)
        assert last == head, f"{position} came to {last} instead of {head}"
    finally:
        await connection.close()
    await ready(system.ports[service], f"/{service}/health/ready")
    await stop(system, service)
    return (head - first) / seconds


async def _beyond(connection: database.Connection, position: str, sequence: int, within_seconds: float) -> int:
    """Wait until a position is beyond a sequence, and give it."""
    query = "SELECT sequence FROM position WHERE name = $1 AND sequence > $2"
    async with asyncio.timeout(within_seconds):
        # What another process does can only be looked at.
        while True:
            if (found := await connection.fetchval(query, position, sequence)) is not None:
                return int(found)
            await asyncio.sleep(LOOK_SECONDS)


async def _batches(system: System) -> list[list[dict[Any, Any]]]:
    """Give what the relay publishes, byte for byte, by what it publishes together."""
    signer = system.keyring.signer("registry")
    connection = await system.connect("registry")
    try:
        batches: list[list[dict[Any, Any]]] = []
        position = 0
        end = await event_log.mark(connection)
        while (page := await event_log.read(connection, position, relay.BATCH)).lines:
            position = page.lines[-1].sequence
            written = pages.for_stream(end.epoch, page.prior or b"", page.lines)
            batches.append([{streams.PAGE: text, streams.SIGNATURE: signer.sign(text)} for text in written])
    finally:
        await connection.close()
    return batches


async def _read(redis: Redis) -> int:
    """Read the next messages as a group of the limit's own, and give how many they are."""
    # What is read is bytes in lists, whatever the client's types allow for.
    found: Any = await redis.xreadgroup(COPY, COPY, {STREAM: ">"}, count=consumer.PAGES_READ)
    return sum(len(messages) for _, messages in found)


async def _without_group(redis: Redis, group: str) -> None:
    """Take a group away, so that the next reads from the beginning."""
    if any(found["name"] == group.encode() for found in await redis.xinfo_groups(STREAM)):
        await redis.xgroup_destroy(STREAM, group)


async def _check_stream(redis: Redis, head: int) -> None:
    """The stream holds the whole log, from its first entry to its last."""
    messages: Any = await redis.xrange(STREAM)
    held = [entry.sequence for _, message in messages for entry in pages.read(message[streams.PAGE]).entries]
    assert held == list(range(1, head + 1)), f"{len(held)} entries of {head}"


async def _check_funding(system: System) -> None:
    """Funding knows every plan and activity of the log, and set nothing aside."""
    connection = await system.connect("funding")
    try:
        known = await connection.fetchval("SELECT count(*) FROM activity")
        dead = await connection.fetchval("SELECT count(*) FROM dead_letter")
    finally:
        await connection.close()
    assert known == logs_at_size.TWELVE_AREAS.activities, f"funding knows {known} activities"
    assert dead == 0, f"{dead} events were set aside"
