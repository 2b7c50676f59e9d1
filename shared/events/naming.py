"""Finds what events name, so that it can be loaded in bulk before any of them is decided."""

from collections.abc import Iterable
from typing import Any

from shared.events.envelope import CloudEvent


def named(events: Iterable[CloudEvent[Any]], *fields: str) -> set[str]:
    """Collect the values of fields over events; a field may hold one name, a list of them, or be missing."""
    names: set[str] = set()
    for event in events:
        for field in fields:
            value = getattr(event.data, field, None)
            if isinstance(value, str):
                names.add(value)
            elif value:
                names.update(value)
    return names
