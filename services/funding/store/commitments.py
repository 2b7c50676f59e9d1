"""The queries on what funders promise, and what comes in of it."""

from collections.abc import Sequence
from typing import Final

from services.funding.domain.rows import Commitment, Receipt
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.naming import Naming
from shared.shape import Shape, insert, load_by, updating

# What becomes of a commitment; the rest of it never changes.
MOVED: Final = {
    "released_ore": "bigint",
    "received_ore": "bigint",
    "withheld_on": "date",
    "withheld_reason": "text",
    "confirmed_on": "date",
}
COMMITMENTS: Final = Shape(
    Commitment,
    "commitment",
    {"commitment": "text"},
    {
        "plan": "text",
        "funder": "text",
        "funder_kind": "text",
        "amount_ore": "bigint",
        "in_kind": "boolean",
        "reference": "text",
        "committed_on": "date",
        **MOVED,
    },
)
RECEIPTS: Final = Shape(
    Receipt,
    "receipt",
    {"receipt": "text"},
    {"commitment": "text", "amount_ore": "bigint", "received_on": "date", "reference": "text"},
)
SAVE_COMMITMENTS: Final = (
    f"WITH new AS (SELECT * FROM {COMMITMENTS.given()}), changed AS ({updating(COMMITMENTS, tuple(MOVED))} FROM new"  # noqa: S608  constants
    " WHERE commitment.commitment = new.commitment AND commitment.plan = new.plan RETURNING commitment.commitment)"
    f" INSERT INTO commitment ({COMMITMENTS.names}) SELECT {COMMITMENTS.names} FROM new"
    " WHERE commitment NOT IN (SELECT commitment FROM changed)"
)


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load the receipts that events name; commitments come with their plans."""
    state.add(*await load_by(connection, RECEIPTS, "receipt", naming.named("receipt")))


async def save_rows(connection: Connection, state: WorkingSet) -> None:
    """Save commitments, then what came in of them."""
    await save_commitments(connection, state.changed(Commitment))
    await insert(connection, RECEIPTS, state.changed(Receipt))


async def save_commitments(connection: Connection, rows: Sequence[Commitment]) -> None:
    """Insert commitments, or note what became of them.

    An insert that meets the same name in another plan, which another process was first with, fails as a lost race;
    `ON CONFLICT` would change that plan's commitment.
    """
    if rows:
        await connection.execute(SAVE_COMMITMENTS, *COMMITMENTS.arguments(rows))
