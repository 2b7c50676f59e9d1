"""A consumer as a service runs one, whose effect is a row per event; a test's own, or a process that can be killed.

As a process it says on standard output how far it has come, and stops for good at the point that `STOP_AT` names:
`before commit` leaves the effect uncommitted, `before acknowledging` leaves it committed and not acknowledged.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final

import asyncpg
import redis.asyncio
from faststream.redis.message import RedisBatchStreamMessage

from shared import background, database
from shared.backbone import streams
from shared.backbone.applying import Apply
from shared.backbone.catch_up import OwnerLog
from shared.backbone.consumer import Consumer
from shared.backbone.event_log import Entry
from shared.database import Connection, Pool
from shared.metrics import Metrics
from tests.support.keyring import Keyring

TICK_MS: Final = 50
PENDING_IDLE_MS: Final = 100
POISON: Final = "poison"


async def insert_row(connection: Connection, _: str, entries: Sequence[Entry]) -> None:
    """Note each entry in the table `seen`, without any guard against a second time."""
    for entry in entries:
        data = entry.event["data"]
        if data.get("area") == POISON:
            await connection.execute("INSERT INTO seen (sequence, name) VALUES ($1, NULL)", entry.sequence)
        await connection.execute("INSERT INTO seen (sequence, name) VALUES ($1, $2)", entry.sequence, entry.name)


async def make_table(pool: Pool) -> None:
    """Make the table; nothing in it keeps an entry from being seen twice."""
    await pool.execute(
        "CREATE TABLE seen (place bigint GENERATED ALWAYS AS IDENTITY, sequence bigint NOT NULL, name text NOT NULL)"
    )


async def seen(pool: Pool) -> list[int]:
    """Give the sequences that took effect, in the order in which they did."""
    return [row["sequence"] for row in await pool.fetch("SELECT sequence FROM seen ORDER BY place")]


def up_to(sequence: int) -> list[int]:
    """Give all sequences up to one, as they take effect where each does so once and in order."""
    return list(range(1, sequence + 1))


async def nothing_pending(client: "redis.asyncio.Redis") -> None:
    """Wait until every delivered entry is acknowledged."""
    async with asyncio.timeout(10):
        while (await client.xpending(streams.stream_name("registry"), "follower"))["pending"]:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def following(
    pool: Pool,
    redis_url: str,
    owner_url: str,
    keyring: Keyring,
    apply: Apply = insert_row,
    *,
    tick_ms: int = TICK_MS,
) -> AsyncIterator[Consumer]:
    """Follow the registry until the context ends."""
    # A replica has a pool of its own for this, which takes its lease along when it is closed.
    told: Any = pool
    own = await database.open_pool(told._connect_args[0], 1)  # noqa: SLF001  it tells its address nowhere else
    broker = streams.open_broker(redis_url)
    owner_log = OwnerLog("registry", owner_url, keyring.credential())
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(own.close)
        stack.push_async_callback(owner_log.close)
        stack.push_async_callback(broker.stop)
        await broker.connect()
        consumer = Consumer(
            service="follower",
            owner="registry",
            pool=own,
            broker=broker,
            verifier=keyring.verifier("registry"),
            owner_log=owner_log,
            apply=apply,
            metrics=Metrics("reporting"),
            tick_ms=tick_ms,
            pending_idle_ms=PENDING_IDLE_MS,
        )
        stack.push_async_callback(consumer.stop)
        running = asyncio.create_task(consumer.run(), name="follower")
        stack.push_async_callback(background.end, [running])
        yield consumer


async def reaches(consumer: Consumer, position: int, within_seconds: float = 15) -> None:
    """Wait until a consumer has come as far as a position."""
    async with asyncio.timeout(within_seconds), consumer.moved:
        await consumer.moved.wait_for(lambda: consumer.position >= position)


async def _stop_for_good(*_: object) -> None:
    print("stopped", flush=True)  # noqa: T201  what the test reads
    await asyncio.Event().wait()


async def _insert_and_stop(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    await insert_row(connection, owner, entries)
    await _stop_for_good()


async def _main(settings: Any) -> None:  # noqa: ANN401  the environment
    pool = await database.open_pool(settings["DATABASE_URL"], 4)
    key = Keyring(Path(settings["KEYS_FOLDER"]))
    stop_at = settings.get("STOP_AT")
    if stop_at == "before acknowledging":
        # The one way to stand still between the commit and the acknowledgement, which follows at once.
        RedisBatchStreamMessage.ack = _stop_for_good  # type: ignore[method-assign,assignment]  # the one way to stand still there
    apply = _insert_and_stop if stop_at == "before commit" else insert_row
    async with following(pool, settings["REDIS_URL"], settings["OWNER_URL"], key, apply) as consumer:
        print("started", flush=True)  # noqa: T201  what the test reads
        while True:
            async with consumer.moved:
                await consumer.moved.wait()
            print(consumer.position, flush=True)  # noqa: T201  what the test reads


if __name__ == "__main__":
    with contextlib.suppress(asyncpg.PostgresError):
        asyncio.run(_main(os.environ))
