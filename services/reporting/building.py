"""The second set of reporting's tables: built beside the one that is read, and put in its place in one transaction.

Owns the statements for that. What a table looks like it asks the database, so a new one needs no word here.
"""

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from shared import database
from shared.backbone import event_log
from shared.database import Connection
from shared.migrations import MIGRATION_LOCK

# Any number does, as long as it is ours.
REBUILD_LOCK: Final = 7_204_013
BUILT: Final = "rebuilding"
REPLACED: Final = "replaced"
# What is not folded from the logs, and so stays as it is.
KEPT: Final = frozenset(
    {"agreement", "alembic_version", "event_log", "event_log_head", "published_report", "rejection", "spent_pass"}
)
# The builder's own session: what is lost with a crash is built again, its sorts are few and large, and to choose
# between an index and the whole table it needs to know how many rows there are, not which.
SESSION: Final = (
    f"SET search_path = {BUILT}",
    "SET synchronous_commit = off",
    "SET work_mem = '64MB'",
    "SET default_statistics_target = 10",
)
# Shorter than the second after which PostgreSQL looks for deadlocks: it is never a reader that has to give way.
LOCK_TIMEOUT_MS: Final = 300


class StructureChanged(Exception):
    """The tables were migrated while their replacement was built."""


async def open_alone(url: str) -> "asyncpg.Connection[asyncpg.Record] | None":
    """Open the connection of the one that builds; None while another builds, wherever it runs."""
    connection = await database.connect(url)
    if await connection.fetchval("SELECT pg_try_advisory_lock($1)", REBUILD_LOCK):
        return connection
    await connection.close()
    return None


async def close(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Let another build, from this moment on: the server would notice the end of a connection a little later."""
    await connection.execute("SELECT pg_advisory_unlock_all()")
    await connection.close()


async def clear(connection: Connection) -> None:
    """Drop what an unfinished rebuild left behind."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {BUILT}, {REPLACED} CASCADE")


async def begin(connection: Connection) -> str:
    """Make the second set of tables, empty, and turn the connection to it; give the revision that they have."""
    async with connection.transaction():
        await clear(connection)
        await connection.execute(f"CREATE SCHEMA {BUILT}")
        for name in await _tables(connection):
            # Constraints keep their names, which LIKE would make anew.
            await connection.execute(
                f'CREATE TABLE {BUILT}."{name}" (LIKE public."{name}"'
                " INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STORAGE)"
            )
            for row in await connection.fetch(
                "SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
                " WHERE conrelid = to_regclass($1) AND contype IN ('p', 'u', 'c', 'x') ORDER BY conname",
                f'public."{name}"',
            ):
                await connection.execute(
                    f'ALTER TABLE {BUILT}."{name}" ADD CONSTRAINT "{row["name"]}" {row["definition"]}'
                )
        revision = await _revision(connection)
    for setting in SESSION:
        await connection.execute(setting)
    return revision


async def complete(connection: Connection) -> None:
    """Add the indexes that folding can do without, and count what is in the tables, for good plans from the start."""
    for row in await connection.fetch(
        """
        SELECT pg_get_indexdef(indexrelid) AS definition, indexed.relname AS of_table FROM pg_index
        JOIN pg_class AS indexed ON indexed.oid = indrelid
        WHERE indexed.relnamespace = 'public'::regnamespace AND indexed.relname <> ALL ($1)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        ORDER BY indexrelid::regclass::text
        """,
        list(KEPT),
    ):
        name = row["of_table"]
        there = row["definition"].replace(" ON public.", f" ON {BUILT}.", 1)
        if there == row["definition"]:
            raise AssertionError(f"the index of {name} is not written as expected: {there}")
        await connection.execute(there)
    await connection.execute("RESET default_statistics_target")
    await count_rows(connection)


async def count_rows(connection: Connection) -> None:
    """Tell the planner how much is in the tables by now."""
    names = ", ".join(f'{BUILT}."{name}"' for name in await _tables(connection))
    await connection.execute(f"ANALYZE {names}")


async def lock(connection: Connection, revision: str) -> dict[str, int]:
    """Keep readers and consumers out until the end of the transaction; give how far the tables in use have come.

    `position` comes first: whoever reads or folds begins there, so who has begun is waited for while nothing is held.

    Raises:
        asyncpg.LockNotAvailableError: somebody needs a table for longer; try again.
        StructureChanged: the tables have been migrated since.
    """
    await connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
    names = await _tables(connection)
    others = ", ".join(f'public."{name}"' for name in names if name != "position")
    await connection.execute("LOCK TABLE public.position IN ACCESS EXCLUSIVE MODE")
    await connection.execute(f"LOCK TABLE {others} IN ACCESS EXCLUSIVE MODE")
    if await _revision(connection) != revision:
        raise StructureChanged("the tables were migrated meanwhile")
    rows = await connection.fetch("SELECT name, sequence FROM public.position ORDER BY name")
    return {row["name"]: row["sequence"] for row in rows}


async def swap(connection: Connection, positions: Mapping[str, int]) -> None:
    """Put the new tables in the place of the old; `positions` are the old ones, of which some are not folded."""
    built = await event_log.positions(connection)
    for name in positions.keys() - built.keys():
        await connection.execute(
            f"INSERT INTO {BUILT}.position (name, sequence) VALUES ($1, $2)",  # noqa: S608  a constant
            name,
            positions[name],
        )
    await connection.execute(f"CREATE SCHEMA {REPLACED}")
    # A figure is on the disk before anybody reads it.
    await connection.execute("SET LOCAL synchronous_commit = on")
    for name in await _tables(connection):
        await connection.execute(f'ALTER TABLE public."{name}" SET SCHEMA {REPLACED}')
        await connection.execute(f'ALTER TABLE {BUILT}."{name}" SET SCHEMA public')


async def _tables(connection: Connection) -> list[str]:
    rows: list[Any] = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND relname <> ALL ($1) ORDER BY relname",
        list(KEPT),
    )
    return [row["relname"] for row in rows]


async def _revision(connection: Connection) -> str:
    revision: str = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    return revision
