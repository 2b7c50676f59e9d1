"""How a request's bytes become events or faults, of all the events that an owner has. Owns no rule that needs state."""

import functools
import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol, Union, cast

import orjson
from pydantic import Discriminator, TypeAdapter, ValidationError, create_model

from shared.errors import BadRequest, Fault, Refused
from shared.events import body_bounds, days, findings, first_look, stray_pseudonyms
from shared.events.envelope import NETWORK, CloudEvent, EventData, Owner
from shared.events.every_event import EVENTS

# After one of these, earlier lines of its owner's log say something else than they did when they were published.
ERASING_TYPES: Final = frozenset(event.type_name() for event in EVENTS if event.erases)
MAX_EVENTS: Final = 5_000
# Events that are read in one call, during which nothing else of the process runs.
CHUNK: Final = 100
STEP_BYTES: Final = 32_768
# Faults after which a request that is refused whole is read no further.
MAX_FAULTS: Final = 100


class Posted(NamedTuple):
    """One event of a request that is well formed: `index` is its place in the request.

    `identity` is its (`source`, `id`), which is unique among all events. `body` is its JSON as it will be logged,
    `digest` the SHA-256 of that, by which a repeated post is told from another event under the same id. `warnings` are
    what its sender confirmed, which the answer repeats.
    """

    index: int  # type: ignore[assignment]  # nobody asks for a tuple's own
    event: CloudEvent[Any]
    identity: tuple[str, str]
    body: str
    digest: bytes
    warnings: tuple[str, ...] = ()


class Catalogue:
    """The events of one owner, ready to read requests."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        # What it takes, and what it says itself and takes from nobody.
        self.events = tuple(event for event in EVENTS if event.event_owner == owner and event.said_by != "owner")
        self.own = tuple(event for event in EVENTS if event.event_owner == owner and event.said_by == "owner")
        models = [_envelope(event) for event in self.events]
        self._own = {event: _envelope(event) for event in self.own}
        # Built at run time, from the models there are: no type checker can follow.
        union: Any = Annotated[Union[tuple(models)], Discriminator("type")]  # noqa: UP007  built at run time
        self._one: TypeAdapter[CloudEvent[Any]] = TypeAdapter(union)
        self._many: TypeAdapter[list[CloudEvent[Any]]] = TypeAdapter(list[union])

    def read(
        self, body: bytes, now: datetime, speaks_for: "MaySpeak | None" = None, max_faults: int = MAX_FAULTS
    ) -> tuple[list[Posted], list[Fault]]:
        """Read one event or a list of them from JSON; a fault is listed for everything that is wrong with any.

        Length and shape come first, then whether the sender may speak, which `speaks_for` refuses, then the clock,
        and what could identify a person last. Reading ends when there are `max_faults`. It takes time in proportion
        to the body, and lets go of the interpreter every few milliseconds.

        Raises:
            BadRequest: the body is not JSON (`malformed_json`), or neither an object nor a list of them.
            TooLarge: more than `MAX_EVENTS`, or than `body_bounds.MAX_VALUES` values.
        """
        reading = self.begin(body, now, speaks_for, max_faults)
        for _ in reading.steps():
            pass
        return reading.posted, reading.faults

    def begin(
        self,
        body: bytes,
        now: datetime,
        speaks_for: "MaySpeak | None" = None,
        max_faults: int = MAX_FAULTS,
        *,
        acknowledged: bool = False,
    ) -> "Reading":
        """Part a body into its events, to be read step by step; where `acknowledged`, names in texts are warnings."""
        raws = body_bounds.split(body, MAX_EVENTS)
        reading = Reading(self._read_chunk, raws, days.latest(now), speaks_for, max_faults)
        reading.is_acknowledged = acknowledged
        return reading

    def look_at(self, readings: "Sequence[Reading]") -> "Looked | None":
        """Read what several requests hold that are small, and look at all of it at once; each then takes its own.

        None where one of them is at fault: each is to be read by itself.
        """
        raws = [reading.raw for reading in readings]
        try:
            events = self._many.validate_json(b"[%b]" % b",".join(raws))
        except ValidationError:
            return None
        return Looked.at(events, raws, first_look.Texts())

    def say(self, data: EventData, identifier: str, now: datetime) -> Posted:
        """Make an event that the owner says itself, ready for its log."""
        said = {"specversion": "1.0", "id": identifier, "source": NETWORK, "type": data.type_name()}
        written = orjson.dumps({**said, "time": now.isoformat(), "data": data.model_dump(mode="json")})
        event = self._own[type(data)].model_validate_json(written)
        body = event.as_logged()
        return Posted(0, event, (event.source, event.id), body.decode(), hashlib.sha256(body).digest())

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of one event of this owner; it refers to `definitions`, placed as OpenAPI wants them."""
        return {name: value for name, value in self._schema.items() if name != "$defs"}

    def definitions(self) -> dict[str, Any]:
        """Give the JSON Schemas that `json_schema` refers to, by name."""
        return dict(self._schema["$defs"])

    def own_definitions(self) -> dict[str, Any]:
        """Give the JSON Schemas of the events that the owner says itself, by name, and of what they are made of."""
        found: dict[str, Any] = {}
        for model in self._own.values():
            described = model.model_json_schema(ref_template="#/components/schemas/{model}")
            found |= {**described.pop("$defs", {}), model.__name__: described}
        return found

    @functools.cached_property
    def _schema(self) -> dict[str, Any]:
        """Give the JSON Schema with its definitions; it takes a quarter of a second to make."""
        return self._one.json_schema(mode="validation", ref_template="#/components/schemas/{model}")

    def _read_chunk(self, reading: "Reading", start: int, raws: Sequence[bytes]) -> None:
        """Read a few events at once; where one of them is at fault, each on its own."""
        # pydantic would make a fault of each field of a crowded one.
        if len(raws) > 1 and not any(map(body_bounds.is_crowded, raws)):
            try:
                events = self._many.validate_json(b"[%b]" % b",".join(raws))
            except ValidationError:
                pass
            else:
                reading.take(start, events, raws)
                return
        for place, raw in enumerate(raws):
            if reading.is_over:
                return
            self._read_one(reading, start + place, raw)

    def _read_one(self, reading: "Reading", index: int, raw: bytes) -> None:
        """Read one event, and say all that is wrong with it."""
        if body_bounds.is_crowded(raw):
            detail = f"more than {body_bounds.MAX_MEMBERS} fields in an object, or {body_bounds.MAX_ITEMS} in a list"
            reading.faults.append(findings.found_in(index, None, (), "too_many_values", detail))
            return
        try:
            event = self._one.validate_json(raw)
        except ValidationError as error:
            details = error.errors(include_url=False)[: findings.EVENT_FAULTS]
            if details[0]["type"] == "json_invalid":
                raise BadRequest("malformed_json", f"the body is not JSON: {details[0]['msg']}") from None
            item = _decoded(raw)
            personal = findings.personal_faults(index, item)
            # What names somebody is no pseudonym either: the first of the two is what its sender has to know.
            told = {fault.pointer for fault in personal}
            found = [fault for each in details if (fault := findings.as_fault(index, each, item)).pointer not in told]
            reading.faults.extend([*personal, *found])
        else:
            reading.take(index, [event], [raw])


