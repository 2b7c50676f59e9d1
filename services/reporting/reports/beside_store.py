"""Reading what documents tell beside the figures of a report. It never commits."""

from datetime import date, timedelta
from typing import Any, Final

from services.reporting.reports.beside import NOTHING, BesideFigures
from services.reporting.statements import statement
from services.reporting.terms import Json, Row
from shared.database import Connection

# How many stories are printed; the page has them all.
MOST_STORIES: Final = 30
# How far ahead of a report's end milestones are told of.
AHEAD: Final = timedelta(days=365)


async def beside(connection: Connection, report: Json) -> BesideFigures:
    """Read what is told beside a report of the network, an area or a plan; beside any other there is nothing."""
    if "months" not in report or report["period"]["from"] is None:
        return NOTHING
    first_day, last_day = (date.fromisoformat(report["period"][end]) for end in ("from", "to"))
    area = report["area"]["area"] if "area" in report else None
    plan = report["plan"]["plan"] if "plan" in report else None
    stories = await _rows(connection, "beside_stories", first_day, last_day, area, plan, MOST_STORIES + 1)
    told = BesideFigures(stories[:MOST_STORIES], len(stories) > MOST_STORIES)
    if plan is not None:
        return told
    return BesideFigures(
        told.stories,
        told.has_more_stories,
        await _rows(connection, "beside_milestones", first_day, last_day, last_day + AHEAD, area),
        await _rows(connection, "beside_anchoring", last_day, area),
    )


async def _rows(connection: Connection, query: str, *arguments: Any) -> list[Row]:
    return [dict(row) for row in await connection.fetch(statement("reports", query), *arguments)]
