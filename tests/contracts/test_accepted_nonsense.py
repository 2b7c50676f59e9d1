"""What nobody would mean, in each form in which it was once taken: refused, each with a code of its own."""

import datetime as dt
from typing import Any

import orjson
import pytest

from shared import clock
from shared.events.catalogue import CATALOGUES
from shared.events.days import Dated, dated_fields
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from tests.support.builders import Json, an_event, body
from tests.support.samples import SAMPLES

NOW = clock.now().astimezone(clock.DENMARK)
TODAY = NOW.date()
STATED = NOW - dt.timedelta(minutes=1)
EVENTS_BY_NAME = {event.event_name: event for event in EVENTS}
# One event that says each kind of thing.
STORY, CONTEXT, HEADS, MEASURED = "story.published", "context.imported", "attendance.recorded", "outcome.measured"


def _told(name: str, **changes: Any) -> Json:
    """Give the sample of an event, stated just now, with some of what it says changed; None takes a field out."""
    data = {key: value for key, value in (SAMPLES[name] | changes).items() if value is not None}
    return an_event(name, data) | {"time": STATED.isoformat()}


def _refusals(event: Json) -> list[tuple[str, str]]:
    owner = EVENTS_BY_NAME[event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")].event_owner
    posted, faults = CATALOGUES[owner].read(body(event), NOW)
    assert bool(posted) != bool(faults)
    return [(fault.pointer, fault.code) for fault in faults]


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2100-12-30T12:00:00Z", "in_the_future"),
        ("2026-10-01 10:00:00Z", "invalid_value"),
        ("1700000000", "invalid_value"),
        ("2026-10-01T10:00:00", "invalid_value"),
        ("2026-10-01T10:00Z", "invalid_value"),
        ("2026-10-01", "invalid_value"),
        ("2026-10-01T10:00:00+23:59", "invalid_value"),
        ("2026-10-01T10:00:00-16:00", "invalid_value"),
        ("2026-10-01T10:00:00+0200", "invalid_value"),
        ("\uff12\uff10\uff12\uff16-10-01T10:00:00Z", "invalid_value"),
        ("2026-10-01T24:00:00Z", "wrong_type"),
    ],
)
def test_a_time_is_written_as_rfc_3339_says_and_lies_in_the_past(time: str, code: str) -> None:
    """Each is one refusal at `/time`."""
    assert _refusals(_told("area.registered") | {"time": time}) == [("/time", code)]


@pytest.mark.parametrize(
    "time",
    ["2026-10-01T10:00:00Z", "2026-10-01t10:00:00z", "2026-10-01T10:00:00.123456+14:00", "2026-10-01T10:00:00-11:30"],
)
def test_a_time_in_any_place_on_earth_is_taken(time: str) -> None:
    """Offsets and fractions of a second are what RFC 3339 allows."""
    assert _refusals(_told("area.registered") | {"time": time}) == []


def _with_field(event: type[EventData], field: str, day: dt.date) -> Json:
    told = day.year if field == "year" else day.isoformat()
    return _told(event.event_name, **{field: told})


DATED = [(event, field) for event in EVENTS for field in dated_fields(event)]


@pytest.mark.parametrize(("event", "field"), DATED, ids=lambda each: getattr(each, "event_name", ""))
def test_no_fact_lies_later_than_tomorrow(event: type[EventData], field: Dated) -> None:
    """Of every event with the day of a fact: far ahead, and one day too far."""
    for day in (dt.date(2100, 12, 31), TODAY + dt.timedelta(days=field.days + 1)):
        if field.written != "year" or day.year > TODAY.year + 1:
            assert (f"/data/{field.written}", "in_the_future") in _refusals(_with_field(event, field.written, day))


