"""Runs a service with bugs planted in it, from outside of its code: `python -m tests.chaos.planted BUG[,BUG] …`.

The harness has to notice each of them. A bug dwells where it is open, so that one fault is enough to fall into it.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import asyncpg
from faststream.redis.message import RedisBatchStreamMessage

from shared import clock, database
from shared.backbone import consumer, event_log, pages, relay
from shared.backbone.applying import Applier, Apply
from shared.backbone.catch_up import OwnerLog
from shared.backbone.consumer import Consumer
from shared.backbone.event_log import Mark, Place
from shared.backbone.pages import Page
from shared.backbone.relay import Relay
from shared.backbone.retrying import Retrying
from shared.backbone.signatures import Verifier
from shared.http import problems, serving

DWELL_SECONDS: Final = 0.5


def acknowledge_before_commit() -> None:
    """A delivered batch is acknowledged, and then applied."""
    apply_and_acknowledge = Consumer._delivered

    async def delivered(self: Consumer, message: RedisBatchStreamMessage) -> None:
        await message.ack()
        await asyncio.sleep(DWELL_SECONDS)
        await apply_and_acknowledge(self, message)

    Consumer._delivered = delivered  # type: ignore[method-assign]  # a bug is planted where it would be made


def position_before_publishing() -> None:
    """The relay saves how far it has come, and then publishes."""

    async def publish_after(self: Relay, connection: "asyncpg.Connection[asyncpg.Record]", published: Mark) -> Mark:
        while lines := (await event_log.read(connection, published.sequence, relay.BATCH)).lines:
            await event_log.set_position(connection, event_log.RELAY, lines[-1].sequence)
            await asyncio.sleep(DWELL_SECONDS)
            await self._stream.publish(pages.for_stream(published.epoch, published.chain, lines))
            published = Mark(published.epoch, lines[-1].sequence, lines[-1].chain)
        return published

    Relay._publish_after = publish_after  # type: ignore[method-assign]  # as above


def position_outside_the_transaction() -> None:
    """A consumer notes that it has applied entries, and then applies them."""

    async def transact(self: Applier, page: Page, effect: Apply) -> None:
        async with self._pool.acquire() as connection:
            place = await event_log.place(connection, self._owner)
            fresh = [entry for entry in page.entries if entry.sequence > place.sequence]
            if fresh:
                place = Place(fresh[-1].sequence, page.epoch, fresh[-1].chain)
                await event_log.set_place(connection, self._owner, place)
                await asyncio.sleep(DWELL_SECONDS)
                async with connection.transaction():
                    await effect(connection, self._owner, fresh)
        await self._now_at(place)

    Applier._transact = transact  # type: ignore[method-assign]  # as above


def group_at_the_end() -> None:
    """A consumer makes its group at the end of the stream, as FastStream would."""
    consumer.BEGINNING = "$"  # type: ignore[misc]  # as above


def log_never_asked() -> None:
    """A consumer trusts the stream alone: the owner's log always seems to hold nothing new."""
    ask = OwnerLog.after

    async def after(self: OwnerLog, sequence: int, limit: int = 0) -> Page:
        return await ask(self, sequence, min(limit, 0))

    OwnerLog.after = after  # type: ignore[method-assign]  # as above


def signatures_never_verified() -> None:
    """A consumer believes whatever stands on the stream, whoever signed it."""

    def is_signed(*_: object) -> bool:
        return True

    Verifier.is_signed = is_signed  # type: ignore[method-assign,assignment]  # as above


def commits_not_awaited() -> None:
    """A service answers as soon as its commit is on the leader, whether or not a standby has it."""
    for session in (database.SESSION, database.BY_KEY):
        session["synchronous_commit"] = "local"


def shortage_is_no_outage() -> None:
    """A service takes it for a fault of an event, or of its own, that the database has no connection to spare."""
    database.UNAVAILABLE = tuple(  # type: ignore[misc, assignment]  # as above
        kind for kind in database.UNAVAILABLE if kind is not asyncpg.InsufficientResourcesError
    )
    problems.HANDLERS = tuple(  # type: ignore[misc]  # as above
        each for each in problems.HANDLERS if each[0] is not asyncpg.InsufficientResourcesError
    )


def waits_by_the_wall_clock() -> None:
    """Whoever follows tries again when the wall clock says so."""

    async def pause(self: Retrying, error: Exception, failures: int, *, is_first_contact: bool) -> None:
        del error, failures, is_first_contact
        self.failing_since = self.failing_since or clock.now().timestamp()
        until = clock.now() + timedelta(seconds=DWELL_SECONDS)
        while clock.now() < until:
            await asyncio.sleep(DWELL_SECONDS / 10)

    Retrying.pause = pause  # type: ignore[method-assign]  # as above


BUGS: Final[dict[str, Callable[[], None]]] = {
    "acknowledge-before-commit": acknowledge_before_commit,
    "position-before-publishing": position_before_publishing,
    "position-outside-the-transaction": position_outside_the_transaction,
    "group-at-the-end": group_at_the_end,
    "log-never-asked": log_never_asked,
    "signatures-never-verified": signatures_never_verified,
    "commits-not-awaited": commits_not_awaited,
    "shortage-is-no-outage": shortage_is_no_outage,
    "waits-by-the-wall-clock": waits_by_the_wall_clock,
}


if __name__ == "__main__":
    for name in sys.argv[1].split(","):
        BUGS[name]()
    del sys.argv[1]
    serving.main()
