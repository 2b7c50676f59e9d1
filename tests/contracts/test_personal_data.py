"""The guard against personal data, measured on a labelled corpus, and over every field of every event."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from shared import clock
from shared.events import contact_data, personal_data
from shared.events.catalogue import CATALOGUES, EVENTS
from shared.events.envelope import EventData
from shared.events.fields import OfAPerson, Written
from tests.builders import an_event, body
from tests.contracts.personal_corpus import CORPUS, YEAR
from tests.contracts.samples import SAMPLES

PERSONAL = {
    "personal_number": "se 010203-1234",
    "birth_date": "født 12.05.2011",
    "email_address": "a@example.org",
    "phone_number": "tlf. 31 22 11 44",
}


def _found(text: str) -> str | None:
    return "personal_number" if personal_data.holds_personal_number(text) else contact_data.identifying(text, YEAR)


def test_precision_and_recall_on_the_corpus(record_property: Any) -> None:  # noqa: ANN401  pytest's own
    """Of a hundred texts, hardly one is refused wrongly, and hardly one that tells of a person gets through."""
    right = sum(1 for text, code in CORPUS if code and _found(text) == code)
    alarms = sum(1 for text, _ in CORPUS if _found(text))
    personal = sum(1 for _, code in CORPUS if code)
    precision, recall = right / alarms, right / personal
    record_property("precision", precision)
    record_property("recall", recall)
    print(f"{len(CORPUS)} texts, {personal} personal: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
    assert precision >= 0.97
    assert recall >= 0.97


def _marked(model: type[BaseModel], mark: type) -> Iterator[str]:
    """Give the names of a model's fields whose type carries a mark."""
    for name, field in model.model_fields.items():
        for annotation, metadata in [(field.annotation, field.metadata), *_parts(field.annotation)]:
            if any(isinstance(item, mark) for item in metadata):
                yield name
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                yield from _marked(annotation, mark)


def _parts(annotation: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  any annotation
    for part in get_args(annotation):
        metadata = getattr(part, "__metadata__", ())
        yield getattr(part, "__origin__", part) if metadata else part, metadata
        yield from _parts(part)


def test_every_text_field_is_either_free_text_or_a_reference() -> None:
    """A new field does not slip past the guard: somebody must say which of the two it is."""
    names = {name for event in EVENTS for name in _marked(event, Written)}
    assert {"text", "voucher", "departments", "remarks"} <= names
    assert names <= contact_data.FREE_TEXT | contact_data.REFERENCES


def test_every_field_of_a_person_is_looked_at_as_one() -> None:
    """A new field that stands for people does not slip past the guard."""
    assert {name for event in EVENTS for name in _marked(event, OfAPerson)} == contact_data.PSEUDONYMS


def _strings(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        yield steps
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*steps, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _strings(item, (*steps, place))


def _replaced(value: Any, steps: tuple[str | int, ...], text: str) -> Any:  # noqa: ANN401  decoded JSON
    if not steps:
        return text
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[steps[0]] = _replaced(copy[steps[0]], steps[1:], text)
    return copy


@pytest.mark.parametrize("code", PERSONAL)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)
def test_no_field_of_any_event_lets_it_through(event: type[EventData], code: str) -> None:
    """A personal number is refused in every text and identifier, the others in every free text."""
    sample = SAMPLES[event.event_name]
    for steps in _strings(sample):
        name = next(step for step in reversed(steps) if isinstance(step, str))
        if code != "personal_number" and name not in contact_data.FREE_TEXT:
            continue
        told = an_event(event.event_name, _replaced(sample, steps, PERSONAL[code]))
        posted, faults = CATALOGUES[event.event_owner].read(body(told), clock.now())
        assert not posted
        assert code in {fault.code for fault in faults}
        assert PERSONAL[code] not in str(faults)