@pytest.mark.parametrize("ahead", [dt.timedelta(minutes=10), dt.timedelta(days=1)])
def test_nothing_is_stated_later_than_now(ahead: dt.timedelta) -> None:
    """Beyond what clocks differ by."""
    event = _told("area.registered") | {"time": (NOW + ahead).isoformat()}
    assert _refusals(event) == [("/time", "in_the_future")]


def test_the_digits_of_a_time_are_nobodys_number() -> None:
    """Fractions of a second make ten digits of it that read as a person's, in a text of any letters."""
    told = _told("area.registered") | {"time": "2026-02-26T17:01:19.770121+00:00"}
    assert _refusals(told) == []
    assert _refusals(told | {"data": {**told["data"], "name": "Urbanplanen \N{DECIDUOUS TREE}"}}) == []
    assert _refusals(told | {"data": {**told["data"], "name": ""}}) == [("/data/name", "invalid_value")]
    assert ("/time", "personal_number") in _refusals(told | {"time": "010203-1234"})


def test_what_is_known_to_happen_tomorrow_is_taken_and_what_happened_after_it_was_stated_is_not() -> None:
    """A day of grace for clocks and places, no more; a session may be called off long before."""
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    assert _refusals(_told(HEADS, date=tomorrow)) == []
    stated = {"time": (NOW - dt.timedelta(days=9)).isoformat()}
    assert _refusals(_told(HEADS, date=TODAY.isoformat()) | stated) == [("/data/date", "after_statement")]
    in_spring = (TODAY + dt.timedelta(days=120)).isoformat()
    assert _refusals(_told("session.cancelled", date=in_spring)) == []


def test_every_day_is_either_a_plan_or_held_against_the_clock() -> None:
    """A new field with a day cannot be forgotten: a plan is named here."""
    planned = {
        (event.event_name, name)
        for event in EVENTS
        for name, field in event.model_fields.items()
        if "datetime.date" in repr(field.annotation) and name not in {each.name for each in dated_fields(event)}
    }
    assert planned == {
        ("pool.defined", "start"),
        ("pool.defined", "end"),
        ("plan.approved", "start"),
        ("plan.approved", "end"),
        ("plan.extended", "end"),
        ("milestone.planned", "due"),
        ("activity.planned", "start"),
        ("activity.planned", "end"),
        ("activity.anchored", "from_day"),
        ("course.opened", "start"),
        ("course.opened", "end"),
        ("session.planned", "date"),
    }


@pytest.mark.parametrize("day", ["1700006400", "1759276800000", "2026-10-1", "20261001", "2026-W40-1", "2026-02-29"])
def test_a_day_is_written_as_iso_8601_says(day: str) -> None:
    """A number of seconds is no day."""
    assert _refusals(_told(HEADS, date=day)) == [("/data/date", "wrong_type")]


@pytest.mark.parametrize(
    "blank",
    [
        *(" ", "   ", "\u00a0", "\u2003", "\u200b", "\u200b\u2060", "\u00ad", "\u3164", "\u2800"),
        *("\ufe0f", "\u034f", "\u17b4", "\u180b", "\U000e0100", "\u200d\ufe0f"),
    ],
)
def test_no_text_is_blank(blank: str) -> None:
    """Whatever a blank is made of."""
    assert _refusals(_told(STORY, title=blank)) == [("/data/title", "blank_text")]
    assert _refusals(_told(STORY, text=blank)) == [("/data/text", "blank_text")]
    assert _refusals(_told(STORY) | {"id": blank}) == [("/id", "blank_text")]


FORBIDDEN = [
    *("\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x80", "\x9b", "\x9d"),
    *("\u2028", "\u2029", "\u202a", "\u202d", "\u202e", "\u2066", "\u2068"),
    *("\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"),
]


