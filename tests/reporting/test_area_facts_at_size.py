"""What a release is read from costs what it has rows: no statement looks through all sessions for each month again."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import orjson

from services.reporting.releases.area_facts import ROWS
from services.reporting.statements import statement
from shared.database import Connection, Pool
from tests.support.release_worker import with_history

SESSIONS: Final = 600
LAST_DAY: Final = date(2032, 12, 31)
# How many rows a statement may touch for each that it is made from.
MOST_TOUCHED: Final = 40
# An activity that has begun gets so many sessions more, three days apart, of those who came to one of its own.
MORE: Final = """
INSERT INTO session
SELECT (jsonb_populate_record(known, jsonb_build_object(
            'session', (known).session || '-' || number, 'held_on', (known).held_on + 3 * number))).*
FROM (SELECT held AS known FROM session AS held JOIN activity USING (activity)
      WHERE started_on IS NOT NULL AND NOT is_cancelled AND participants <> '{}'
      ORDER BY held.session LIMIT 1) AS first,
     generate_series(1, $1::int) AS number
"""


def _touched(node: dict[str, Any]) -> Iterator[float]:
    """Give how many rows each step of a plan has touched, those that it left out too."""
    removed = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    yield (node["Actual Rows"] + removed) * node["Actual Loops"]
    for inner in node.get("Plans", ()):
        yield from _touched(inner)


async def _touched_by(connection: Connection, name: str, areas: list[str]) -> float:
    explained = await connection.fetchval(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {statement('releases', name)}", areas, LAST_DAY
    )
    return sum(_touched(orjson.loads(explained)[0]["Plan"]))


async def test_a_statement_of_releases_touches_a_row_a_few_times(reporting_pool: Pool) -> None:
    """However many sessions and months there are: quadratic, those of fifty areas took longer than one may."""
    await with_history(reporting_pool)
    async with reporting_pool.acquire() as connection:
        await connection.execute(MORE, SESSIONS)
        await connection.execute("ANALYZE")
        areas = [row["area"] for row in await connection.fetch("SELECT DISTINCT area FROM activity")]
        rows = await connection.fetchval("SELECT count(*) FROM session")
        assert rows > SESSIONS
        touched = {name: await _touched_by(connection, name, areas) for name in ROWS}
        assert {name: times for name, times in touched.items() if times > MOST_TOUCHED * rows} == {}
