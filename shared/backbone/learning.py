"""What a service has learnt of another, learnt anew from the other's whole log, and put right in one transaction.

Owns the order of it and the place of the consumer. What is learnt, and what has to go, each service says itself.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import httpx

from shared.backbone import dead_letters, event_log
from shared.backbone.applying import Apply
from shared.backbone.event_log import Entry, Place
from shared.backbone.pages import Page
from shared.backbone.rebuilding import (
    CannotRebuild,
    Connection,
    Log,
    Progress,
    UnknownToOwner,
    apply_or_bury,
    delay,
    patiently,
)
from shared.database import Connection as AnyConnection
from shared.events.envelope import Owner

# The longest that consumer and writers wait for what is put right.
HOLD_SECONDS: Final = 5.0
TRIES: Final = 5

Forget: TypeAlias = Callable[[AnyConnection, Sequence[Entry]], Awaitable[list[UnknownToOwner]]]


@dataclass(frozen=True, slots=True)
class Learning:
    """What a service learns from an owner.

    `names` are the events that it learns from, `apply` is what its consumer does with them. `forget` takes out of its
    tables what is not in such events, and gives what has to stay.
    """

    owner: Owner
    names: Collection[str]
    apply: Apply
    forget: Forget


@dataclass(slots=True)
class _Told:
    """What has been read of a log: up to which place, and of its events those that are learnt from."""

    place: Place = field(default_factory=lambda: Place(0))
    entries: list[Entry] = field(default_factory=list)

    def add(self, page: Page, names: Collection[str]) -> None:
        """Go on by a page.

        Raises:
            CannotRebuild: it is not of the same log, or does not go on from here.
        """
        epoch = self.place.epoch
        goes_on = self.place.chain is None or page.prior == self.place.chain
        if not page.entries or not goes_on or (epoch is not None and page.epoch != epoch):
            raise CannotRebuild("the log that is read was put back meanwhile")
        self.entries += [entry for entry in page.entries if entry.name in names]
        last = page.entries[-1]
        self.place = Place(last.sequence, page.epoch, last.chain)


class LearningAnew:
    """The work of learning anew: nothing is held while the log is read, and of it only what is learnt from."""

    def __init__(self, learning: Learning, owner_log: Log) -> None:
        self._learning = learning
        self._owner_log = owner_log

    async def make(self, connection: Connection, progress: Progress) -> None:
        """Read the whole log, then put right what was learnt, and the place that it was read to.

        Raises:
            CannotRebuild: the log became a different one while it was read.
            httpx.HTTPError: the owner does not answer.
            TimeoutError: others held the tables all the time.
        """
        told = _Told()
        await self._read(told, await patiently(self._owner_log), progress)
        progress.state = "replacing"
        for attempt in range(TRIES):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOLD_SECONDS), connection.transaction():
                    await self._read_what_came_meanwhile(connection, told, progress)
                    await self._put_right(connection, told, progress)
                return
            await asyncio.sleep(delay(attempt))
        raise TimeoutError("the tables were not free in time")

    async def clear(self, connection: Connection) -> None:
        """Nothing is left by one that was ended."""

    async def _read(self, told: _Told, last: int, progress: Progress) -> None:
        """Read the log up to a sequence; an owner that is just restarting is waited for."""
        owner = self._learning.owner
        progress.heads[owner] = last
        attempts = 0
        while told.place.sequence < last:
            try:
                async with contextlib.aclosing(self._owner_log.between(told.place.sequence, last)) as coming:
                    async for page in coming:
                        told.add(page, self._learning.names)
                        progress.read[owner] = told.place.sequence
            except httpx.HTTPError:
                attempts += 1
                if attempts > TRIES:
                    raise
                await asyncio.sleep(delay(attempts - 1))

    async def _read_what_came_meanwhile(self, connection: Connection, told: _Told, progress: Progress) -> None:
        """Read as far as the consumer has applied, which waits from now on; not what it applied of a different log."""
        place = await event_log.place(connection, self._learning.owner, lock=True)
        if place.epoch == told.place.epoch and place.sequence > told.place.sequence:
            # Of a log that was put back, the consumer may have applied more than there is.
            await self._read(told, min(place.sequence, await self._owner_log.head()), progress)

    async def _put_right(self, connection: Connection, told: _Told, progress: Progress) -> None:
        owner, entries = self._learning.owner, told.entries
        await dead_letters.forget(connection, owner)
        progress.findings = await self._learning.forget(connection, entries)
        progress.dead_letters = await apply_or_bury(connection, owner, entries, self._learning.apply) if entries else 0
        await event_log.set_place(connection, owner, told.place)
