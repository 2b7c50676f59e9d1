"""The queries on budgets: their lines, and their versions."""

from typing import Final

from services.funding.domain.rows import BudgetLine, BudgetVersion
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.shape import JSON, Shape, insert, upsert

BUDGET_LINES: Final = Shape(
    BudgetLine,
    "budget_line",
    {"plan": "text", "line": "text"},
    {"effort_area": "text", "cost_type": "text", "year": "int", "amount_ore": "bigint"},
)
BUDGET_VERSIONS: Final = Shape(
    BudgetVersion,
    "budget_version",
    {"plan": "text", "version": "int"},
    {"kind": "text", "approval_reference": "text", "approved_on": "date", "changes": JSON},
)


async def save_rows(connection: Connection, state: WorkingSet) -> None:
    """Insert lines, or replace their amounts, and insert the new versions."""
    # What kind of line one is stays.
    await upsert(connection, BUDGET_LINES, state.changed(BudgetLine), replacing=("amount_ore",))
    await insert(connection, BUDGET_VERSIONS, state.changed(BudgetVersion))
