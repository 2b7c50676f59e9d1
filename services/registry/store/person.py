"""What the registry holds of one person: the lines of its log that name one of the pseudonyms. It only reads."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import orjson

from shared.database import Connection
from shared.events.envelope import AREA_PREFIX, TYPE_PREFIX, TYPE_SUFFIX
from shared.events.people import only_of
from shared.events.text_fields import TYPES_OF_PEOPLE

# Of eight years with two sessions a week a tenth.
MAX_LINES: Final = 10_000


class LineAbout(NamedTuple):
    """A line of the log that names a person, without anybody else."""

    sequence: int
    recorded: str
    said: str
    event: str
    data: dict[str, Any]


async def lines_about(connection: Connection, names: Collection[str], areas: Collection[str]) -> list[LineAbout]:
    """Give what the log tells of a person, by its pseudonyms in these areas, in its order.

    At most `MAX_LINES`, and one more.
    """
    rows = await connection.fetch(
        "SELECT sequence, recorded, type, body FROM event_log WHERE type = ANY($1)"
        " AND (source = ANY($2) OR source = '/network')"
        " AND EXISTS (SELECT FROM unnest($3::text[]) AS one(name) WHERE strpos(body, to_json(one.name)::text) > 0)"
        " AND ("
        "  source <> '/network'"
        "  OR (body::jsonb #>> '{data,activity}') IN (SELECT activity FROM activity WHERE area = ANY($4))"
        "  OR EXISTS (SELECT FROM jsonb_array_elements_text(outcome::jsonb -> 'activities') AS named(activity)"
        "   JOIN activity USING (activity) WHERE area = ANY($4))"
        " ) ORDER BY sequence LIMIT $5",
        sorted(TYPES_OF_PEOPLE),
        [f"{AREA_PREFIX}{area}" for area in areas],
        list(names),
        list(areas),
        MAX_LINES + 1,
    )
    found = []
    for row in rows:
        event = orjson.loads(row["body"])
        told = only_of(names, event["data"])
        name = row["type"].removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)
        found.append(LineAbout(row["sequence"], row["recorded"].isoformat(), event["time"], name, told))
    return found
