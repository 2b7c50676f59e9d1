"""Applies another service's events exactly once in effect, in the order of their sequence.

FastStream reads the stream; what it lacks is here: the group at 0, redelivery, gaps, and a subscriber that stopped.
The position is written in the transaction of the effects, so a redelivered entry is known by its sequence, and a
stream that lost entries is a gap that the owner's log fills. What the owner did not sign is an alarm, and no entry.
"""

import asyncio
import contextlib
import os
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import httpx
import structlog
from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import RedisBatchStreamMessage
from pydantic import ValidationError
from redis.exceptions import RedisError, ResponseError

from shared import background, clock, database
from shared.backbone import dead_letters, event_log, forgeries, streams
from shared.backbone.catch_up import OwnerLog
from shared.backbone.event_log import Entry
from shared.backbone.signatures import Verifier
from shared.database import Connection, Pool
from shared.errors import HelhedsnetError, NotFound
from shared.metrics import Metrics

if TYPE_CHECKING:
    from shared.tracing import Tracing

# What is applied in one transaction.
BATCH: Final = 500
# What is read at once: about 3 MB.
PAGES_READ: Final = 50
# Forged messages that the log names, for whoever looks them up on the stream.
NAMED_FORGERIES: Final = 10
PENDING_BATCH: Final = 500
# A table that so few events have filled is read in no time, whatever the plan.
FEW: Final = 500
RETRY_SECONDS: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
SURPRISE_RETRY_SECONDS: Final = (0.05, 0.2, 0.5)
TRANSIENT: Final = (*database.UNAVAILABLE, *database.LOST_RACE, RedisError, httpx.HTTPError)
# What no second try can mend: an event this service cannot read or whose effect its own constraints refuse.
PERMANENT: Final = (HelhedsnetError, ValidationError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)

log = structlog.get_logger()

Apply = Callable[[Connection, str, Sequence[Entry]], Awaitable[None]]


