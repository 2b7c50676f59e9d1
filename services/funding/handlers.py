"""What funding learns from the registry: which plans and activities there are."""

from collections.abc import Sequence
from datetime import date

from services.funding import store
from services.funding.domain import Activity, Plan
from shared.backbone.event_log import Entry
from shared.database import Connection


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Apply a run of the registry's entries; what does not concern money is passed over."""
    if owner != "registry":
        raise ValueError(f"funding does not follow {owner}")
    learned = [(entry.name, entry.event["data"]) for entry in entries]
    await store.learn_plans(
        connection,
        [
            Plan(
                data["plan"],
                data["pool"],
                tuple(data["areas"]),
                date.fromisoformat(data["start"]),
                date.fromisoformat(data["end"]),
            )
            for name, data in learned
            if name == "plan.approved"
        ],
    )
    await store.learn_activities(
        connection,
        [
            Activity(data["activity"], data["plan"], data["area"])
            for name, data in learned
            if name == "activity.planned"
        ],
    )
