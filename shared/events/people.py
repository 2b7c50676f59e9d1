"""Who is named by the data of an event. Pure; which fields name people, the events' types say."""

from collections.abc import Collection, Iterator
from typing import Any

from shared.events.text_fields import PSEUDONYMS


def people_in(data: object) -> list[str]:
    """Give the pseudonyms in an event's data as JSON has it, each once, in their order."""
    return list(dict.fromkeys(_in(data)))


def only_of(names: Collection[str], data: dict[str, Any]) -> dict[str, Any]:
    """Give an event's data as JSON has it without anybody but one person, whose pseudonyms these are."""
    return {name: _only(names, value, names_people=name in PSEUDONYMS) for name, value in data.items()}


def _only(names: Collection[str], value: Any, *, names_people: bool) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, list):
        parts = [item for item in value if not _is_of_others(names, item, names_people=names_people)]
        return [_only(names, item, names_people=names_people) for item in parts]
    if isinstance(value, dict):
        return only_of(names, value)
    return value


def _is_of_others(names: Collection[str], item: object, *, names_people: bool) -> bool:
    """Tell whether an item of a list is somebody else, or tells of somebody else."""
    found = people_in([item]) if not names_people else [item]
    return bool(found) and set(names).isdisjoint(found)


def _in(value: object, *, names_people: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        if names_people:
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _in(item, names_people=names_people)
    elif isinstance(value, dict):
        fields: dict[str, Any] = value
        for name, item in fields.items():
            yield from _in(item, names_people=name in PSEUDONYMS)
