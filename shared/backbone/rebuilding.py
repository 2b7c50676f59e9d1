"""Making anew, from its owners' logs, what a service holds of them: told to, one at a time, and telling how far it is.

Owns the lock, the progress and every end of it. What is made, and how, is each service's own `Work`.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

import asyncpg
import httpx
import structlog

from shared import background, clock, database, locks
from shared.backbone import event_log
from shared.backbone.applying import Apply
from shared.backbone.event_log import Entry
from shared.backbone.pages import Page
from shared.database import Pool
from shared.errors import AlreadyRunning

IS_HELD: Final = (
    "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE locktype = 'advisory' AND objid = $1 AND datname = current_database())"
)
RETRY_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0)
# How soon it is tried again to drop what a rebuild left, while the database is away.
CLEAR_AGAIN_SECONDS: Final = 1.0

State = Literal["none", "reading", "replacing", "finished", "failed", "elsewhere"]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

log = structlog.get_logger()


class CannotRebuild(Exception):
    """What is needed for it changed meanwhile: the tables were migrated, or an owner's log is a different one."""


@dataclass(frozen=True, slots=True)
class UnknownToOwner:
    """What an owner's log does not tell of, and stays all the same, since own books rest on it."""

    owner: str
    kind: str
    name: str
    code: str = "unknown_to_owner"


@dataclass(slots=True)
class Progress:
    """How far it has come: of each owner what is read, and the last of its log when that was last seen."""

    state: State = "none"
    read: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    dead_letters: int = 0
    findings: Sequence[UnknownToOwner] = ()
    started: float = 0.0
    seconds: float = 0.0
    detail: str = ""

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is being made anew."""
        return self.state not in {"reading", "replacing"}


class Log(Protocol):
    """A log that can be read from anywhere."""

    async def head(self) -> int:
        """Give the last sequence."""

    def between(self, sequence: int, last: int) -> AsyncGenerator[Page, None]:
        """Give page after page up to a sequence that the log has, in order."""


class Work(Protocol):
    """What one service makes anew. Any end before the last transaction leaves all as it was."""

    async def make(self, connection: Connection, progress: Progress) -> None:
        """Do it, and tell of it; nobody else does meanwhile."""

    async def clear(self, connection: Connection) -> None:
        """Drop what an unfinished one left behind."""


class Rebuilder:
    """Does the work when told to, one at a time among all replicas."""

    def __init__(self, database_url: str, work: Work) -> None:
        self._database_url = database_url
        self._work = work
        self._connection: Connection | None = None
        self._told = asyncio.Event()
        # Whoever clears up holds the same lock for a moment: it is no reason to refuse.
        self._turn = asyncio.Lock()
        self.progress = Progress()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Wait for what to do, beside everything else, until the context ends."""
        task = asyncio.create_task(self._run(), name="rebuilder")
        try:
            yield
        finally:
            await background.end([task])
            if self._connection is not None:
                self._connection.terminate()

    async def start(self) -> None:
        """Begin; `progress` tells how it goes.

        Raises:
            AlreadyRunning: it is being done, here or in another replica.
        """
        async with self._turn:
            connection = await open_alone(self._database_url)
            if connection is None:
                raise AlreadyRunning("it is being made anew already")
            self._connection = connection
            self.progress = Progress("reading", started=time.monotonic())
            self._told.set()

    async def told_of(self, pool: Pool) -> Progress:
        """Give the progress of what runs here or ran last; where another replica is at it, no more than that."""
        if self.progress.is_over and await pool.fetchval(IS_HELD, locks.REBUILD):
            return Progress("elsewhere")
        return self.progress

    async def _run(self) -> None:
        is_clear = False
        while True:
            is_clear = is_clear or await self._clear_up()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if is_clear else CLEAR_AGAIN_SECONDS):
                    await self._told.wait()
            if self._told.is_set():
                self._told.clear()
                is_clear = await self._do()

    async def _do(self) -> bool:
        """Do the work once; tell whether nothing of it can have been left behind."""
        if (connection := self._connection) is None:
            return False
        log.info("rebuild.started")
        try:
            await self._make(connection)
            await close(connection)
        except (CannotRebuild, httpx.HTTPError, *database.UNAVAILABLE) as error:
            self._failed(f"{type(error).__name__}: {error}")
        except Exception as error:
            # A bug; whoever waits for the end must see it, and so must the log.
            log.exception("rebuild.failed", error=type(error).__name__)
            self._failed(type(error).__name__)
        else:
            self.progress.state = "finished"
            return True
        finally:
            # Also ends what it was about to do, and its lock.
            connection.terminate()
            self._connection = None
        return False

    async def _make(self, connection: Connection) -> None:
        progress = self.progress
        try:
            await self._work.make(connection, progress)
        finally:
            progress.seconds = time.monotonic() - progress.started
            if not connection.is_closed():
                await self._work.clear(connection)
        for finding in progress.findings:
            log.warning("rebuild.unknown_to_owner", owner=finding.owner, kind=finding.kind, name=finding.name)
        log.info("rebuild.finished", events=sum(progress.read.values()), seconds=progress.seconds)

    async def _clear_up(self) -> bool:
        """Drop what one left that was killed, or whose database was: tell whether that is done, or another's to do."""
        try:
            async with self._turn:
                if (connection := await open_alone(self._database_url)) is None:
                    return True
                try:
                    await self._work.clear(connection)
                    await close(connection)
                finally:
                    connection.terminate()
        except database.UNAVAILABLE:
            return False
        return True

    def _failed(self, detail: str) -> None:
        self.progress.state, self.progress.detail = "failed", detail
        log.error("rebuild.failed", detail=detail)


async def open_alone(url: str) -> "Connection | None":
    """Open the connection of the one that makes anew; None while another does, wherever it runs."""
    connection = await database.connect(url)
    is_alone = False
    try:
        is_alone = await connection.fetchval("SELECT pg_try_advisory_lock($1)", locks.REBUILD)
        if not is_alone:
            await connection.close()
    finally:
        # Whoever is ended while it asks holds no connection.
        if not is_alone:
            connection.terminate()
    return connection if is_alone else None


async def close(connection: Connection) -> None:
    """Let another begin, from this moment on: the server would notice the end of a connection a little later."""
    await connection.execute("SELECT pg_advisory_unlock_all()")
    await connection.close()


async def patiently(owner_log: Log) -> int:
    """Ask for the head of a log; an owner that is just restarting is waited for.

    Raises:
        httpx.HTTPError: it does not come back.
    """
    for attempt in range(len(RETRY_SECONDS)):
        with contextlib.suppress(httpx.HTTPError):
            return await owner_log.head()
        await asyncio.sleep(delay(attempt))
    return await owner_log.head()


def delay(attempts: int) -> float:
    """Give how long to wait before the next try, the longer the more have failed."""
    return RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)] * random.uniform(0.5, 1.5)  # noqa: S311  jitter


async def apply_or_bury(connection: Connection, owner: str, entries: Sequence[Entry], apply: Apply) -> int:
    """Apply entries together; of those that cannot be, each alone becomes a dead letter. Give how many did."""
    try:
        async with connection.transaction():
            await apply(connection, owner, entries)
    except database.UNAVAILABLE:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, it is one entry's; that one is set aside with it
        if len(entries) > 1:
            middle = len(entries) // 2
            before = await apply_or_bury(connection, owner, entries[:middle], apply)
            return before + await apply_or_bury(connection, owner, entries[middle:], apply)
        reason = f"{getattr(error, 'code', type(error).__name__)}: {error}"
        await event_log.bury(connection, owner, entries[0], reason, clock.now())
        return 1
    return 0
