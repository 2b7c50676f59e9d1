"""The queries on annual statements."""

from typing import Final

from services.funding.domain.rows import Statement
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.shape import JSON, Shape, upsert

STATEMENTS: Final = Shape(
    Statement,
    "statement",
    {"plan": "text", "year": "int"},
    {
        "status": "text",
        "submitted_on": "date",
        "decided_on": "date",
        "auditor_reference": "text",
        "remarks": "text",
        "explanations": JSON,
    },
)


async def save_rows(connection: Connection, state: WorkingSet) -> None:
    """Insert statements, or replace what they say."""
    await upsert(connection, STATEMENTS, state.changed(Statement))
