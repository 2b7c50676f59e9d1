"""Looks at the JSON and the texts of well-formed events for what could identify somebody, before any is walked. Pure.

Nearly all events hold nothing of the kind, and this tells so of many at once.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from shared.events import contact_data, named_people, personal_data, stray_pseudonyms, text_fields
from shared.events.envelope import CloudEvent, EventData
from shared.events.every_event import EVENTS

# The fields of each event that are free text or hold some, those in which people tell what happened, and references.
_FREE_TEXT: Final = {event: text_fields.free_text_of(event) for event in EVENTS}
_TOLD_IN: Final = {event: text_fields.telling_of(event) for event in EVENTS}
# How their lists of pseudonyms begin; in a text such a sign would be escaped.
_LISTS: Final = {event: [f'"{name}":['.encode() for name in text_fields.lists_of_people(event)] for event in EVENTS}
_REFERENCES: Final = {event: text_fields.references_of(event) for event in EVENTS}


class Look(NamedTuple):
    """What one look at several events has proved of each of them; what it has not, a look at each has to tell.

    `hold_nobody` is what the function says. `are_words`: no text of them has a blank or a letter that is not of ASCII.
    `hold_no_stray`: no pseudonym stands outside the fields for people.
    """

    hold_nobody: bool
    are_words: bool
    hold_no_stray: bool


# Of one event a look would tell no more than what is asked next.
NOTHING_PROVED: Final = Look(hold_nobody=False, are_words=False, hold_no_stray=False)


def look(events: Sequence[CloudEvent[Any]], bodies: Sequence[bytes]) -> Look:
    """Look at several events at once, whose JSON is `bodies`."""
    if len(events) == 1:
        return NOTHING_PROVED
    is_long = max(map(len, bodies)) > personal_data.LONG_BYTES
    bodies = list(map(_beside_lists, events, bodies))
    document = b",".join(bodies)
    # Whoever names one event so names all so.
    have_uuids = personal_data.IS_UUID.fullmatch(events[0].id) is not None
    return Look(
        not is_long and hold_nobody(bodies, have_uuids=have_uuids),
        document.isascii() and b" " not in document,
        stray_pseudonyms.hold_none(events, document),
    )


def _beside_lists(event: CloudEvent[Any], body: bytes) -> bytes:
    """Leave out of an event's JSON what its lists of pseudonyms hold: nothing but these, and most of a session."""
    for opening in _LISTS[type(event.data)]:
        start = body.find(opening) + len(opening)
        if start >= len(opening):
            body = body[:start] + body[body.index(b"]", start) :]
    return body


def hold_nobody(bodies: Sequence[bytes], *, have_uuids: bool = False) -> bool:
    """Tell whether nothing in the JSON of several events could identify somebody, but for what `tells` looks at.

    True is certain, False is not. It says True only where `may_tell` says False of each: what either looks for stands
    within one text. Where the events `have_uuids`, these are left out first, which takes a fifth of the look.
    """
    if max(map(len, bodies)) > personal_data.LONG_BYTES:
        return False
    document = b",".join(bodies)
    if have_uuids:
        document = personal_data.without_uuids(document)
    shapes = personal_data.alike(document)
    return personal_data.holds_none(document, shapes) and not contact_data.may_identify(document, shapes)


def may_tell(body: bytes) -> bool:
    """Tell whether something in an event's JSON could identify somebody: False is certain, True is not."""
    if len(body) > personal_data.LONG_BYTES:
        return True
    return _may_identify(body) and _may_identify(personal_data.without_uuids(body))


def _may_identify(body: bytes) -> bool:
    shapes = personal_data.alike(body)
    return personal_data.may_hold_personal_number(body, shapes) or contact_data.may_identify(body, shapes)


class Texts:
    """Looks at the texts of one request's events, at each that they repeat once; it is kept no longer than that."""

    def __init__(self) -> None:
        self._tell: dict[tuple[str, int], bool] = {}
        self._named: dict[str, Sequence[named_people.Finding]] = {}

    def tell(self, event: CloudEvent[Any], *, is_words: bool = False) -> bool:
        """Tell whether a text of an event could identify somebody, by what it says: False is certain, True is not.

        `is_words` is what `Look.are_words` says of it.
        """
        data = event.data
        # An id or a reference that is one word, as most are, is looked at by its shape alone.
        if not is_words and self._is_named_in_words(event):
            return True
        for name in _FREE_TEXT[type(data)]:
            text = getattr(data, name)
            if isinstance(text, str):
                if self._tells(text, event.time.year):
                    return True
            elif text and contact_data.is_worth_a_look(str(text)):
                return True
        return False

    def named(self, data: EventData) -> Sequence[tuple[str, named_people.Finding]]:
        """Give the way to each text of an event that names somebody or where somebody lives, with its code."""
        names = _TOLD_IN[type(data)]
        if not names:
            return ()
        texts = (told for name in names for told in named_people.told(name, getattr(data, name)))
        return [(way, code) for way, text in texts for code in self._findings(text)]

    def _is_named_in_words(self, event: CloudEvent[Any]) -> bool:
        """Tell whether an id or a reference of several words could identify somebody."""
        year, data = event.time.year, event.data
        own = (event.id, event.subject, event.dataschema, event.tracestate)
        for text in (*own, *[read(data) for read in _REFERENCES[type(data)]]):
            if text and (" " in text or not text.isascii()) and self._tells(text, year):
                return True
        return False

    def _tells(self, text: str, year: int) -> bool:
        found = self._tell.get((text, year))
        if found is None:
            found = self._tell[text, year] = contact_data.tells(text, year)
        return found

    def _findings(self, text: str) -> Sequence[named_people.Finding]:
        found = self._named.get(text)
        if found is None:
            found = self._named[text] = named_people.findings(text)
        return found
