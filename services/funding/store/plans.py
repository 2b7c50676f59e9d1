"""The queries on plans, with their pools, activities and accounts."""

from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from services.funding.domain.rows import Account, Activity, Plan, Pool
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.funding import BudgetApproved, BudgetRevised, ExpenseReversed
from shared.events.naming import Naming
from shared.shape import SLUGS, Shape, load_by, matching, updating

# What the registry tells of a plan, and what bookings move.
TOLD: Final = {"pool": "text", "areas": SLUGS, "start_on": "date", "end_on": "date"}
MOVED: Final = {
    "agreed_ore": "bigint",
    "spent_ore": "bigint",
    "budget_version": "int",
    "seals": "bigint",
    "seal": "bytea",
}
PLANS: Final = Shape(Plan, "plan", {"plan": "text"}, {**TOLD, **MOVED})
POOLS: Final = Shape(Pool, "pool", {"pool": "text"}, {"effort_areas": SLUGS})
ACTIVITIES: Final = Shape(Activity, "activity", {"activity": "text"}, {"plan": "text", "area": "text"})
ACCOUNTS: Final = Shape(
    Account, "account", {"plan": "text", "account": "text"}, {"balance_ore": "bigint", "version": "bigint"}
)
PLAN_QUERY: Final = (
    f"SELECT {PLANS.names},"  # noqa: S608  constant
    " ARRAY(SELECT commitment FROM commitment WHERE commitment.plan = plan.plan ORDER BY commitment) AS commitments,"
    " ARRAY(SELECT year FROM statement WHERE statement.plan = plan.plan AND status <> 'returned' ORDER BY year)"
    " AS locked_years FROM plan"
)
# Events on whole budgets, whose lines are of the effort areas of the plan's pool.
ON_WHOLE_BUDGETS: Final = (BudgetApproved, BudgetRevised)
STANDING: Final = ("plan", *MOVED)
SAVE_STANDINGS: Final = (
    f"WITH moved AS ({updating(PLANS, tuple(MOVED))} FROM {PLANS.given(STANDING)} WHERE {matching(PLANS)})"  # noqa: S608  constants
    f" INSERT INTO account ({ACCOUNTS.names})"
    f" SELECT {ACCOUNTS.names} FROM {ACCOUNTS.given(first=len(STANDING) + 1)}"
    " ON CONFLICT (plan, account) DO UPDATE SET balance_ore = excluded.balance_ore, version = excluded.version"
)


async def lock_concerned(connection: Connection, naming: Naming) -> list[asyncpg.Record]:
    """Lock the plans that events concern, by whatever of theirs they name, in the order of their keys."""
    promised = naming.named("commitment", "shares")
    reversing = naming.of(ExpenseReversed).named("expense")
    return await lock_plans(connection, naming.named("plan") | await plans_of(connection, promised, reversing))


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load the activities that events name, and the pools of the plans whose whole budgets they set."""
    state.add(*await load_by(connection, ACTIVITIES, "activity", naming.named("activity")))
    budgeting = naming.of(*ON_WHOLE_BUDGETS).named("plan")
    pools = {row.pool for row in state.all(Plan) if row.plan in budgeting}
    state.add(*await load_by(connection, POOLS, "pool", pools))


async def plans_of(connection: Connection, commitments: Collection[str], expenses: Collection[str]) -> set[str]:
    """Tell which plans commitments and expenses belong to."""
    if not commitments and not expenses:
        return set()
    rows = await connection.fetch(
        "SELECT plan FROM commitment WHERE commitment = ANY($1)"
        " UNION SELECT plan FROM expense WHERE expense = ANY($2) ORDER BY plan",
        list(commitments),
        list(expenses),
    )
    return {row["plan"] for row in rows}


async def lock_plans(connection: Connection, names: Collection[str]) -> list[asyncpg.Record]:
    """Load the rows of plans, locked until the end of the transaction, as the writer before us left them.

    What belongs to a plan is read by a later statement: this one sees other tables as they were before it waited.
    """
    if not names:
        return []
    return await connection.fetch(
        f"SELECT {PLANS.names} FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE",  # noqa: S608  constant
        list(names),
    )


def read_plan(row: asyncpg.Record) -> Plan:
    """Make a plan of a row of `PLAN_QUERY`."""
    return PLANS.read(row, commitments=tuple(row["commitments"]), locked_years=tuple(row["locked_years"]))


async def save_rows(connection: Connection, state: WorkingSet) -> None:
    """Save what bookings moved of plans and their accounts."""
    await save_standings(connection, state.changed(Plan), state.changed(Account))


async def save_standings(connection: Connection, plans: Sequence[Plan], accounts: Sequence[Account]) -> None:
    """Update what bookings moved of plans, and insert their accounts or the new balances, in one statement.

    The registry's word alone makes new plans.
    """
    if plans:
        await connection.execute(SAVE_STANDINGS, *PLANS.arguments(plans, STANDING), *ACCOUNTS.arguments(accounts))
