"""Folding everything anew from the services' logs, beside the figures that go on being read (ADR 40).

Owns the order of it: build, catch up, swap. Any end before the swap leaves the old figures as they were.
"""

import asyncio
import collections
import contextlib
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

import asyncpg
import httpx
import orjson
import structlog

from services.reporting import building
from services.reporting.store import folding
from shared import background, clock, database
from shared.backbone import event_log
from shared.backbone.event_log import Entry
from shared.database import Pool
from shared.errors import AlreadyRunning

# While the database folds one batch, the next is read and prepared.
BATCH: Final = 10_000
# So near to the head there is nothing to gain from another round before the swap.
NEAR: Final = 500
# The longest that readers wait for the swap.
HOLD_SECONDS: Final = 2.0
RETRY_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0)

State = Literal["none", "folding", "swapping", "finished", "failed"]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

log = structlog.get_logger()


class Log(Protocol):
    """A log that can be read from anywhere."""

    async def head(self) -> int:
        """Give the last sequence."""

    def between(self, sequence: int, last: int) -> AsyncGenerator[list[Entry], None]:
        """Give page after page up to a sequence that the log has, in order."""


class OwnLog:
    """Reporting's own log, which need not be asked for over HTTP."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def head(self) -> int:
        """Give the last sequence."""
        async with self._pool.acquire() as connection:
            return await event_log.head(connection)

    async def between(self, sequence: int, last: int) -> AsyncGenerator[list[Entry], None]:
        """Give page after page up to a sequence that the log has, in order."""
        while sequence < last:
            async with self._pool.acquire() as connection:
                lines = await event_log.read(connection, sequence, event_log.MAX_PAGE)
            yield [Entry(orjson.loads(line.text)) for line in lines]
            sequence = lines[-1].sequence


@dataclass(slots=True)
class Progress:
    """How far a rebuild has come: of each owner what is folded, and the last of its log when that was last seen."""

    state: State = "none"
    folded: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    dead_letters: int = 0
    started: float = 0.0
    seconds: float = 0.0
    detail: str = ""

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is being rebuilt."""
        return self.state not in {"folding", "swapping"}


