"""The queries behind forms and rosters: what can be chosen, who is enrolled, and what was said of sessions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from services.reporting.statements import statement
from shared.database import Connection


async def choices(connection: Connection, areas: Sequence[str] | None) -> dict[str, dict[str, str]]:
    """Give what can be chosen, by kind: short names and what they are called; of some areas, or of all."""
    found: dict[str, dict[str, str]] = {}
    for row in await connection.fetch(statement("entry", "choices"), areas):
        found.setdefault(row["kind"], {})[row["code"]] = row["name"]
    return found


async def context_figures(
    connection: Connection, areas: Sequence[str]
) -> dict[tuple[str, str, str], tuple[float, str]]:
    """Give what others measured of areas, and who did, by area, figure and day."""
    rows = await connection.fetch(
        "SELECT area, indicator, measured_on, value, source FROM context WHERE area = ANY ($1)"
        " ORDER BY area, indicator, measured_on",
        areas,
    )
    return {
        (row["area"], row["indicator"], row["measured_on"].isoformat()): (float(row["value"]), row["source"])
        for row in rows
    }


async def activity(connection: Connection, name: str) -> dict[str, Any] | None:
    """Give an activity's name, area, and the day on which it ended."""
    row = await connection.fetchrow(
        "SELECT activity, coalesce(name, activity) AS name, area, started_on, ended_on FROM activity"
        " WHERE activity = $1 AND area IS NOT NULL",
        name,
    )
    return dict(row) if row else None


async def enrolled(connection: Connection, activity: str, day: date) -> list[str]:
    """Give the pseudonyms of those who were in an activity on a day."""
    rows = await connection.fetch(statement("entry", "enrolled"), activity, day)
    return [row["participant"] for row in rows]


async def session(connection: Connection, activity: str, name: str) -> dict[str, Any] | None:
    """Give what was recorded of a session, None where nothing was."""
    row = await connection.fetchrow(
        "SELECT session, sequence, held_on, is_cancelled, attendances, participants, guests, absent, headcount,"
        " nullif(hours, 0) AS hours FROM session WHERE activity = $1 AND session = $2",
        activity,
        name,
    )
    return {**dict(row), "absent": orjson.loads(row["absent"])} if row else None


async def session_before(connection: Connection, activity: str, day: date) -> dict[str, Any] | None:
    """Give the last session before a day on which people were registered by name."""
    row = await connection.fetchrow(
        "SELECT session, held_on, participants, guests, nullif(hours, 0) AS hours FROM session"
        " WHERE activity = $1 AND held_on < $2 AND NOT is_cancelled AND headcount IS NULL"
        " ORDER BY held_on DESC, session DESC LIMIT 1",
        activity,
        day,
    )
    return dict(row) if row else None


async def planned(connection: Connection, activity: str, day: date) -> dict[str, Any] | None:
    """Give the session that is planned in an activity on a day, None where none is."""
    row = await connection.fetchrow(
        "SELECT session, planned_on, starts_at, hours FROM planned_session WHERE activity = $1 AND planned_on = $2"
        " ORDER BY starts_at NULLS LAST, session LIMIT 1",
        activity,
        day,
    )
    return dict(row) if row else None


async def unregistered(connection: Connection, areas: Sequence[str], today: date) -> list[dict[str, Any]]:
    """Give the sessions of some areas that are planned until a day, and neither registered nor cancelled."""
    return [dict(row) for row in await connection.fetch(statement("entry", "unregistered"), areas, today)]


async def absent_in_a_row(connection: Connection, areas: Sequence[str], times: int) -> list[dict[str, Any]]:
    """Give who was absent so many times in a row, in an activity that goes on, and since when."""
    return [dict(row) for row in await connection.fetch(statement("entry", "absent_in_a_row"), areas, times)]


async def own_activities(connection: Connection, areas: Sequence[str], today: date) -> list[dict[str, Any]]:
    """Give the activities of some areas that go on, with how many are in them and what was held last."""
    return [dict(row) for row in await connection.fetch(statement("entry", "own_activities"), areas, today)]


async def latest(connection: Connection, areas: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Give what some areas registered last, the newest first, and who did."""
    return [dict(row) for row in await connection.fetch(statement("entry", "latest"), areas, limit)]


async def kept_rosters(
    connection: Connection, areas: Sequence[str], today: date, since: date, until: date
) -> list[dict[str, Any]]:
    """Give what the rosters of some areas are made from where there is no net."""
    rows = await connection.fetch(statement("entry", "kept_rosters"), areas, today, since, until)
    return [
        {**dict(row), **{name: orjson.loads(row[name]) for name in ("people", "sessions", "planned")}} for row in rows
    ]
