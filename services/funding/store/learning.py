"""What funding takes over from the registry. It never commits."""

from collections.abc import Collection, Sequence
from datetime import date

from services.funding.domain.rows import Activity, Plan, Pool
from services.funding.store.plans import ACTIVITIES, PLANS, POOLS, TOLD
from shared.database import Connection, columns
from shared.shape import insert_unknown, matching, update, updating, upsert


async def learn_pools(connection: Connection, rows: Sequence[Pool]) -> None:
    """Take over pools; a later word on one replaces the earlier."""
    latest = {row.pool: row for row in rows}
    await upsert(connection, POOLS, list(latest.values()))


async def learn_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Take over plans; one that is known stays."""
    await insert_unknown(connection, PLANS, rows)


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
    await insert_unknown(connection, ACTIVITIES, rows)


async def lock_all_plans(connection: Connection) -> None:
    """Keep writers from all plans until the end of the transaction. Locks in the order that they take them."""
    await connection.execute("SELECT FROM plan ORDER BY plan FOR UPDATE")


async def forget_plans(connection: Connection, known: Collection[str]) -> list[str]:
    """Forget the plans that are not known, which are locked; give those that stay, since their journals have begun."""
    await connection.execute("DELETE FROM plan WHERE plan <> ALL($1) AND seals = 0", list(known))
    rows = await connection.fetch("SELECT plan FROM plan WHERE plan <> ALL($1) ORDER BY plan", list(known))
    return [row["plan"] for row in rows]


async def forget_activities(connection: Connection, known: Collection[str]) -> list[str]:
    """Forget the activities that are not known; give those that stay, since expenses name them."""
    rows = await connection.fetch("SELECT activity FROM activity WHERE activity <> ALL($1)", list(known))
    if not rows:
        return []
    unknown = [row["activity"] for row in rows]
    await connection.execute(
        "DELETE FROM activity WHERE activity = ANY($1)"
        " AND activity NOT IN (SELECT activity FROM expense WHERE activity = ANY($1))",
        unknown,
    )
    rows = await connection.fetch("SELECT activity FROM activity WHERE activity = ANY($1) ORDER BY activity", unknown)
    return [row["activity"] for row in rows]


async def forget_pools(connection: Connection, known: Collection[str]) -> list[str]:
    """Forget the pools that are not known; give those that stay, since plans that are here are of them."""
    await connection.execute(
        "DELETE FROM pool WHERE pool <> ALL($1) AND pool NOT IN (SELECT pool FROM plan)", list(known)
    )
    rows = await connection.fetch("SELECT pool FROM pool WHERE pool <> ALL($1) ORDER BY pool", list(known))
    return [row["pool"] for row in rows]


async def reset_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Put back what plans were approved as, of those that are here; the ledger's own columns stay."""
    await update(connection, PLANS, rows, tuple(TOLD))


async def reset_activities(connection: Connection, rows: Sequence[Activity]) -> None:
    """Put right whose activities are, of those that are here."""
    if rows:
        await connection.execute(
            f"{updating(ACTIVITIES, tuple(ACTIVITIES.rest))} FROM {ACTIVITIES.given()} WHERE {matching(ACTIVITIES)}"
            " AND (activity.plan, activity.area) <> (new.plan, new.area)",
            *ACTIVITIES.arguments(rows),
        )
