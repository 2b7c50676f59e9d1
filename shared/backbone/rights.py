"""How a service holds to the table of rights that stands with the events. Pure; owns no row of any service.

A service gives each of its events a check, made from the event's line of that table when the service is imported. An
event whose line the service cannot look up fails there, not at its first post.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias

from shared.backbone.working_set import WorkingSet
from shared.errors import ForeignArea, NotEntitled
from shared.events.envelope import CloudEvent, EventData

Check: TypeAlias = Callable[[WorkingSet, CloudEvent[Any]], None]


def checks_of(
    events: Iterable[type[EventData]], check_of: Callable[[type[EventData]], Check]
) -> dict[type[EventData], Check]:
    """Give each event its check: whoever only the network's word is needed from is checked alike in every service."""
    return {event: only_the_network if event.said_by == "network" else check_of(event) for event in events}


def by_field(event: type[EventData], checks: Mapping[str, Check]) -> Check:
    """Give the check of the first field that the event has, of those that name what it concerns.

    Raises:
        AssertionError: it has none of them, so nobody could tell whom it concerns.
    """
    for field, check in checks.items():
        if field in event.model_fields:
            return check
    raise AssertionError(f"{event.event_name} is said by the {event.said_by}, and names none")


def only_the_network(_: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check that no single area says this."""
    if event.area is not None:
        raise NotEntitled("network_only", "only the source /network says this", pointer="/source")


def only_one_of(areas: Collection[str], event: CloudEvent[Any], *, pointer: str) -> None:
    """Check that one of some areas says this, or the network."""
    area = event.area
    if area is not None and area not in areas:
        raise ForeignArea(f"'{area}' may not speak of this", pointer=pointer)
