"""The worker that makes releases, as a process of its own, and what is there when it has ended."""

import asyncio
import random
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from services.reporting.releases import store
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releases.service import WORKER
from shared.database import Connection, Pool
from tests.oracles.histories import history
from tests.support.folding import fold
from tests.support.running import ROOT

# Twenty people in two areas: it is the process that is tried, not what it decides.
SEED: Final = 11
OCTOBER: Final = date(2025, 10, 1)
NOVEMBER: Final = date(2025, 11, 1)
DECEMBER: Final = date(2025, 12, 1)


async def begun(url: str, months: Sequence[date], copies: Path | None = None) -> asyncio.subprocess.Process:
    """Start the worker with an order."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", WORKER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    order: dict[str, Any] = {"database_url": url, "months": months, "made_by": "schedule"}
    order["copies"] = str(copies) if copies else None
    if process.stdin is None:
        raise AssertionError("it has a standard input")
    process.stdin.write(orjson.dumps(order))
    process.stdin.close()
    return process


async def ended(process: asyncio.subprocess.Process) -> int:
    """Wait for its end, and give it; what it complained of is a failure."""
    if process.stderr is None:
        raise AssertionError("it has a standard error")
    complaint = await process.stderr.read()
    code = await process.wait()
    assert code in (0, 75), complaint.decode()[-2_000:]
    return code


async def with_history(pool: Pool, seed: int = SEED) -> None:
    """Fold a history, and note how far, as if it had been followed."""
    logs = history(random.Random(seed))  # noqa: S311  drawn from a seed
    await fold(pool, list(logs.items()))
    async with pool.acquire() as connection:
        for owner, entries in logs.items():
            await connection.execute(
                "INSERT INTO position (name, sequence) VALUES ($1, $2)"
                " ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence",
                owner,
                entries[-1].sequence,
            )


async def heads(pool: Pool) -> list[ReleaseHead]:
    """Give all releases, the oldest first."""
    async with pool.acquire() as connection:
        return (await store.heads_before(connection, 1_000, 1_000))[::-1]


async def release_tables(connection: Connection) -> list[list[tuple[object, ...]]]:
    """Give all that releases are kept in, but for when they were made."""
    return [
        [tuple(row) for row in await connection.fetch(query)]
        for query in (
            "SELECT number, month, begins, months, cursor, threshold, digest, sequence FROM release ORDER BY number",
            "SELECT number, area, part, cells FROM released_cells ORDER BY number, area, part",
            "SELECT family, area, counted, told, hidden, past, moves FROM release_memory ORDER BY family, area",
            "SELECT sequence, id, type FROM event_log ORDER BY sequence",
            "SELECT name, sequence FROM position ORDER BY name",
        )
    ]


async def forget_releases(connection: Connection) -> None:
    """Take back all releases, as nobody but the owner of the tables could."""
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in ("release", "released_cells", "release_memory", "event_log"):
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608  constants
        await connection.execute("UPDATE event_log_head SET sequence = 0")
        await connection.execute("DELETE FROM position WHERE name = 'reporting'")
