"""Takes what was erased out of a database's files, where PostgreSQL leaves old rows until it needs the room.

Whoever erases asks for it in the same transaction. Beside all else the tables are then written anew, which leaves out
the old rows, and the write-ahead log is moved on. It is tried again until it is done (ADR 137).
"""

import asyncio
import contextlib
from typing import Final

import asyncpg
import structlog

from shared import clock, database, locks
from shared.backbone import event_log
from shared.database import Connection

ASKED: Final = "erased"
DONE: Final = "compacted"
CHECK_SECONDS: Final = 60.0
# A table that is written anew is nobody else's meanwhile, a quarter of a second for so much; more waits for the night.
AT_ONCE_BYTES: Final = 64 * 2**20
NIGHT_HOURS: Final = range(1, 5)
# Whoever reads or writes a table at this moment is let finish; then it is tried again.
LOCK_MS: Final = 2_000
# So long may one table be nobody else's. What takes longer, or has no room beside itself, is tried the night after.
TABLE_SECONDS: Final = 300
DAY_SECONDS: Final = 86_400.0
# The segment that held the old rows goes with the second checkpoint after it.
CHECKPOINTS: Final = 2
NOTED: Final = "SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text"
# Whoever began before still sees the old rows, so that they would be written anew too.
SEEN_BY_OTHERS: Final = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND age(backend_xmin) > age($1::text::xid)
)
"""
# Without the right to it PostgreSQL passes a table over, and says so to nobody. A large one keeps no small one waiting;
# the statistics come last, since the tables' own are made with them.
TABLES: Final = """
SELECT format('%I.%I', schemaname, tablename) AS name,
       has_table_privilege(format('%I.%I', schemaname, tablename), 'MAINTAIN') AS is_allowed
FROM pg_tables
WHERE schemaname = 'public' OR tablename = 'pg_statistic'
ORDER BY schemaname DESC, pg_total_relation_size(format('%I.%I', schemaname, tablename)), tablename
"""

log: Final = structlog.get_logger()


class TooMuch(Exception):
    """A table that cannot be written anew within the time or the room that there is."""


async def ask(connection: Connection) -> None:
    """Ask for it, once this transaction is committed."""
    await connection.execute(
        "INSERT INTO position (name, sequence) VALUES ($1, 1)"
        " ON CONFLICT (name) DO UPDATE SET sequence = position.sequence + 1",
        ASKED,
    )


class Compactor:
    """Does it for one service's database."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        # What was asked for when it was last looked, and the transaction by which that was over.
        self._seen: tuple[int, str] | None = None
        # What is written anew already, and is not again when another table was in use.
        self._written = set[str]()

    async def run(self) -> None:
        """Look again and again whether something is to be done, and do it, until cancelled."""
        while True:
            pause = CHECK_SECONDS
            try:
                await self.look()
            except TooMuch as much:
                log.warning("compaction.too_much", statement=str(much), error=type(much.__cause__).__name__)
                pause = DAY_SECONDS
            except (asyncpg.LockNotAvailableError, *database.LOST_RACE, *database.UNAVAILABLE) as error:
                log.info("compaction.waiting", error=type(error).__name__)
            await asyncio.sleep(pause)

    async def look(self) -> bool:
        """Do what was asked for before the last look; tell whether everything is done."""
        connection = await database.connect(self._database_url)
        try:
            positions = await event_log.positions(connection)
            asked = positions.get(ASKED, 0)
            if positions.get(DONE, 0) >= asked:
                return True
            if self._seen is None or self._seen[0] != asked:
                self._seen = asked, await connection.fetchval(NOTED)
                self._written.clear()
                return False
            if not await self._may_begin(connection, self._seen[1]):
                return False
            await self._compact(connection)
            await event_log.position(connection, DONE)
            await event_log.set_position(connection, DONE, asked)
        finally:
            # Dropped is as good as closed in time; that it was told to end must not be lost by it.
            with contextlib.suppress(TimeoutError):
                await connection.close(timeout=1)
        log.info("compaction.done")
        return True

    async def _may_begin(self, connection: Connection, noted: str) -> bool:
        if await connection.fetchval(SEEN_BY_OTHERS, noted):
            return False
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
        if size > AT_ONCE_BYTES and clock.now().hour not in NIGHT_HOURS:
            return False
        is_alone: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", locks.COMPACTION)
        return is_alone

    async def _compact(self, connection: Connection) -> None:
        """Write every table anew, and move the write-ahead log on; what the role may not do is said."""
        await connection.execute(f"SET lock_timeout = {LOCK_MS}")
        for table in await connection.fetch(TABLES):
            if table["name"] in self._written:
                continue
            if table["is_allowed"]:
                await _write_anew(connection, table["name"])
            else:
                log.warning("compaction.not_allowed", statement=f"VACUUM {table['name']}")
            self._written.add(table["name"])
        for _ in range(CHECKPOINTS):
            await _allowed(connection, "SELECT pg_switch_wal()")
            await _allowed(connection, "CHECKPOINT")


async def _write_anew(connection: Connection, table: str) -> None:
    statement = f"VACUUM (FULL, ANALYZE) {table}"
    try:
        await connection.execute(statement, timeout=TABLE_SECONDS)
    except (TimeoutError, asyncpg.InsufficientResourcesError) as error:
        raise TooMuch(statement) from error


async def _allowed(connection: Connection, statement: str) -> None:
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        log.warning("compaction.not_allowed", statement=statement)
