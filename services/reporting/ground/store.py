"""What the ground of a figure is read by: one statement for each kind of events, in `sql/`. It never commits."""

from typing import Any, NamedTuple

from services.reporting.ground.rules import SCOPES, GroundQuestion
from services.reporting.statements import statement
from services.reporting.terms import Row
from shared.database import Connection


class EntryPlace(NamedTuple):
    """Where a page begins: after which event, and which of its entries."""

    sequence: int
    key: str


class FoundEvents(NamedTuple):
    """The events of a page, and what all of them come to."""

    entries: int
    events: int
    total: Any
    rows: list[Row]


async def plans(connection: Connection, question: GroundQuestion) -> list[Row]:
    """Give the plans that a question is about, each with its areas; a commitment names one where none is named."""
    area, plan = question.of.get("area"), question.of.get("plan")
    named = area, plan, None if plan else question.of.get("commitment")
    return [dict(row) for row in await connection.fetch(statement("ground", "plans"), *named)]


async def events(connection: Connection, question: GroundQuestion, after: EntryPlace, limit: int) -> FoundEvents:
    """Read a page of the events of a figure in their order, or a sample of them."""
    sample = question.sample
    rows = await connection.fetch(
        statement("ground", question.kind),
        question.figure,
        question.first_day,
        question.last_day,
        *after,
        sample.size if sample else limit,
        sample.seed if sample else None,
        *(question.of.get(name) for name in SCOPES[question.kind]),
    )
    first = rows[0]
    # Where there is no event, what they come to stands alone.
    page: list[Row] = [dict(row) for row in rows if row["sequence"] is not None]
    return FoundEvents(first["entries"], first["events"], first["total"], page)
