"""The second set of reporting's tables: built beside the one that is read, and put in its place in one transaction.

Owns the order of it. Tables are made and moved by functions of their owner, which ask the database what a table looks
like: a new one needs no word here (ADR 49).
"""

from collections.abc import Mapping
from typing import Final

from shared import locks
from shared.backbone import event_log
from shared.backbone.rebuilding import CannotRebuild
from shared.database import Connection

BUILT: Final = "rebuilding"
REPLACED: Final = "replaced"
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


async def clear(connection: Connection) -> None:
    """Drop what an unfinished rebuild left behind."""
    await connection.execute("SELECT public.clear_rebuilding()")


async def begin(connection: Connection) -> str:
    """Make the second set of tables, empty, and turn the connection to it; give the revision that they have."""
    async with connection.transaction():
        await connection.execute("SELECT public.begin_rebuilding()")
        revision = await _revision(connection)
    for setting in SESSION:
        await connection.execute(setting)
    return revision


async def complete(connection: Connection) -> None:
    """Add the indexes that folding can do without, and count what is in the tables, for good plans from the start."""
    # One by one: none of them then takes longer than a statement may.
    for row in await connection.fetch("SELECT public.missing_indexes() AS missing"):
        await connection.execute("SELECT public.add_index_to_rebuilding($1)", row["missing"])
    await connection.execute("RESET default_statistics_target")
    await count_rows(connection)


async def hide_later_releases(connection: Connection, last: int) -> None:
    """Let the second set know of no release after a sequence of reporting's log; it is read there and never swapped."""
    await connection.execute("SELECT public.hide_later_releases($1)", last)


async def count_rows(connection: Connection) -> None:
    """Tell the planner how much is in the tables by now."""
    await connection.execute("SELECT public.count_rebuilding()")


async def lock(connection: Connection, revision: str) -> dict[str, int]:
    """Keep readers and consumers out until the end of the transaction; give how far the tables in use have come.

    `position` comes first: whoever reads or folds begins there, so who has begun is waited for while nothing is held.

    Raises:
        asyncpg.LockNotAvailableError: somebody needs a table for longer; try again.
        CannotRebuild: the tables have been migrated since.
    """
    await connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", locks.MIGRATION)
    names = [row["name"] for row in await connection.fetch("SELECT public.figure_tables() AS name")]
    others = ", ".join(f'public."{name}"' for name in names if name != "position")
    await connection.execute("LOCK TABLE public.position IN ACCESS EXCLUSIVE MODE")
    await connection.execute(f"LOCK TABLE {others} IN ACCESS EXCLUSIVE MODE")
    if await _revision(connection) != revision:
        raise CannotRebuild("the tables were migrated meanwhile")
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
    # A figure is on the disk before anybody reads it.
    await connection.execute("SET LOCAL synchronous_commit = on")
    await connection.execute("SELECT public.swap_rebuilding()")


async def _revision(connection: Connection) -> str:
    revision: str = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    return revision
