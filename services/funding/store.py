"""Every query of funding: bulk in, bulk out. It never commits."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import asyncpg
import orjson

from services.funding.domain import Account, Activity, Commitment, Entry, Expense, Plan, Receipt
from shared.database import Connection, columns

COMMITMENT_COLUMNS: Final = (
    "commitment, plan, funder, funder_kind, amount_ore, in_kind, reference, committed_on, released_ore, received_ore"
)
EXPENSE_COLUMNS: Final = "expense, plan, area, line, amount_ore, incurred_on, voucher, text, activity, shares"
ENTRY_COLUMNS: Final = (
    "sequence, place, plan, booked_on, amount_ore, from_account, from_before_ore, from_after_ore, from_version,"
    " to_account, to_before_ore, to_after_ore, to_version"
)
PLAN_QUERY: Final = (
    "SELECT plan, pool, areas, start_on, end_on, agreed_ore, spent_ore, ARRAY(SELECT commitment FROM commitment"
    " WHERE commitment.plan = plan.plan ORDER BY commitment) AS commitments FROM plan"
)


async def plans_of(connection: Connection, names: Collection[str]) -> set[str]:
    """Tell which plans commitments belong to."""
    if not names:
        return set()
    rows = await connection.fetch(
        "SELECT DISTINCT plan FROM commitment WHERE commitment = ANY($1) ORDER BY plan", list(names)
    )
    return {row["plan"] for row in rows}


async def lock_plans(connection: Connection, names: Collection[str]) -> list[Plan]:
    """Load plans, locked until the end of the transaction.

    The lock comes first and the reading after, so that what is read is what the writer before us left.
    """
    if not names:
        return []
    await connection.execute("SELECT FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE", list(names))
    rows = await connection.fetch(f"{PLAN_QUERY} WHERE plan = ANY($1) ORDER BY plan", list(names))
    return [_plan(row) for row in rows]


async def commitments(connection: Connection, plans: Collection[str], names: Collection[str]) -> list[Commitment]:
    """Load all commitments of plans, and those named, whoever's they are."""
    if not plans and not names:
        return []
    rows = await connection.fetch(
        f"SELECT {COMMITMENT_COLUMNS} FROM commitment"  # noqa: S608  constant
        " WHERE plan = ANY($1) OR commitment = ANY($2) ORDER BY commitment",
        list(plans),
        list(names),
    )
    return [Commitment(**row) for row in rows]


async def accounts(connection: Connection, plans: Collection[str], expense_accounts: Collection[str]) -> list[Account]:
    """Load the accounts of plans: of expenses those named, of the others all, which are few."""
    if not plans:
        return []
    rows = await connection.fetch(
        "SELECT plan, account, balance_ore, version FROM account WHERE plan = ANY($1)"
        " AND (account NOT LIKE 'expenses:%' OR account = ANY($2)) ORDER BY plan, account",
        list(plans),
        list(expense_accounts),
    )
    return [Account(**row) for row in rows]


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
        "SELECT receipt, commitment FROM receipt WHERE receipt = ANY($1) ORDER BY receipt", list(names)
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
    return [_expense(row) for row in rows]


async def save_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Update the totals of plans; the registry's word alone makes new ones."""
    if rows:
        await connection.execute(
            "UPDATE plan SET agreed_ore = new.agreed_ore, spent_ore = new.spent_ore"
            " FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS new(plan, agreed_ore, spent_ore)"
            " WHERE plan.plan = new.plan",
            *columns(((row.plan, row.agreed_ore, row.spent_ore) for row in rows), 3),
        )


async def save_commitments(connection: Connection, rows: Sequence[Commitment]) -> None:
    """Insert commitments, or note what was released and received."""
    if rows:
        await connection.execute(
            f"INSERT INTO commitment ({COMMITMENT_COLUMNS}) SELECT * FROM unnest("  # noqa: S608  constant
            "$1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::boolean[], $7::text[], $8::date[],"
            " $9::bigint[], $10::bigint[]) ON CONFLICT (commitment) DO UPDATE"
            " SET released_ore = excluded.released_ore, received_ore = excluded.received_ore",
            *columns((_values(row) for row in rows), 10),
        )


