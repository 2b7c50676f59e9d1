"""Finds, among the hosts of a database's address, the one that takes writes. Owns no connection (ADR 147).

asyncpg asks one host after the other within one limit of time: a host that says nothing, because its machine is gone,
would use all of it up, and the next would never be asked.
"""

import asyncio
import functools
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Attempt: TypeAlias = asyncio.Task[Connection]
else:
    Connection = asyncpg.Connection
    Attempt = asyncio.Task

# What is asked of a host where the address does not say, as libpq calls it: every service writes.
TARGET: Final = "target_session_attrs"
TAKES_WRITES: Final = "read-write"
# A host that is not needed any more is left to answer for so long, and hung up on then. An attempt that is cancelled in
# the moment in which its connection is made leaves an error in asyncpg that nobody reads, and asyncio logs as such.
LET_GO_SECONDS: Final = 5.0
# What is said where a host is away, or starts: nothing of the database, so whatever else is said counts for more.
NOT_THERE: Final = (asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError)


class NoLeader(ConnectionError):
    """None of the hosts takes writes just now: they are away, or each follows a leader that is."""


def each_host(url: str) -> list[str]:
    """Give the address of each host of an address, asked whether it takes writes; of a single host as it is."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return [url]
    query = urlencode({TARGET: TAKES_WRITES, **dict(parse_qsl(parts.query))})
    return [f"{parts.scheme}://{user}{at}{host}{parts.path}?{query}" for host in hosts.split(",")]


async def connect(url: str, **options: Any) -> Connection:
    """Open a connection as asyncpg does; of several hosts all are asked at once, and the first that fits is taken.

    Raises:
        NoLeader: none of several hosts fits.
        asyncpg.PostgresError: and one of them says why it lets nobody in.
    """
    attempts: list[Attempt] = [asyncio.ensure_future(asyncpg.connect(each, **options)) for each in each_host(url)]
    chosen: Connection | None = None
    try:
        if len(attempts) == 1:
            chosen = await asyncio.shield(attempts[0])
            return chosen
        for attempt in asyncio.as_completed(attempts):
            try:
                chosen = await attempt
            except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError, asyncpg.InterfaceError):
                continue
            return chosen
    finally:
        for attempt in attempts:
            _let_go(chosen, attempt)
    raise _why([attempt.exception() for attempt in attempts])


def _let_go(chosen: Connection | None, attempt: Attempt) -> None:
    """Let an attempt that nobody waits for end by itself, or in bounded time."""
    attempt.add_done_callback(functools.partial(_hang_up, chosen))
    if not attempt.done():
        asyncio.get_running_loop().call_later(LET_GO_SECONDS, attempt.cancel)


def _hang_up(chosen: Connection | None, attempt: Attempt) -> None:
    """End a connection that was made beside the one that was chosen."""
    if not attempt.cancelled() and attempt.exception() is None and attempt.result() is not chosen:
        attempt.result().terminate()


def _why(errors: list[BaseException | None]) -> BaseException:
    """Choose what to say of all failures: what a host itself says of the database comes before where hosts are."""
    for error in errors:
        if isinstance(error, asyncpg.PostgresError) and not isinstance(error, NOT_THERE):
            return error
    return NoLeader("no host takes writes: " + ", ".join(type(error).__name__ for error in errors))
