"""What the rules need of the database, in bulk, with the plans locked. It never commits."""

from collections.abc import Collection
from typing import Any, Final

import asyncpg
import orjson

from services.funding.domain.rows import (
    Account,
    Activity,
    BudgetLine,
    Commitment,
    Expense,
    Plan,
    Pool,
    Receipt,
    Reversal,
    Statement,
)
from shared.database import Connection

PLAN_COLUMNS: Final = "plan, pool, areas, start_on, end_on, agreed_ore, spent_ore, budget_version, seals, seal"
PLAN_QUERY: Final = (
    f"SELECT {PLAN_COLUMNS},"  # noqa: S608  constant
    " ARRAY(SELECT commitment FROM commitment WHERE commitment.plan = plan.plan ORDER BY commitment) AS commitments,"
    " ARRAY(SELECT year FROM statement WHERE statement.plan = plan.plan AND status <> 'returned' ORDER BY year)"
    " AS locked_years FROM plan"
)
COMMITMENT_COLUMNS: Final = (
    "commitment, plan, funder, funder_kind, amount_ore, in_kind, reference, committed_on, released_ore, received_ore,"
    " withheld_on, withheld_reason"
)
EXPENSE_COLUMNS: Final = (
    "expense, plan, area, line, amount_ore, incurred_on, voucher, text, activity, shares, reversal, reversed_on,"
    " reversal_reason"
)
STATEMENT_COLUMNS: Final = "plan, year, status, submitted_on, decided_on, auditor_reference, remarks, explanations"


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
        f"SELECT {PLAN_COLUMNS} FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE",  # noqa: S608  constant
        list(names),
    )


async def pools(connection: Connection, names: Collection[str]) -> list[Pool]:
    """Load pools."""
    if not names:
        return []
    rows = await connection.fetch("SELECT pool, effort_areas FROM pool WHERE pool = ANY($1) ORDER BY pool", list(names))
    return [Pool(row["pool"], tuple(row["effort_areas"])) for row in rows]


async def commitments(connection: Connection, plans: Collection[str]) -> list[Commitment]:
    """Load all commitments to plans."""
    rows = await connection.fetch(
        f"SELECT {COMMITMENT_COLUMNS} FROM commitment WHERE plan = ANY($1) ORDER BY commitment",  # noqa: S608  constant
        list(plans),
    )
    return [Commitment(*row) for row in rows]


async def accounts(connection: Connection, plans: Collection[str]) -> list[Account]:
    """Load all accounts of plans."""
    rows = await connection.fetch(
        "SELECT plan, account, balance_ore, version FROM account WHERE plan = ANY($1) ORDER BY plan, account",
        list(plans),
    )
    return [Account(*row) for row in rows]


async def budget_lines(connection: Connection, plans: Collection[str]) -> list[BudgetLine]:
    """Load all budget lines of plans."""
    rows = await connection.fetch(
        "SELECT plan, line, effort_area, cost_type, year, amount_ore FROM budget_line"
        " WHERE plan = ANY($1) ORDER BY plan, line",
        list(plans),
    )
    return [BudgetLine(*row) for row in rows]


async def statements(connection: Connection, plans: Collection[str]) -> list[Statement]:
    """Load the annual statements of plans."""
    rows = await connection.fetch(
        f"SELECT {STATEMENT_COLUMNS} FROM statement WHERE plan = ANY($1) ORDER BY plan, year",  # noqa: S608  constant
        list(plans),
    )
    return [statement_from(row) for row in rows]


async def activities(connection: Connection, names: Collection[str]) -> list[Activity]:
    """Load activities."""
    if not names:
        return []
    rows = await connection.fetch(
        "SELECT activity, plan, area FROM activity WHERE activity = ANY($1) ORDER BY activity", list(names)
    )
    return [Activity(**row) for row in rows]


async def receipts(connection: Connection, names: Collection[str]) -> list[Receipt]:
    """Load receipts."""
    if not names:
        return []
    rows = await connection.fetch(
        "SELECT receipt, commitment, amount_ore, received_on, reference FROM receipt"
        " WHERE receipt = ANY($1) ORDER BY receipt",
        list(names),
    )
    return [Receipt(**row) for row in rows]


async def expenses(connection: Connection, names: Collection[str]) -> list[Expense]:
    """Load expenses."""
    if not names:
        return []
    rows = await connection.fetch(
        f"SELECT {EXPENSE_COLUMNS} FROM expense WHERE expense = ANY($1) ORDER BY expense",  # noqa: S608  constant
        list(names),
    )
    return [expense_from(row) for row in rows]


async def reversals(connection: Connection, names: Collection[str]) -> list[Reversal]:
    """Load which expenses were taken back under which names."""
    if not names:
        return []
    rows = await connection.fetch(
        "SELECT reversal, expense FROM expense WHERE reversal = ANY($1) ORDER BY reversal", list(names)
    )
    return [Reversal(**row) for row in rows]


def plan_from(row: asyncpg.Record) -> Plan:
    """Make a plan of a row of `PLAN_QUERY`."""
    values: dict[str, Any] = dict(row)
    tuples = {name: tuple(values[name]) for name in ("areas", "commitments", "locked_years")}
    return Plan(**{**values, **tuples})


def expense_from(row: asyncpg.Record) -> Expense:
    """Make an expense of a row of `EXPENSE_COLUMNS`."""
    values: dict[str, Any] = dict(row)
    return Expense(**{**values, "shares": orjson.loads(values["shares"])})


def statement_from(row: asyncpg.Record) -> Statement:
    """Make a statement of a row of `STATEMENT_COLUMNS`."""
    values: dict[str, Any] = dict(row)
    return Statement(**{**values, "explanations": orjson.loads(values["explanations"])})
