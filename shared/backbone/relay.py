"""Publishes a service's log to its stream, in order. One leader among replicas; wakes on each commit.

Publishing comes before the position is saved: a crash in between publishes again, and consumers know what they have.
Redis may refuse, vanish or forget: the log is the record, and the relay goes on from its position. It sees what stands
on the stream, and so notices where the log has gone back.
"""

import asyncio
import contextlib
import random
import time
from typing import Final

import asyncpg
import structlog
from redis.exceptions import RedisError

from shared import database, locks
from shared.backbone import continuity, event_log, pages
from shared.backbone.continuity import Continuity
from shared.backbone.event_log import Mark
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
# What fails for less is a moment: a restart of Redis, a connection that was ended.
FAILING_SECONDS: Final = 5.0
# A position that a crash of the server forgets is published from again, as after any crash: no reason to wait for the
# disk, which the commits of events need.
SESSION: Final = {**database.BY_KEY, "synchronous_commit": "off"}

log = structlog.get_logger()


class Relay:
    """Carries the log of one service to Redis."""

    def __init__(self, database_url: str, stream: OwnStream, continuity: Continuity, metrics: Metrics) -> None:
        self._database_url = database_url
        self._stream = stream
        self._continuity = continuity
        self._metrics = metrics
        self._wake = asyncio.Event()
        # In a row: what is published in between is a new beginning.
        self._failures = 0
        self._failing_since: float | None = None

    @property
    def healthy(self) -> bool:
        """Tell whether what is logged is published, or whether it is another replica's turn to."""
        return self._failing_since is None or time.monotonic() - self._failing_since < FAILING_SECONDS

    async def run(self) -> None:
        """Relay until cancelled, through any number of lost connections."""
        while True:
            try:
                connection = await database.connect(self._database_url, SESSION)
                try:
                    await connection.add_listener(event_log.CHANNEL, self._notified)
                    connection.add_termination_listener(self._notified)
                    await self._lead(connection)
                finally:
                    # Dropped is as good as closed in time; that it was told to end must not be lost by it.
                    with contextlib.suppress(TimeoutError):
                        await connection.close(timeout=1)
            except (RedisError, continuity.LogWentBack, *database.UNAVAILABLE) as error:
                delay = RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS) - 1)]
                log.warning("relay.waiting", stream=self._stream.name, error=type(error).__name__, retry_delay_s=delay)
                self._failures += 1
                self._failing_since = self._failing_since or time.monotonic()
                await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311  jitter, no secret

    def _notified(self, *_: object) -> None:
        self._wake.set()

    async def _lead(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Become the one that publishes, and publish until something breaks; another replica's turn ends with it."""
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", locks.RELAY):
            self._failing_since = None
            await connection.execute("SELECT pg_advisory_lock($1)", locks.RELAY, timeout=STANDBY_SECONDS)
        published = await self._begin(connection)
        confirmed_at = time.monotonic()
        while True:
            self._wake.clear()
            published = await self._publish_after(connection, published)
            self._failures = 0
            self._failing_since = None
            await asyncio.sleep(GATHER_SECONDS)
            # To ask also shows a connection that is gone, which an idle listener would never notice.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LISTEN_SECONDS):
                    await self._wake.wait()
            if time.monotonic() >= confirmed_at + LISTEN_SECONDS:
                confirmed_at = time.monotonic()
                if (await self._continuity.confirmed(connection)).epoch != published.epoch:
                    published = await self._begin(connection)
                await self._continuity.keep(published)

    async def _begin(self, connection: "asyncpg.Connection[asyncpg.Record]") -> Mark:
        """Hold the log against the end of the stream, and give from where to publish."""
        last = await self._stream.last()
        on_stream = None if last is None else continuity.end_of(last)
        log_ends = await self._continuity.confirmed(connection, on_stream)
        if on_stream is not None and on_stream.epoch != log_ends.epoch:
            # It tells of a past that is not this log's, and would be read by whoever begins to follow.
            await self._stream.empty()
        position = min(await event_log.position(connection, event_log.RELAY), log_ends.sequence)
        return Mark(log_ends.epoch, position, await event_log.chain_at(connection, position) or b"")

    async def _publish_after(self, connection: "asyncpg.Connection[asyncpg.Record]", published: Mark) -> Mark:
        more = True
        while more:
            page = await event_log.read(connection, published.sequence, BATCH)
            if page.prior != published.chain:
                raise continuity.LogWentBack
            if not page.lines:
                break
            await self._stream.publish(pages.for_stream(published.epoch, published.chain, page.lines))
            if any(line.erases for line in page.lines):
                # What the stream still holds says what the log no longer says. Consumers read the log instead.
                await self._stream.empty()
            last = page.lines[-1]
            published = Mark(published.epoch, last.sequence, last.chain)
            self._continuity.saw(published)
            await event_log.set_position(connection, event_log.RELAY, last.sequence)
            self._metrics.relayed.set(last.sequence)
            # What is committed after this read wakes the relay once more.
            more = len(page.lines) == BATCH
        return published
