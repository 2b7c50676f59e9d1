"""The guard against personal data, over every field of every event."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
import pytest
from pydantic.fields import FieldInfo

from deploy.demo.invented import invented
from shared import clock
from shared.events import text_fields
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from shared.events.fields import Written
from shared.events.people import people_in
from tests.support.builders import an_event, body
from tests.support.texts_in import replaced, texts_in

PERSONAL = {
    "personal_number": "se 010203-1234",
    "birth_date": "født 12.05.2011",
    "email_address": "a@example.org",
    "phone_number": "tlf. 31 22 11 44",
}
# In a list, in a part of an event, and in events themselves.
TEXTS = {"departments", "name", "text", "remarks"}


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


@pytest.mark.parametrize("code", PERSONAL)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)
def test_no_field_of_any_event_lets_it_through(event: type[EventData], code: str) -> None:
    """A personal number is refused in every text and identifier, the others in every free text."""
    sample = event.example
    for steps in texts_in(sample):
        name = next(step for step in reversed(steps) if isinstance(step, str))
        if code != "personal_number" and name not in text_fields.FREE_TEXT:
            continue
        told = an_event(event.event_name, replaced(sample, steps, PERSONAL[code]))
        posted, faults = CATALOGUES[event.event_owner].read(body(told), clock.now())
        assert not posted
        assert code in {fault.code for fault in faults}
        assert PERSONAL[code] not in str(faults)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)
def test_a_pseudonym_stands_in_no_field_that_is_not_for_people(event: type[EventData]) -> None:
    """So a withdrawal need not follow it there, and nobody reads who it was without a look-up; alone or in a text."""
    who, sample = invented("kanarie"), event.example
    for steps in texts_in(sample):
        name = next(step for step in reversed(steps) if isinstance(step, str))
        if name in text_fields.PSEUDONYMS:
            continue
        for said in (who, f"samtale-{who}-2026", f"Taxa for {who}.", who.upper()):
            told = an_event(event.event_name, replaced(sample, steps, said))
            posted, faults = CATALOGUES[event.event_owner].read(body(told), clock.now())
            assert not posted, steps
            assert who not in str(faults).lower()


@pytest.mark.parametrize(
    ("name", "field", "said"),
    [
        ("session.cancelled", "session", "samtale-{}-2026-11-05"),
        ("session.cancelled", "reason", "Ikke mødt: {}"),
        ("story.published", "text", "Vi fulgte {} i et halvt år."),
        ("expense.booked", "text", "Taxa for {}"),
        ("expense.booked", "voucher", "bilag {}"),
        ("expense.booked", "expense", "taxa-{}"),
        ("goal.assessed", "comment", "{} er kommet i job."),
        ("business.founded", "business", "firma-{}"),
        ("attendance.recorded", "session", "{}"),
    ],
)
def test_a_stray_pseudonym_is_said_where_it_stands(name: str, field: str, said: str) -> None:
    """By a code of its own, at the field; somebody whom the event is about may not stand beside their field either."""
    event = next(event for event in EVENTS if event.event_name == name)
    for who in (invented("kanarie"), *people_in(event.example)):
        told = an_event(name, event.example | {field: said.format(who)})
        _, faults = CATALOGUES[event.event_owner].read(body(told), clock.now())
        assert [(fault.pointer, fault.code) for fault in faults] == [(f"/data/{field}", "pseudonym_stray")]


def test_a_stray_is_found_beside_somebody_who_was_known_before_pseudonyms_had_a_form() -> None:
    """What stands in the field for people is then no pseudonym, and does not make up for one that stands elsewhere."""
    known = {"data": {"participant": "amina-hassan-16"}}
    told = an_event("consent.withdrawn", {}) | known | {"tracestate": f"who={invented('kanarie')}"}
    _, faults = CATALOGUES["registry"].read(orjson.dumps(told), clock.now())
    assert [fault.code for fault in faults] == ["pseudonym_stray"]


def test_an_id_may_be_made_of_whom_its_event_is_about() -> None:
    """Senders make ids of what they say, and a withdrawal rewrites them; of anybody else they may not be made."""
    event = next(event for event in EVENTS if event.event_name == "participant.left")
    who, other = event.example["participant"], invented("kanarie")
    for name, allowed in ((who, True), (other, False), (f"{who}-{other}", False), (who.upper(), False)):
        for envelope in ({"id": f"left-{name}"}, {"subject": name}):
            posted, _ = CATALOGUES["registry"].read(
                body(an_event("participant.left", event.example) | envelope), clock.now()
            )
            assert bool(posted) == allowed, envelope


@pytest.mark.parametrize(
    ("name", "said", "envelope", "code"),
    [
        ("volunteer.engaged", {"volunteer": "22334455"}, {}, "phone_number"),
        ("business.founded", {"members": [invented("dreng"), "22334455"]}, {}, "phone_number"),
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
