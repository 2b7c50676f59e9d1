"""What tests read from a stream and put on one: messages as an owner makes them, or somebody who has its key."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias

import orjson
import redis.asyncio

from shared.backbone import event_log, streams
from shared.backbone.signatures import Signer
from shared.database import Pool

Message: TypeAlias = dict[Any, Any]


async def sequences(client: "redis.asyncio.Redis", stream: str) -> list[int]:
    """Give the sequences of all entries on a stream, in its order."""
    messages: list[Any] = await client.xrange(stream) or []
    return [entry["sequence"] for _, fields in messages for entry in orjson.loads(fields[streams.PAGE])]


async def published(client: "redis.asyncio.Redis", stream: str, last: int) -> list[int]:
    """Wait until a stream ends with a sequence, and give all that it holds."""
    async with asyncio.timeout(15):
        # A stream's end cannot be awaited without consuming it.
        while (held := await sequences(client, stream))[-1:] != [last]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return held


async def lines(pool: Pool) -> list[str]:
    """Give every entry of a log as its text, in order."""
    async with pool.acquire() as connection:
        return [line.text for line in await event_log.read(connection, 0, event_log.MAX_PAGE)]


def message(signer: Signer, texts: Sequence[str]) -> Message:
    """Make one message of entries, which fit into a page."""
    (page,) = streams.pages(texts)
    return {streams.PAGE: page, streams.SIGNATURE: signer.sign(page)}
