"""What the answers of a day are read by. It never commits."""

from datetime import date, timedelta
from typing import Any

from services.reporting.periods import Period
from services.reporting.reports import store
from services.reporting.reports.answers.facts import CANCELLED_DAYS, MOST_CANCELLED
from services.reporting.reports.attention import ENDING_DAYS
from services.reporting.statements import statement
from services.reporting.terms import Standing
from shared.database import Connection

FoundRows = list[dict[str, Any]]


async def read(connection: Connection, today: date, last_month: date) -> dict[str, Any]:
    """Give what the answers of a day are made from, by the fields of their source."""
    budgets = await _rows(connection, "answers_budget")
    recorded = await connection.fetchval("SELECT max(recorded) FROM freshness")
    return {
        "recorded": recorded.isoformat() if recorded else None,
        "areas": await _rows(connection, "areas", None, None),
        "plans": await store.plans(connection),
        "standings": await standings(connection, today),
        "months": await _rows(connection, "answers_months", last_month),
        "receipts": await _rows(connection, "answers_receipts", today),
        "budgets": {(row["plan"], row["year"]): row["budget_ore"] for row in budgets},
        "words": await _rows(connection, "answers_statements"),
        "withholdings": await _rows(connection, "watched_withholdings", today),
        "mentors": await _rows(connection, "answers_mentors", today),
        "cancelled": await _rows(
            connection, "answers_cancelled", today - timedelta(days=CANCELLED_DAYS), today, MOST_CANCELLED
        ),
        "endings": await _rows(connection, "answers_endings", today, today + timedelta(days=ENDING_DAYS)),
    }


async def standings(connection: Connection, day: date, plan: str | None = None) -> list[Standing]:
    """Give how commitments stand at the end of a day."""
    return await store.standings(connection, Period(day, day), None, plan)


async def _rows(connection: Connection, query: str, *arguments: Any) -> FoundRows:
    return [dict(row) for row in await connection.fetch(statement("reports", query), *arguments)]
