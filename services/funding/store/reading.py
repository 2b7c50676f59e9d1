"""What the read routes show of plans, accounts and entries. It never writes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.funding.domain.rows import BudgetLine, BudgetVersion, Commitment, Entry, Expense, Plan, Receipt, Statement
from services.funding.store.budget import BUDGET_LINES, BUDGET_VERSIONS
from services.funding.store.commitments import COMMITMENTS, RECEIPTS
from services.funding.store.expenses import EXPENSES
from services.funding.store.journal import ENTRIES
from services.funding.store.plans import PLAN_QUERY, read_plan
from services.funding.store.statements import STATEMENTS
from shared.database import Connection
from shared.shape import load_by


async def plan(connection: Connection, name: str) -> Plan | None:
    """Give one plan with its totals."""
    row = await connection.fetchrow(f"{PLAN_QUERY} WHERE plan = $1", name)
    return read_plan(row) if row else None


async def plans(connection: Connection, areas: list[str] | None) -> list[Plan]:
    """Give all plans, or those that have part in any of some areas."""
    rows = await connection.fetch(f"{PLAN_QUERY} WHERE $1::text[] IS NULL OR areas && $1 ORDER BY plan", areas)
    return [read_plan(row) for row in rows]


async def commitments(connection: Connection, name: str) -> list[Commitment]:
    """Give the commitments to a plan."""
    return await load_by(connection, COMMITMENTS, "plan", [name])


async def receipts(connection: Connection, name: str) -> list[Receipt]:
    """Give what came in of a plan's commitments, in the order of the days."""
    rows = await connection.fetch(
        "SELECT receipt, commitment, receipt.amount_ore, received_on, receipt.reference"
        " FROM receipt JOIN commitment USING (commitment) WHERE plan = $1 ORDER BY received_on, receipt",
        name,
    )
    return RECEIPTS.read_all(rows)


async def balances(connection: Connection, name: str, on: date | None = None) -> dict[str, int]:
    """Give the balance in øre of a plan's accounts, as they stand or as they stood at the end of a day."""
    if on is None:
        rows = await connection.fetch("SELECT account, balance_ore FROM account WHERE plan = $1 ORDER BY account", name)
    else:
        rows = await connection.fetch(
            "SELECT account, sum(moved_ore)::bigint AS balance_ore FROM ledger_entry,"
            " LATERAL (VALUES (from_account, -amount_ore), (to_account, amount_ore)) AS side(account, moved_ore)"
            " WHERE plan = $1 AND booked_on <= $2 GROUP BY account ORDER BY account",
            name,
            on,
        )
    return {row["account"]: row["balance_ore"] for row in rows}


async def movements(connection: Connection, name: str, first_day: date, last_day: date) -> list[dict[str, Any]]:
    """Give, per account, what stood on it before a span of days and what came to it and went from it in the span."""
    rows = await connection.fetch(
        "SELECT account, coalesce(sum(came_ore - went_ore) FILTER (WHERE booked_on < $2), 0)::bigint AS opening_ore,"
        " coalesce(sum(came_ore) FILTER (WHERE booked_on >= $2), 0)::bigint AS came_ore,"
        " coalesce(sum(went_ore) FILTER (WHERE booked_on >= $2), 0)::bigint AS went_ore"
        " FROM ledger_entry, LATERAL (VALUES (from_account, 0, amount_ore), (to_account, amount_ore, 0))"
        " AS side(account, came_ore, went_ore)"
        " WHERE plan = $1 AND booked_on <= $3 GROUP BY account ORDER BY account",
        name,
        first_day,
        last_day,
    )
    return [dict(row) for row in rows]


