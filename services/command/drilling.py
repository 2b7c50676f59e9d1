"""Looks at databases that were restored for a drill: chains, ledger, and the report beside that of those in use.

Owns what a drill compares, never how something is restored. It reads both; of what it folds, nothing stays.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import asyncpg
import orjson

from services.funding import verification as ledger
from services.reporting.folding import position
from services.reporting.folding.rebuilding import OwnLog
from services.reporting.reader.wanted import NOBODY, Wanted
from services.reporting.remaking import store
from services.reporting.remaking.service import Remade, Remaking, report_of
from shared import clock, database
from shared.accounts import EVERY_PLANS
from shared.backbone import verification
from shared.backbone.chain_walk import MAX_LINES
from shared.database import Pool
from shared.errors import HelhedsnetError

LOGS: Final = ("registry", "funding", "reporting")
CONNECTIONS: Final = 3
# Of each service that has a log, its database.
Addresses: TypeAlias = Mapping[str, str]
POLL_SECONDS: Final = 1.0
# All of it; whoever waits gives up a little later.
LOOK_SECONDS: Final = 3_000
DETAIL_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it: `code` is None where all agrees; else what is wrong first, with a sentence."""

    code: str | None = None
    detail: str | None = None
    cursor: dict[str, int] | None = None
    digest: str | None = None
    lines: int = 0


def answer_forever(folder: Path, in_use: Path) -> None:
    """Look whenever `asked` in the folder names a new drill, and say in `found.json` what came of it.

    The restored server is reached by the folder's `socket`, the one in use by the socket in the folder `in_use`.
    """
    restored, used = at_socket(folder / "socket"), at_socket(in_use)
    last = ""
    while True:
        asked = _read(folder / "asked")
        if asked and asked != last:
            found = asyncio.run(bounded(restored, used))
            unfinished = folder / "found.new"
            unfinished.write_text(json.dumps({"asked": asked, **asdict(found)}))
            unfinished.rename(folder / "found.json")
            last = asked
        time.sleep(POLL_SECONDS)


def at_socket(folder: Path) -> Addresses:
    """Give the address of each database on a server that lets in the services' roles by a socket in a folder."""
    return {name: database.service_url(f"postgresql://helhedsnet_{name}@?host={folder}", name) for name in LOGS}


async def look(restored: Addresses, in_use: Addresses) -> Looked:
    """Verify what was restored, fold its logs anew, and compare the report at its cursor with that of those in use."""
    async with _databases(restored) as there:
        lines, wrong = await _verified(there)
        if wrong:
            return Looked(*wrong, lines=lines)
        async with there["reporting"].acquire() as connection:
            cursor = await position.cursor(connection)
        asked = _network_at(cursor)
        as_read = await _digest(there, restored, asked)
        async with store.figures_at(restored["reporting"], _logs(there), cursor) as folded:
            digest = _digest_in((await report_of(folded, asked)).body)
    found = Looked(None, None, cursor, digest, lines)
    if as_read != digest:
        return replace(found, code="figures_differ", detail="the restored figures are not what the restored logs give")
    async with _databases(in_use) as used:
        if await _digest(used, in_use, asked) != digest:
            return replace(found, code="digest_differs", detail="those in use give a different report at that cursor")
    return found


async def _verified(pools: Mapping[str, Pool]) -> tuple[int, tuple[str, str] | None]:
    """Verify the logs and the ledger; give how many lines were read, and what is wrong first."""
    lines = 0
    for owner, pool in pools.items():
        read, wrong = await _walked(pool, owner)
        lines += read
        if wrong:
            return lines, wrong
    async with pools["funding"].acquire() as connection:
        audit = await ledger.verify(connection)
    return lines, (audit.findings[0].code, "the ledger does not fit its journal") if audit.findings else None


async def bounded(restored: Addresses, in_use: Addresses) -> Looked:
    """Look, and say what kept it from its end."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await look(restored, in_use)
    except HelhedsnetError as error:
        return Looked(error.code, str(error)[:DETAIL_CHARACTERS])
    except (asyncpg.PostgresError, *database.UNAVAILABLE) as error:
        return Looked("not_readable", f"{type(error).__name__}: {error}"[:DETAIL_CHARACTERS])


def _network_at(cursor: dict[str, int]) -> Remade:
    wanted = Wanted(None, None, None, EVERY_PLANS)
    return Remade("network", wanted, NOBODY, frozenset(), cursor, clock.today(), may_fold=True)


async def _digest(pools: dict[str, Pool], addresses: Addresses, asked: Remade) -> str:
    """Give the digest of a report at a place of the logs, from the figures where they stand there."""
    remaking = Remaking(pools["reporting"], addresses["reporting"])
    remaking.logs = _logs(pools)
    return _digest_in((await remaking.report(asked)).report.body)


def _digest_in(body: bytes) -> str:
    digest: str = orjson.loads(body)["digest"]
    return digest


def _logs(pools: dict[str, Pool]) -> dict[str, OwnLog]:
    return {owner: OwnLog(pool) for owner, pool in pools.items()}


async def _walked(pool: Pool, owner: str) -> tuple[int, tuple[str, str] | None]:
    """Compute a log's chain again; give how many lines were read, and the first that is wrong."""
    after = lines = 0
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        while True:
            stretch = await verification.read(connection, after, MAX_LINES)
            found = verification.found_in(stretch)
            if stretch.is_last and not found:
                found = await verification.found_at_the_end(connection, None)
            lines += len(stretch.rows)
            if found:
                return lines, (found[0].code, f"{owner} {found[0].sequence}: {found[0].detail}")
            if stretch.is_last:
                return lines, None
            after = stretch.rows[-1]["sequence"]


@contextlib.asynccontextmanager
async def _databases(addresses: Addresses) -> AsyncIterator[dict[str, Pool]]:
    """Open the databases of the services that have a log, each as its service."""
    async with contextlib.AsyncExitStack() as stack:
        pools: dict[str, Pool] = {}
        for service in LOGS:
            pools[service] = pool = await database.open_pool(addresses[service], CONNECTIONS)
            stack.push_async_callback(pool.close)
        yield pools


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
