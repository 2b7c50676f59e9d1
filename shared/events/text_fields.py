"""Which texts of the events people write freely, and which are references or stand for people. Pure.

It reads this off the types of the fields, so a field says it where it is declared, and is listed nowhere else.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel

from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from shared.events.fields import IsReference, KnownAtOnce, OfAPerson, Tells, Written


class TextField(NamedTuple):
    """A field that holds a text, or several: its name in JSON, and what its type is marked with."""

    name: str
    marks: Sequence[object]

    @property
    def is_free(self) -> bool:
        """Tell whether people write sentences or names in it."""
        return self.has(Written) and not self.has(IsReference)

    def has(self, mark: type) -> bool:
        """Tell whether its type carries a mark."""
        return any(isinstance(item, mark) for item in self.marks)


def texts_of(model: type[BaseModel]) -> Iterator[TextField]:
    """Give the text fields of a model, and of the models inside it; one that may only hold certain words is none."""
    for name, field in model.model_fields.items():
        yield from _texts_in(field.alias or name, field.annotation, field.metadata)


def _texts_in(name: str, annotation: Any, marks: Sequence[object]) -> Iterator[TextField]:  # noqa: ANN401  any annotation
    if hasattr(annotation, "__metadata__"):
        yield from _texts_in(name, annotation.__origin__, annotation.__metadata__)
    elif annotation is str:
        yield TextField(name, marks)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from texts_of(annotation)
    else:
        for part in get_args(annotation):
            yield from _texts_in(name, part, ())


def _names(is_one: Callable[[TextField], bool]) -> frozenset[str]:
    return frozenset(text.name for event in EVENTS for text in texts_of(event) if is_one(text))


def free_text_of(event: type[EventData]) -> tuple[str, ...]:
    """Name the fields of an event, as Python has them, that are free text or hold some."""
    return tuple(name for name, texts in _by_field(event) if any(text.is_free for text in texts))


def telling_of(event: type[EventData]) -> tuple[str, ...]:
    """Name the fields of an event in which people tell what happened."""
    return tuple(name for name, texts in _by_field(event) if any(text.has(Tells) for text in texts))


def people_fields_of(event: type[EventData]) -> tuple[str, ...]:
    """Name the fields of an event, as Python has them, that stand for people or hold parts that do."""
    return tuple(name for name, texts in _by_field(event) if any(text.has(OfAPerson) for text in texts))


def lists_of_people(event: type[EventData]) -> tuple[str, ...]:
    """Name the fields of an event, as JSON has them, that are lists of pseudonyms and of nothing else."""
    return tuple(
        field.alias or name
        for name, field in event.model_fields.items()
        for marks in (field.metadata, *(getattr(part, "__metadata__", ()) for part in get_args(field.annotation)))
        if any(isinstance(mark, KnownAtOnce) for mark in marks)
    )


def references_of(event: type[EventData]) -> tuple[Callable[[Any], str | None], ...]:
    """Give what reads each reference of an event, its own or one of a part of it; those in lists are left out."""
    found: list[Callable[[Any], str | None]] = []
    for name, texts in _by_field(event):
        annotation = event.model_fields[name].annotation
        is_part = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        found.extend(attrgetter(f"{name}.{text.name}" if is_part else name) for text in texts if text.has(IsReference))
    return tuple(found)


def _by_field(event: type[EventData]) -> Iterator[tuple[str, list[TextField]]]:
    for name, field in event.model_fields.items():
        yield name, list(_texts_in(name, field.annotation, field.metadata))


# By their names in JSON; texts of one name are of one kind in all events.
FREE_TEXT: Final = _names(lambda text: text.is_free)
REFERENCES: Final = _names(lambda text: text.has(IsReference))
PSEUDONYMS: Final = _names(lambda text: text.has(OfAPerson))
# The types of the events that name people.
TYPES_OF_PEOPLE: Final = frozenset(
    event.type_name() for event in EVENTS if any(text.has(OfAPerson) for text in texts_of(event))
)
