"""Finds what events name, so that it can be loaded in bulk before any of them is decided. Pure."""

from collections.abc import Iterable
from typing import Any

from shared.events.envelope import CloudEvent, EventData


class Naming:
    """The events of one unit of work, told apart by kind once, and what they name.

    A kind that lacks a field is passed over whole: asking each event costs more than all the rest of loading.
    """

    def __init__(self, events: Iterable[CloudEvent[Any]]) -> None:
        self._by_kind: dict[type[EventData], list[Any]] = {}
        for event in events:
            self._by_kind.setdefault(type(event.data), []).append(event.data)

    def __bool__(self) -> bool:
        return bool(self._by_kind)

    def of(self, *kinds: type[EventData]) -> "Naming":
        """Give those of some kinds alone."""
        part = Naming(())
        part._by_kind = {kind: self._by_kind[kind] for kind in kinds if kind in self._by_kind}
        return part

    def all_but(self, *kinds: type[EventData]) -> "Naming":
        """Give those of every other kind."""
        return self.of(*(self._by_kind.keys() - set(kinds)))

    def named(self, *fields: str) -> set[str]:
        """Collect the values of fields; a field may hold one name, several, or none."""
        names: set[str] = set()
        for kind, data in self._by_kind.items():
            for field in kind.model_fields.keys() & set(fields):
                names.update(name for item in data for name in _names(getattr(item, field)))
        return names

    def named_by(self, by: str, *fields: str) -> dict[str, set[str]]:
        """Collect the values of fields for each value of the field `by`, from those events that have it."""
        names: dict[str, set[str]] = {}
        for kind, data in self._by_kind.items():
            if by in kind.model_fields:
                for field in kind.model_fields.keys() & set(fields):
                    for item in data:
                        names.setdefault(getattr(item, by), set()).update(_names(getattr(item, field)))
        return names

    def keys(self, *fields: str) -> set[tuple[str, ...]]:
        """Collect what events name by several fields together, from those that have all of them."""
        keys: set[tuple[str, ...]] = set()
        for kind, data in self._by_kind.items():
            if kind.model_fields.keys() >= set(fields):
                keys.update(key for item in data if all(key := tuple(getattr(item, field) for field in fields)))
        return keys


def _names(value: Any) -> Iterable[str]:  # noqa: ANN401  a name, names, what is said of each by name, or parts
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    # Of a table the names are its keys; what is no name is a part that names a participant.
    return value if isinstance(next(iter(value), ""), str) else [part.participant for part in value]
