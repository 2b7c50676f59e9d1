"""What an entry looks like on a Redis stream, and the broker that carries it. Owns no delivery rule."""

import contextlib
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import orjson
from faststream.redis import BinaryMessageFormatV1, RedisBroker
from faststream.redis.message import DATA_KEY, BatchStreamMessage, RedisBatchStreamMessage, bDATA_KEY
from redis.asyncio import Redis

from shared.backbone.event_log import Entry

# A blocking read must end well before the client gives up on its socket, which redis-py does after 5 s.
POLLING_MS: Final = 2_000
SOCKET_TIMEOUT_SECONDS: Final = 10
# Where Redis refuses a read, FastStream would begin it again at once, for ever. This is its documented switch against
# that; the consumer begins again, later each time.
os.environ.setdefault("FASTSTREAM_SUPERVISOR_DISABLED", "1")
APPEND: Final = """
for place = 3, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', ARGV[2], ARGV[place])
end
"""

# FastStream's own parser of a delivered batch, which it hands to one that takes its place.
Parser = Callable[[BatchStreamMessage], Awaitable[RedisBatchStreamMessage]]


def stream_name(owner: str) -> str:
    """Give the name of an owner's stream."""
    return f"helhedsnet.{owner}"


def open_broker(url: str) -> RedisBroker:
    """Make the broker of one service; it connects when it is started."""
    # FastStream's own log repeats every message with its content; ours says what matters without it. None is its
    # documented way to switch that off, which its types do not know.
    no_logger: Any = None
    return RedisBroker(
        url, logger=no_logger, apply_types=False, socket_timeout=SOCKET_TIMEOUT_SECONDS, health_check_interval=30
    )


def client(broker: RedisBroker) -> Redis:
    """Give the Redis client that a connected broker uses, for what FastStream has no word for."""
    connection = broker._connection  # noqa: SLF001  FastStream takes a pipeline but gives none
    if connection is None:
        raise ConnectionError("the broker is not connected")
    return connection


async def publish(broker: RedisBroker, stream: str, texts: Iterable[str], stream_length: int) -> None:
    """Put messages on a stream in their order, in FastStream's format, and let its oldest go beyond a length.

    One script puts all of them: as many commands, though pipelined, cost this process ten times as much to write and
    to read the answers of. A crash in the middle of it publishes some, which will be published again.
    """
    redis = client(broker)
    # The header of a message, the same for all of ours; `broker.publish` would make it for each.
    header = await BinaryMessageFormatV1.encode(message="", reply_to=None, headers=None, correlation_id="")
    messages = [header + text.encode() for text in texts]
    await redis.register_script(APPEND)(keys=[stream], args=[stream_length, DATA_KEY, *messages])


async def as_it_came(message: BatchStreamMessage, parse: Parser) -> RedisBatchStreamMessage:
    """Parse a delivered batch without its items: FastStream would decode each, to write one document of them all."""
    parsed = await parse({**message, "data": []})
    parsed.raw_message = message
    return parsed


def entries(message: RedisBatchStreamMessage) -> list[Entry]:
    """Read a delivered batch, in the order of the sequences.

    What is no entry of ours is left out: it leaves a gap, and the owner's log fills gaps.
    """
    found: list[Entry] = []
    for item in message.raw_message["data"]:
        with contextlib.suppress(orjson.JSONDecodeError):
            text, _ = BinaryMessageFormatV1.parse(item.get(bDATA_KEY, b""))
            document = orjson.loads(text)
            if isinstance(document, dict) and isinstance(document.get("sequence"), int):
                found.append(Entry(document))
    return sorted(found, key=lambda entry: entry.sequence)
