"""Applies what an owner's log says, exactly once in effect and in the order of the log. Knows no stream.

The place is written in the transaction of the effects, so an entry that comes again is known by its sequence. What
cannot be applied is set aside; what does not go on from where this service is, is not applied at all.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final

import asyncpg
import httpx
import structlog
from pydantic import ValidationError
from redis.exceptions import RedisError

from shared import clock, database
from shared.backbone import dead_letters, event_log
from shared.backbone.event_log import Entry, Place
from shared.backbone.pages import Page
from shared.backbone.parting import Parted
from shared.database import Connection, Pool
from shared.errors import HelhedsnetError
from shared.metrics import Metrics

if TYPE_CHECKING:
    from shared.tracing import Tracing

# What is applied in one transaction.
BATCH: Final = 500
# Below this many events a bad query plan does no harm, so a table is not analysed yet.
FEW: Final = 500
SURPRISE_RETRY_SECONDS: Final = (0.05, 0.2, 0.5)


class PlaceWentBack(Exception):
    """This service's own database was put back to an earlier moment."""


class NotInTheLog(Exception):
    """The stream tells of entries that the owner's log does not hold."""


# What passes, so that it is tried until it works.
TRANSIENT: Final = (
    *database.UNAVAILABLE,
    *database.LOST_RACE,
    RedisError,
    httpx.HTTPError,
    PlaceWentBack,
    NotInTheLog,
)
# What no second try can mend: an event this service cannot read or whose effect its own constraints refuse.
PERMANENT: Final = (HelhedsnetError, ValidationError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)

log = structlog.get_logger()

Apply = Callable[[Connection, str, Sequence[Entry]], Awaitable[None]]


