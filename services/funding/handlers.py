"""What funding learns from the registry: its pools, plans and activities, when plans end, and who withdrew."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from services.funding.domain.rows import Activity, Plan, Pool
from services.funding.store import learning
from shared.backbone import compacting, lookups
from shared.backbone.event_log import Entry
from shared.backbone.learning import Learning
from shared.backbone.rebuilding import UnknownToOwner
from shared.database import Connection

OWNER: Final = "registry"

Learn: TypeAlias = Callable[[Connection, Sequence[Entry]], Awaitable[None]]


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Apply a run of the registry's entries; what does not concern money is passed over."""
    if owner != OWNER:
        raise ValueError(f"funding does not follow {owner}")
    for name, learn in LEARNERS.items():
        if of_this_kind := [entry for entry in entries if entry.name == name]:
            await learn(connection, of_this_kind)


async def forget(connection: Connection, entries: Sequence[Entry]) -> list[UnknownToOwner]:
    """Forget what no entry tells of, and what is not as it was told; give what stays, since the ledger rests on it."""
    pools, plans, activities = (
        {entry.event["data"][field] for entry in entries if entry.name == name}
        for field, name in (("pool", "pool.defined"), ("plan", "plan.approved"), ("activity", "activity.planned"))
    )
    await learning.lock_all_plans(connection)
    staying = {
        "plan": await learning.forget_plans(connection, plans),
        "activity": await learning.forget_activities(connection, activities),
        "pool": await learning.forget_pools(connection, pools),
    }
    await learning.reset_plans(connection, [_plan(entry) for entry in entries if entry.name == "plan.approved"])
    await learning.reset_activities(
        connection, [_activity(entry) for entry in entries if entry.name == "activity.planned"]
    )
    return [UnknownToOwner(OWNER, kind, name) for kind, names in staying.items() for name in names]


async def _learn_pools(connection: Connection, entries: Sequence[Entry]) -> None:
    await learning.learn_pools(connection, list(map(_pool, entries)))


async def _learn_plans(connection: Connection, entries: Sequence[Entry]) -> None:
    await learning.learn_plans(connection, list(map(_plan, entries)))


async def _learn_consents(connection: Connection, entries: Sequence[Entry]) -> None:
    consents = [entry.event["data"] for entry in entries]
    await learning.learn_consents(connection, [(data["plan"], data["area"]) for data in consents])


async def _extend_plans(connection: Connection, entries: Sequence[Entry]) -> None:
    extensions = [entry.event["data"] for entry in entries]
    await learning.extend_plans(connection, [(data["plan"], date.fromisoformat(data["end"])) for data in extensions])


async def _learn_activities(connection: Connection, entries: Sequence[Entry]) -> None:
    await learning.learn_activities(connection, list(map(_activity, entries)))


def _pool(entry: Entry) -> Pool:
    data = entry.event["data"]
    return Pool(pool=data["pool"], effort_areas=tuple(item["effort_area"] for item in data["effort_areas"]))


def _plan(entry: Entry) -> Plan:
    """Make a plan of its approval: it belongs to the areas that have consented, which are all where none is invited."""
    data = entry.event["data"]
    invited = (entry.outcome or {}).get("invited", ())
    return Plan(
        plan=data["plan"],
        pool=data["pool"],
        areas=tuple(area for area in data["areas"] if area not in invited),
        start_on=date.fromisoformat(data["start"]),
        end_on=date.fromisoformat(data["end"]),
    )


def _activity(entry: Entry) -> Activity:
    data = entry.event["data"]
    return Activity(activity=data["activity"], plan=data["plan"], area=data["area"])


async def _forget_lookups(connection: Connection, entries: Sequence[Entry]) -> None:
    await lookups.forget_withdrawn(connection, [entry.document.get("outcome") for entry in entries])
    await compacting.ask(connection)


# In the order of dependence: a plan that is approved and extended in one run ends as extended. Of a plan funding knows
# only the areas that have consented to it.
LEARNERS: Final[Mapping[str, Learn]] = {
    "pool.defined": _learn_pools,
    "plan.approved": _learn_plans,
    "plan.consented": _learn_consents,
    "plan.extended": _extend_plans,
    "activity.planned": _learn_activities,
    "consent.withdrawn": _forget_lookups,
}
LEARNING: Final = Learning(OWNER, LEARNERS.keys(), apply, forget)
