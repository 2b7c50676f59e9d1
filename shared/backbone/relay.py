"""Publishes a service's log to its stream, in order. One leader among replicas; wakes on each commit.

Publishing comes before the position is saved: a crash in between publishes again, and consumers know what they have.
Redis may refuse, vanish or forget: the log is the record, and the relay goes on from its position.
"""

import asyncio
import random
from typing import Final

import asyncpg
import structlog
from redis.exceptions import RedisError

from shared import database
from shared.backbone import event_log
from shared.backbone.streams import OwnStream
from shared.metrics import Metrics

BATCH: Final = 500
# A wake-up can be lost with its connection; this bounds how late it then is.
LISTEN_SECONDS: Final = 2.0
# Under load commits follow one another within milliseconds, and to publish one costs as much as to publish ten.
GATHER_SECONDS: Final = 0.01
RETRY_SECONDS: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
# A replica that is not the leader waits for its turn this long before it asks again.
STANDBY_SECONDS: Final = 3_600
RELAY_LOCK: Final = 7_204_012
# A position that a crash of the server forgets is published from again, as after any crash: no reason to wait for the
# disk, which the commits of events need.
SESSION: Final = {**database.BY_KEY, "synchronous_commit": "off"}

log = structlog.get_logger()


class Relay:
    """Carries the log of one service to Redis."""

    def __init__(self, database_url: str, stream: OwnStream, metrics: Metrics) -> None:
        self._database_url = database_url
        self._stream = stream
        self._metrics = metrics
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Relay until cancelled, through any number of lost connections."""
        failures = 0
        while True:
            try:
                connection = await database.connect(self._database_url, SESSION)
                try:
                    await connection.add_listener(event_log.CHANNEL, self._notified)
                    connection.add_termination_listener(self._notified)
                    await self._lead(connection)
                finally:
                    await connection.close(timeout=1)
            except (RedisError, *database.UNAVAILABLE) as error:
                delay = RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)]
                log.warning("relay.waiting", stream=self._stream.name, error=type(error).__name__, retry_delay_s=delay)
                failures += 1
                await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311  jitter, no secret
            else:
                failures = 0

    def _notified(self, *_: object) -> None:
        self._wake.set()

    async def _lead(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Become the one that publishes, and publish until something breaks; another replica's turn ends with it."""
        await connection.execute("SELECT pg_advisory_lock($1)", RELAY_LOCK, timeout=STANDBY_SECONDS)
        position = await event_log.position(connection, event_log.RELAY)
        while True:
            self._wake.clear()
            position = await self._publish_after(connection, position)
            await asyncio.sleep(GATHER_SECONDS)
            try:
                async with asyncio.timeout(LISTEN_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                # Also shows a connection that is gone, which an idle listener would never notice.
                await connection.fetchval("SELECT 1")

    async def _publish_after(self, connection: "asyncpg.Connection[asyncpg.Record]", position: int) -> int:
        more = True
        while more and (lines := await event_log.read(connection, position, BATCH)):
            await self._stream.publish(line.text for line in lines)
            if any(line.erases for line in lines):
                # What the stream still holds says what the log no longer says. Consumers read the log instead.
                await self._stream.empty()
            position = lines[-1].sequence
            await event_log.set_position(connection, event_log.RELAY, position)
            self._metrics.relayed.set(position)
            # What is committed after this read wakes the relay once more.
            more = len(lines) == BATCH
        return position
