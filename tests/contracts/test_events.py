"""What senders and other services may rely on of every event."""

from typing import Any

import jsonschema
import orjson
import pytest

from shared import clock
from shared.backbone.event_log import Entry
from shared.events.catalogue import CATALOGUES, EVENTS
from shared.events.envelope import EventData
from tests.builders import Json, an_event, body
from tests.contracts.samples import SAMPLES

EVENTS_BY_NAME = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)


def _sample(event: type[EventData]) -> Json:
    source = "/areas/urbanplanen" if "area" in event.model_fields else "/network"
    return an_event(event.event_name, SAMPLES[event.event_name], source=source, identifier="sample-1")


def test_every_event_has_a_golden_sample_and_no_sample_is_left_over() -> None:
    """An event without a sample is undocumented."""
    assert set(SAMPLES) == {event.event_name for event in EVENTS}


@EVENTS_BY_NAME
def test_the_sample_shows_every_field(event: type[EventData]) -> None:
    """A field without a sample is undocumented; of two ways to count, one is shown."""
    names = {field.alias or name for name, field in event.model_fields.items()}
    assert names - set(SAMPLES[event.event_name]) <= {"headcount"}


@EVENTS_BY_NAME
def test_the_sample_is_read_and_comes_back_unchanged(event: type[EventData]) -> None:
    """What is logged says exactly what was sent, no more and no less."""
    sample = _sample(event)
    (posted,), faults = CATALOGUES[event.event_owner].read(body(sample), clock.now())
    assert not faults
    assert orjson.loads(posted.body) == sample


@EVENTS_BY_NAME
def test_what_was_logged_reads_as_the_same_event(event: type[EventData]) -> None:
    """Reading, logging and reading again gives the same event, the same text and the same digest."""
    catalogue = CATALOGUES[event.event_owner]
    (first,), _ = catalogue.read(body(_sample(event)), clock.now())
    (second,), _ = catalogue.read(first.body.encode(), clock.now())
    assert (second.event, second.body, second.digest) == (first.event, first.body, first.digest)


@EVENTS_BY_NAME
def test_a_log_entry_names_its_event(event: type[EventData]) -> None:
    """A consumer finds the event's short name again."""
    assert Entry({"sequence": 1, "event": _sample(event)}).name == event.event_name


def _schema(event: type[EventData]) -> dict[str, Any]:
    definitions = CATALOGUES[event.event_owner].definitions()
    return {"$ref": f"#/components/schemas/{event.__name__}Event", "components": {"schemas": definitions}}


@EVENTS_BY_NAME
def test_the_json_schema_accepts_the_sample(event: type[EventData]) -> None:
    """A sender that checks against the published schema sends what intake takes."""
    schema = _schema(event)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(_sample(event))


@EVENTS_BY_NAME
@pytest.mark.parametrize("change", ["unknown field", "missing field", "wrong type"])
def test_the_json_schema_refuses_what_intake_refuses(event: type[EventData], change: str) -> None:
    """The schema is no weaker than the reader in what it can say."""
    sample = _sample(event)
    required = next(name for name, field in event.model_fields.items() if field.is_required())
    data = {
        "unknown field": {**sample["data"], "surprise": 1},
        "missing field": {name: value for name, value in sample["data"].items() if name != required},
        "wrong type": {**sample["data"], required: {"not": "this"}},
    }[change]
    sample = {**sample, "data": data}
    assert not jsonschema.Draft202012Validator(_schema(event)).is_valid(sample)
    _, faults = CATALOGUES[event.event_owner].read(body(sample), clock.now())
    assert faults


def test_every_event_has_a_label_in_danish_and_english() -> None:
    """Screens show Danish first and English second; no event lacks either."""
    labels = [(event.label_da, event.label_en) for event in EVENTS]
    assert all(danish and english for danish, english in labels)
    assert len(set(labels)) == len(EVENTS)