async def carried_by_year(connection: Connection, name: str) -> list[tuple[int, str, int]]:
    """Give (year, commitment, øre): what each funder carried of the expenses booked under a calendar year."""
    rows = await connection.fetch(
        "SELECT extract(year FROM booked_on)::int AS year, split_part(account, ':', 2) AS commitment,"
        " sum(carried_ore)::bigint AS carried_ore FROM ledger_entry,"
        " LATERAL (VALUES (from_account, amount_ore), (to_account, -amount_ore)) AS side(account, carried_ore)"
        " WHERE plan = $1 AND account LIKE 'income:%' GROUP BY 1, 2 ORDER BY 1, 2",
        name,
    )
    return [(row["year"], row["commitment"], row["carried_ore"]) for row in rows]


async def expenses(
    connection: Connection, name: str, *, year: int | None, after: tuple[date, str] | None, limit: int | None
) -> list[Expense]:
    """Give expenses of a plan by the day they were incurred, from a place on; `year` counts those reversed in it too.

    Without a limit they all come, as an export wants them.
    """
    day, expense = after or (date.min, "")
    rows = await connection.fetch(
        f"SELECT {EXPENSES.names} FROM expense WHERE plan = $1 AND (incurred_on, expense) > ($2, $3)"  # noqa: S608  constant
        " AND ($4::int IS NULL OR extract(year FROM incurred_on) = $4 OR extract(year FROM reversed_on) = $4)"
        " ORDER BY incurred_on, expense LIMIT $5",
        name,
        day,
        expense,
        year,
        limit,
    )
    return EXPENSES.read_all(rows)


async def entries(
    connection: Connection, name: str, *, account: str | None, after: tuple[int, int], limit: int | None
) -> list[tuple[int, Entry]]:
    """Give (sequence, entry) of a plan in the order they were written, from a place on; of one account, or of all."""
    rows = await connection.fetch(
        f"SELECT sequence, {ENTRIES.names} FROM ledger_entry WHERE plan = $1 AND (sequence, place) > ($2, $3)"  # noqa: S608  constant
        " AND ($4::text IS NULL OR from_account = $4 OR to_account = $4) ORDER BY sequence, place LIMIT $5",
        name,
        *after,
        account,
        limit,
    )
    return [(row["sequence"], ENTRIES.read(row)) for row in rows]


async def authors(connection: Connection, sequences: Sequence[int]) -> dict[int, str]:
    """Give who sent the events of these sequences, where that is noted: the kind of sender, and its opaque name."""
    rows = await connection.fetch(
        "SELECT sequence, authtype || ' ' || authid AS author FROM event_log WHERE sequence = ANY($1)"
        " AND authid IS NOT NULL",
        sequences,
    )
    return {row["sequence"]: row["author"] for row in rows}


async def budget_lines(connection: Connection, name: str) -> list[BudgetLine]:
    """Give a plan's budget as it stands."""
    return sorted(await load_by(connection, BUDGET_LINES, "plan", [name]), key=lambda line: (line.year, line.line))


async def budget_versions(connection: Connection, name: str) -> list[BudgetVersion]:
    """Give the versions of a plan's budget, the first first."""
    return await load_by(connection, BUDGET_VERSIONS, "plan", [name])


async def statements(connection: Connection, name: str) -> list[Statement]:
    """Give a plan's annual statements."""
    return await load_by(connection, STATEMENTS, "plan", [name])


async def sums_of_commitments(connection: Connection) -> list[dict[str, Any]]:
    """Give what has moved on every commitment; what it carries of the expenses stands below zero on its income."""
    rows = await connection.fetch(
        "SELECT commitment.plan, commitment, amount_ore AS committed_ore, released_ore, received_ore,"
        " coalesce(-balance_ore, 0) AS spent_ore"
        " FROM commitment LEFT JOIN account ON account.plan = commitment.plan AND account = 'income:' || commitment"
        " ORDER BY commitment"
    )
    return [dict(row) for row in rows]


async def sums_of_plans(connection: Connection) -> list[dict[str, Any]]:
    """Give what every plan has spent."""
    rows = await connection.fetch("SELECT plan, spent_ore FROM plan ORDER BY plan")
    return [dict(row) for row in rows]
