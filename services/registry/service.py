"""The registry's use cases: load → decide → save. It never commits."""

from collections.abc import Sequence
from typing import Any

from services.registry import domain, store
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.errors import Refused
from shared.events.envelope import CloudEvent
from shared.events.naming import named


class RegistryUseCases:
    """What the registry does with posted events."""

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load what the events name: plans and activities locked in the order of their keys."""
        state = WorkingSet()
        plans = await store.lock_plans(connection, named(events, "plan"))
        state.add(*plans)
        state.add(*await store.lock_activities(connection, named(events, "activity")))
        state.add(*await store.areas(connection, named(events, "area", "areas")))
        pools = {plan.pool for plan in plans} | named(events, "pool")
        state.add(*await store.pools(connection, pools))
        state.add(*await store.enrolments(connection, _participations(events)))
        return state

    def decide(self, state: WorkingSet, event: CloudEvent[Any]) -> Decision:
        """Apply the event's rule; pure."""
        rule = domain.RULES.get(type(event.data))
        if rule is None:
            raise Refused("no_rule_yet", "the registry does not take this event yet", pointer="/type")
        return rule(state, event)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save what changed, parents before children."""
        await store.save_pools(connection, state.changed(domain.Pool))
        await store.save_areas(connection, state.changed(domain.Area))
        await store.save_organisations(connection, state.changed(domain.Organisation))
        await store.save_plans(connection, state.changed(domain.Plan))
        await store.save_activities(connection, state.changed(domain.Activity))
        await store.save_enrolments(connection, state.changed(domain.Enrolment))

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Insert the sessions' attendance."""
        await store.insert_attendance(connection, entries)


def _participations(events: Sequence[CloudEvent[Any]]) -> set[tuple[str, str]]:
    """Collect who is named in which activity."""
    pairs: set[tuple[str, str]] = set()
    for event in events:
        activity: str = getattr(event.data, "activity", "")
        if participant := getattr(event.data, "participant", None):
            pairs.add((activity, participant))
        pairs.update((activity, name) for name in getattr(event.data, "participants", None) or ())
    return pairs
