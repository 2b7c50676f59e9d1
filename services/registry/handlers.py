"""What the registry learns from funding: which annual statements are accepted."""

from collections.abc import Sequence
from typing import Final

from services.registry.store import plans
from shared.backbone.event_log import Entry
from shared.database import Connection

# A statement that is returned, or submitted again, is accepted no longer.
ACCEPTED: Final = {"statement.accepted": True, "statement.returned": False, "statement.submitted": False}


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Apply a run of funding's entries; what is no word on a statement is passed over."""
    if owner != "funding":
        raise ValueError(f"the registry does not follow {owner}")
    accepted: dict[tuple[str, int], bool] = {}
    for entry in entries:
        if entry.name in ACCEPTED:
            data = entry.event["data"]
            accepted[data["plan"], data["year"]] = ACCEPTED[entry.name]
    await plans.learn_statements(connection, accepted)
