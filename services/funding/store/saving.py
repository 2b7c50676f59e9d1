"""What the rules changed, written in bulk, one statement for each kind of row. It never commits.

A row is a tuple of its columns, in their order.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from services.funding.domain.rows import (
    Account,
    BudgetLine,
    BudgetVersion,
    Commitment,
    Entry,
    Expense,
    Plan,
    Receipt,
    Seal,
    Statement,
)
from services.funding.store.loading import COMMITMENT_COLUMNS, EXPENSE_COLUMNS, STATEMENT_COLUMNS
from shared.database import Connection, columns

ENTRY_COLUMNS = (
    "sequence, place, plan, booked_on, amount_ore, from_account, from_before_ore, from_after_ore, from_version,"
    " to_account, to_before_ore, to_after_ore, to_version"
)
SEAL_COLUMNS = "sequence, plan, number, digest"


async def save_standings(connection: Connection, plans: Sequence[Plan], accounts: Sequence[Account]) -> None:
    """Update what bookings moved of plans, and insert their accounts or the new balances, in one statement.

    The registry's word alone makes new plans.
    """
    if plans:
        await connection.execute(
            "WITH moved AS (UPDATE plan SET agreed_ore = new.agreed_ore, spent_ore = new.spent_ore,"
            " budget_version = new.budget_version, seals = new.seals, seal = new.seal"
            " FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::int[], $5::bigint[], $6::bytea[])"
            " AS new(plan, agreed_ore, spent_ore, budget_version, seals, seal) WHERE plan.plan = new.plan)"
            " INSERT INTO account (plan, account, balance_ore, version)"
            " SELECT * FROM unnest($7::text[], $8::text[], $9::bigint[], $10::bigint[])"
            " ON CONFLICT (plan, account) DO UPDATE"
            " SET balance_ore = excluded.balance_ore, version = excluded.version",
            *columns(((r.plan, r.agreed_ore, r.spent_ore, r.budget_version, r.seals, r.seal) for r in plans), 6),
            *columns(accounts, 4),
        )


async def save_commitments(connection: Connection, rows: Sequence[Commitment]) -> None:
    """Insert commitments, or note what became of them.

    An insert that meets the same name in another plan, which another process was first with, fails as a lost race;
    `ON CONFLICT` would change that plan's commitment.
    """
    if rows:
        await connection.execute(
            f"WITH new AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[],"  # noqa: S608  constant
            " $6::boolean[], $7::text[], $8::date[], $9::bigint[], $10::bigint[], $11::date[], $12::text[])"
            f" AS new({COMMITMENT_COLUMNS})), changed AS (UPDATE commitment SET released_ore = new.released_ore,"
            " received_ore = new.received_ore, withheld_on = new.withheld_on, withheld_reason = new.withheld_reason"
            " FROM new WHERE commitment.commitment = new.commitment AND commitment.plan = new.plan"
            " RETURNING commitment.commitment)"
            f" INSERT INTO commitment ({COMMITMENT_COLUMNS}) SELECT {COMMITMENT_COLUMNS} FROM new"
            " WHERE commitment NOT IN (SELECT commitment FROM changed)",
            *columns(rows, 12),
        )


async def insert_receipts(connection: Connection, rows: Sequence[Receipt]) -> None:
    """Insert receipts."""
    if rows:
        await connection.execute(
            "INSERT INTO receipt (receipt, commitment, amount_ore, received_on, reference)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::date[], $5::text[])",
            *columns(rows, 5),
        )


async def insert_expenses(connection: Connection, rows: Sequence[Expense]) -> None:
    """Add expenses; a name that another process took meanwhile is a lost race."""
    if rows:
        await connection.copy_records_to_table(
            "expense",
            records=[_with_json(row) for row in rows],
            columns=EXPENSE_COLUMNS.split(", "),
        )


async def update_expenses(connection: Connection, rows: Sequence[Expense]) -> None:
    """Note by what expenses were taken back."""
    if rows:
        await connection.execute(
            "UPDATE expense SET reversal = new.reversal, reversed_on = new.reversed_on,"
            " reversal_reason = new.reversal_reason"
            " FROM unnest($1::text[], $2::text[], $3::date[], $4::text[])"
            " AS new(expense, reversal, reversed_on, reversal_reason) WHERE expense.expense = new.expense",
            *columns(((row.expense, row.reversal, row.reversed_on, row.reversal_reason) for row in rows), 4),
        )


async def save_budget_lines(connection: Connection, rows: Sequence[BudgetLine]) -> None:
    """Insert budget lines or their new amounts; what kind of line one is stays."""
    if rows:
        await connection.execute(
            "INSERT INTO budget_line (plan, line, effort_area, cost_type, year, amount_ore)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[])"
            " ON CONFLICT (plan, line) DO UPDATE SET amount_ore = excluded.amount_ore",
            *columns(rows, 6),
        )


async def insert_budget_versions(connection: Connection, rows: Sequence[BudgetVersion]) -> None:
    """Add versions of budgets."""
    if rows:
        await connection.execute(
            "INSERT INTO budget_version (plan, version, kind, approval_reference, approved_on, changes)"
            " SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::date[], $6::jsonb[])",
            *columns(((*row[:-1], _json(row.changes)) for row in rows), 6),
        )


async def save_statements(connection: Connection, rows: Sequence[Statement]) -> None:
    """Insert annual statements, or what became of them."""
    if rows:
        await connection.execute(
            f"INSERT INTO statement ({STATEMENT_COLUMNS}) SELECT * FROM unnest("  # noqa: S608  constant
            "$1::text[], $2::int[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[], $8::jsonb[])"
            " ON CONFLICT (plan, year) DO UPDATE SET status = excluded.status, submitted_on = excluded.submitted_on,"
            " decided_on = excluded.decided_on, auditor_reference = excluded.auditor_reference,"
            " remarks = excluded.remarks, explanations = excluded.explanations",
            *columns(((*row[:-1], _json(row.explanations)) for row in rows), 8),
        )


async def insert_journal(connection: Connection, written: Sequence[tuple[int, Entry | Seal]]) -> None:
    """Add entries and seals, each under the sequence of its event; copied, since the log's lock is held."""
    entries: list[tuple[Any, ...]] = []
    seals: list[tuple[Any, ...]] = []
    for sequence, row in written:
        (entries if isinstance(row, Entry) else seals).append((sequence, *row))
    for table, rows, names in (("ledger_seal", seals, SEAL_COLUMNS), ("ledger_entry", entries, ENTRY_COLUMNS)):
        if rows:
            await connection.copy_records_to_table(table, records=rows, columns=names.split(", "))


def _with_json(row: Expense) -> tuple[Any, ...]:
    return tuple(_json(value) if value is row.shares else value for value in row)


def _json(mapping: Any) -> str:  # noqa: ANN401  a mapping from names to numbers or texts
    return orjson.dumps(dict(mapping)).decode()