class MaySpeak(Protocol):
    """Tells whether a sender may speak for an area, or for the network when that is None."""

    def __call__(self, area: str | None) -> None:
        """Raise `Refused` where it may not."""


class Reading:
    """One request that is read step by step, and what has been read of it so far."""

    def __init__(
        self,
        read_chunk: "Callable[[Reading, int, Sequence[bytes]], None]",
        raws: Sequence[bytes],
        latest: days.Latest,
        speaks_for: MaySpeak | None,
        max_faults: int,
    ) -> None:
        self.posted: list[Posted] = []
        self.faults: list[Fault] = []
        self.is_acknowledged = False
        self._read_chunk = read_chunk
        self._raws = raws
        self._latest = latest
        self._speaks_for = speaks_for
        self._max_faults = max_faults
        # Sources that the sender may speak for.
        self._spoken_for: set[str] = set()
        self._texts = first_look.Texts()

    @property
    def is_over(self) -> bool:
        """Tell whether there are so many faults that nothing more is read."""
        return len(self.faults) >= self._max_faults

    @property
    def is_small(self) -> bool:
        """Tell whether it is one event, and so short that it is nobody's but those who wait beside it to read."""
        return len(self._raws) == 1 and len(self._raws[0]) < body_bounds.SMALL_BYTES

    @property
    def raw(self) -> bytes:
        """Give its first event as it came."""
        return self._raws[0]

    @property
    def has_long_events(self) -> bool:
        """Tell whether one event alone may take longer than anybody else should wait."""
        return any(len(raw) > STEP_BYTES for raw in self._raws)

    def steps(self) -> Iterator[None]:
        """Read on, a few events at each step, which takes some milliseconds where no event is long."""
        start = size = 0
        for end, raw in enumerate(self._raws, start=1):
            size += len(raw)
            if end - start == CHUNK or size > STEP_BYTES or end == len(self._raws):
                if self.is_over:
                    return
                self._read_chunk(self, start, self._raws[start:end])
                start, size = end, 0
                yield

    def take(self, start: int, events: Sequence[CloudEvent[Any]], raws: Sequence[bytes]) -> None:
        """Take well-formed events, from a place in the request on, unless their senders, days or texts forbid that."""
        looked = Looked.at(events, raws, self._texts)
        for place in range(len(events)):
            self._take(start + place, looked, place)

    def take_alone(self, looked: "Looked", place: int) -> None:
        """Take the one event of this request, which was looked at together with those of others."""
        self._take(0, looked, place)

    def _take(self, index: int, looked: "Looked", place: int) -> None:
        """Take an event, unless it has faults or what it says could identify somebody."""
        event, body, seen = looked.events[place], looked.bodies[place], looked.seen
        if event.source not in self._spoken_for and not self._may_say(index, event):
            return
        faults: list[Fault] = []
        if not looked.are_whole and body_bounds.names_twice(looked.raws[place], body):
            # One reader would take the first, another the last.
            repeated = Fault(index, "", "field_repeated", "a field stands twice in one object")
            faults.append(findings.of_event(repeated, event))
        if late := days.too_late(event, self._latest):
            faults.extend(findings.of_event(Fault(index, *found), event) for found in late)
        # One look at the whole text; only where it finds something is the event walked field by field.
        if (not seen.hold_nobody and first_look.may_tell(body)) or looked.texts.tell(event, is_words=seen.are_words):
            faults.extend(findings.personal_faults(index, orjson.loads(body)))
        if not seen.hold_no_stray and stray_pseudonyms.may_hold_stray(event.data, body):
            faults.extend(findings.stray_faults(index, orjson.loads(body)))
        named = looked.texts.named(event.data)
        if named and not self.is_acknowledged:
            told = ((f"/data/{name}", code, findings.TO_CONFIRM[code]) for name, code in named)
            faults.extend(findings.of_event(Fault(index, *found), event) for found in told)
        if faults:
            self.faults.extend(faults)
            return
        identity = event.source, event.id
        warnings = tuple(f"{code}:/data/{name}" for name, code in named) if named else ()
        self.posted.append(Posted(index, event, identity, body.decode(), hashlib.sha256(body).digest(), warnings))

    def _may_say(self, index: int, event: CloudEvent[Any]) -> bool:
        """Tell whether the sender may speak for an event's source; that it may not is a fault, and its only one."""
        if self._speaks_for is None:
            return True
        try:
            self._speaks_for(event.area)
        except Refused as refusal:
            fault = Fault(index, refusal.pointer, refusal.code, refusal.detail, refusal.status)
            self.faults.append(findings.of_event(fault, event))
            return False
        self._spoken_for.add(event.source)
        return True


