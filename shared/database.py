"""How a service reaches its own PostgreSQL database. Owns no table and no query."""

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from shared import leader, sockets

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Connect: TypeAlias = Callable[..., Awaitable[asyncpg.Connection[asyncpg.Record]]]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

COMMAND_TIMEOUT_SECONDS: Final = 60
CONNECT_TIMEOUT_SECONDS: Final = 5
# What a session needs that differs from a server's defaults: just-in-time compilation costs more than it saves here,
# and what a client held that a network has swallowed shall not be held for hours. On a socket file those do nothing.
SESSION: Final = {
    "jit": "off",
    "timezone": "UTC",
    "tcp_user_timeout": str(sockets.UNACKNOWLEDGED_MS),
    "tcp_keepalives_idle": str(sockets.KEEPALIVE_IDLE_SECONDS),
    "tcp_keepalives_interval": str(sockets.KEEPALIVE_EVERY_SECONDS),
    "tcp_keepalives_count": str(sockets.KEEPALIVES),
}
# For what finds its rows by their keys alone. A connection plans a statement once, so one that was planned while a
# table held next to nothing goes on reading all of it until the table is next analysed (ADR 81).
BY_KEY: Final = {**SESSION, "enable_seqscan": "off"}

# What PostgreSQL says when another transaction was first; the unit of work is then decided again.
LOST_RACE: Final = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
# The server is away, starting, stopping, read-only, or short of something: time mends it, and no event is at fault.
UNAVAILABLE: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # asyncpg says this when a connection is ended from afar just as a statement begins.
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    # A full disk, too little memory, too many connections.
    asyncpg.InsufficientResourcesError,
    # Its disk or its system fails.
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    # It is just being put back: it is away, or takes no connections.
    asyncpg.InvalidCatalogNameError,
)


# Between texts that travel as one. No field of any event takes it, and JSON writes it otherwise.
SEPARATOR: Final = "\x1f"

# What a client is told then, whatever it asked for.
AWAY: Final = "the database does not answer, or takes no writes; try again"


class HungUp(ConnectionError):
    """The database stands still, and nobody waits for it until it answers again."""


def service_url(server_url: str, service: str) -> str:
    """Give the address of a service's own database, `helhedsnet_<service>`, on a server."""
    parts = urlsplit(server_url)
    query = f"?{parts.query}" if parts.query else ""
    # Put together by hand: urlunsplit drops an empty host, which `postgresql:///x?host=/socket` needs.
    return f"{parts.scheme}://{parts.netloc}/helhedsnet_{service}{query}"


def maintenance_url(server_url: str) -> str:
    """Give the address of a database that is there on every server, where no other is named."""
    parts = urlsplit(server_url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{parts.path.strip('/') or 'postgres'}{query}"


class _Connection(asyncpg.Connection):
    """A connection that a silent network ends in bounded time."""

    def __init__(self, protocol: Any, transport: asyncio.Transport, *rest: Any) -> None:  # noqa: ANN401  asyncpg's own
        super().__init__(protocol, transport, *rest)
        sockets.bound(transport.get_extra_info("socket"))


class Line:
    """A process's way to one database: every connection of its pools, which can all be hung up at once.

    Hung up, whoever waits for an answer is told so at once, and no connection is made until the line is open again.
    Nobody has to keep a list of who waits, and what asks for a connection pays nothing for it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._is_open = True
        self._pools: list[Pool] = []
        self._connections: weakref.WeakSet[asyncpg.Connection[asyncpg.Record]] = weakref.WeakSet()

    async def open_pool(self, connections: int, session: dict[str, str] = SESSION) -> Pool:
        """Open a pool on this line; see `open_pool` of this module."""
        pool = await open_pool(self.url, connections, session, connect=self._connect)
        self._pools.append(pool)
        return pool

    def hang_up(self) -> None:
        """End every connection, and make no more."""
        self._is_open = False
        for connection in list(self._connections):
            connection.terminate()

    def open_again(self) -> None:
        """Let connections be made again."""
        self._is_open = True

    async def renew(self) -> None:
        """Let every connection be made anew when it is next needed: a session keeps what it was begun with."""
        for pool in self._pools:
            if not pool.is_closing():
                await pool.expire_connections()

    async def _connect(self, *told: Any, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
        if self._is_open:
            connection: asyncpg.Connection[asyncpg.Record] = await leader.connect(*told, **options)
            if self._is_open:
                self._connections.add(connection)
                return connection
            connection.terminate()
        raise HungUp("the database stands still")


async def connect(
    url: str, session: dict[str, str] = SESSION, *, timeout_seconds: float | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection, apart from any pool; of several hosts to the one that takes writes."""
    return await leader.connect(
        url,
        server_settings=session,
        command_timeout=COMMAND_TIMEOUT_SECONDS,
        timeout=timeout_seconds or CONNECT_TIMEOUT_SECONDS,
        connection_class=_Connection,
    )


async def open_pool(
    url: str, connections: int, session: dict[str, str] = SESSION, connect: "Connect | None" = None
) -> Pool:
    """Open a pool of at most `connections` connections; the first is made at once, so a wrong address shows here."""
    options: dict[str, Any] = {
        "server_settings": session,
        "command_timeout": COMMAND_TIMEOUT_SECONDS,
        "timeout": CONNECT_TIMEOUT_SECONDS,
        "connection_class": _Connection,
        "connect": connect or leader.connect,
    }
    # With a least number of connections asyncpg would make them again by itself, and log a trace while it cannot.
    pool: Pool = await asyncpg.create_pool(url, min_size=0, max_size=connections, reset=_as_it_is, **options)
    async with pool.acquire():
        return pool


async def _as_it_is(_: object) -> None:
    """Hand a connection back without asking the server to reset it, which costs a round trip per use.

    What a reset would clear is never set on a pooled connection, no session setting and no LISTEN, but for a consumer's
    advisory lock, which is to stay (ADR 163). An open transaction asyncpg ends before this.
    """


def columns(rows: Iterable[Iterable[Any]], width: int) -> list[list[Any]]:
    """Turn rows into `width` columns, the way `unnest` takes them, of which the first holds something in each row."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return [*turned[:1], *map(filled, turned[1:])] or [[] for _ in range(width)]


def joined(column: Sequence[str | None]) -> str:
    """Write a column as one text, which `parted` turns into an array again; None is written as nothing.

    asyncpg looks at each item of a list for a list inside it, which takes more than all else that is done with one.

    Raises:
        ValueError: a text holds the sign between them, and would be parted there.
    """
    try:
        written = SEPARATOR.join(column)  # type: ignore[arg-type]  # most hold no None, and to look takes as long
    except TypeError:
        written = SEPARATOR.join(["" if text is None else text for text in column])
    if written.count(SEPARATOR) >= max(1, len(column)):
        raise ValueError("a text holds the sign that parts texts")
    return written


def parted(*places: int) -> str:
    """Give the SQL of arrays of texts that came as `joined` in the arguments `$place`; nothing is NULL there."""
    return ", ".join(f"string_to_array(${place}, chr({ord(SEPARATOR)}), '')" for place in places)


def filled(column: list[Any]) -> list[Any]:
    """Give a column for `unnest`, or an empty one where it holds nothing at all.

    Beside a longer one `unnest` fills it with NULL, and nobody has to write down each.
    """
    return column if any(value is not None for value in column) else []
