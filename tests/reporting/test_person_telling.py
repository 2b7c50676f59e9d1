"""What is held of a person is told in plain words, in both languages: each event, field, table and reason has one."""

from typing import Final, get_args

import pytest

from services.reporting.entry.field_words import label_of
from services.reporting.person import store, telling
from services.reporting.words import LOOKUP_REASONS, TABLES_OF_PEOPLE
from shared.backbone.lookups import ONE_PERSON
from shared.codes import LookupReason
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData
from shared.events.people import only_of
from shared.events.text_fields import PSEUDONYMS, TYPES_OF_PEOPLE
from shared.tokens import SenderKind

OF_PEOPLE: Final = [event for event in CATALOGUES["registry"].events if event.type_name() in TYPES_OF_PEOPLE]
PERSON: Final = "8c1fa02b4de97a63"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("event", OF_PEOPLE, ids=lambda event: event.event_name)
def test_each_event_that_names_people_is_told(event: type[EventData], language: telling.SpokenLanguage) -> None:
    """Every field of its example stands there with its name, but the person itself."""
    line = {"event": event.event_name, "said": "2026-11-02T08:00:00Z", "data": only_of([PERSON], event.example)}
    record = {"participant": PERSON, "events": [line], "rows": {}, "lookups": [], "is_whole": True}
    (told, *_) = telling.parts_of(record, language)
    assert told.rows[0][1] == (event.label_da if language == "da" else event.label_en)
    assert "None" not in told.rows[0][2]
    for name, value in event.example.items():
        if name not in {"date", *PSEUDONYMS}:
            label = label_of(event.event_name, name)[0 if language == "da" else 1]
            assert isinstance(value, dict) or f"{label}: " in told.rows[0][2], name


def test_codes_are_told_in_words() -> None:
    """What was registered as a code is told as it is called."""
    data = {"activity": "sport", "participant": PERSON, "date": "2026-11-02", "age_band": "13-14", "gender": "male"}
    line = {"event": "participant.enrolled", "said": "2026-11-02T08:00:00Z", "data": data}
    record = {"participant": PERSON, "events": [line], "rows": {}, "lookups": []}
    (told, *_) = telling.parts_of(record, "da")
    assert told.rows == (("02.11.2026", "Deltager indskrevet", "Aktivitet: sport; Alder: 13-14 år; Køn: mand"),)


def test_each_table_reason_and_sender_has_a_word() -> None:
    """A new one without is a failure."""
    assert set(TABLES_OF_PEOPLE) == {*store.SINGLE, *store.LISTS}
    assert set(LOOKUP_REASONS) == set(get_args(LookupReason))
    assert set(telling.SENDERS) == set(get_args(SenderKind))


def test_who_looked_and_why_is_told() -> None:
    """With time, in the reader's language; what was not asked is a dash."""
    line = {
        "recorded": "2026-11-02T08:00:30.5+00:00",
        "authtype": "user",
        "authid": "u-17",
        "route": "POST /people",
        "collection": "all",
        "reason": "access_request",
    }
    record = {"participant": PERSON, "events": [], "rows": {}, "lookups": [line, {**line, "reason": None}]}
    danish, english = (telling.parts_of(record, language)[-1].rows for language in ("da", "en"))
    assert danish[0] == ("02.11.2026 08:00", "Bruger u-17", "all", "Personen bad om indsigt")
    assert english[1] == ("02/11/2026 08:00", "User u-17", "all", telling.NOT_ASKED)


def test_what_was_shown_and_numbers_are_told_in_the_readers_language() -> None:
    """Hours with a Danish comma, and that all was shown in Danish words."""
    data = {"activity": "sport", "session": "s-1", "date": "2026-11-02", "participants": [PERSON], "hours": 2.5}
    event = {"event": "attendance.recorded", "said": "2026-11-02T08:00:00Z", "data": data}
    look = {"recorded": "2026-11-02T08:00:30Z", "authtype": "user", "authid": "u", "reason": None}
    record = {"participant": PERSON, "events": [event], "rows": {}, "lookups": [{**look, "collection": ONE_PERSON}]}
    danish, english = (telling.parts_of(record, language) for language in ("da", "en"))
    assert "Timer: 2,5" in danish[0].rows[0][2]
    assert "Hours: 2.5" in english[0].rows[0][2]
    assert danish[-1].rows[0][2] == "Alt, der er registreret om én person"


def test_days_are_told_as_people_write_them() -> None:
    """Those of events, of sessions that are called by their day, and of the list on which somebody saw the person."""
    data = {"activity": "sport", "session": "2026-11-02", "date": "2026-11-02", "participants": [PERSON]}
    event = {"event": "attendance.recorded", "said": "2026-11-02T08:00:00Z", "data": data}
    look = {"recorded": "2026-11-02T08:00:30Z", "authtype": "user", "authid": "u", "reason": None}
    seen = {**look, "collection": "roster of sport on 2026-12-01"}
    record = {"participant": PERSON, "events": [event], "rows": {}, "lookups": [seen]}
    danish, english = (telling.parts_of(record, language) for language in ("da", "en"))
    assert danish[0].rows[0][0] == "02.11.2026"
    assert "Mødegang: 02.11.2026" in danish[0].rows[0][2]
    assert "Session: 02/11/2026" in english[0].rows[0][2]
    assert danish[-1].rows[0][2] == "Deltagerlisten for sport, 01.12.2026"
    assert english[-1].rows[0][2] == "The roster of sport, 01/12/2026"
