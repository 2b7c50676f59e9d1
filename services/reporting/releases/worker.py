"""What runs in the process that makes releases: it is given a database and months, and makes one release after another.

It takes seconds to minutes of a core, and numpy and the solver are loaded here alone. It may be killed at any moment: a
release is there whole, with its entry in the log, or not at all.
Source: ADR 94.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from services.reporting.folding.folds import OWN
from services.reporting.folding.position import OWNERS
from services.reporting.releases import area_facts, keeping, rules, store
from services.reporting.releases.copies import NOWHERE, ReleaseCopies, ReleaseCopy
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import Release
from shared import clock, database, locks
from shared.backbone import appending, event_log
from shared.backbone.event_log import Accepted
from shared.database import Connection
from shared.events.catalogue import CATALOGUES
from shared.events.reporting import ReleaseMade

# Whoever reads goes first.
NICENESS: Final = 10
# After so many new objects Python looks for those in circles; its own 700 cost an eighth of a release's time.
OBJECTS_BETWEEN: Final = 200_000


@dataclass(slots=True)
class _Ground:
    """What one release is decided from, read in one snapshot."""

    cursor: Mapping[str, Any]
    facts: list[AreaFacts] = field(default_factory=list)
    kept: making.Kept | None = None


async def make_all(url: str, months: Sequence[date], made_by: str, copies: Path | None = None) -> int:
    """Make a release of each month, in order, those that are there left out; give the process's end.

    What was released before and is not there any more comes again first, from its copies.
    """
    connection = await database.connect(url, database.BY_KEY)
    kept = ReleaseCopies(copies) if copies else None
    try:
        # It is let go of with the connection, however this ends.
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", locks.RELEASE):
            return rules.ELSEWHERE
        if kept is not None:
            await come_again(connection, kept)
        for month in months:
            await make(connection, month, made_by, kept)
    finally:
        await connection.close()
    return rules.DONE


async def come_again(connection: Connection, copies: ReleaseCopies) -> list[ReleaseHead]:
    """Write those releases again of which there are copies alone, and give them. The caller holds the lock.

    Raises:
        CannotRelease: what is there says something else than a copy, or one between is missing (`release_differs`).
    """
    there = await keeping.digests(connection)
    again = []
    for number, digest in copies.digests():
        if there.setdefault(number, digest) != digest:
            raise rules.CannotRelease("release_differs", f"release {number} was told with a different content")
        if number in await keeping.digests(connection):
            continue
        copy = copies.copy(number)
        if copy.previous != there.get(number - 1):
            raise rules.CannotRelease("release_differs", f"release {number} followed one that is not there")
        again.append(await _write(connection, copy))
    return again


async def make(
    connection: Connection, month: date, made_by: str, copies: ReleaseCopies | None = None
) -> ReleaseHead | None:
    """Make the release of a month, and write it with its entry in the log; None where that or a later one is there.

    The caller holds the lock.

    Raises:
        CannotRelease: nothing can be released of that month.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        last = await store.newest(connection)
        if last is not None and last.month >= month:
            return None
        calendar = await _calendar(connection, last, month)
        ground = _Ground(await _cursor(connection))
        ground.facts = [facts async for facts in area_facts.by_area(connection, calendar)]
        if last is not None:
            ground.kept = await keeping.memory(connection, last.number, last.calendar, calendar.begins)
    if not ground.facts:
        raise rules.CannotRelease("nothing_to_release", f"no activity had begun by {month:%Y-%m}")
    release, kept = _decided(ground, calendar, last.number + 1 if last else 1)
    head = ReleaseHead(
        *(release.number, calendar, ground.cursor, release.threshold, release.digest, clock.now(), made_by, NOWHERE),
        changed=await keeping.changed(connection, last.number, release) if last else None,
    )
    memory = keeping.memory_of(release.number, kept)
    copy = ReleaseCopy(head, last.digest if last else None, keeping.cells_of(release), memory)
    if copies is not None:
        # Whoever is killed from here on has it come again.
        copies.keep(copy)
    made = await _write(connection, copy)
    if copies is not None:
        copies.keep_newest_memory(release.number)
    return made


def _decided(ground: _Ground, calendar: Calendar, number: int) -> tuple[Release, making.Kept]:
    decided = making.decisions(ground.facts, calendar, ground.kept)
    beside = making.beside(ground.facts, calendar, decided, ground.kept)
    sequence = ground.cursor[OWNERS[0]]["sequence"]
    release = making.release(number, sequence, calendar, list(decided.values()), beside)
    return release, making.kept(calendar, decided, beside, ground.kept)


async def _calendar(connection: Connection, last: ReleaseHead | None, month: date) -> Calendar:
    found = await store.ground(connection)
    if found is None:
        raise rules.CannotRelease("nothing_to_release", "nothing is registered yet")
    return rules.calendar_of(found, month, last.calendar.begins if last else None)


async def _cursor(connection: Connection) -> dict[str, Any]:
    """Give how far each owner's events are folded, and in which epoch of its log."""
    rows = await connection.fetch("SELECT name, sequence, epoch::text FROM position ORDER BY name")
    places = {row["name"]: {"sequence": row["sequence"], "epoch": row["epoch"]} for row in rows}
    return {owner: places.get(owner, {"sequence": 0, "epoch": None}) for owner in OWNERS}


async def _write(connection: Connection, copy: ReleaseCopy) -> ReleaseHead:
    """Write a release and its entry in the log, in one transaction."""
    head, now = copy.head, clock.now()
    said = ReleaseMade(
        number=head.number,
        month=f"{head.month:%Y-%m}",
        cursor=",".join(f"{owner}:{head.cursor[owner]['sequence']}" for owner in OWNERS),
        digest=head.digest,
    )
    posted = CATALOGUES[OWN].say(said, f"release-{head.number}-{head.digest[:16]}", now)
    async with connection.transaction():
        await keeping.keep_rows(connection, copy.cells, copy.memory)
        # From here on it holds the log: little may follow.
        sequence = await appending.append(connection, [Accepted(posted, None)], now) + 1
        written = replace(head, sequence=sequence)
        await keeping.keep_head(connection, written)
        await event_log.position(connection, OWN, lock=True)
        await event_log.set_position(connection, OWN, sequence)
    return written


def patiently() -> None:
    """Let memory that is in use be looked through seldom for what is not: a release makes few circles of objects."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN)


def main() -> int:
    """Make what is ordered: read it from standard input."""
    os.nice(NICENESS)
    patiently()
    order = orjson.loads(sys.stdin.buffer.read())
    months = [date.fromisoformat(month) for month in order["months"]]
    copies = Path(order["copies"]) if order["copies"] else None
    return asyncio.run(make_all(order["database_url"], months, order["made_by"], copies))


if __name__ == "__main__":
    sys.exit(main())
