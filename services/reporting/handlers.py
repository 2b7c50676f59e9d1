"""What reporting does with the other services' events: it folds them, whatever they are."""

from collections.abc import Sequence

from services.reporting.folding import folds
from shared.backbone.event_log import Entry
from shared.database import Connection


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Fold a run of an owner's entries."""
    await folds.fold(connection, owner, folds.prepared(entries))
