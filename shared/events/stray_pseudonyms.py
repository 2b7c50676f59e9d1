"""Where a pseudonym stands that no field for a person holds: in a text, an identifier or a reference. Pure.

What is not a person's field is read by everybody, and is no part of what a withdrawal erases (ADR 115).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from shared.events.envelope import CloudEvent, EventData
from shared.events.every_event import EVENTS
from shared.events.people import people_in
from shared.events.text_fields import PSEUDONYMS, lists_of_people, people_fields_of
from shared.pseudonyms import LENGTH, LETTERS, PREFIX

# Typed wrongly, or in capitals, it still names somebody to whoever has the area's list.
_ONE: Final = re.compile(rf"{PREFIX}[{LETTERS}]{{{LENGTH}}}", re.IGNORECASE)
_ONE_IN_BYTES: Final = re.compile(_ONE.pattern.encode(), re.IGNORECASE)
_BEGINS: Final = PREFIX.encode()
_BEGINS_IN_CAPITALS: Final = _BEGINS.upper()
# The attributes of an event that a sender makes of what the event is about.
_MADE_OF_DATA: Final = frozenset({"id", "subject"})
_FIELDS: Final = {event: people_fields_of(event) for event in EVENTS}
_BESIDE_LISTS: Final = {
    event: tuple(name for name in names if name not in lists_of_people(event)) for event, names in _FIELDS.items()
}


def may_hold_stray(data: EventData, body: bytes) -> bool:
    """Tell whether an event's JSON holds more pseudonyms than its fields for people: then it is walked."""
    # Each has its two first signs; most events hold these nowhere else, and to count them takes a tenth of the pattern.
    begun = _begun(body)
    if not begun:
        return False
    in_fields = _in_fields(data, _FIELDS[type(data)])
    if begun == in_fields:
        return False
    return len(_ONE_IN_BYTES.findall(body)) > in_fields


def hold_none(events: Sequence[CloudEvent[Any]], document: bytes) -> bool:
    """Tell whether `may_hold_stray` says False of each of several events.

    `document` is their JSON in a row without the lists of pseudonyms. True is certain, False is not. Of no event are
    fewer begun than its fields hold, so where the sums are the same, the numbers of each are.
    """
    begun = _begun(document)
    return not begun or begun == sum([_in_fields(event.data, _BESIDE_LISTS[type(event.data)]) for event in events])


def stray(event: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Give the way to each text of a decoded event that holds a pseudonym and is no field for a person.

    An id or a subject may be made of those whom the event is about.
    """
    people = people_in(event.get("data"))
    for name, value in event.items():
        if name in _MADE_OF_DATA and isinstance(value, str):
            if not set(_ONE.findall(value)).issubset(people):
                yield (name,)
        else:
            yield from _in(value, (name,))


def _begun(document: bytes) -> int:
    """Count the places at which a pseudonym may begin."""
    begun = document.count(_BEGINS)
    # One sign is found many times as fast as two are counted.
    return begun + document.count(_BEGINS_IN_CAPITALS) if _BEGINS_IN_CAPITALS[:1] in document else begun


def _in_fields(data: EventData, names: Iterable[str]) -> int:
    """Count the pseudonyms in an event's fields for people that have these names."""
    in_fields = 0
    for name in names:
        value: str | Sequence[object] | None = getattr(data, name)
        if value is not None:
            # Those of a list have the form; what stood for a person before pseudonyms had one is none.
            in_fields += len(_ONE.findall(value)) if isinstance(value, str) else len(value)
    return in_fields


def _in(value: object, steps: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        if _ONE.search(value) and not PSEUDONYMS.intersection(map(str, steps)):
            yield steps
    elif isinstance(value, dict):
        for name, item in value.items():
            if _ONE.search(name):
                yield steps
            yield from _in(item, (*steps, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _in(item, (*steps, place))
