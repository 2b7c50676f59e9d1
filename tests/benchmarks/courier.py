"""The courier: how fast a relay publishes a log that is there, and how fast a consumer follows the stream of it.

Both are the processes that run in an installation, each alone. Beside them stands what the same Redis takes and gives
of the same messages. The consumer's owner is away, so that it follows the stream and not the log.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Final

from faststream.redis import BinaryMessageFormatV1
from faststream.redis.message import DATA_KEY
from redis.asyncio import Redis

from shared import database, migrations
from shared.backbone import event_log, streams
from tests.benchmarks.measuring import Row, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import START_SECONDS, System, ready, running, start, stop
from tests.reporting import logs_at_size
from tests.reporting.rebuild_at_size import MIGRATIONS

EVENTS: Final = 60_000
BATCH: Final = 500
STREAM: Final = streams.stream_name("registry")
COPY: Final = "helhedsnet-benchmarks-limit"
GROUP: Final = "funding"
STREAM_LENGTH: Final = 100_000
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
        await start(system, "registry", system.token_key_file)
        await ready(system.ports["registry"], "/registry/health/ready")
        head = (await system.ask("registry", "/events?limit=1", "service"))["head"]
        await stop(system, "registry")
        return [await _relay(system, redis, head, options.rounds), await _consumer(system, redis, head, options.rounds)]


async def _relay(system: System, redis: Redis, head: int, rounds: int) -> Row:
    messages = await _messages(system)
    assert len(messages) == head, f"{len(messages)} messages of {head}"

    async def ours() -> float:
        await redis.delete(STREAM)
        carried = await _carried(system, "registry", event_log.RELAY, head)
        await _check_stream(redis, head)
        return carried

    async def pipelined() -> float:
        await redis.delete(COPY)
        started = time.perf_counter()
        for batch in _batches(messages):
            pipeline = redis.pipeline(transaction=False)
            for message in batch:
                pipeline.xadd(COPY, {DATA_KEY: message}, maxlen=STREAM_LENGTH)
            await pipeline.execute()
        seconds = time.perf_counter() - started
        assert await redis.xlen(COPY) == head, "a message is missing"
        await redis.delete(COPY)
        return head / seconds

    figures = await interleaved({"measured": ours, "limit": pipelined}, rounds)
    return row("relay: published from the log, beside XADD in pipelines of 500", "events/s", figures)


async def _consumer(system: System, redis: Redis, head: int, rounds: int) -> Row:
    async def ours() -> float:
        await _without_group(redis, GROUP)
        carried = await _carried(system, "funding", "registry", head)
        await _check_funding(system)
        return carried

    async def read() -> float:
        await _without_group(redis, COPY)
        await redis.xgroup_create(STREAM, COPY, id="0")
        count, started = 0, time.perf_counter()
        while found := await _read(redis):
            count += found
        seconds = time.perf_counter() - started
        assert count == head, f"{count} messages of {head}"
        return head / seconds

    figures = await interleaved({"measured": ours, "limit": read}, rounds)
    return row("consumer: followed by funding, beside XREADGROUP COUNT 500", "events/s", figures)


async def _carried(system: System, service: str, position: str, head: int) -> float:
    """Start a service that is at nothing, and give the events a second from its first batch to the head.

    The first batch is left out with what comes before it: a service takes its time to start.
    """
    connection = await system.connect(service)
    try:
        await connection.execute("UPDATE position SET sequence = 0 WHERE name = $1", position)
        await start(system, service, system.token_key_file)
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


async def _beyond(connection: Any, position: str, sequence: int, within_seconds: float) -> int:  # noqa: ANN401
    """Wait until a position is beyond a sequence, and give it."""
    query = "SELECT sequence FROM position WHERE name = $1 AND sequence > $2"
    async with asyncio.timeout(within_seconds):
        # What another process does can only be looked at.
        while True:
            if (found := await connection.fetchval(query, position, sequence)) is not None:
                return int(found)
            await asyncio.sleep(LOOK_SECONDS)


async def _messages(system: System) -> list[bytes]:
    """Give what the relay publishes, byte for byte."""
    header = await BinaryMessageFormatV1.encode(message="", reply_to=None, headers=None, correlation_id="")
    connection = await system.connect("registry")
    try:
        messages: list[bytes] = []
        while lines := await event_log.read(connection, len(messages), 10_000):
            messages.extend(header + line.text.encode() for line in lines)
    finally:
        await connection.close()
    return messages


async def _read(redis: Redis) -> int:
    """Read the next messages as a group of the limit's own, and give how many they are."""
    # What is read is bytes in lists, whatever the client's types allow for.
    found: Any = await redis.xreadgroup(COPY, COPY, {STREAM: ">"}, count=BATCH)
    return sum(len(messages) for _, messages in found)


def _batches(messages: list[bytes]) -> Iterator[list[bytes]]:
    for first in range(0, len(messages), BATCH):
        yield messages[first : first + BATCH]


async def _without_group(redis: Redis, group: str) -> None:
    """Take a group away, so that the next reads from the beginning."""
    if any(found["name"] == group.encode() for found in await redis.xinfo_groups(STREAM)):
        await redis.xgroup_destroy(STREAM, group)


async def _check_stream(redis: Redis, head: int) -> None:
    """The stream holds the whole log, from its first entry to its last."""
    assert await redis.xlen(STREAM) == head, f"{await redis.xlen(STREAM)} messages of {head}"
    first: Any = await redis.xrange(STREAM, count=1)
    last: Any = await redis.xrevrange(STREAM, count=1)
    for sequence, ((_, message),) in ((1, first), (head, last)):
        assert f'"sequence":{sequence},'.encode() in message[DATA_KEY.encode()], f"entry {sequence} is not at its end"


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
