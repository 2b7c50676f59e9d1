"""Looks at the JSON and the texts of well-formed events for what could identify somebody, before any is walked. Pure.

Nearly all events hold nothing of the kind, and this tells so of many at once.
"""

from collections.abc import Sequence
from typing import Any, Final

from shared.events import contact_data, named_people, personal_data, text_fields
from shared.events.envelope import CloudEvent, EventData
from shared.events.every_event import EVENTS

# The fields of each event that are free text or hold some, those in which people tell what happened, and references.
_FREE_TEXT: Final = {event: text_fields.free_text_of(event) for event in EVENTS}
_TOLD_IN: Final = {event: text_fields.telling_of(event) for event in EVENTS}
_REFERENCES: Final = {event: text_fields.references_of(event) for event in EVENTS}


def hold_nobody(bodies: Sequence[bytes]) -> bool:
    """Tell whether nothing in the JSON of several events could identify somebody, but for what `tells` looks at.

    True is certain, False is not. It says True only where `may_tell` says False of each: what either looks for stands
    within one text.
    """
    if max(map(len, bodies)) > personal_data.LONG_BYTES:
        return False
    document = b",".join(bodies)
    shapes = personal_data.alike(document)
    return personal_data.holds_none(document, shapes) and not contact_data.may_identify(document, shapes)


def may_tell(body: bytes) -> bool:
    """Tell whether something in an event's JSON could identify somebody: False is certain, True is not."""
    shapes = personal_data.alike(body)
    if personal_data.may_hold_personal_number(body, shapes) or len(body) > personal_data.LONG_BYTES:
        return True
    return contact_data.may_identify(body, shapes)


def tells(event: CloudEvent[Any]) -> bool:
    """Tell whether a text of an event could identify somebody, by what it says: False is certain, True is not."""
    year = event.time.year
    # An id or a reference that is one word, as most are, is looked at by its shape alone.
    for text in (event.id, event.subject, event.dataschema, event.tracestate):
        if text and (" " in text or not text.isascii()) and contact_data.tells(text, year):
            return True
    data = event.data
    for read in _REFERENCES[type(data)]:
        if (text := read(data)) and (" " in text or not text.isascii()) and contact_data.tells(text, year):
            return True
    for name in _FREE_TEXT[type(data)]:
        text = getattr(data, name)
        if contact_data.tells(text, year) if isinstance(text, str) else contact_data.is_worth_a_look(str(text or "")):
            return True
    return False


def named(data: EventData) -> Sequence[tuple[str, named_people.Finding]]:
    """Give the way to each text of an event that names somebody or where somebody lives, with its code."""
    if not _TOLD_IN[type(data)]:
        return ()
    texts = (told for name in _TOLD_IN[type(data)] for told in named_people.told(name, getattr(data, name)))
    return [(way, code) for way, text in texts for code in named_people.findings(text)]
