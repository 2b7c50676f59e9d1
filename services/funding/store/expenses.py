"""The queries on what plans spend."""

from typing import Final

from services.funding.domain.rows import Expense, Reversal
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.naming import Naming
from shared.shape import JSON, Shape, copy, load_by, update

# How an expense was taken back; the rest of it never changes.
TAKEN_BACK: Final = {"reversal": "text", "reversed_on": "date", "reversal_reason": "text"}
EXPENSES: Final = Shape(
    Expense,
    "expense",
    {"expense": "text"},
    {
        "plan": "text",
        "area": "text",
        "line": "text",
        "amount_ore": "bigint",
        "incurred_on": "date",
        "voucher": "text",
        "text": "text",
        "activity": "text",
        "shares": JSON,
        **TAKEN_BACK,
    },
)
# The names of reversals, which stand with the expenses that they took back.
REVERSALS: Final = Shape(Reversal, "expense", {"reversal": "text"}, {"expense": "text"})


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load the expenses and reversals that events name."""
    state.add(*await load_by(connection, EXPENSES, "expense", naming.named("expense")))
    state.add(*await load_by(connection, REVERSALS, "reversal", naming.named("reversal")))


async def save_rows(connection: Connection, state: WorkingSet) -> None:
    """Insert new expenses, and note which were taken back."""
    await copy(connection, EXPENSES, state.added(Expense))
    await update(connection, EXPENSES, state.updated(Expense), tuple(TAKEN_BACK))
