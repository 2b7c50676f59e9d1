"""The queries on the network itself: pools, areas and organisations."""

from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from services.registry.domain.rows import Area, Crossing, Organisation, Plan, Pool
from services.registry.store.shapes import Shapes
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, columns
from shared.events.naming import Naming
from shared.shape import Shape, load

POOLS: Final = (
    "SELECT pool, name, start_on, end_on, effort_areas, effort_area_names, version,"
    " ARRAY(SELECT (effort_area, other_pool, other_effort_area) FROM crossing WHERE crossing.pool = pool.pool"
    " ORDER BY effort_area, other_pool, other_effort_area) AS crosswalk FROM pool"
)
ORGANISATIONS: Final = Shape(
    Organisation,
    "organisation",
    {"organisation": "text"},
    {"name": "text", "kind": "text", "cvr": "text", "registered_by": "text"},
)
SHAPES: Final = Shapes(once=(ORGANISATIONS,))


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load the areas and organisations that events name, and the pools of theirs and of the plans that are loaded."""
    state.add(*await areas(connection, naming.named("area", "areas")))
    named = {plan.pool for plan in state.rows(Plan)} | naming.named("pool")
    state.add(*await pools(connection, named))
    state.add(*await load(connection, ORGANISATIONS, ("organisation",), naming.keys("organisation")))


async def areas(connection: Connection, names: Collection[str]) -> list[Area]:
    """Load areas."""
    if not names:
        return []
    rows = await connection.fetch(
        "SELECT area, name, municipality, residents, departments FROM area WHERE area = ANY($1) ORDER BY area",
        list(names),
    )
    return [read_area(row) for row in rows]


async def pools(connection: Connection, names: Collection[str]) -> list[Pool]:
    """Load pools with their effort areas and crosswalks."""
    if not names:
        return []
    rows = await connection.fetch(f"{POOLS} WHERE pool = ANY($1) ORDER BY pool", list(names))
    return [read_pool(row) for row in rows]


def read_pool(row: asyncpg.Record) -> Pool:
    """Make a pool of what `POOLS` reads."""
    return Pool(
        row["pool"],
        row["name"],
        row["start_on"],
        row["end_on"],
        dict(zip(row["effort_areas"], row["effort_area_names"], strict=True)),
        tuple(Crossing(*crossing) for crossing in row["crosswalk"]),
        row["version"],
    )


async def save_pools(connection: Connection, rows: Sequence[Pool]) -> None:
    """Insert or replace pools; there are few, so a few statements each."""
    for row in rows:
        await connection.execute(
            "INSERT INTO pool (pool, name, start_on, end_on, effort_areas, effort_area_names, version)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pool) DO UPDATE SET name = excluded.name,"
            " start_on = excluded.start_on, end_on = excluded.end_on, effort_areas = excluded.effort_areas,"
            " effort_area_names = excluded.effort_area_names, version = excluded.version",
            row.pool,
            row.name,
            row.start_on,
            row.end_on,
            list(row.effort_areas),
            list(row.effort_areas.values()),
            row.version,
        )
        await connection.execute("DELETE FROM crossing WHERE pool = $1", row.pool)
        await connection.execute(
            "INSERT INTO crossing (pool, effort_area, other_pool, other_effort_area)"
            " SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])",
            row.pool,
            *columns(((item.effort_area, item.other_pool, item.other_effort_area) for item in row.crosswalk), 3),
        )


async def save_areas(connection: Connection, rows: Sequence[Area]) -> None:
    """Insert or update areas."""
    if rows:
        await connection.execute(
            "INSERT INTO area (area, name, municipality, residents, departments)"
            " SELECT area, name, municipality, residents, string_to_array(departments, E'\\n')"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[])"
            " AS new(area, name, municipality, residents, departments)"
            " ON CONFLICT (area) DO UPDATE SET name = excluded.name, municipality = excluded.municipality,"
            " residents = excluded.residents, departments = excluded.departments",
            *columns(((r.area, r.name, r.municipality, r.residents, "\n".join(r.departments)) for r in rows), 5),
        )


def read_area(row: asyncpg.Record) -> Area:
    """Make an area of what was read."""
    return Area(row["area"], row["name"], row["municipality"], row["residents"], tuple(row["departments"]))
