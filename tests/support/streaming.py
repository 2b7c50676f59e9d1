"""What tests read from a stream and put on one: messages as an owner makes them, or somebody who has its key."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import redis.asyncio

from shared.backbone import chains, event_log, pages, streams
from shared.backbone.event_log import Line
from shared.backbone.signatures import Signer
from shared.database import Pool

Message: TypeAlias = dict[Any, Any]


async def sequences(client: "redis.asyncio.Redis", stream: str) -> list[int]:
    """Give the sequences of all entries on a stream, in its order."""
    messages: list[Any] = await client.xrange(stream) or []
    return [entry.sequence for _, fields in messages for entry in pages.read(fields[streams.PAGE]).entries]


async def published(client: "redis.asyncio.Redis", stream: str, last: int) -> list[int]:
    """Wait until a stream ends with a sequence, and give all that it holds."""
    async with asyncio.timeout(15):
        # A stream's end cannot be awaited without consuming it.
        while (held := await sequences(client, stream))[-1:] != [last]:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.01)
    return held


@dataclass(frozen=True, slots=True)
class Logged:
    """A log as its owner has it: which it is, and its lines."""

    epoch: str
    lines: Sequence[Line]

    def page(self, first: int, last: int) -> bytes:
        """Write the page from one sequence to another."""
        prior = self.lines[first - 2].chain if first > 1 else chains.BEFORE_THE_FIRST
        return pages.written(self.epoch, prior, (line.text for line in self.lines[first - 1 : last]))

    def message(self, signer: Signer, first: int, last: int) -> Message:
        """Make the message with the page from one sequence to another."""
        return signed(signer, self.page(first, last))


async def logged(pool: Pool) -> Logged:
    """Read a whole log, which is short."""
    async with pool.acquire() as connection:
        end = await event_log.mark(connection)
        return Logged(end.epoch, (await event_log.read(connection, 0, event_log.MAX_PAGE)).lines)


def signed(signer: Signer, page: bytes) -> Message:
    """Make a message of a page."""
    return {streams.PAGE: page, streams.SIGNATURE: signer.sign(page)}
