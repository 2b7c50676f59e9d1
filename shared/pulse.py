"""Whether a service's database answers, and takes writes. Owns one connection, and decides when the line is hung up.

A request does not find out for itself how long a database that stands still will go on doing so. One task does, for
all of them (ADR 57).
"""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from typing import Any, Final, Literal, TypeAlias, TypeVar

import asyncpg
import structlog

from shared import background, database
from shared.database import Line
from shared.metrics import Metrics

LOOK_SECONDS: Final = 1.0
# While something is wrong, so that the end of it is noticed soon.
LOOK_AGAIN_SECONDS: Final = 0.5
# However many errors are met, it is looked at again no sooner.
LOOK_AT_ONCE_SECONDS: Final = 0.1
# The database has said nothing for so long: whoever waits is told to come back. A look begins a second after the last,
# so that everybody has an answer eight seconds after it fell silent, of the ten that are promised. A question that
# needs no disk and no lock is answered in milliseconds; on two cores with some forty at work the longest took 0.13 s,
# and the longest new connection 0.6 s.
SILENCE_SECONDS: Final = 6.0
# How long a new connection is waited for when nothing else answers.
KNOCK_SECONDS: Final = 3.0
# Waiting is counted in turns of the event loop, each of so long at least. A process that itself had no turn, because it
# was stopped or had no processor, has not waited.
TURN_SECONDS: Final = 0.25
# A service that has nothing to write is to notice within ten seconds that it could not.
SPACE_SECONDS: Final = 5.0
# Rows of some 280 KB, which a query that may use so much memory keeps in a file of its own. A table would have room for
# them in pages that were used before, and a full disk go unnoticed; a new file has none.
MEMORY: Final = "64kB"
ROWS: Final = 20_000

Trouble: TypeAlias = Literal["silent", "away", "read_only", "takes_no_writes"]
Found = TypeVar("Found")

log = structlog.get_logger()


class Pulse:
    """Looks at the database of one service every second, on a connection of its own.

    Every few seconds it lets a file be written, since a full disk has room for a row. After an error that time may mend
    it does so at once, and on a new connection, since a session keeps what it was begun with.
    """

    def __init__(self, line: Line, metrics: Metrics) -> None:
        self._line = line
        self._metrics = metrics
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._woken = asyncio.Event()
        # The errors that were met, and those of them that a look has followed.
        self._met = self._looked_into = 0
        self._wrote_at = time.monotonic()
        self.trouble: Trouble | None = None
        self._is_over = False

    @property
    def well(self) -> bool:
        """Tell whether the database answers and takes writes, and nobody has met an error since that was seen."""
        return self.trouble is None and self._met == self._looked_into

    def met(self, error: Exception) -> None:
        """Take note of what a part of the service has met, where it is an error of the database that time may mend."""
        if isinstance(error, database.HungUp) or not isinstance(error, database.UNAVAILABLE):
            return
        self._metrics.database_errors.labels(type(error).__name__).inc()
        self._met += 1
        self._woken.set()

    async def run(self) -> None:
        """Look until cancelled."""
        self._is_over = False
        try:
            while True:
                await self._look()
                await self._pause()
        finally:
            self._is_over = True
            self._hang_up()

    async def _pause(self) -> None:
        if self.trouble is not None:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            return
        await asyncio.sleep(LOOK_AT_ONCE_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._woken.wait()

    async def _look(self) -> None:
        """Look once, and tell what is found."""
        met, looks_closer = self._met, not self.well
        self._woken.clear()
        if looks_closer:
            self._hang_up()
        reason: Exception | None = None
        try:
            trouble = await self._find(looks_closer=looks_closer)
        except TimeoutError as error:
            trouble, reason = "silent", error
        except (*database.UNAVAILABLE, asyncpg.PostgresError) as error:
            trouble, reason = "away", error
        if trouble == "silent":
            self._hang_up()
            self._line.hang_up()
        else:
            self._line.open_again()
        if trouble is None and looks_closer:
            await self._line.renew()
        self._tell(trouble, reason)
        self._looked_into = met

    async def _find(self, *, looks_closer: bool) -> Trouble | None:
        """Ask the database how it is.

        Raises:
            TimeoutError: it does not answer in time.
            database.UNAVAILABLE, asyncpg.PostgresError: it cannot be reached, or lets nobody in.
        """
        patience = KNOCK_SECONDS if self.trouble == "silent" else SILENCE_SECONDS
        if await self._within(patience, self._is_read_only()):
            return "read_only"
        if looks_closer or time.monotonic() >= self._wrote_at + SPACE_SECONDS:
            self._wrote_at = time.monotonic()
            try:
                await self._within(SILENCE_SECONDS, self._write_a_file())
            except (*database.UNAVAILABLE, asyncpg.PostgresError) as error:
                # It has answered just now, so what fails is the write.
                self._hang_up()
                log.debug("database.probe_failed", error=type(error).__name__)
                return "takes_no_writes"
        return None

    async def _is_read_only(self) -> bool:
        connection = await self._connected()
        is_read_only: bool = await connection.fetchval(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"
        )
        return is_read_only

    async def _write_a_file(self) -> None:
        """Let the database keep some rows in a file of its own, which is gone when they are counted."""
        connection = await self._connected()
        async with connection.transaction():
            await connection.execute(f"SET LOCAL work_mem = '{MEMORY}'")
            await connection.fetchval("SELECT count(*) FROM generate_series(1, $1::int)", ROWS)

    async def _within(self, seconds: float, work: Coroutine[Any, Any, Found]) -> Found:
        """Do something for a number of turns that together are so long.

        Raises:
            TimeoutError: it is not done by then.
        """
        working = asyncio.create_task(work, name="pulse")
        try:
            for _ in range(round(seconds / TURN_SECONDS)):
                await asyncio.wait([working], timeout=TURN_SECONDS)
                if working.done():
                    return working.result()
        finally:
            if not working.done():
                # First the connection: a question that is cancelled waits for the server to have heard of that.
                self._hang_up()
                await background.end([working])
        raise TimeoutError("the database does not answer")

    async def _connected(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None:
            # How long that may take is counted in turns, too.
            connection = await database.connect(self._line.url, timeout_seconds=database.COMMAND_TIMEOUT_SECONDS)
            if self._is_over:
                # Cancelled again and again, nobody has waited for this one.
                connection.terminate()
            self._connection = connection
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    def _tell(self, trouble: Trouble | None, reason: Exception | None) -> None:
        """Log what has changed, once."""
        if trouble == self.trouble:
            return
        self.trouble = trouble
        self._metrics.database_well.set(trouble is None)
        if trouble is None:
            log.info("database.well")
        else:
            log.warning("database.unwell", trouble=trouble, error=type(reason).__name__ if reason else None)
