"""The rows of reporting that tell of one person. It only reads."""

from collections.abc import Collection
from typing import Any, Final

import orjson

from shared.database import Connection
from shared.events.people import only_of

# The tables with a row for each person, by the column that names the person.
SINGLE: Final = {
    "enrolment": "participant",
    "followup": "participant",
    "leaving": "participant",
    "measurement": "participant",
    "presence": "participant",
    "volunteer_hours": "volunteer",
    "volunteering": "volunteer",
}
# Whoever came, and whoever was said to be absent.
IN_A_SESSION: Final = (
    "$1 && participants OR EXISTS (SELECT FROM jsonb_array_elements(absent) AS absence"
    " WHERE absence ->> 'participant' = ANY($1))"
)
# Those that name several people in a column, and when a row tells of the person. What an area registered last is of one
# person, or of two that were one.
LISTS: Final = {
    "latest_registration": ("subjects", "subjects && $1"),
    "session": ("participants", IN_A_SESSION),
}
TOLD: Final = {
    **{table: f"{column} = ANY($1)" for table, column in SINGLE.items()},
    **{table: condition for table, (_, condition) in LISTS.items()},
}
MAX_ROWS: Final = 10_000
OF_ACTIVITIES: Final = "activity IN (SELECT activity FROM activity WHERE area = ANY($2))"
OF_AREAS: Final = {"latest_registration": "area = ANY($2)"}


async def rows_about(
    connection: Connection, names: Collection[str], areas: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of each table that tell of a person, by its pseudonyms in these areas, without anybody else.

    At most `MAX_ROWS` of a table, and one more.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for table, is_told in TOLD.items():
        rows = await connection.fetch(
            f"SELECT to_jsonb(told)::text AS row FROM {table} AS told"  # noqa: S608  constants
            f" WHERE ({is_told}) AND {OF_AREAS.get(table, OF_ACTIVITIES)} ORDER BY 1 LIMIT {MAX_ROWS + 1}",
            list(names),
            list(areas),
        )
        if rows:
            found[table] = [only_of(names, orjson.loads(row["row"])) for row in rows]
    return found
