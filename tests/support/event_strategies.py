"""Strategies for events, made from the JSON Schemas that the catalogue publishes: a new event needs no word here.

What they make is often, not always, accepted: a schema says less than a class. The catalogue itself sorts it.
"""

import datetime as dt
import functools
import re
from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st

from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData, Owner
from tests.support.builders import Json
from tests.support.samples import SAMPLES

Strategy = st.SearchStrategy[Any]

# What a decimal may be written with; a field that takes fewer places refuses the others.
SCALES: Final = (1, 100, 10_000)
LONGEST_LIST: Final = 500
LONGEST_TEXT: Final = 4_000
# So that events meet: some of them name the same thing.
NAMES: Final = ("a", "b-2", "9" * 63)
FRACTIONS: Final = ("", ".5", ".123456", ".999999999")
KNOWN_OFFSETS: Final = ("Z", "+00:00", "+02:00", "+05:45", "-12:00", "+15:59", "-15:59")
OFFSETS: Final = (*KNOWN_OFFSETS, "+16:00", "+23:59", "-23:59")
NO_SURROGATES: Final = st.characters(exclude_categories=["Cs"])


@functools.cache
def events_of(event: type[EventData]) -> st.SearchStrategy[Json]:
    """Give CloudEvents of one kind."""
    definitions = _definitions(event.event_owner)
    return _of(definitions[f"#/components/schemas/{event.__name__}Event"], definitions)


@functools.cache
def near_the_sample(event: type[EventData]) -> st.SearchStrategy[Json]:
    """Give CloudEvents of one kind that say what its example says, but for a field or two: most are accepted."""
    definitions = _definitions(event.event_owner)
    fields = definitions[f"#/components/schemas/{event.__name__}"]["properties"]

    def changed(names: list[str]) -> Strategy:
        return st.fixed_dictionaries({name: _of(fields[name], definitions) for name in names})

    def said(envelope: Json, changes: Json, time: str) -> Json:
        return {**envelope, "time": time, "data": {**SAMPLES[event.event_name], **changes}}

    names = st.lists(st.sampled_from(list(fields)), max_size=2)
    return st.builds(said, events_of(event), names.flatmap(changed), _late_times())


@functools.cache
def _definitions(owner: Owner) -> dict[str, Any]:
    return {f"#/components/schemas/{name}": schema for name, schema in CATALOGUES[owner].definitions().items()}


def _of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Strategy:
    """Give values of a schema."""
    if "$ref" in schema:
        return st.deferred(lambda: _of(definitions[schema["$ref"]], definitions))
    if "anyOf" in schema:
        return st.one_of([_of(each, definitions) for each in schema["anyOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    makers = {
        "object": lambda: _objects(schema, definitions),
        "array": lambda: _lists(schema, definitions),
        "string": lambda: _strings(schema),
        "integer": lambda: st.integers(schema.get("minimum"), schema.get("maximum")),
        "number": lambda: _decimals(schema),
        "boolean": st.booleans,
        "null": st.none,
    }
    return makers[schema["type"]]()


def _objects(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Strategy:
    if "properties" in schema:
        fields = {name: _of(each, definitions) for name, each in schema["properties"].items()}
        required = schema.get("required", ())
        return st.fixed_dictionaries(
            {name: fields[name] for name in required},
            optional={name: each for name, each in fields.items() if name not in required},
        )
    values = schema.get("additionalProperties") or next(iter(schema["patternProperties"].values()))
    return st.dictionaries(
        st.sampled_from(NAMES), _of(values, definitions), min_size=schema.get("minProperties", 0), max_size=len(NAMES)
    )


def _lists(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Strategy:
    """Give short lists, and long ones of names."""
    items = _of(schema["items"], definitions)
    longest, least = min(schema.get("maxItems", LONGEST_LIST), LONGEST_LIST), schema.get("minItems", 0)
    short = st.lists(items, min_size=least, max_size=min(longest, 3), unique_by=repr)
    if schema["items"].get("type") != "string":
        return short
    return st.one_of(short, st.just([f"name-{number}" for number in range(longest)]))


def _strings(schema: Mapping[str, Any]) -> Strategy:
    if schema.get("format") == "date":
        return st.one_of(st.dates(dt.date(2000, 1, 1), dt.date(2026, 1, 1)), st.dates(dt.date(1999, 1, 1))).map(str)
    if schema.get("format") == "date-time":
        return _times()
    least, longest = schema.get("minLength", 0), schema.get("maxLength", LONGEST_TEXT)
    texts: list[Strategy] = [st.text(NO_SURROGATES, min_size=least, max_size=min(longest, 40))]
    if "pattern" in schema:
        try:
            pattern = re.compile(schema["pattern"])
        except re.error:
            # Not in Python's words: the catalogue sorts what fits.
            pass
        else:
            texts = [st.from_regex(pattern, fullmatch=True, alphabet=NO_SURROGATES)]
            texts += [st.sampled_from(NAMES)] * 2 if all(map(pattern.fullmatch, NAMES)) else []
    fitting = st.one_of(texts).filter(lambda text: least <= len(text) <= longest)
    if "maxLength" not in schema:
        return fitting
    return st.one_of(fitting, fitting.map(lambda text: ((text or "æ") * longest)[:longest]))


def _times() -> Strategy:
    """Give times as senders write them: with fractions of any length, and any offset that the format has."""
    fractions = st.sampled_from(FRACTIONS)
    days = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2026, 1, 1))  # noqa: DTZ001  the offset is put behind it
    parts = st.tuples(days, fractions, st.sampled_from(OFFSETS))
    return parts.map(lambda part: f"{part[0]:%Y-%m-%dT%H:%M:%S}{part[1]}{part[2]}")


def _late_times() -> Strategy:
    """Give times after all that the examples tell of, for a fact is no later than its statement."""
    return st.tuples(st.sampled_from(FRACTIONS), st.sampled_from(KNOWN_OFFSETS)).map(
        lambda part: f"2026-11-20T12:00:00{part[0]}{part[1]}"
    )


def _decimals(schema: Mapping[str, Any]) -> Strategy:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1_000_000))
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1_000_000))
    scaled = [
        st.integers(int(low * scale), int(high * scale)).map(functools.partial(_written, scale=scale))
        for scale in SCALES
    ]
    return st.one_of(*scaled, st.sampled_from([low, high]))


def _written(number: int, scale: int) -> float:
    return number / scale
