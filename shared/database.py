"""How a service reaches its own PostgreSQL database. Owns no table and no query."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

import asyncpg

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

COMMAND_TIMEOUT_SECONDS: Final = 60
CONNECT_TIMEOUT_SECONDS: Final = 5
# What a session needs that differs from a server's defaults: just-in-time compilation costs more than it saves here.
SESSION: Final = {"jit": "off", "timezone": "UTC"}
# For what finds its rows by their keys alone. A connection plans a statement once, so one that was planned while a
# table held next to nothing goes on reading all of it until the table is next analysed (ADR 81).
BY_KEY: Final = {**SESSION, "enable_seqscan": "off"}

# What PostgreSQL says when another transaction was first; the unit of work is then decided again.
LOST_RACE: Final = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
# The server is away, starting, stopping or full.
UNAVAILABLE: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # asyncpg says this when a connection is ended from afar just as a statement begins.
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)


def service_url(server_url: str, service: str) -> str:
    """Give the address of a service's own database, `helhedsnet_<service>`, on a server."""
    parts = urlsplit(server_url)
    query = f"?{parts.query}" if parts.query else ""
    # Put together by hand: urlunsplit drops an empty host, which `postgresql:///x?host=/socket` needs.
    return f"{parts.scheme}://{parts.netloc}/helhedsnet_{service}{query}"


async def connect(url: str, session: dict[str, str] = SESSION) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection, apart from any pool."""
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
        url, server_settings=session, command_timeout=COMMAND_TIMEOUT_SECONDS, timeout=CONNECT_TIMEOUT_SECONDS
    )
    return connection


async def open_pool(url: str, connections: int, session: dict[str, str] = SESSION) -> Pool:
    """Open a pool of at most `connections` connections; the first is made at once, so a wrong address shows here."""
    options: dict[str, Any] = {
        "server_settings": session,
        "command_timeout": COMMAND_TIMEOUT_SECONDS,
        "timeout": CONNECT_TIMEOUT_SECONDS,
    }
    pool: Pool = await asyncpg.create_pool(url, min_size=1, max_size=connections, reset=_as_it_is, **options)
    return pool


async def _as_it_is(_: object) -> None:
    """Hand a connection back without asking the server to reset it, which costs a round trip per use.

    What a reset would clear is never set on a pooled connection: no session setting, no advisory lock, no LISTEN. An
    open transaction asyncpg ends before this.
    """


def columns(rows: Iterable[Iterable[Any]], width: int) -> list[list[Any]]:
    """Turn rows into `width` columns, the way `unnest` takes them."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return turned or [[] for _ in range(width)]
