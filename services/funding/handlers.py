"""What funding learns from the registry: which pools, plans and activities there are, and when plans end."""

from collections.abc import Sequence
from datetime import date

from services.funding.domain.rows import Activity, Plan, Pool
from services.funding.store import learning
from shared.backbone.event_log import Entry
from shared.database import Connection


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Apply a run of the registry's entries; what does not concern money is passed over.

    The kinds come in the order of dependence; a plan that is approved and extended in one run ends as extended.
    Of a plan funding knows only the areas that have consented to it.
    """
    if owner != "registry":
        raise ValueError(f"funding does not follow {owner}")
    learned = [(entry.name, entry.event["data"]) for entry in entries]
    approved = [entry for entry in entries if entry.name == "plan.approved"]
    await learning.learn_pools(
        connection,
        [
            Pool(data["pool"], tuple(item["effort_area"] for item in data["effort_areas"]))
            for name, data in learned
            if name == "pool.defined"
        ],
    )
    await learning.learn_plans(connection, [_plan(entry) for entry in approved])
    await learning.learn_consents(
        connection, [(data["plan"], data["area"]) for name, data in learned if name == "plan.consented"]
    )
    await learning.extend_plans(
        connection,
        [(data["plan"], date.fromisoformat(data["end"])) for name, data in learned if name == "plan.extended"],
    )
    await learning.learn_activities(
        connection,
        [
            Activity(data["activity"], data["plan"], data["area"])
            for name, data in learned
            if name == "activity.planned"
        ],
    )


def _plan(entry: Entry) -> Plan:
    """Make a plan of its approval: it belongs to the areas that have consented, which are all where none is invited."""
    data = entry.event["data"]
    invited = (entry.outcome or {}).get("invited", ())
    return Plan(
        data["plan"],
        data["pool"],
        tuple(area for area in data["areas"] if area not in invited),
        date.fromisoformat(data["start"]),
        date.fromisoformat(data["end"]),
    )
