"""Follows another service's events: reads its stream, and its log where the stream does not bring them.

FastStream reads the stream; what it lacks is here: the group at 0, redelivery, gaps, and a subscriber that stopped.
Nothing is applied before the owner has confirmed the place from which this service goes on, nor after it has parted
with the owner. What the owner did not sign is an alarm, and no entry. Of several replicas one follows, and the others
stand by (ADR 163).
"""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import httpx
import structlog
from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import RedisBatchStreamMessage
from redis.exceptions import RedisError

from shared import background, clock
from shared.backbone import forgeries, parting, streams
from shared.backbone.applying import TRANSIENT, Applier, Apply, NotInTheLog, PlaceWentBack, batches
from shared.backbone.catch_up import OwnerLog
from shared.backbone.event_log import Place
from shared.backbone.lease import Lease
from shared.backbone.pages import Page
from shared.backbone.parting import Code, Parted
from shared.backbone.retrying import Retrying
from shared.backbone.signatures import Verifier
from shared.database import Pool
from shared.errors import NotFound
from shared.metrics import Metrics

if TYPE_CHECKING:
    from shared.tracing import Tracing

# What is read at once: about 3 MB.
PAGES_READ: Final = 50
# Where a group begins that has to be made: what was sent before the first start counts.
BEGINNING: Final = "0"
# Forged messages that the log names, for whoever looks them up on the stream.
NAMED_FORGERIES: Final = 10
PENDING_BATCH: Final = 500
# How often a replica that stands by looks how far the one has come that follows, and whether it is gone.
STANDBY_LOOK_SECONDS: Final = 0.1

log = structlog.get_logger()


