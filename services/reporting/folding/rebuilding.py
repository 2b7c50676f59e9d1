"""Folding everything anew from the services' logs, beside the figures that go on being read (ADR 40).

Owns the order of it: build, catch up, swap. Any end before the swap leaves the old figures as they were.
"""

import asyncio
import collections
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Final

import asyncpg
import httpx

from services.reporting.folding import folds, second_tables
from shared import background
from shared.backbone import event_log, pages
from shared.backbone.event_log import Entry, Place
from shared.backbone.pages import Page
from shared.backbone.rebuilding import (
    RETRY_SECONDS,
    CannotRebuild,
    Connection,
    Log,
    Progress,
    apply_or_bury,
    delay,
    patiently,
)
from shared.database import Connection as AnyConnection
from shared.database import Pool

# While the database folds one batch, the next is read and prepared.
BATCH: Final = 10_000
# So near to the head there is nothing to gain from another round before the swap.
NEAR: Final = 500
# The longest that readers wait for the swap.
HOLD_SECONDS: Final = 2.0


class OwnLog:
    """Reporting's own log, which need not be asked for over HTTP."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def head(self) -> int:
        """Give the last sequence."""
        async with self._pool.acquire() as connection:
            return await event_log.head(connection)

    async def between(self, sequence: int, last: int) -> AsyncGenerator[Page, None]:
        """Give page after page up to a sequence that the log has, in order."""
        while sequence < last:
            async with self._pool.acquire() as connection:
                prior, texts = await event_log.read_text(connection, sequence, event_log.MAX_PAGE)
                end = await event_log.mark(connection)
            page = pages.read(pages.written(end.epoch, prior, [texts]))
            yield page
            sequence = page.entries[-1].sequence


class Refolding:
    """The work of a rebuild: all figures, from all logs; `compare` holds them to the ledger at the end."""

    def __init__(self, owner_logs: Mapping[str, Log], compare: Callable[[], Awaitable[object]] | None = None) -> None:
        self._owner_logs = owner_logs
        self._compare = compare

    async def make(self, connection: Connection, progress: Progress) -> None:
        """Fold all logs into a second set of tables, and put it in the place of the one that is read."""
        folded = _Folded(connection, self._owner_logs, progress)
        revision = await second_tables.begin(connection)
        await folded.to_the_heads()
        await second_tables.complete(connection)
        progress.state = "replacing"
        attempts = 0
        while not await folded.swap(revision):
            await asyncio.sleep(delay(attempts))
            attempts += 1
        if self._compare is not None:
            await self._compare()

    async def clear(self, connection: Connection) -> None:
        """Drop the second set: it holds people's pseudonyms, which nobody would erase there."""
        await second_tables.clear(connection)


async def fold_up_to(connection: Connection, owner_logs: Mapping[str, Log], cursor: Mapping[str, int]) -> None:
    """Fold all logs up to a place into a second set of tables, which is read there and never swapped."""
    folded = _Folded(connection, owner_logs, Progress())
    await second_tables.begin(connection)
    await folded.to(cursor)
    await second_tables.complete(connection)