async def insert_receipts(connection: Connection, rows: Sequence[Receipt]) -> None:
    """Insert receipts."""
    if rows:
        await connection.execute(
            "INSERT INTO receipt (receipt, commitment) SELECT * FROM unnest($1::text[], $2::text[])",
            *columns((_values(row) for row in rows), 2),
        )


async def insert_expenses(connection: Connection, rows: Sequence[Expense]) -> None:
    """Insert expenses."""
    if rows:
        await connection.execute(
            f"INSERT INTO expense ({EXPENSE_COLUMNS}) SELECT * FROM unnest("  # noqa: S608  constant
            "$1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::date[], $7::text[], $8::text[],"
            " $9::text[], $10::jsonb[])",
            *columns(((*_values(row)[:-1], orjson.dumps(dict(row.shares)).decode()) for row in rows), 10),
        )


async def save_accounts(connection: Connection, rows: Sequence[Account]) -> None:
    """Insert accounts or their new balances."""
    if rows:
        await connection.execute(
            "INSERT INTO account (plan, account, balance_ore, version)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])"
            " ON CONFLICT (plan, account) DO UPDATE"
            " SET balance_ore = excluded.balance_ore, version = excluded.version",
            *columns((_values(row) for row in rows), 4),
        )


async def insert_entries(connection: Connection, entries: Sequence[tuple[int, Entry]]) -> None:
    """Add entries to the ledger, each under the sequence of its event."""
    await connection.execute(
        f"INSERT INTO ledger_entry ({ENTRY_COLUMNS}) SELECT * FROM unnest("  # noqa: S608  constant
        "$1::bigint[], $2::int[], $3::text[], $4::date[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[],"
        " $9::bigint[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[])",
        *columns(((sequence, *_values(entry)) for sequence, entry in entries), 13),
    )


async def learn_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Take over plans from the registry; one that is known stays."""
    if rows:
        await connection.execute(
            "INSERT INTO plan (plan, pool, areas, start_on, end_on, agreed_ore, spent_ore)"
            " SELECT plan, pool, string_to_array(areas, ','), start_on, end_on, 0, 0"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[])"
            " AS new(plan, pool, areas, start_on, end_on) ON CONFLICT DO NOTHING",
            *columns(((row.plan, row.pool, ",".join(row.areas), row.start_on, row.end_on) for row in rows), 5),
        )


async def learn_activities(connection: Connection, rows: Sequence[Activity]) -> None:
    """Take over activities from the registry; one that is known stays."""
    if rows:
        await connection.execute(
            "INSERT INTO activity (activity, plan, area) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])"
            " ON CONFLICT DO NOTHING",
            *columns((_values(row) for row in rows), 3),
        )


async def read_plan(connection: Connection, plan: str) -> Plan | None:
    """Give one plan with its totals."""
    row = await connection.fetchrow(f"{PLAN_QUERY} WHERE plan = $1", plan)
    return _plan(row) if row else None


async def trial_balance(connection: Connection, plan: str, on: date | None) -> list[tuple[str, int]]:
    """Give (account, balance in øre) of a plan's accounts, as they stand or as they stood at the end of a day."""
    if on is None:
        rows = await connection.fetch("SELECT account, balance_ore FROM account WHERE plan = $1 ORDER BY account", plan)
    else:
        rows = await connection.fetch(
            "SELECT account, sum(moved_ore)::bigint AS balance_ore FROM ledger_entry,"
            " LATERAL (VALUES (from_account, -amount_ore), (to_account, amount_ore)) AS side(account, moved_ore)"
            " WHERE plan = $1 AND booked_on <= $2 GROUP BY account ORDER BY account",
            plan,
            on,
        )
    return [(row["account"], row["balance_ore"]) for row in rows]


def _values(row: Any) -> tuple[Any, ...]:  # noqa: ANN401  any of the domain's rows
    return tuple(getattr(row, name) for name in row.__dataclass_fields__)


def _plan(row: asyncpg.Record) -> Plan:
    values: dict[str, Any] = dict(row)
    return Plan(**{**values, "areas": tuple(values["areas"]), "commitments": tuple(values["commitments"])})


def _expense(row: asyncpg.Record) -> Expense:
    values: dict[str, Any] = dict(row)
    return Expense(**{**values, "shares": orjson.loads(values["shares"])})
