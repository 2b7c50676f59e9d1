"""An owner's stream: one message is one signed page of its log. Owns what a message looks like, and no delivery rule.

Each message stands on the stream under the number of bytes that were published up to its end, so that the stream is cut
to a size in bytes by that number, without asking what it holds.
"""

import contextlib
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

from faststream.redis import RedisBroker, RedisSentinelBroker
from faststream.redis.message import BatchStreamMessage, RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared import sockets
from shared.backbone import pages
from shared.backbone.pages import Page
from shared.backbone.signatures import Signer, Verifier

# A blocking read must end well before the client gives up on its socket, which redis-py does after 5 s.
POLLING_MS: Final = 2_000
SOCKET_TIMEOUT_SECONDS: Final = 10
CONNECT_TIMEOUT_SECONDS: Final = 3
# Where Redis refuses a read, FastStream would begin it again at once, for ever. This is its documented switch against
# that; the consumer begins again, later each time.
os.environ.setdefault("FASTSTREAM_SUPERVISOR_DISABLED", "1")
# Of an address that names Sentinels in place of a Redis: `redis+sentinel://user:password@one,other:26380/mymaster`.
SENTINELS: Final = "redis+sentinel"
SENTINEL_PORT: Final = 26_379
MASTER: Final = "mymaster"
# The fields of a message.
PAGE: Final = b"page"
SIGNATURE: Final = b"signature"
# What Redis needs for a message beyond its page, rounded up.
MESSAGE_BYTES: Final = 256

# FastStream's own parser of a delivered batch, which it hands to one that takes its place.
Parser = Callable[[BatchStreamMessage], Awaitable[RedisBatchStreamMessage]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came with a delivered batch: the owner's pages in their order, and the ids of what is not the owner's."""

    pages: list[Page]
    forged: list[str]


def stream_name(owner: str) -> str:
    """Give the name of an owner's stream."""
    return f"helhedsnet.{owner}.pages"


@dataclass(frozen=True, slots=True)
class Sentinels:
    """Who is asked which Redis is the master, under which name, and the address that holds who asks for it."""

    hosts: list[tuple[str, int]]
    master: str
    url: str


def sentinels_in(url: str) -> Sentinels | None:
    """Read an address that names Sentinels; None where it names a Redis. User and password are those of Redis."""
    parts = urlsplit(url)
    if parts.scheme != SENTINELS:
        return None
    user, at, hosts = parts.netloc.rpartition("@")
    named = (host.partition(":") for host in hosts.split(","))
    query = f"?{parts.query}" if parts.query else ""
    return Sentinels(
        hosts=[(host, int(port or SENTINEL_PORT)) for host, _, port in named],
        master=parts.path.strip("/") or MASTER,
        # Whose host it is does not matter: Sentinel tells.
        url=f"redis://{user}{at}master{query}",
    )


def open_broker(url: str) -> RedisBroker:
    """Make the broker of one service; it connects when it is started, and again when another Redis is the master."""
    # FastStream's own log repeats every message with its content; ours says what matters without it. None is its
    # documented way to switch that off, which its types do not know.
    no_logger: Any = None
    options: dict[str, Any] = {
        "logger": no_logger,
        "apply_types": False,
        "socket_timeout": SOCKET_TIMEOUT_SECONDS,
        "socket_connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "socket_keepalive": True,
        "socket_keepalive_options": sockets.BOUNDS,
        "health_check_interval": 30,
    }
    if (sentinels := sentinels_in(url)) is None:
        return RedisBroker(url, **options)
    return _OfSentinels(sentinels.url, sentinels=sentinels.hosts, sentinel_master_name=sentinels.master, **options)


class _OfSentinels(RedisSentinelBroker):
    """A broker that at its end leaves no connection to a Sentinel open, which FastStream's own does."""

    async def stop(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> None:
        """Close the connections to the master, then those to the Sentinels."""
        asked: Any = None if self._connection is None else self._connection.connection_pool
        await super().stop(exc_type, exc_val, exc_tb)
        if asked is not None:
            await asked.sentinel_manager.aclose()


def client(broker: RedisBroker) -> Redis:
    """Give the Redis client that a connected broker uses, for what FastStream has no word for."""
    connection = broker._connection  # noqa: SLF001  FastStream takes a pipeline but gives none
    if connection is None:
        raise ConnectionError("the broker is not connected")
    return connection


class OwnStream:
    """The stream of the service itself: it alone writes there."""

    def __init__(self, broker: RedisBroker, owner: str, signer: Signer, *, bytes_limit: int) -> None:
        self.name = stream_name(owner)
        self._broker = broker
        self._signer = signer
        self._bytes_limit = bytes_limit
        self._end: int | None = None

    async def publish(self, written: Iterable[bytes]) -> None:
        """Put pages on the stream in their order, signed, and let its oldest go beyond the limit.

        What fails may have put some of them there; they will be published again.
        """
        redis = client(self._broker)
        end = self._end if self._end is not None else await self._read_end(redis)
        # Somebody else may have written there, or Redis have refused a part: it is asked again after any failure.
        self._end = None
        pipeline = redis.pipeline(transaction=False)
        for page in written:
            end += len(page) + MESSAGE_BYTES
            message: dict[Any, Any] = {PAGE: page, SIGNATURE: self._signer.sign(page)}
            pipeline.xadd(self.name, message, id=f"{end}-*", minid=max(0, end - self._bytes_limit))
        await pipeline.execute()
        self._end = end

    async def empty(self) -> None:
        """Take every message off the stream; its groups stay."""
        await client(self._broker).xtrim(self.name, maxlen=0, approximate=False)

    async def last(self) -> Page | None:
        """Give the last page on the stream; None where there is none, or the service did not sign it."""
        found: Any = await client(self._broker).xrevrange(self.name, count=1)
        for _, fields in found:
            page, signature = fields.get(PAGE, b""), fields.get(SIGNATURE, b"")
            if self._signer.verifier.is_signed(page, signature):
                return _readable(page)
        return None

    async def _read_end(self, redis: Redis) -> int:
        try:
            stream: Any = await redis.xinfo_stream(self.name)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return 0
        return int(stream["last-generated-id"].partition(b"-")[0])


async def as_it_came(message: BatchStreamMessage, parse: Parser) -> RedisBatchStreamMessage:
    """Parse a delivered batch without its items: FastStream would decode each, to write one document of them all."""
    parsed = await parse({**message, "data": []})
    parsed.raw_message = message
    return parsed


def verified(message: RedisBatchStreamMessage, verifier: Verifier) -> Delivered:
    """Read a delivered batch, in the order of the log; of what its owner did not sign, nothing is read."""
    found: list[Page] = []
    forged: list[str] = []
    raw = message.raw_message
    for identifier, fields in zip(raw["message_ids"], raw["data"], strict=True):
        page = fields.get(PAGE, b"")
        if verifier.is_signed(page, fields.get(SIGNATURE, b"")):
            found.extend(filter(None, (_readable(page),)))
        else:
            forged.append(identifier.decode())
    return Delivered(sorted(found, key=lambda page: page.entries[0].sequence), forged)


def _readable(page: bytes) -> Page | None:
    """Read a page that its owner signed; None for one of an earlier version, which the log holds too."""
    with contextlib.suppress(ValueError):
        found = pages.read(page)
        return found if found.entries else None
    return None