class Consumer:
    """Follows one owner's events on behalf of one service."""

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
        met: Callable[[Exception], None] = lambda _: None,
        tracing: "Tracing | None" = None,
    ) -> None:
        self.owner = owner
        self._service = service
        self._pool = pool
        self._broker = broker
        self._verifier = verifier
        self._owner_log = owner_log
        self._metrics = metrics
        self._tick_ms = tick_ms
        self._pending_idle_ms = pending_idle_ms
        self._stream = streams.stream_name(owner)
        self._name = f"{socket.gethostname()}-{os.getpid()}"
        self._lease = Lease(pool, owner)
        self._applier = Applier(service=service, owner=owner, pool=pool, effect=apply, metrics=metrics, tracing=tracing)
        self._one_at_a_time = asyncio.Lock()
        self._retrying = Retrying(service, owner, met)
        self._position_at_last_tick = 0
        self.stands_by = False  # where another replica of this service follows
        # Set while the owner's log is the one that was followed up to here, as far as this process knows.
        self._agreed = asyncio.Event()
        self._told: dict[str, str] | None = None
        self.parted: Code | None = None
        # What the owner's cursors end with, once it was asked.
        self.suffix: str | None = None
        self._subscriber = self._subscribed()

    @property
    def position(self) -> int:
        """Give the sequence up to which this process knows the owner's log to be applied."""
        return self._applier.place.sequence

    @property
    def moved(self) -> asyncio.Condition:
        """Give what is notified when the position moves."""
        return self._applier.moved

    @property
    def healthy(self) -> bool:
        """Tell whether events are being followed, by this replica or another, and nothing keeps failing."""
        follows = self.running or self.stands_by
        return follows and self.parted is None and self._retrying.failing_since is None

    @property
    def running(self) -> bool:
        """Tell whether the stream is being read, whether or not the owner's log answers."""
        reading = self._subscriber.tasks
        return bool(self._subscriber.running and reading) and not any(task.done() for task in reading)

    @property
    def able(self) -> bool:
        """Tell whether nothing but the owner itself may keep this service from following."""
        return self.parted is None and (self.running or self.stands_by or not self._agreed.is_set())

    async def run(self) -> None:
        """Keep following until cancelled, or stand by while another replica does."""
        failures = 0
        while True:
            try:
                self.stands_by = not await self._lease.hold()
                await (self._stand_by() if self.stands_by else self._take_its_turn())
            except Parted as parted:
                await self._part(parted.code)
                await asyncio.sleep(self._tick_ms / 1000)
            except TRANSIENT as error:
                await self._pause(error, failures)
                failures += 1
            else:
                failures = 0
                self._retrying.it_worked()
                await (self._look_on() if self.stands_by else asyncio.sleep(self._tick_ms / 1000))

    async def _take_its_turn(self) -> None:
        """Ask the owner, read the stream where that is not done, catch up, settle.

        Whatever is wrong with the stream, the owner's log is read.
        """
        unread = await self._unread()
        await self._tick()
        if unread := unread or await self._unread():
            raise unread
        await self._settle_pending()

    async def _stand_by(self) -> None:
        """Read no stream; ask the owner, and read its log only where whoever follows comes no further."""
        if self._subscriber.running:
            await self.stop()
        await self._tick()

    async def _look_on(self) -> None:
        """Look how far the replica has come that follows, until the owner is to be asked again or nobody follows."""
        until = time.monotonic() + self._tick_ms / 1000
        with contextlib.suppress(*TRANSIENT):
            while time.monotonic() < until and not await self._lease.hold():
                await self._place()
                await asyncio.sleep(STANDBY_LOOK_SECONDS)

    def measure(self, now: datetime) -> None:
        """Set what is measured of it: how far it is behind, how old its newest event is, and whether it has parted."""
        self._applier.measure(now)
        self._metrics.parted.labels(self.owner).set(self.parted is not None)

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
        if self.parted is not None:
            return self.parted
        page = await self._owner_log.after(sequence - 1, 1)
        try:
            async with self._one_at_a_time:
                return await self._applier.retry(sequence, page)
        except LookupError:
            raise NotFound(f"there is no dead letter {self.owner} {sequence} here") from None

    def _subscribed(self) -> Any:  # noqa: ANN401  FastStream's own, of which it tells no type
        """Give what reads the stream, in batches that are acknowledged by hand; it does not read yet."""
        subscriber: Any = self._broker.subscriber(
            stream=StreamSub(
                self._stream,
                group=self._service,
                consumer=self._name,
                batch=True,
                max_records=PAGES_READ,
                polling_interval=streams.POLLING_MS,
                last_id=">",
            ),
            ack_policy=AckPolicy.MANUAL,
            parser=streams.as_it_came,
            decoder=_whole_message,
            title=f"{self._service} follows {self.owner}",
        )
        subscriber(self._delivered)
        return subscriber

    async def _tick(self) -> None:
        """Ask the owner whether its log goes on from here; read what it has, if the stream did not bring it.

        Raises:
            Parted: it does not go on from here.
        """
        place = await self._place()
        # While the stream brings what there is, the owner need not send it once more.
        stands = self._agreed.is_set() and place.sequence == self._position_at_last_tick
        page = await self._owner_log.after(place.sequence, 0)
        parting.check(place, page)
        await self._agree(place, page)
        if not stands or page.head is None or page.head <= place.sequence:
            self._lease.moves()
        elif not self.stands_by or self._lease.is_stuck:
            await self._catch_up()
        self._position_at_last_tick = self.position

    async def _place(self) -> Place:
        """Read from where to go on; where this service's database was put back, the owner has to confirm it anew."""
        try:
            return await self._applier.read_place()
        except PlaceWentBack:
            self._agreed.clear()
            return self._applier.place

    async def _agree(self, place: Place, page: Page) -> None:
        """Note that the owner has confirmed the place, and what it tells of itself."""
        await self._applier.adopt(place, page)
        self.suffix = page.suffix
        if not self._agreed.is_set():
            await self._note(None)
            if self.parted is not None:
                log.info("consumer.agrees", service=self._service, owner=self.owner)
            self.parted = None
            self._agreed.set()
        if page.parted is not None and page.parted != self._told:
            async with self._pool.acquire() as connection, connection.transaction():
                await parting.note_told(connection, self.owner, page.parted, clock.now())
            self._told = page.parted

    async def _part(self, code: Code) -> None:
        """Apply nothing more, and say so, until the owner agrees or this service has learnt anew."""
        self._agreed.clear()
        if code != self.parted:
            log.error("consumer.parted", service=self._service, owner=self.owner, code=code, position=self.position)
            self.parted = code
            await self._note(code)

    async def _note(self, code: Code | None) -> None:
        async with self._pool.acquire() as connection:
            await parting.note(connection, self._service, self.owner, code, clock.now())

    async def _unread(self) -> Exception | None:
        """Start the subscriber again if it stopped; return the error that stopped it, None while the stream is read.

        The error is returned before the next start, so that the caller waits longer after each failure.
        """
        if self.running or not self._agreed.is_set():
            return None
        try:
            ended = [task for task in self._subscriber.tasks if task.done() and not task.cancelled()]
            await self.stop()
            for task in ended:
                task.result()
            # FastStream makes the group where there is none, left alone at the stream's end: what was sent before would
            # count as done.
            self._subscriber.last_id = BEGINNING
            await self._subscriber.start()
        except (RedisError, OSError) as error:
            return error
        log.info("consumer.started", service=self._service, owner=self.owner)
        return None

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
            await self._agreed.wait()
            try:
                return await work()
            except Parted as parted:
                await self._part(parted.code)
            except TRANSIENT as error:
                if isinstance(error, PlaceWentBack):
                    self._agreed.clear()
                await self._pause(error, failures)
                failures += 1

    async def _sound_alarm(self, forged: Sequence[str]) -> None:
        """Tell of messages that the owner did not sign, and nothing of what they say."""
        async with self._pool.acquire() as connection:
            await forgeries.note(connection, self.owner, len(forged), clock.now())
        self._metrics.forged.labels(self.owner).inc(len(forged))
        named = forged[:NAMED_FORGERIES]
        log.error("consumer.forged", service=self._service, owner=self.owner, messages=len(forged), message_ids=named)

    async def _follow(self, delivered: streams.Delivered) -> None:
        """Apply what the owner signed; in place of what it did not, whatever its log holds."""
        for page in batches(delivered.pages):
            if page.epoch == self._applier.place.epoch:
                await self._apply_contiguous(page)
            else:
                # Of another epoch: the owner tells whether that is the past, which is passed over, or the present.
                await self._tick()
        if delivered.forged:
            await self._catch_up()

    async def _apply_contiguous(self, page: Page) -> None:
        """Apply a page; whatever the stream left out before it is read from the log.

        When this returns, all of it is committed, so that it may be acknowledged.
        """
        last = page.entries[-1].sequence
        self._applier.knows_of(last)
        if page.entries[0].sequence <= self.position + 1:
            async with self._one_at_a_time:
                await self._applier.apply(page)
        if last > self.position:
            log.info("consumer.gap", service=self._service, owner=self.owner, after=self.position)
            await self._catch_up()
        if last > self.position:
            raise NotInTheLog

    async def _catch_up(self) -> None:
        """Apply what the owner's log holds beyond the position, up to its head. The stream goes on meanwhile."""
        while True:
            place = self._applier.place
            page = await self._owner_log.after(place.sequence)
            parting.check(place, page)
            if not page.entries:
                return
            async with self._one_at_a_time:
                await self._applier.apply(page)
            # However much there is still to apply, nothing fails any more.
            self._retrying.it_worked()
            if page.head is not None and self.position >= page.head:
                return

    async def _pause(self, error: Exception, failures: int) -> None:
        await self._retrying.pause(error, failures, is_first_contact=self.suffix is None)


async def _whole_message(message: RedisBatchStreamMessage) -> RedisBatchStreamMessage:
    """Hand over the message as it came: one bad item would fail a typed batch before we see it."""
    return message
