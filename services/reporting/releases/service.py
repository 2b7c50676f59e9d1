"""Has releases made, in a process of its own, one at a time: when they are due, and when somebody asks for one now."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import orjson
import structlog

from services.reporting.periods import Period, month_of
from services.reporting.releases import rules, store
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releases.rules import CannotRelease
from services.reporting.terms import Json
from shared import clock, locks
from shared.backbone.consumer import Consumer
from shared.background import end
from shared.database import Pool
from shared.errors import AlreadyRunning

WORKER: Final = "services.reporting.releases.worker"
# The longest that one run of it may take: ten thousand areas need half an hour.
LIMIT_SECONDS: Final = 7_200.0
COMPLAINT_CHARACTERS: Final = 2_000

log = structlog.get_logger()


class ReleaseFailed(Exception):
    """A release was not made, which is a bug or a passing want of something; the log says which."""


@dataclass(frozen=True, slots=True)
class ReleasesSoFar:
    """What releases there could be, and the newest that there is; `ground` is None where nothing is registered."""

    ground: Period | None
    newest: ReleaseHead | None

    @property
    def newest_month(self) -> date | None:
        """Give the month of the newest release."""
        return self.newest.month if self.newest else None


class ReleaseMaker:
    """Makes releases of one database; of several replicas one at a time does."""

    def __init__(self, pool: Pool, database_url: str, after_days: int, copies: Path | None = None) -> None:
        self.after_days = after_days
        self._copies = copies
        self._pool = pool
        self._database_url = database_url
        self._making: asyncio.Task[None] | None = None

    async def standing(self) -> ReleasesSoFar:
        """Read where releases stand."""
        async with self._pool.acquire() as connection:
            return ReleasesSoFar(await store.ground(connection), await store.newest(connection))

    async def is_being_made(self) -> bool:
        """Tell whether a release is being made, by this replica or another."""
        if self._making is not None and not self._making.done():
            return True
        async with self._pool.acquire() as connection, connection.transaction():
            return not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", locks.RELEASE)

    async def due(self) -> list[date]:
        """Give the months for which a release is due."""
        found = await self.standing()
        if found.ground is None:
            return []
        return rules.due_months(found.ground, clock.today(), self.after_days, found.newest_month)

    async def late(self) -> list[date]:
        """Give the months for which one should have been made days ago."""
        found = await self.standing()
        return rules.late_months(found.ground, clock.today(), found.newest_month)

    async def outlook(self) -> Json:
        """Tell what the next release will be: of which month, when it is due, and who has registered nothing of it.

        `month` is null while nothing is registered.
        """
        found, today = await self.standing(), clock.today()
        month = rules.next_month(found.ground, today, found.newest_month) if found.ground else None
        silent: list[str] = []
        if month is not None:
            async with self._pool.acquire() as connection:
                silent = await store.silent_areas(connection, month, month_of(month).last_day)
        return {
            "month": f"{month:%Y-%m}" if month else None,
            "due": rules.due_on(month, self.after_days).isoformat() if month else None,
            "missing": [f"{each:%Y-%m}" for each in await self.due()],
            "late": [f"{each:%Y-%m}" for each in await self.late()],
            "can_be_made": [f"{each:%Y-%m}" for each in rules.orderable(found.ground, today, found.newest_month)],
            "silent_areas": silent,
            "is_being_made": await self.is_being_made(),
        }

    async def order(self, consumers: Sequence[Consumer], wanted: date | None, by: str) -> list[date]:
        """Begin to make a release now, up to a month or the newest that can be; give the months that are made.

        Raises:
            AlreadyRunning: one is being made.
            CannotRelease: none can be made of it, or not now.
        """
        found = await self.standing()
        months = rules.ordered_months(found.ground, clock.today(), found.newest_month, wanted)
        if await self.is_being_made():
            raise AlreadyRunning("a release is being made")
        if not await caught_up(consumers):
            raise CannotRelease("not_caught_up", "reporting has not read all that was accepted; try again")
        self._making = asyncio.create_task(self._make_quietly(months, by), name="release")
        return months

    async def make(self, months: Sequence[date], by: str) -> None:
        """Make releases in a process of its own, and wait for its end; where another replica is at it, make none.

        Raises:
            ReleaseFailed: it came to no good end.
        """
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", WORKER),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        copies = str(self._copies) if self._copies else None
        order = {"database_url": self._database_url, "months": months, "made_by": by, "copies": copies}
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                _, complaint = await process.communicate(orjson.dumps(order))
        except TimeoutError:
            complaint = b"it took too long"
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode not in rules.GOOD_ENDS:
            said = complaint.decode(errors="replace")[-COMPLAINT_CHARACTERS:]
            log.error("release.failed", month=f"{months[0]:%Y-%m}", complaint=said)
            raise ReleaseFailed(said)
        await self._tell(months, round((time.monotonic() - begun) * 1_000))

    async def close(self) -> None:
        """End what is being made; it leaves nothing half done."""
        if self._making is not None:
            await end([self._making])

    async def _make_quietly(self, months: Sequence[date], by: str) -> None:
        try:
            await self.make(months, by)
        except ReleaseFailed:
            # It is logged, and whoever waits sees that it does not come.
            return

    async def _tell(self, months: Sequence[date], elapsed_ms: int) -> None:
        found = await self.standing()
        if found.newest is not None and found.newest.month == months[-1]:
            log.info("release.made", number=found.newest.number, month=f"{months[-1]:%Y-%m}", elapsed_ms=elapsed_ms)


async def caught_up(consumers: Sequence[Consumer]) -> bool:
    """Tell whether all that the owners accepted by now is folded."""
    for consumer in consumers:
        head = await consumer.owners_head()
        if head is None or consumer.parted is not None or consumer.position < head:
            return False
    return True