class Applier:
    """Applies one owner's entries on behalf of one service, on the one connection of its pool."""

    def __init__(  # noqa: PLR0913  it joins these parts and owns none of them
        self,
        *,
        service: str,
        owner: str,
        pool: Pool,
        effect: Apply,
        metrics: Metrics,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._service = service
        self._owner = owner
        self._pool = pool
        self._effect = effect
        self._metrics = metrics
        self._tracing = tracing
        self._planned_at = 0
        self._head = 0
        self._recorded: str | None = None
        self.place = Place(0)
        self.moved = asyncio.Condition()

    async def read_place(self) -> Place:
        """Read how far this service has come, in whichever process.

        Raises:
            PlaceWentBack: it had come further.
        """
        known = self.place
        async with self._pool.acquire() as connection:
            place = await event_log.place(connection, self._owner)
        went_back = place.sequence < known.sequence
        # What was applied here meanwhile is newer than what was read.
        if went_back or place.sequence >= self.place.sequence:
            await self._now_at(place)
        if went_back:
            raise PlaceWentBack
        return self.place

    async def adopt(self, place: Place, page: Page) -> None:
        """Note which log it is that was followed up to a place, where that is not known yet."""
        if place.epoch is not None and place.chain is not None:
            return
        async with self._pool.acquire() as connection, connection.transaction():
            now = await event_log.place(connection, self._owner, lock=True)
            if now == place:
                await event_log.set_place(connection, self._owner, Place(place.sequence, page.epoch, page.prior))
        await self.read_place()

    async def apply(self, page: Page) -> None:
        """Apply those entries that continue from the place, and move it, in one transaction.

        Raises:
            Parted: the page does not go on from the place.
        """
        self.knows_of(page.entries[-1].sequence)
        try:
            await self._transact(page, self._effect)
        except Exception as error:
            if may_pass(error):
                raise
            # One of them cannot be applied. One by one, so that it alone is set aside.
            for entry in page.entries:
                await self._apply_or_bury(Page(page.epoch, entry.prior, [entry]))

    async def retry(self, sequence: int, page: Page) -> str | None:
        """Apply a dead letter as its owner's log tells it today; give the reason where it still cannot be.

        Raises:
            LookupError: there is no such dead letter.
        """
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                found = await dead_letters.take_out(connection, self._owner, sequence)
                if found:
                    await self._effect(connection, self._owner, page.entries[:1])
        except Exception as error:
            if may_pass(error):
                raise
            return _reason(error)
        if not found:
            raise LookupError
        log.info("consumer.dead_letter_applied", service=self._service, owner=self._owner, sequence=sequence)
        return None

    def knows_of(self, sequence: int) -> None:
        """Know that the owner's log goes at least so far."""
        self._head = max(self._head, sequence)

    def measure(self, now: datetime) -> None:
        """Set what is measured: by how much it is behind what is known of, and how old the newest event is."""
        lag = max(0, self._head - self.place.sequence)
        self._metrics.consumed.labels(self._owner).set(self.place.sequence)
        self._metrics.consumer_lag.labels(self._owner).set(lag)
        if self._recorded is not None:
            age = (now - datetime.fromisoformat(self._recorded)).total_seconds()
            self._metrics.newest_age.labels(self._owner).set(age)
            self._metrics.consumer_lag_seconds.labels(self._owner).set(age if lag else 0)

    async def _apply_or_bury(self, page: Page) -> None:
        """Apply one entry, or set it aside: at once where no second try can mend it, else after a few tries."""
        for retry_delay_s in (*SURPRISE_RETRY_SECONDS, None):
            try:
                await self._transact(page, self._effect)
            except Exception as error:
                if may_pass(error):
                    raise
                if retry_delay_s is None or isinstance(error, PERMANENT):
                    await self._bury(page, _reason(error))
                    return
                await asyncio.sleep(retry_delay_s)
            else:
                return

    async def _bury(self, page: Page, reason: str) -> None:
        async def bury(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
            await event_log.bury(connection, owner, entries[0], reason, clock.now())

        await self._transact(page, bury)
        self._metrics.buried.labels(self._owner).inc()
        # No trace: it would hold the entry, and with it people.
        sequence = page.entries[0].sequence
        log.error("consumer.dead_letter", service=self._service, owner=self._owner, sequence=sequence)

    async def _transact(self, page: Page, effect: Apply) -> None:
        await self._plan_for_the_size()
        async with self._pool.acquire() as connection, connection.transaction():
            place = await event_log.place(connection, self._owner, lock=True)
            if place.sequence < self.place.sequence:
                raise PlaceWentBack
            fresh = _fresh(page, place)
            if fresh:
                with self._span(fresh):
                    await effect(connection, self._owner, fresh)
                place = Place(fresh[-1].sequence, page.epoch, fresh[-1].chain)
                await event_log.set_place(connection, self._owner, place)
        if fresh:
            self._recorded = fresh[-1].recorded
        if known := sum(entry.sequence <= place.sequence for entry in page.entries) - len(fresh):
            self._metrics.redelivered.labels(self._owner).inc(known)
        await self._now_at(place)

    async def _plan_for_the_size(self) -> None:
        """Let PostgreSQL plan anew once there is twice as much as when it last planned (ADR 81)."""
        if self.place.sequence >= 2 * self._planned_at + FEW:
            self._planned_at = self.place.sequence
            async with self._pool.acquire() as connection:
                await connection.execute("DISCARD PLANS")

    def _span(self, entries: Sequence[Entry]) -> AbstractContextManager[object]:
        """Make the span of what is applied together: in its first event's trace, linked to those of the others."""
        if self._tracing is None:
            return contextlib.nullcontext()
        return self._tracing.span(f"apply {self._owner}", [entry.cause for entry in entries], events=len(entries))

    async def _now_at(self, place: Place) -> None:
        if place != self.place:
            self.place = place
            self._metrics.consumed.labels(self._owner).set(place.sequence)
            async with self.moved:
                self.moved.notify_all()


def may_pass(error: Exception) -> bool:
    """Tell whether an error lies outside the event, so that trying goes on until it works."""
    return isinstance(error, (Parted, *TRANSIENT)) and not isinstance(error, PERMANENT)


def batches(pages: Sequence[Page]) -> Iterator[Page]:
    """Put pages of one epoch together, to what is applied in one transaction."""
    for epoch, run in groupby(pages, key=lambda page: page.epoch):
        entries = [entry for page in run for entry in page.entries]
        for first in range(0, len(entries), BATCH):
            yield Page(epoch, entries[first].prior, entries[first : first + BATCH])


def _fresh(page: Page, place: Place) -> list[Entry]:
    """Give the entries that go on from a place, each from the one before it.

    Raises:
        Parted: they go on from something else.
    """
    if place.epoch is not None and page.epoch != place.epoch:
        raise Parted("log_replaced")
    fresh: list[Entry] = []
    last, chain = place.sequence, place.chain
    for entry in page.entries:
        if entry.sequence == last + 1:
            if chain is not None and entry.prior != chain:
                raise Parted("log_differs")
            fresh.append(entry)
            last, chain = entry.sequence, entry.chain
    return fresh


def _reason(error: Exception) -> str:
    """Say why an event cannot be applied; a rule's refusal by its code."""
    return f"{getattr(error, 'code', type(error).__name__)}: {error}"
