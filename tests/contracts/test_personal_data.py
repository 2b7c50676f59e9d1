"""The guard against personal data, measured on a labelled corpus, and over every field of every event."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from shared import clock
from shared.events import contact_data, personal_data, text_fields
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from shared.events.fields import Written
from tests.support.builders import an_event, body
from tests.support.personal_corpus import CORPUS, YEAR

PERSONAL = {
    "personal_number": "se 010203-1234",
    "birth_date": "født 12.05.2011",
    "email_address": "a@example.org",
    "phone_number": "tlf. 31 22 11 44",
}
# In a list, in a part of an event, and in events themselves.
TEXTS = {"departments", "name", "text", "remarks"}


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
    print(f"{len(CORPUS)} texts, {personal} personal: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201  what the test reads
    assert precision >= 0.97
    assert recall >= 0.97


def _patterns(marks: Iterable[object]) -> Iterator[str]:
    for mark in marks:
        if isinstance(pattern := getattr(mark, "pattern", None), str):
            yield pattern
        if isinstance(mark, FieldInfo):
            yield from _patterns(mark.metadata)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)
def test_every_text_is_looked_at_or_has_no_room_for_a_person(event: type[EventData]) -> None:
    """A new field does not slip past the guard: it is free text, a reference, or of a form that holds no sentence."""
    for text in text_fields.texts_of(event):
        if text.has(Written):
            assert text.name in text_fields.FREE_TEXT | text_fields.REFERENCES
            continue
        patterns = list(_patterns(text.marks))
        assert patterns, f"anything may stand in {text.name}"
        for said in PERSONAL.values():
            assert not all(re.search(pattern, said) for pattern in patterns), text.name


def test_a_name_means_one_kind_of_text() -> None:
    """The guard walks what was sent by its names, so a name says what a text is, whichever event it stands in."""
    kinds = (text_fields.FREE_TEXT, text_fields.REFERENCES, text_fields.PSEUDONYMS)
    assert sum(map(len, kinds)) == len(kinds[0] | kinds[1] | kinds[2])
    for kind, some in zip(kinds, (TEXTS, {"voucher", "cvr", "reference"}, {"participant", "members"}), strict=True):
        assert some < kind


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
    sample = event.example
    for steps in _strings(sample):
        name = next(step for step in reversed(steps) if isinstance(step, str))
        if code != "personal_number" and name not in text_fields.FREE_TEXT:
            continue
        told = an_event(event.event_name, _replaced(sample, steps, PERSONAL[code]))
        posted, faults = CATALOGUES[event.event_owner].read(body(told), clock.now())
        assert not posted
        assert code in {fault.code for fault in faults}
        assert PERSONAL[code] not in str(faults)


@pytest.mark.parametrize(
    ("name", "said", "envelope", "code"),
    [
        ("volunteer.engaged", {"volunteer": "22334455"}, {}, "phone_number"),
        ("business.founded", {"members": ["8c1fa02b4de97a63", "22334455"]}, {}, "phone_number"),
        ("session.cancelled", {"session": "22-33-44-55"}, {}, "phone_number"),
        ("session.cancelled", {"session": "004522334455"}, {}, "phone_number"),
        ("funding.committed", {"reference": "anna@example.org"}, {}, "email_address"),
        ("session.cancelled", {}, {"tracestate": "a=anna@example.org"}, "email_address"),
        ("session.cancelled", {}, {"tracestate": "a=22 33 44 55"}, "phone_number"),
    ],
)
def test_an_identifier_is_looked_at_in_a_short_event_too(
    name: str, said: dict[str, Any], envelope: dict[str, Any], code: str
) -> None:
    """Most events are short, and none of their free texts gives a reason to look at the rest."""
    event = next(event for event in EVENTS if event.event_name == name)
    told = an_event(name, event.example | said) | envelope
    posted, faults = CATALOGUES[event.event_owner].read(body(told), clock.now())
    assert not posted
    assert [fault.code for fault in faults] == [code]
