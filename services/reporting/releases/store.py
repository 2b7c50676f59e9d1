"""Every query of releases for those who read them. It never commits, and what it gives may be seen by everybody."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

import asyncpg
import orjson

from services.reporting.periods import Period
from services.reporting.releases import heads, rules
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import ToldAs
from services.reporting.statements import statement
from shared.database import Connection

ToldCells = Mapping[Count, ToldAs]
HEAD: Final = "SELECT number, begins, months, cursor, threshold, digest, made, made_by, sequence, changed FROM release"


async def newest(connection: Connection) -> ReleaseHead | None:
    """Give the newest release without its cells; None while there is none."""
    row = await connection.fetchrow(f"{HEAD} ORDER BY number DESC LIMIT 1")
    return _head(row) if row else None


async def head(connection: Connection, number: int) -> ReleaseHead | None:
    """Give a release without its cells; None where there is no such release."""
    row = await connection.fetchrow(f"{HEAD} WHERE number = $1", number)
    return _head(row) if row else None


async def heads_before(connection: Connection, number: int, limit: int) -> list[ReleaseHead]:
    """Give so many releases without their cells, the newest first, of those before a number."""
    rows = await connection.fetch(f"{HEAD} WHERE number < $1 ORDER BY number DESC LIMIT $2", number, limit)
    return [_head(row) for row in rows]


async def areas_after(connection: Connection, number: int, area: str | None, limit: int) -> list[str]:
    """Give so many of the areas that a release tells of, sorted, after one; the first of all is the network."""
    rows = await connection.fetch(
        "SELECT DISTINCT area FROM released_cells WHERE number = $1 AND ($2::text IS NULL OR area > $2)"
        " ORDER BY area LIMIT $3",
        number,
        area,
        limit,
    )
    return [row["area"] for row in rows]


async def late_month(connection: Connection, today: date) -> date | None:
    """Give the first month of which a release should have been made long ago; None where none is late."""
    newest_head = await newest(connection)
    months = rules.late_months(await ground(connection), today, newest_head.month if newest_head else None)
    return months[0] if months else None


async def silent_areas(connection: Connection, first_day: date, last_day: date) -> list[str]:
    """Name the areas with an activity that ran in some days, of which nobody has registered a session in them."""
    rows = await connection.fetch(statement("releases", "silent_areas"), first_day, last_day)
    return [row["area"] for row in rows]


async def told(connection: Connection, number: int, area: str) -> ToldCells:
    """Give all that a release tells of an area, or of the network where `area` is `NETWORK`.

    A cell that is not there is not told by area at all, or nobody can have been there. It is empty where the release
    does not know the area.
    """
    rows = await connection.fetch(
        "SELECT begins, cells FROM released_cells JOIN release USING (number)"
        " WHERE number = $1 AND area = $2 ORDER BY part",
        number,
        area,
    )
    return {
        heads.cell(written, row["begins"]): heads.told_as(value)
        for row in rows
        for written, value in orjson.loads(row["cells"]).items()
    }


async def told_by_area(connection: Connection, number: int, cells: Collection[Count]) -> Mapping[str, ToldCells]:
    """Give what a release tells of some cells by area, of all areas at once; without the network."""
    release = await head(connection, number)
    if release is None or not cells:
        return {}
    begins = release.calendar.begins
    by_key = {heads.key(cell, begins): cell for cell in cells}
    rows = await connection.fetch(
        "SELECT area, wanted.key, cells -> wanted.key AS told"
        " FROM released_cells, unnest($2::text[]) AS wanted(key)"
        " WHERE number = $1 AND area <> '' AND part = split_part(wanted.key, '|', 4) AND cells ? wanted.key"
        " ORDER BY area, wanted.key",
        number,
        list(by_key),
    )
    found: dict[str, dict[Count, ToldAs]] = {}
    for row in rows:
        found.setdefault(row["area"], {})[by_key[row["key"]]] = heads.told_as(orjson.loads(row["told"]))
    return found


async def ground(connection: Connection) -> Period | None:
    """Give the days from the first of a plan or activity to the last that is registered; None where there are none."""
    row = await connection.fetchrow(statement("releases", "ground"))
    if row is None or row["first_day"] is None or row["last_day"] is None or row["last_day"] < row["first_day"]:
        return None
    return Period(row["first_day"], row["last_day"])


def _head(row: asyncpg.Record) -> ReleaseHead:
    return ReleaseHead(
        number=row["number"],
        calendar=Calendar(row["begins"], row["months"]),
        cursor=orjson.loads(row["cursor"]),
        threshold=row["threshold"],
        digest=row["digest"],
        made=row["made"],
        made_by=row["made_by"],
        sequence=row["sequence"],
        changed=orjson.loads(row["changed"]) if row["changed"] else None,
    )
