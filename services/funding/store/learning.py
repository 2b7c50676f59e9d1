"""What funding takes over from the registry. It never commits."""

from collections.abc import Sequence
from datetime import date

from services.funding.domain.rows import Activity, Plan, Pool
from shared.database import Connection, columns


async def learn_pools(connection: Connection, rows: Sequence[Pool]) -> None:
    """Take over pools; a later word on one replaces the earlier."""
    latest = {row.pool: row for row in rows}
    if latest:
        await connection.execute(
            "INSERT INTO pool (pool, effort_areas) SELECT pool, string_to_array(effort_areas, ',')"
            " FROM unnest($1::text[], $2::text[]) AS new(pool, effort_areas)"
            " ON CONFLICT (pool) DO UPDATE SET effort_areas = excluded.effort_areas",
            *columns(((row.pool, ",".join(row.effort_areas)) for row in latest.values()), 2),
        )


async def learn_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Take over plans; one that is known stays."""
    if rows:
        await connection.execute(
            "INSERT INTO plan (plan, pool, areas, start_on, end_on, agreed_ore, spent_ore, budget_version, seals, seal)"
            " SELECT plan, pool, string_to_array(areas, ','), start_on, end_on, 0, 0, 0, 0, ''"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[])"
            " AS new(plan, pool, areas, start_on, end_on) ON CONFLICT DO NOTHING",
            *columns(((row.plan, row.pool, ",".join(row.areas), row.start_on, row.end_on) for row in rows), 5),
        )


async def learn_consents(connection: Connection, consents: Sequence[tuple[str, str]]) -> None:
    """Give plans the areas that have consented to them. Locks in the order that writers take them."""
    if consents:
        plans, areas = columns(consents, 2)
        await connection.execute("SELECT FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE", plans)
        await connection.execute(
            "UPDATE plan SET areas = plan.areas || new.areas FROM ("
            " SELECT plan, array_agg(DISTINCT area ORDER BY area) AS areas"
            " FROM unnest($1::text[], $2::text[]) AS said(plan, area)"
            " WHERE NOT EXISTS (SELECT FROM plan WHERE plan.plan = said.plan AND plan.areas @> ARRAY[said.area])"
            " GROUP BY plan) AS new WHERE plan.plan = new.plan",
            plans,
            areas,
        )


async def extend_plans(connection: Connection, ends: Sequence[tuple[str, date]]) -> None:
    """Move the ends of plans; a later word on one replaces the earlier. Locks in the order that writers take them."""
    latest = dict(ends)
    if latest:
        await connection.execute("SELECT FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE", list(latest))
        await connection.execute(
            "UPDATE plan SET end_on = new.end_on FROM unnest($1::text[], $2::date[]) AS new(plan, end_on)"
            " WHERE plan.plan = new.plan",
            *columns(latest.items(), 2),
        )


async def learn_activities(connection: Connection, rows: Sequence[Activity]) -> None:
    """Take over activities; one that is known stays."""
    if rows:
        await connection.execute(
            "INSERT INTO activity (activity, plan, area) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])"
            " ON CONFLICT DO NOTHING",
            *columns(((row.activity, row.plan, row.area) for row in rows), 3),
        )
