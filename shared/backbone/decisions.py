"""What a rule answers, and how a service's rules are found. Pure: domains import it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from shared.backbone.working_set import WorkingSet
from shared.events.envelope import EventData


class Decision(NamedTuple):
    """What a rule decided beyond the rows it put into the working set.

    `warnings` are shown to the sender, `outcome` is logged with the event for other services to read, and `entries`
    are insert-only rows that carry the event's sequence.
    """

    warnings: tuple[str, ...] = ()
    outcome: dict[str, Any] | None = None
    entries: tuple[Any, ...] = ()


# A rule decides one event by what was loaded, and refuses it by raising.
Rule: TypeAlias = Callable[[WorkingSet, Any], Decision]


def rules_of(*themes: Mapping[type[EventData], Rule]) -> Mapping[type[EventData], Rule]:
    """Join the rules of a service's themes.

    Raises:
        ValueError: two themes decide the same event.
    """
    joined: dict[type[EventData], Rule] = {}
    for rules in themes:
        if twice := joined.keys() & rules.keys():
            raise ValueError(f"two rules decide {sorted(event.event_name for event in twice)}")
        joined.update(rules)
    return joined