class Consumer:
    """Follows one owner's events on behalf of one service, on the one connection of its pool."""

    def __init__(  # noqa: PLR0913  it joins these parts and owns none of them
        self,
        *,
        service: str,
        owner: str,
        pool: Pool,
        broker: RedisBroker,
        verifier: Verifier,
        owner_log: OwnerLog,
        apply: Apply,
        metrics: Metrics,
        tick_ms: int,
        pending_idle_ms: int,
        tracing: "Tracing | None" = None,
    ) -> None:
        self.owner = owner
        self._service = service
        self._pool = pool
        self._broker = broker
        self._verifier = verifier
        self._owner_log = owner_log
        self._apply = apply
        self._metrics = metrics
        self._tick_ms = tick_ms
        self._tracing = tracing
        self._pending_idle_ms = pending_idle_ms
        self._stream = streams.stream_name(owner)
        self._name = f"{socket.gethostname()}-{os.getpid()}"
        self._one_at_a_time = asyncio.Lock()
        self._failing_since: float | None = None
        self._position_at_last_tick = 0
        self._planned_at = 0
        self._head = 0
        self._recorded: str | None = None
        self.position = 0
        self.moved = asyncio.Condition()
        self._subscriber: Any = broker.subscriber(
            stream=StreamSub(
                self._stream,
                group=service,
                consumer=self._name,
                batch=True,
                max_records=PAGES_READ,
                polling_interval=streams.POLLING_MS,
                last_id=">",
            ),
            ack_policy=AckPolicy.MANUAL,
            parser=streams.as_it_came,
            decoder=_whole_message,
            title=f"{service} follows {owner}",
        )
        self._subscriber(self._delivered)

    @property
    def healthy(self) -> bool:
        """Tell whether events are being followed: the subscriber runs and nothing keeps failing."""
        return self.running and self._failing_since is None

    @property
    def running(self) -> bool:
        """Tell whether the stream is being read, whether or not the owner's log answers."""
        reading = self._subscriber.tasks
        return bool(self._subscriber.running and reading) and not any(task.done() for task in reading)

    async def run(self) -> None:
        """Keep following until cancelled: read the stream where that is not done, catch up, settle.

        Whatever is wrong with the stream, the owner's log is read.
        """
        failures = 0
        while True:
            try:
                unread = await self._unread()
                await self._tick()
                if unread is not None:
                    raise unread
                await self._settle_pending()
            except TRANSIENT as error:
                await self._pause(error, failures)
                failures += 1
            else:
                failures = 0
                self._failing_since = None
                await asyncio.sleep(self._tick_ms / 1000)

    def measure(self, now: datetime) -> None:
        """Set what is measured of it: by how much it is behind what it knows of, and how old its newest event is."""
        lag = max(0, self._head - self.position)
        self._metrics.consumed.labels(self.owner).set(self.position)
        self._metrics.consumer_lag.labels(self.owner).set(lag)
        if self._recorded is not None:
            age = (now - datetime.fromisoformat(self._recorded)).total_seconds()
            self._metrics.newest_age.labels(self.owner).set(age)
            self._metrics.consumer_lag_seconds.labels(self.owner).set(age if lag else 0)

    async def stop(self) -> None:
        """Read no more; when this returns, nothing of it runs."""
        reading = list(self._subscriber.tasks)
        await self._subscriber.stop()
        # FastStream cancels its reading, but does not wait for the end of it.
        await background.end(reading)

    async def owners_head(self) -> int | None:
        """Ask the owner for the last sequence of its log; None where it does not answer."""
        try:
            return await self._owner_log.head()
        except httpx.HTTPError:
            return None

    async def retry(self, sequence: int) -> str | None:
        """Apply a dead letter as its owner's log tells it today; give the reason where it still cannot be.

        Raises:
            NotFound: there is no such dead letter.
            httpx.HTTPError: the owner's log cannot be read.
        """
        page = await self._owner_log.after(sequence - 1)
        try:
            async with self._one_at_a_time, self._pool.acquire() as connection, connection.transaction():
                found = await dead_letters.take_out(connection, self.owner, sequence)
                if found:
                    await self._apply(connection, self.owner, page[:1])
        except Exception as error:
            if _may_pass(error):
                raise
            return _reason(error)
        if not found:
            raise NotFound(f"there is no dead letter {self.owner} {sequence} here")
        log.info("consumer.dead_letter_applied", service=self._service, owner=self.owner, sequence=sequence)
        return None

    async def _tick(self) -> None:
        """Read what the owner has and this service has not, if the stream did not bring it."""
        async with self._one_at_a_time:
            async with self._pool.acquire() as connection:
                await self._now_at(await event_log.position(connection, self.owner))
            if self.position == self._position_at_last_tick:
                await self._catch_up()
            self._position_at_last_tick = self.position

    async def _unread(self) -> Exception | None:
        """Read the stream where that is not done; give what keeps us from it, None when it is being read.

        What ended the reading is given before it is begun again, so that each new beginning waits its time.
        """
        if self.running:
            return None
        try:
            ended = [task for task in self._subscriber.tasks if task.done() and not task.cancelled()]
            await self.stop()
            for task in ended:
                task.result()
            await self._create_group()
            await self._subscriber.start()
        except (RedisError, OSError) as error:
            return error
        log.info("consumer.started", service=self._service, owner=self.owner)
        return None

    async def _create_group(self) -> None:
        """Create the group at 0, not at the end as FastStream would: what was sent before the first start counts."""
        try:
            await streams.client(self._broker).xgroup_create(self._stream, self._service, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _settle_pending(self) -> None:
        """Settle entries that were delivered to a consumer which never acknowledged them.

        They need not be delivered again: all of them are in the owner's log, which is read up to its head first.
        """
        redis = streams.client(self._broker)
        pending = await redis.xpending_range(
            self._stream, self._service, "-", "+", PENDING_BATCH, idle=self._pending_idle_ms
        )
        if not pending:
            return
        async with self._one_at_a_time:
            await self._catch_up()
        stuck: list[Any] = [item["message_id"] for item in pending]
        await redis.xack(self._stream, self._service, *stuck)
        log.info("consumer.settled_pending", service=self._service, owner=self.owner, entries=len(stuck))

    async def _delivered(self, message: RedisBatchStreamMessage) -> None:
        """Apply a batch from the stream and acknowledge it; try until it works, so that order is kept."""
        delivered = streams.verified(message, self._verifier)
        if delivered.forged:
            await self._until_it_works(lambda: self._sound_alarm(delivered.forged))
        await self._until_it_works(lambda: self._follow(delivered))
        try:
            await message.ack()
        except (RedisError, OSError) as error:
            # They are committed. Left pending they are settled later, and the next read meets what is wrong.
            log.warning(
                "consumer.not_acknowledged", service=self._service, owner=self.owner, error=type(error).__name__
            )

    async def _until_it_works(self, work: Callable[[], Awaitable[None]]) -> None:
        failures = 0
        while True:
            try:
                return await work()
            except TRANSIENT as error:
                await self._pause(error, failures)
                failures += 1

    async def _sound_alarm(self, forged: Sequence[str]) -> None:
        """Tell of messages that the owner did not sign, and nothing of what they say."""
        async with self._pool.acquire() as connection:
            await forgeries.note(connection, self.owner, len(forged), clock.now())
        self._metrics.forged.labels(self.owner).inc(len(forged))
        log.error(
            "consumer.forged",
            service=self._service,
            owner=self.owner,
            messages=len(forged),
            message_ids=forged[:NAMED_FORGERIES],
        )

    async def _follow(self, delivered: streams.Delivered) -> None:
        """Apply what the owner signed; in place of what it did not, whatever its log holds."""
        async with self._one_at_a_time:
            for first in range(0, len(delivered.entries), BATCH):
                await self._apply_contiguous(delivered.entries[first : first + BATCH])
            if delivered.forged:
                await self._catch_up()

    async def _apply_contiguous(self, entries: list[Entry]) -> None:
        """Apply entries; whatever the stream left out before or between them is read from the log.

        When this returns, all of them are committed, so that all may be acknowledged.
        """
        self._head = max(self._head, entries[-1].sequence)
        if entries[0].sequence <= self.position + 1:
            await self._apply_once(entries)
        if entries[-1].sequence > self.position:
            log.info("consumer.gap", service=self._service, owner=self.owner, after=self.position)
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Apply what the owner's log holds beyond the position, up to its head."""
        async for page in self._owner_log.all_after(self.position):
            await self._apply_once(page)

    async def _apply_once(self, entries: Sequence[Entry]) -> None:
        """Apply those entries that continue from the position, and move it, in one transaction."""
        try:
            await self._transact(entries, self._apply)
        except Exception as error:
            if _may_pass(error):
                raise
            # One of them cannot be applied. One by one, so that it alone is set aside.
            for entry in entries:
                await self._apply_or_bury(entry)

    async def _apply_or_bury(self, entry: Entry) -> None:
        """Apply one entry, or set it aside: at once where no second try can mend it, else after a few tries."""
        for retry_delay_s in (*SURPRISE_RETRY_SECONDS, None):
            try:
                await self._transact([entry], self._apply)
            except Exception as error:
                if _may_pass(error):
                    raise
                if retry_delay_s is None or isinstance(error, PERMANENT):
                    await self._bury(entry, _reason(error))
                    return
                await asyncio.sleep(retry_delay_s)
            else:
                return

    async def _bury(self, entry: Entry, reason: str) -> None:
        async def bury(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
            await event_log.bury(connection, owner, entries[0], reason, clock.now())

        await self._transact([entry], bury)
        self._metrics.buried.labels(self.owner).inc()
        # No trace: it would hold the entry, and with it people.
        log.error("consumer.dead_letter", service=self._service, owner=self.owner, sequence=entry.sequence)

    async def _transact(self, entries: Sequence[Entry], effect: Apply) -> None:
        await self._plan_for_the_size()
        async with self._pool.acquire() as connection, connection.transaction():
            position = await event_log.position(connection, self.owner, lock=True)
            fresh: list[Entry] = []
            last = position
            for entry in entries:
                if entry.sequence == last + 1:
                    fresh.append(entry)
                    last = entry.sequence
            if fresh:
                with self._span(fresh):
                    await effect(connection, self.owner, fresh)
                await event_log.set_position(connection, self.owner, last)
        if fresh:
            self._recorded = fresh[-1].recorded
            self._head = max(self._head, last)
        if known := sum(entry.sequence <= position for entry in entries):
            self._metrics.redelivered.labels(self.owner).inc(known)
        await self._now_at(last)

    async def _plan_for_the_size(self) -> None:
        """Let PostgreSQL plan anew once there is twice as much as when it last planned (ADR 81)."""
        if self.position >= 2 * self._planned_at + FEW:
            self._planned_at = self.position
            async with self._pool.acquire() as connection:
                await connection.execute("DISCARD PLANS")

    def _span(self, entries: Sequence[Entry]) -> AbstractContextManager[object]:
        """Make the span of what is applied together: in its first event's trace, linked to those of the others."""
        if self._tracing is None:
            return contextlib.nullcontext()
        return self._tracing.span(f"apply {self.owner}", [entry.cause for entry in entries], events=len(entries))

    async def _now_at(self, position: int) -> None:
        if position != self.position:
            self.position = position
            self._metrics.consumed.labels(self.owner).set(position)
            async with self.moved:
                self.moved.notify_all()

    async def _pause(self, error: Exception, failures: int) -> None:
        """Wait before the next try, the longer the more have failed, and be unwell meanwhile."""
        delay = RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)]
        self._failing_since = self._failing_since or clock.now().timestamp()
        name = type(error).__name__
        log.warning("consumer.waiting", service=self._service, owner=self.owner, error=name, retry_delay_s=delay)
        await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311  jitter, no secret


def _may_pass(error: Exception) -> bool:
    """Tell whether an error lies outside the event, so that trying goes on until it works."""
    return isinstance(error, TRANSIENT) and not isinstance(error, PERMANENT)


def _reason(error: Exception) -> str:
    """Say why an event cannot be applied; a rule's refusal by its code."""
    return f"{getattr(error, 'code', type(error).__name__)}: {error}"


async def _whole_message(message: RedisBatchStreamMessage) -> RedisBatchStreamMessage:
    """Hand over the message as it came: one bad item would fail a typed batch before we see it."""
    return message
