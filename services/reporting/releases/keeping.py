"""Every query that writes a release, and what the next one has to know of it. It never commits."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import orjson

from services.reporting.releases import heads, memories
from services.reporting.releases.heads import ReleaseHead, TableRow
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.making import Kept
from services.reporting.releasing.released import Release, ToldAs
from shared.database import Connection


def cells_of(release: Release) -> list[TableRow]:
    """Give the rows of what a release tells."""
    return list(_cells(release))


def memory_of(number: int, kept: Kept) -> list[TableRow]:
    """Give the rows of what the release after one has to know."""
    return [(number, *row) for row in memories.written(kept)]


async def keep_rows(connection: Connection, cells: Iterable[TableRow], memory: Iterable[TableRow]) -> None:
    """Write what a release tells, and what the next has to know in the place of what was known of the one before."""
    await connection.copy_records_to_table("released_cells", records=cells, columns=("number", "area", "part", "cells"))
    await connection.execute("DELETE FROM release_memory")
    await connection.copy_records_to_table(
        "release_memory", records=memory, columns=("number", *memories.Written._fields)
    )


async def keep_head(connection: Connection, head: ReleaseHead) -> None:
    """Write that a release was made."""
    calendar = head.calendar
    await connection.execute(
        "INSERT INTO release"
        " (number, month, begins, months, cursor, threshold, digest, made, made_by, sequence, changed)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        head.number,
        head.month,
        calendar.begins,
        calendar.months,
        orjson.dumps(head.cursor).decode(),
        head.threshold,
        head.digest,
        head.made,
        head.made_by,
        head.sequence,
        None if head.changed is None else orjson.dumps(head.changed).decode(),
    )


async def digests(connection: Connection) -> dict[int, str]:
    """Give the digest of every release by its number."""
    rows = await connection.fetch("SELECT number, digest FROM release ORDER BY number")
    return {row["number"]: row["digest"] for row in rows}


async def changed(connection: Connection, last: int, release: Release) -> dict[str, int]:
    """Count the cells that a release tells otherwise than the one before, of the same months."""
    begins = release.calendar.begins
    counts = dict.fromkeys(("moved", "told", "withheld"), 0)
    for area, rows in itertools.groupby(release.rows, key=lambda row: row.area):
        then = await _written(connection, last, area)
        for row in rows:
            was = then.get(heads.key(row.cell, begins))
            if was is not None and was != row.told and (change := _change(was, row.told)):
                counts[change] += 1
    return counts


def _change(was: ToldAs, told: ToldAs) -> str | None:
    if isinstance(told, str):
        return None if isinstance(was, str) else "withheld"
    return "told" if isinstance(was, str) else "moved"


async def _written(connection: Connection, number: int, area: str) -> dict[str, ToldAs]:
    rows = await connection.fetch("SELECT cells FROM released_cells WHERE number = $1 AND area = $2", number, area)
    return {key: heads.told_as(told) for row in rows for key, told in orjson.loads(row["cells"]).items()}


async def memory(connection: Connection, number: int, last: Calendar, begins: date) -> Kept | None:
    """Give what a release that begins on a day has to know of the one before; None where that is not known."""
    rows = await connection.fetch(
        "SELECT family, area, counted, told, hidden, past, moves FROM release_memory"
        " WHERE number = $1 ORDER BY family, area",
        number,
    )
    return memories.read([dict(row) for row in rows], last, begins) if rows else None


def _cells(release: Release) -> Iterator[TableRow]:
    """Give the rows of a release, which are sorted by area."""
    begins = release.calendar.begins
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for row in release.rows:
        part = row.cell.of[0] if row.cell.of else ""
        parts.setdefault((row.area, part), {})[heads.key(row.cell, begins)] = row.told
    for (area, part), cells in parts.items():
        yield release.number, area, part, orjson.dumps(cells).decode()