class Looked(NamedTuple):
    """Several well-formed events, of one request or of several, and what one look at all of them tells of each.

    `raws` are their JSON as it came, `bodies` as it is logged; `are_whole` and `seen` say what was proved of them.
    """

    events: Sequence[CloudEvent[Any]]
    raws: Sequence[bytes]
    bodies: Sequence[bytes]
    are_whole: bool
    seen: first_look.Look
    texts: first_look.Texts

    @classmethod
    def at(cls, events: Sequence[CloudEvent[Any]], raws: Sequence[bytes], texts: first_look.Texts) -> "Looked":
        """Look at events; `texts` remembers what they repeat."""
        bodies = [event.as_logged() for event in events]
        are_whole = len(events) > 1 and body_bounds.are_whole(raws, bodies)
        return cls(events, raws, bodies, are_whole, first_look.look(events, bodies), texts)


def _envelope(event: type[EventData]) -> type[CloudEvent[Any]]:
    """Make the CloudEvents model of one event, its `type` fixed."""
    # Built at run time, from the class: no type checker can follow.
    base: Any = CloudEvent[event]  # type: ignore[valid-type]  # built at run time
    fixed: Any = (Literal[event.type_name()], ...)
    return cast(
        "type[CloudEvent[Any]]",
        create_model(f"{event.__name__}Event", __base__=base, __doc__=event.__doc__, type=fixed),
    )


def _decoded(raw: bytes) -> object:
    """Decode what pydantic has read as JSON already, to name what its faults are about."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        # A number that is none of JSON's, such as NaN.
        raise BadRequest("malformed_json", "the body is not JSON: a number is none") from None


CATALOGUES: Final[dict[Owner, Catalogue]] = {owner: Catalogue(owner) for owner in ("registry", "funding", "reporting")}
