"""What reporting does with the other services' events: it folds them, and forgets in its own tables who withdrew."""

from collections.abc import Sequence

from services.reporting.folding import folds
from shared.backbone import compacting, lookups
from shared.backbone.event_log import Entry
from shared.database import Connection
from shared.events.catalogue import ERASING_TYPES
from shared.events.registry.people import ConsentWithdrawn


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Fold a run of an owner's entries."""
    await folds.fold(connection, owner, folds.prepared(entries))
    outcomes = [entry.document.get("outcome") for entry in entries if entry.name == ConsentWithdrawn.event_name]
    await lookups.forget_withdrawn(connection, outcomes)
    if any(entry.event["type"] in ERASING_TYPES for entry in entries):
        await compacting.ask(connection)
