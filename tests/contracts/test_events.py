"""What senders and other services may rely on of every event."""

import importlib
import pkgutil
import types
from collections.abc import Iterator
from typing import Any

import jsonschema
import orjson
import pytest

from shared import clock, events
from shared.backbone.event_log import Entry
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS, events_in
from tests.support.builders import Json, an_event, body

EVENTS_BY_NAME = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)
# What somebody posts; the others their owner says itself.
TAKEN = [event for event in EVENTS if event.said_by != "owner"]
OWN = [event for event in EVENTS if event.said_by == "owner"]
TAKEN_BY_NAME = pytest.mark.parametrize("event", TAKEN, ids=lambda event: event.event_name)


def _sample(event: type[EventData]) -> Json:
    source = "/areas/urbanplanen" if "area" in event.model_fields else "/network"
    return an_event(event.event_name, event.example, source=source, identifier="sample-1")


def test_an_event_without_an_example_cannot_be_defined() -> None:
    """The class statement is the one place that says what an event is, and it lacks nothing."""
    said = {"name": "thing.begun", "owner": "registry", "label_da": "a", "label_en": "b", "said_by": "area"}
    with pytest.raises(TypeError, match="example"):
        types.new_class("Unshown", (EventData,), said)


@EVENTS_BY_NAME
def test_the_example_shows_every_field(event: type[EventData]) -> None:
    """What the example leaves out is undocumented; of two ways to count, one is shown."""
    names = {field.alias or name for name, field in event.model_fields.items()}
    assert names - set(event.example) <= {"headcount"}


@TAKEN_BY_NAME
def test_the_example_is_read_and_comes_back_unchanged(event: type[EventData]) -> None:
    """What is logged says exactly what was sent, no more and no less."""
    sample = _sample(event)
    (posted,), faults = CATALOGUES[event.event_owner].read(body(sample), clock.now())
    assert not faults
    assert orjson.loads(posted.body) == sample


@TAKEN_BY_NAME
def test_what_was_logged_reads_as_the_same_event(event: type[EventData]) -> None:
    """Reading, logging and reading again gives the same event, the same text and the same digest."""
    catalogue = CATALOGUES[event.event_owner]
    (first,), _ = catalogue.read(body(_sample(event)), clock.now())
    (second,), _ = catalogue.read(first.body.encode(), clock.now())
    assert (second.event, second.body, second.digest) == (first.event, first.body, first.digest)


@pytest.mark.parametrize("event", OWN, ids=lambda event: event.event_name)
def test_what_an_owner_says_itself_is_taken_from_nobody(event: type[EventData]) -> None:
    """It stands in the log as its example does, and is unknown to intake."""
    catalogue = CATALOGUES[event.event_owner]
    said = catalogue.say(event.model_validate_json(orjson.dumps(event.example)), "sample-1", clock.now())
    assert orjson.loads(said.body)["data"] == event.example
    assert said.identity == ("/network", "sample-1")
    posted, (fault,) = catalogue.read(said.body.encode(), clock.now())
    assert (posted, fault.code) == ([], "unknown_event_type")


@EVENTS_BY_NAME
def test_a_log_entry_names_its_event(event: type[EventData]) -> None:
    """A consumer finds the event's short name again."""
    assert Entry({"sequence": 1, "event": _sample(event)}).name == event.event_name


def _subclasses(kind: type[EventData]) -> Iterator[type[EventData]]:
    for found in kind.__subclasses__():
        yield found
        yield from _subclasses(found)


def test_every_event_that_is_defined_is_in_the_catalogue_once() -> None:
    """A theme that nobody named would be unknown to every sender, without a word; so would a class of another owner."""
    for module in pkgutil.walk_packages(events.__path__, f"{events.__name__}."):
        importlib.import_module(module.name)
    defined = [found for found in _subclasses(EventData) if found.__module__.startswith(f"{events.__name__}.")]
    assert set(defined) == set(EVENTS)
    assert len({event.type_name() for event in EVENTS}) == len(EVENTS)
    assert [event for owner in CATALOGUES.values() for event in (*owner.events, *owner.own)] == list(EVENTS)
    for event in EVENTS:
        assert event.__module__.startswith(f"{events.__name__}.{event.event_owner}")


def test_a_module_has_the_events_that_it_defines_in_their_order() -> None:
    """What a theme imports is a different theme's, and is not listed twice."""
    theme = types.ModuleType("theme")
    later, earlier = (_defined(name, theme.__name__) for name in ("thing.ended", "thing.begun"))
    vars(theme).update(Imported=EVENTS[0], Base=EventData, Earlier=earlier, MOST=3, Later=later)
    assert events_in(theme) == (earlier, later)


def _defined(name: str, module: str) -> type[EventData]:
    class Defined(EventData, name=name, owner="registry", label_da=name, label_en=name, said_by="area", example={}):
        """An event of a test."""

        __module__ = module

    return Defined


def _schema(event: type[EventData]) -> dict[str, Any]:
    catalogue = CATALOGUES[event.event_owner]
    definitions = catalogue.definitions() if event.said_by != "owner" else catalogue.own_definitions()
    return {"$ref": f"#/components/schemas/{event.__name__}Event", "components": {"schemas": definitions}}


@EVENTS_BY_NAME
def test_the_json_schema_accepts_and_shows_the_example(event: type[EventData]) -> None:
    """A sender that checks against the published schema sends what intake takes."""
    schema = _schema(event)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(_sample(event))
    assert schema["components"]["schemas"][event.__name__]["examples"] == [event.example]


@TAKEN_BY_NAME
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
