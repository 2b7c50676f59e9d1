"""The rules about the network itself: areas, pools and organisations."""

from collections.abc import Mapping
from typing import Final

from services.registry.domain.rows import Area, Crossing, Organisation, Pool
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.network import AreaRegistered, OrganisationRegistered, PoolDefined


def register_area(state: WorkingSet, event: CloudEvent[AreaRegistered]) -> Decision:
    """Only the network registers areas; said again, it is an update."""
    data = event.data
    state.put(Area(data.area, data.name, data.municipality, data.residents, tuple(data.departments or ())))
    return Decision()


def define_pool(state: WorkingSet, event: CloudEvent[PoolDefined]) -> Decision:
    """Only the network defines pools; said again, it is the pool's next version."""
    data = event.data
    names = {item.effort_area: item.name for item in data.effort_areas}
    crosswalk = data.crosswalk or []
    for place, item in enumerate(crosswalk):
        if item.effort_area not in names:
            detail = f"'{item.effort_area}' is no effort area of the pool {data.pool}"
            raise Refused("effort_area_not_in_pool", detail, pointer=f"/data/crosswalk/{place}/effort_area")
    crossings = {Crossing(item.effort_area, item.other_pool, item.other_effort_area): None for item in crosswalk}
    known = state.get(Pool, data.pool)
    version = known.version + 1 if known else 1
    state.put(Pool(data.pool, data.name, data.start, data.end, names, tuple(crossings), version))
    return Decision()


def register_organisation(state: WorkingSet, event: CloudEvent[OrganisationRegistered]) -> Decision:
    """An organisation is the network's, or the area's that was first to register it; said again, it is an update."""
    data = event.data
    known = state.get(Organisation, data.organisation)
    registered_by = known.registered_by if known else event.area
    state.put(Organisation(data.organisation, data.name, data.kind, data.cvr, registered_by))
    return Decision()


RULES: Final[Mapping[type[EventData], Rule]] = {
    AreaRegistered: register_area,
    PoolDefined: define_pool,
    OrganisationRegistered: register_organisation,
}