class Rebuilder:
    """Rebuilds when told to, one at a time among all replicas."""

    def __init__(self, database_url: str, owner_logs: Mapping[str, Log]) -> None:
        self._database_url = database_url
        self._owner_logs = owner_logs
        self._connection: Connection | None = None
        self._told = asyncio.Event()
        self._counted_at = 0
        self.progress = Progress()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Wait for what to do, beside everything else, until the context ends."""
        with contextlib.suppress(*database.UNAVAILABLE):
            await self._clear_up()
        task = asyncio.create_task(self._run(), name="rebuilder")
        try:
            yield
        finally:
            await background.end([task])
            if self._connection is not None:
                self._connection.terminate()

    async def start(self) -> None:
        """Begin to rebuild; `progress` tells how it goes.

        Raises:
            AlreadyRunning: a rebuild is running, here or in another replica.
        """
        connection = await building.open_alone(self._database_url)
        if connection is None:
            raise AlreadyRunning("reporting is being rebuilt already")
        self._connection = connection
        self.progress = Progress("folding", started=time.monotonic())
        self._told.set()

    async def _run(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            if (connection := self._connection) is None:
                continue
            try:
                await self._rebuild(connection)
                await building.close(connection)
                self.progress.state = "finished"
            except (building.StructureChanged, httpx.HTTPError, *database.UNAVAILABLE) as error:
                self._failed(f"{type(error).__name__}: {error}")
            except Exception as error:
                # A bug; whoever waits for the end must see it, and so must the log.
                log.exception("rebuild.failed", error=type(error).__name__)
                self._failed(type(error).__name__)
            finally:
                # Also ends what it was about to do, and its lock.
                connection.terminate()
                self._connection = None

    async def _clear_up(self) -> None:
        """Drop what a rebuild left that was killed: it holds people's pseudonyms, which nobody would erase there."""
        if (connection := await building.open_alone(self._database_url)) is not None:
            await building.clear(connection)
            await building.close(connection)

    async def _rebuild(self, connection: Connection) -> None:
        log.info("rebuild.started")
        try:
            revision = await building.begin(connection)
            await self._fold_to_the_heads(connection)
            await building.complete(connection)
            self.progress.state = "swapping"
            attempts = 0
            while not await self._swap(connection, revision):
                await asyncio.sleep(_delay(attempts))
                attempts += 1
        finally:
            self.progress.seconds = time.monotonic() - self.progress.started
            if not connection.is_closed():
                await building.clear(connection)
        log.info("rebuild.finished", events=sum(self.progress.folded.values()), seconds=self.progress.seconds)

    async def _fold_to_the_heads(self, connection: Connection) -> None:
        """Fold every log up to its head, until what came meanwhile is little."""
        rounds = 0
        while rounds == 0 or self._behind() > NEAR:
            for owner, owner_log in self._owner_logs.items():
                self.progress.heads[owner] = await _patiently(owner_log)
            for owner in self._owner_logs:
                await self._fold_up_to(connection, owner, self.progress.heads[owner])
            for owner, owner_log in self._owner_logs.items():
                self.progress.heads[owner] = await _patiently(owner_log)
            rounds += 1

    def _behind(self) -> int:
        return sum(head - self.progress.folded[owner] for owner, head in self.progress.heads.items())

    async def _fold_up_to(self, connection: Connection, owner: str, last: int) -> None:
        """Fold an owner's log up to a sequence; an owner that is just restarting is waited for."""
        attempts = 0
        position = await event_log.position(connection, owner)
        while position < last:
            try:
                position = await self._fold_between(connection, owner, position, last)
            except httpx.HTTPError:
                attempts += 1
                if attempts > len(RETRY_SECONDS):
                    raise
                await asyncio.sleep(_delay(attempts - 1))
                position = self.progress.folded[owner]
        self.progress.folded[owner] = position

    async def _fold_between(self, connection: Connection, owner: str, position: int, last: int) -> int:
        self.progress.folded[owner] = self._counted_at = position
        batch: list[Entry] = []
        turns: collections.deque[asyncio.Task[None]] = collections.deque()
        try:
            async with contextlib.aclosing(self._owner_logs[owner].between(position, last)) as pages:
                async for page in pages:
                    batch += page
                    if len(batch) < BATCH and batch[-1].sequence < last:
                        continue
                    before = turns[-1] if turns else None
                    turns.append(asyncio.create_task(self._fold_in_turn(before, connection, owner, batch)))
                    batch = []
                    # One is folded, one waits its turn.
                    if before is not None:
                        await before
                        turns.popleft()
        except httpx.HTTPError:
            # What has come is folded, and not asked for again.
            await asyncio.gather(*turns)
            raise
        else:
            await asyncio.gather(*turns)
        finally:
            await background.end(turns)
        return self.progress.folded[owner]

    async def _fold_in_turn(
        self, before: asyncio.Task[None] | None, connection: Connection, owner: str, entries: Sequence[Entry]
    ) -> None:
        """Prepare entries while those before them are folded, then fold them and tell how far it has come."""
        try:
            run = folding.prepared(entries)
        except Exception:  # noqa: BLE001  which of them it is, folding finds out
            run = None
        if before is not None:
            await before
        await self._fold(connection, owner, entries, run)
        position = self.progress.folded[owner] = entries[-1].sequence
        self.progress.seconds = time.monotonic() - self.progress.started
        # A table that grows from nothing is otherwise taken for an empty one, and read from end to end.
        if position >= 2 * self._counted_at + BATCH:
            await building.count_rows(connection)
            self._counted_at = position

    async def _fold(
        self, connection: Connection, owner: str, entries: Sequence[Entry], run: folding.Prepared | None = None
    ) -> None:
        """Fold entries and note it, in one transaction; one that cannot be folded is set aside alone."""
        try:
            async with connection.transaction():
                await folding.fold(connection, owner, run or folding.prepared(entries))
                await event_log.set_position(connection, owner, entries[-1].sequence)
        except database.UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is one entry's; that one is set aside with it
            if len(entries) > 1:
                middle = len(entries) // 2
                await self._fold(connection, owner, entries[:middle])
                await self._fold(connection, owner, entries[middle:])
                return
            async with connection.transaction():
                reason = f"{getattr(error, 'code', type(error).__name__)}: {error}"
                await event_log.bury(connection, owner, entries[0], reason, clock.now())
                await event_log.set_position(connection, owner, entries[0].sequence)
            self.progress.dead_letters += 1

    async def _swap(self, connection: Connection, revision: str) -> bool:
        """Fold the last of it while nobody reads or folds, and swap; False when somebody needs longer than that."""
        for owner, owner_log in self._owner_logs.items():
            await self._fold_up_to(connection, owner, await _patiently(owner_log))
        try:
            async with asyncio.timeout(HOLD_SECONDS), connection.transaction():
                positions = await building.lock(connection, revision)
                for owner in self._owner_logs:
                    await self._fold_up_to(connection, owner, positions.get(owner, 0))
                await building.swap(connection, positions)
        except (asyncpg.LockNotAvailableError, TimeoutError):
            return False
        return True

    def _failed(self, detail: str) -> None:
        self.progress.state, self.progress.detail = "failed", detail
        log.error("rebuild.failed", detail=detail)


async def _patiently(owner_log: Log) -> int:
    """Ask for the head of a log; an owner that is just restarting is waited for."""
    for attempt in range(len(RETRY_SECONDS)):
        with contextlib.suppress(httpx.HTTPError):
            return await owner_log.head()
        await asyncio.sleep(_delay(attempt))
    return await owner_log.head()


def _delay(attempts: int) -> float:
    return RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)] * random.uniform(0.5, 1.5)  # noqa: S311  jitter