class _Folded:
    """The second set of tables while it is filled."""

    def __init__(self, connection: Connection, owner_logs: Mapping[str, Log], progress: Progress) -> None:
        self._connection = connection
        self._owner_logs = owner_logs
        self._progress = progress
        self._counted_at = 0
        self._epochs: dict[str, str] = {}

    async def to_the_heads(self) -> None:
        """Fold every log up to its head, until what came meanwhile is little."""
        rounds = 0
        while rounds == 0 or self._behind() > NEAR:
            for owner, owner_log in self._owner_logs.items():
                self._progress.heads[owner] = await patiently(owner_log)
            for owner in self._owner_logs:
                await self._up_to(owner, self._progress.heads[owner])
            for owner, owner_log in self._owner_logs.items():
                self._progress.heads[owner] = await patiently(owner_log)
            rounds += 1

    async def to(self, cursor: Mapping[str, int]) -> None:
        """Fold every log up to a place that it has."""
        for owner in self._owner_logs:
            await self._up_to(owner, cursor[owner])

    async def swap(self, revision: str) -> bool:
        """Fold the last of it while nobody reads or folds, and swap; False when somebody needs longer than that."""
        for owner, owner_log in self._owner_logs.items():
            await self._up_to(owner, await patiently(owner_log))
        try:
            async with asyncio.timeout(HOLD_SECONDS), self._connection.transaction():
                positions = await second_tables.lock(self._connection, revision)
                for owner, owner_log in self._owner_logs.items():
                    if (last := positions.get(owner, 0)) > self._progress.read[owner]:
                        # Of a log that was put back, the figures in use may hold more than there is.
                        await self._up_to(owner, min(last, await owner_log.head()))
                await second_tables.swap(self._connection, positions)
        except (asyncpg.LockNotAvailableError, TimeoutError):
            return False
        return True

    def _behind(self) -> int:
        return sum(head - self._progress.read[owner] for owner, head in self._progress.heads.items())

    async def _up_to(self, owner: str, last: int) -> None:
        """Fold an owner's log up to a sequence; an owner that is just restarting is waited for."""
        attempts = 0
        position = await event_log.position(self._connection, owner)
        while position < last:
            try:
                position = await self._between(owner, position, last)
            except httpx.HTTPError:
                attempts += 1
                if attempts > len(RETRY_SECONDS):
                    raise
                await asyncio.sleep(delay(attempts - 1))
                position = self._progress.read[owner]
        self._progress.read[owner] = position

    async def _between(self, owner: str, position: int, last: int) -> int:
        self._progress.read[owner] = self._counted_at = position
        batch: list[Entry] = []
        turns: collections.deque[asyncio.Task[None]] = collections.deque()
        try:
            async with contextlib.aclosing(self._owner_logs[owner].between(position, last)) as coming:
                async for page in coming:
                    if page.epoch != self._epochs.setdefault(owner, page.epoch) or not page.entries:
                        raise CannotRebuild(f"the log of {owner} was put back meanwhile")
                    # A page may hold more than was asked for.
                    batch += [entry for entry in page.entries if entry.sequence <= last]
                    if len(batch) < BATCH and batch[-1].sequence < last:
                        continue
                    before = turns[-1] if turns else None
                    turns.append(asyncio.create_task(self._in_turn(before, owner, batch)))
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
        return self._progress.read[owner]

    async def _in_turn(self, before: asyncio.Task[None] | None, owner: str, entries: Sequence[Entry]) -> None:
        """Prepare entries while those before them are folded, then fold them and tell how far it has come."""
        try:
            run = folds.prepared(entries)
        except Exception:  # noqa: BLE001  which of them it is, folding finds out
            run = None
        if before is not None:
            await before
        await self._fold(owner, entries, run)
        position = self._progress.read[owner] = entries[-1].sequence
        self._progress.seconds = time.monotonic() - self._progress.started
        # A table that grows from nothing is otherwise taken for an empty one, and read from end to end.
        if position >= 2 * self._counted_at + BATCH:
            await second_tables.count_rows(self._connection)
            self._counted_at = position

    async def _fold(self, owner: str, entries: Sequence[Entry], run: folds.Prepared | None) -> None:
        """Fold entries and note it; one that cannot be folded is set aside alone."""

        async def fold(connection: AnyConnection, owner: str, some: Sequence[Entry]) -> None:
            await folds.fold(connection, owner, run if run and some is entries else folds.prepared(some))

        self._progress.dead_letters += await apply_or_bury(self._connection, owner, entries, fold)
        place = Place(entries[-1].sequence, self._epochs[owner], entries[-1].chain)
        await event_log.set_place(self._connection, owner, place)
