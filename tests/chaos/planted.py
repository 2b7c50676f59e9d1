"""Runs a service with bugs planted in it, from outside of its code: `python -m tests.chaos.planted BUG[,BUG] …`.

The harness has to notice each of them. A bug dwells where it is open, so that one fault is enough to fall into it.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Final

import asyncpg
from faststream.redis.message import RedisBatchStreamMessage
from redis.exceptions import ResponseError

from shared.backbone import event_log, relay, streams
from shared.backbone.catch_up import OwnerLog
from shared.backbone.consumer import Apply, Consumer
from shared.backbone.event_log import Entry
from shared.backbone.relay import Relay
from shared.backbone.signatures import Verifier
from shared.http import serving

DWELL_SECONDS: Final = 0.5


def acknowledge_before_commit() -> None:
    """A delivered batch is acknowledged, and then applied."""
    apply_and_acknowledge = Consumer._delivered

    async def delivered(self: Consumer, message: RedisBatchStreamMessage) -> None:
        await message.ack()
        await asyncio.sleep(DWELL_SECONDS)
        await apply_and_acknowledge(self, message)

    Consumer._delivered = delivered  # type: ignore[method-assign]


def position_before_publishing() -> None:
    """The relay saves how far it has come, and then publishes."""

    async def publish_after(self: Relay, connection: "asyncpg.Connection[asyncpg.Record]", position: int) -> int:
        while lines := await event_log.read(connection, position, relay.BATCH):
            position = lines[-1].sequence
            await event_log.set_position(connection, event_log.RELAY, position)
            await asyncio.sleep(DWELL_SECONDS)
            await self._stream.publish(line.text for line in lines)
        return position

    Relay._publish_after = publish_after  # type: ignore[method-assign]


def position_outside_the_transaction() -> None:
    """A consumer notes that it has applied entries, and then applies them."""

    async def transact(self: Consumer, entries: Sequence[Entry], effect: Apply) -> None:
        async with self._pool.acquire() as connection:
            position = await event_log.position(connection, self.owner)
            fresh = [entry for entry in entries if entry.sequence > position]
            last = fresh[-1].sequence if fresh else position
            await event_log.set_position(connection, self.owner, last)
            await asyncio.sleep(DWELL_SECONDS)
            if fresh:
                async with connection.transaction():
                    await effect(connection, self.owner, fresh)
        await self._now_at(last)

    Consumer._transact = transact  # type: ignore[method-assign]


def group_at_the_end() -> None:
    """A consumer makes its group at the end of the stream, as FastStream would."""

    async def create_group(self: Consumer) -> None:
        try:
            await streams.client(self._broker).xgroup_create(self._stream, self._service, id="$", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    Consumer._create_group = create_group  # type: ignore[method-assign]


def log_never_asked() -> None:
    """A consumer trusts the stream alone: the owner's log always seems to hold nothing new."""

    async def after(*_: object) -> list[Entry]:
        return []

    OwnerLog.after = after  # type: ignore[method-assign,assignment]


def signatures_never_verified() -> None:
    """A consumer believes whatever stands on the stream, whoever signed it."""

    def is_signed(*_: object) -> bool:
        return True

    Verifier.is_signed = is_signed  # type: ignore[method-assign,assignment]


BUGS: Final[dict[str, Callable[[], None]]] = {
    "acknowledge-before-commit": acknowledge_before_commit,
    "position-before-publishing": position_before_publishing,
    "position-outside-the-transaction": position_outside_the_transaction,
    "group-at-the-end": group_at_the_end,
    "log-never-asked": log_never_asked,
    "signatures-never-verified": signatures_never_verified,
}


if __name__ == "__main__":
    for name in sys.argv[1].split(","):
        BUGS[name]()
    del sys.argv[1]
    serving.main()
