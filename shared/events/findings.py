"""What is wrong with an event, told in our words: a code, a sentence, and the way to it. Owns no look at any event.

It never repeats a value, which could name a person.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from shared import codes
from shared.errors import Fault
from shared.events import contact_data, personal_data, stray_pseudonyms
from shared.events.envelope import SOURCE_PATTERN, CloudEvent
from shared.events.every_event import EVENTS

TYPES: Final = frozenset(event.type_name() for event in EVENTS)
# Faults that are told of one event.
EVENT_FAULTS: Final = 10
# pydantic's words for what is wrong → our stable codes; what is not named here is `invalid_value`.
CODES: Final[dict[str, str]] = {
    "extra_forbidden": "unknown_field",
    "missing": "missing_field",
    "union_tag_invalid": "unknown_event_type",
    "union_tag_not_found": "missing_field",
    "blank_text": "blank_text",
    "forbidden_character": "forbidden_character",
    "day_unreadable": "wrong_type",
    # An event's own checks raise the code itself.
    **{code: code for code in codes.SHAPES},
}
# What must not be said of a person, and what to do about it.
PERSONAL: Final = {
    "personal_number": "this looks like a personal number; use the area's pseudonym",
    "birth_date": "this looks like somebody's date of birth; an age band says enough",
    "email_address": "this looks like an e-mail address; leave it out",
    "phone_number": "this looks like a telephone number; leave it out",
}
STRAY: Final = "a pseudonym stands in fields for people alone; leave it out here"
# What may be said of a person once the sender confirms it.
TO_CONFIRM: Final = {
    "person_named": "this names a person; leave the name out, or post with acknowledged=true",
    "home_address": "this looks like somebody's home address; leave it out, or post with acknowledged=true",
}
WRONG_TYPE_SUFFIXES: Final = ("_type", "_parsing", "_from_float")


def of_event(fault: Fault, event: CloudEvent[Any]) -> Fault:
    """Say of which event a fault is."""
    return replace(fault, type=event.type, source=event.source)


def personal_faults(index: int, item: object) -> list[Fault]:
    """Walk a decoded event, and tell of each text that could identify somebody."""
    found = [(steps, "personal_number") for steps in personal_data.personal_numbers(item)]
    numbers = {steps for steps, _ in found}
    found.extend((steps, code) for steps, code in contact_data.contact_data(item) if steps not in numbers)
    del found[EVENT_FAULTS:]
    return [found_in(index, item, steps, code, PERSONAL[code]) for steps, code in found]


def stray_faults(index: int, item: dict[str, Any]) -> list[Fault]:
    """Walk a decoded event, and tell of each pseudonym that stands in no field for a person."""
    found = itertools.islice(stray_pseudonyms.stray(item), EVENT_FAULTS)
    return [found_in(index, item, steps, "pseudonym_stray", STRAY) for steps in found]


def as_fault(index: int, details: ErrorDetails, item: object) -> Fault:
    """Say one of pydantic's findings in our words, without ever repeating the value, which could name a person."""
    kind = details["type"]
    code = CODES.get(kind, "wrong_type" if kind.endswith(WRONG_TYPE_SUFFIXES) else "invalid_value")
    # The discriminated union puts the event's type into the location; it is no part of the JSON.
    steps = [step for step in details["loc"] if not str(step).startswith("dk.helhedsnet.")]
    if kind.startswith("union_tag"):
        steps = ["type"]
    message = "no such event type here" if code == "unknown_event_type" else details["msg"]
    return found_in(index, item, steps, code, message)


def found_in(index: int, item: object, steps: Iterable[str | int], code: str, message: str) -> Fault:
    """Make a fault of an event that cannot be taken; its type and source go along as far as they are ours."""
    borne = item if isinstance(item, dict) else {}
    kind, source = borne.get("type"), borne.get("source")
    return Fault(
        index,
        _pointer(steps),
        code,
        message,
        type=kind if isinstance(kind, str) and kind in TYPES else None,
        source=source if isinstance(source, str) and re.fullmatch(SOURCE_PATTERN, source) else None,
    )


def _pointer(steps: Iterable[str | int]) -> str:
    """Write the way to a fault as a JSON pointer, as far as it consists of our own fields' names.

    Any other key is the sender's text, and may hold anything.
    """
    own = itertools.takewhile(lambda step: isinstance(step, int) or step in FIELD_NAMES, steps)
    return "".join(f"/{step}" for step in own)


def _field_names(models: Iterable[type[BaseModel]]) -> Iterator[str]:
    """Give the name of every field of models, and of the models inside them."""
    for model in models:
        for name, field in model.model_fields.items():
            yield field.alias or name
            yield from _field_names(_models_in(field.annotation))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401  any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


FIELD_NAMES: Final = frozenset(_field_names([*EVENTS, CloudEvent]))
