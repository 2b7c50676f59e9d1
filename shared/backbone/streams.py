"""What an entry looks like on a Redis stream, and the broker that carries it. Owns no delivery rule."""

from typing import Final

import orjson
from faststream.redis import RedisBroker
from faststream.redis.message import RedisBatchStreamMessage

from shared.backbone.event_log import Entry

# A blocking read must end well before the client gives up on its socket, which redis-py does after 5 s.
POLLING_MS: Final = 2_000
SOCKET_TIMEOUT_SECONDS: Final = 10


def stream_name(owner: str) -> str:
    """Give the name of an owner's stream."""
    return f"helhedsnet.{owner}"


def open_broker(url: str) -> RedisBroker:
    """Make the broker of one service; it connects when it is started."""
    # FastStream's own log repeats every message with its content; ours says what matters without it.
    return RedisBroker(
        url,
        logger=None,  # type: ignore[arg-type]  # None is how FastStream is told to be quiet
        apply_types=False,
        socket_timeout=SOCKET_TIMEOUT_SECONDS,
        health_check_interval=30,
    )


def entries(message: RedisBatchStreamMessage) -> list[Entry]:
    """Read a delivered batch, in the order of the sequences.

    What is no entry of ours is left out: it leaves a gap, and the owner's log fills gaps.
    """
    documents = orjson.loads(message.body)
    return sorted(
        (Entry(item) for item in documents if isinstance(item, dict) and "sequence" in item),
        key=lambda entry: entry.sequence,
    )
