"""The queries on plans: their life, statements, partners, goals and milestones."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import asyncpg

from services.registry.domain import Assessment, Goal, Milestone, Plan, Statements
from services.registry.store.shape import Shape, SpanShape
from shared.database import Connection, columns

PLAN_COLUMNS: Final = "plan, name, pool, areas, start_on, end_on, approval_reference, closed_on, invited"
PARTNERSHIPS: Final = SpanShape("partnership", ("plan", "organisation", "role"), "joined_on", "left_on")
GOALS: Final = Shape(
    Goal,
    "goal",
    {"plan": "text", "goal": "text"},
    {"effort_area": "text", "title": "text", "indicator": "text", "baseline": "numeric", "target": "numeric"},
)
ASSESSMENTS: Final = Shape(
    Assessment,
    "assessment",
    {"plan": "text", "goal": "text", "year": "int"},
    {"attainment": "text", "value": "numeric", "comment": "text"},
)
MILESTONES: Final = Shape(
    Milestone,
    "milestone",
    {"plan": "text", "milestone": "text"},
    {"title": "text", "due_on": "date", "effort_area": "text", "reached_on": "date", "evidence": "text"},
)


async def lock_plans(connection: Connection, names: Collection[str]) -> list[Plan]:
    """Load plans, locked until the end of the transaction."""
    if not names:
        return []
    rows = await connection.fetch(
        f"SELECT {PLAN_COLUMNS} FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE",  # noqa: S608  constant
        list(names),
    )
    return [read_plan(row) for row in rows]


async def plans(connection: Connection, names: Collection[str]) -> list[Plan]:
    """Load plans as they are, without a lock."""
    if not names:
        return []
    rows = await connection.fetch(
        f"SELECT {PLAN_COLUMNS} FROM plan WHERE plan = ANY($1) ORDER BY plan",  # noqa: S608  constant
        list(names),
    )
    return [read_plan(row) for row in rows]


async def statements(connection: Connection, plans: Collection[str]) -> list[Statements]:
    """Load the years of plans whose statements are accepted."""
    if not plans:
        return []
    rows = await connection.fetch(
        "SELECT plan, array_agg(year ORDER BY year) AS years FROM accepted_statement WHERE plan = ANY($1)"
        " GROUP BY plan ORDER BY plan",
        list(plans),
    )
    return [Statements(row["plan"], frozenset(row["years"])) for row in rows]


async def learn_statements(connection: Connection, accepted: Mapping[tuple[str, int], bool]) -> None:
    """Note of a plan's year whether its statement is accepted."""
    for (plan, year), is_accepted in sorted(accepted.items()):
        await connection.execute(
            "INSERT INTO accepted_statement (plan, year) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            if is_accepted
            else "DELETE FROM accepted_statement WHERE plan = $1 AND year = $2",
            plan,
            year,
        )


async def insert_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Insert new plans; slugs hold no comma, so a plan's areas travel as one text."""
    if rows:
        await connection.execute(
            f"INSERT INTO plan ({PLAN_COLUMNS})"  # noqa: S608  constant
            " SELECT plan, name, pool, string_to_array(areas, ','), start_on, end_on, approval_reference, closed_on,"
            " string_to_array(invited, ',')"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[],"
            " $8::date[], $9::text[])"
            " AS new(plan, name, pool, areas, start_on, end_on, approval_reference, closed_on, invited)",
            *columns(map(_values, rows), 9),
        )


async def update_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Note that plans were extended or closed, or that areas consented to them."""
    if rows:
        await connection.execute(
            "UPDATE plan SET areas = string_to_array(new.areas, ','), end_on = new.end_on,"
            " approval_reference = new.approval_reference, closed_on = new.closed_on,"
            " invited = string_to_array(new.invited, ',')"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[],"
            " $8::date[], $9::text[])"
            " AS new(plan, name, pool, areas, start_on, end_on, approval_reference, closed_on, invited)"
            " WHERE plan.plan = new.plan",
            *columns(map(_values, rows), 9),
        )


def read_plan(row: asyncpg.Record) -> Plan:
    """Make a plan of what was read."""
    values: dict[str, Any] = dict(row)
    return Plan(**{**values, **{name: tuple(values[name]) for name in ("areas", "invited")}})


def _values(row: Plan) -> tuple[Any, ...]:
    return (
        row.plan,
        row.name,
        row.pool,
        ",".join(row.areas),
        row.start_on,
        row.end_on,
        row.approval_reference,
        row.closed_on,
        ",".join(row.invited),
    )
