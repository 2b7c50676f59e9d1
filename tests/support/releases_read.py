"""A release and the activities of a network, as whoever is outside reads them over HTTP: no table is looked into."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Final

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count, KnownActivity
from services.reporting.releasing.released import NETWORK, Release, ReleaseRow
from tests.support.builders import Json

# Gives the JSON of an address.
Get = Callable[[str], Awaitable[Json]]
PAGE: Final = 50


def _month(day: str) -> int:
    found = date.fromisoformat(day)
    return 12 * found.year + found.month - 1


async def release_read(get: Get, number: int) -> Release:
    """Read the counts of a release, page after page."""
    head = await get(f"/reporting/releases/{number}")
    begins = _month(head["from"])
    calendar = Calendar(date.fromisoformat(head["from"]), _month(head["to"]) - begins + 1)
    cells: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await get(f"/reporting/releases/{number}/cells?limit={PAGE}&cursor={cursor}")
        cells, cursor = cells + page["cells"], page["next"]
    rows = [
        ReleaseRow(cell["area"] or NETWORK, _count(cell, begins), cell["withheld"] or cell["value"])
        for cell in cells
        if cell["means"] is None
    ]
    return Release(number, 1, head["threshold"], calendar, rows)


def _count(cell: Json, begins: int) -> Count:
    return Count(cell["name"], Months(_month(cell["from"]) - begins, _month(cell["to"]) - begins), tuple(cell["of"]))


async def activities_read(get: Get, calendar: Calendar) -> dict[str, list[KnownActivity]]:
    """Read which activities there are in each area, and when they ran within some months."""
    begins = _month(calendar.begins.isoformat())
    plans: dict[str, str] = {}
    found: dict[str, list[KnownActivity]] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = await get(f"/registry/activities?limit={PAGE}" + (f"&cursor={cursor}" if cursor else ""))
        for row in page["activities"]:
            if row["started"] is None or _month(row["started"]) >= begins + calendar.months:
                continue
            if row["plan"] not in plans:
                plans[row["plan"]] = (await get(f"/registry/plans/{row['plan']}"))["pool"]
            found.setdefault(row["area"], []).append(_known(row, plans[row["plan"]], begins, calendar.months))
        cursor = page["next"]
    return found


def _known(row: Any, pool: str, begins: int, months: int) -> KnownActivity:  # noqa: ANN401  a row of JSON
    last = months - 1 if row["ended"] is None else min(_month(row["ended"]) - begins, months - 1)
    ran = Months(max(_month(row["started"]) - begins, 0), last)
    return KnownActivity(row["activity"], ("effort_area", pool, row["effort_area"]), row["plan"], row["kind"], ran)
