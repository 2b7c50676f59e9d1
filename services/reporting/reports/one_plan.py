"""What the report and the annual statement of one plan are made from. It never commits."""

from datetime import date, timedelta
from typing import Any

import orjson

from services.reporting.folding.position import cursor
from services.reporting.periods import Period
from services.reporting.reports import store
from services.reporting.reports.annual_statement import Books, first_and_last_day
from services.reporting.reports.facts import PlanFacts
from services.reporting.statements import statement
from services.reporting.terms import Plan
from shared.database import Connection

Rows = list[dict[str, Any]]


async def plan_facts(connection: Connection, plan: str, period: Period) -> PlanFacts:
    """Read what only a plan's report tells."""
    last_day = period.last_day
    (head,) = await _rows(connection, "plan_head", plan)
    return PlanFacts(
        head=head,
        activities=await _rows(connection, "plan_activities", plan),
        milestones=await _rows(connection, "plan_milestones", plan, last_day),
        partners=await _rows(connection, "partners", plan, last_day),
        commitments=await _rows(connection, "commitments", plan, last_day),
        lines=await _rows(connection, "budget_lines", plan),
        versions=await _versions(connection, plan),
        spent=await _spent(connection, plan, last_day),
        spent_before=await _spent(connection, plan, period.first_day - timedelta(days=1)),
        words=await _words(connection, plan),
    )


async def books(connection: Connection, plan: Plan, year: int) -> Books:
    """Read what the annual statement of a plan's year is made from."""
    first_day, last_day = first_and_last_day(plan, year)
    months = first_day, last_day.replace(day=1)
    spending = await _rows(connection, "statement_spending", plan.plan, *months)
    return Books(
        plan=plan,
        year=year,
        as_of=await cursor(connection),
        financing=await _rows(connection, "statement_financing", plan.plan, *months),
        receipts=await _rows(connection, "statement_receipts", plan.plan, first_day, last_day),
        vouchers=await _rows(connection, "statement_vouchers", plan.plan, first_day, last_day),
        spent={row["line"]: row["spent_ore"] for row in spending},
        lines=await _rows(connection, "budget_lines", plan.plan),
        versions=await _versions(connection, plan.plan),
        words=await _words(connection, plan.plan),
        names=await store.names(connection, (), plan=plan.plan),
    )


async def _spent(connection: Connection, plan: str, day: date) -> dict[str, int]:
    return {row["line"]: row["spent_ore"] for row in await _rows(connection, "line_spending", plan, day)}


async def _versions(connection: Connection, plan: str) -> Rows:
    rows = await _rows(connection, "budget_versions", plan)
    return [{**row, "changes": orjson.loads(row["changes"])} for row in rows]


async def _words(connection: Connection, plan: str) -> Rows:
    rows = await _rows(connection, "statement_words", plan)
    return [{**row, "explanations": orjson.loads(row["explanations"])} for row in rows]


async def _rows(connection: Connection, query: str, *arguments: Any) -> Rows:
    return [dict(row) for row in await connection.fetch(statement("reports", query), *arguments)]