@pytest.mark.parametrize("sign", FORBIDDEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_text_holds_what_cannot_be_shown(sign: str) -> None:
    """Controls of both kinds, separators, what turns the direction of others' text, and what is no character."""
    for field in ("title", "text"):
        assert _refusals(_told(STORY, **{field: f"Godt{sign}gået"})) == [(f"/data/{field}", "forbidden_character")]
    assert _refusals(_told(STORY) | {"subject": f"a{sign}b"}) == [("/subject", "forbidden_character")]


SHOWN = ["Fodbold ⚽", "👨\u200d👩\u200d👧", "🇩🇰", "中文", "نص عربي", "שלום", "u\u0301", "1\ufe0f\u20e3", "a\u200db"]


@pytest.mark.parametrize("text", SHOWN)
def test_every_language_and_sign_is_a_text(text: str) -> None:
    """What people write is taken, whatever they write in."""
    assert _refusals(_told(STORY, title=text)) == []


@pytest.mark.parametrize(
    ("event", "pointer", "code"),
    [
        (_told(HEADS, absent=[]), "/data/absent", "invalid_value"),
        (_told("area.registered", departments=[]), "/data/departments", "invalid_value"),
        (_told(STORY, lenses=[]), "/data/lenses", "invalid_value"),
        (_told("pool.defined", crosswalk=[]), "/data/crosswalk", "invalid_value"),
        (_told("business.closed", members=[]), "/data/members", "invalid_value"),
        (_told("statement.submitted", explanations=[]), "/data/explanations", "invalid_value"),
        (_told(HEADS, hours="2.5"), "/data/hours", "wrong_type"),
        (_told(MEASURED, score="3"), "/data/score", "wrong_type"),
        (_told("goal.set", target="25"), "/data/target", "wrong_type"),
        (_told(CONTEXT, value="12"), "/data/value", "wrong_type"),
        (_told(CONTEXT, value=10_001), "/data", "outside_bounds"),
        (_told(CONTEXT, indicator="residents", value=100_001), "/data", "outside_bounds"),
        (_told(CONTEXT, indicator="etnicitet"), "/data/indicator", "invalid_value"),
        (_told(CONTEXT, value=-1), "/data/value", "invalid_value"),
        (_told(CONTEXT, indicator="convicted_pct", value=100.5), "/data", "over_a_hundred"),
        (_told(HEADS, participants=None, headcount=10_000), "/data/headcount", "invalid_value"),
        (_told(HEADS, participants=None, headcount=-1), "/data/headcount", "invalid_value"),
    ],
)
def test_lists_numbers_and_shares_are_within_reason(event: Json, pointer: str, code: str) -> None:
    """Each is one refusal at its field."""
    assert _refusals(event) == [(pointer, code)]


@pytest.mark.parametrize(
    ("before", "after", "pointer"),
    [
        (b'"subject":"a"', b'"subject":"b","subject":"a"', ""),
        (b'"municipality"', b'"name":"Et andet navn","municipality"', ""),
        (b'"departments"', b'"\\u006eame":"Et andet navn","departments"', ""),
        # As many quotation marks as what is left of it has.
        (b'"subject":"a"', b'"subject":"b","subject":"\\u0022\\u0022\\u0022\\u0022"', ""),
    ],
)
def test_a_field_stands_once_in_an_object(before: bytes, after: bytes, pointer: str) -> None:
    """One reader would take the first word, another the last."""
    written = orjson.dumps(_told("area.registered") | {"subject": "a"})
    assert before in written
    for content in (written.replace(before, after), b"[%b]" % written.replace(before, after)):
        posted, faults = CATALOGUES["registry"].read(content, NOW)
        assert not posted
        assert [(fault.pointer, fault.code) for fault in faults] == [(pointer, "field_repeated")]


def test_a_field_that_is_null_is_a_field_that_is_left_out() -> None:
    """Programs write null for what they do not know."""
    told = _told(STORY) | {"subject": None, "dataschema": None}
    told["data"] |= {"activity": None, "lenses": None}
    (posted,), faults = CATALOGUES["registry"].read(body(told), NOW)
    assert not faults
    assert "null" not in posted.body
