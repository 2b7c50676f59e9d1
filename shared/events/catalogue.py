"""Every event there is, and how a request's bytes become events or faults. Owns no rule that needs state."""

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, cast, get_args

import orjson
from pydantic import BaseModel, Discriminator, TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails

from shared.errors import BadRequest, Fault, TooLarge
from shared.events import contact_data, funding, personal_data, registry, reporting
from shared.events.envelope import SOURCE_PATTERN, CloudEvent, EventData, Owner

EVENTS: Final[tuple[type[EventData], ...]] = (
    *registry.EVENTS,
    funding.FundingCommitted,
    funding.FundingReleased,
    funding.FundingReceived,
    funding.FundingWithheld,
    funding.FundingResumed,
    funding.BudgetApproved,
    funding.BudgetRevised,
    funding.ExpenseBooked,
    funding.ExpenseReversed,
    funding.StatementSubmitted,
    funding.StatementReturned,
    funding.StatementAccepted,
    *reporting.EVENTS,
)
# After one of these, earlier lines of its owner's log say something else than they did when they were published.
ERASING_TYPES: Final = frozenset(event.type_name() for event in EVENTS if event.erases)
TYPES: Final = frozenset(event.type_name() for event in EVENTS)
MAX_EVENTS: Final = 5_000

# pydantic's words for what is wrong → our stable codes; what is not named here is `invalid_value`.
CODES: Final = {
    "extra_forbidden": "unknown_field",
    "missing": "missing_field",
    "union_tag_invalid": "unknown_event_type",
    "union_tag_not_found": "missing_field",
    "cvr_invalid": "cvr_invalid",
    "dates_reversed": "dates_reversed",
    "guardian_consent_missing": "guardian_consent_missing",
    "named_twice": "named_twice",
    "participants_or_headcount": "participants_or_headcount",
    "scale_reversed": "scale_reversed",
    "score_outside_scale": "score_outside_scale",
    "shares_mismatch": "shares_mismatch",
    "change_of_nothing": "change_of_nothing",
}
# What must not be said of a person, and what to do about it.
PERSONAL: Final = {
    "personal_number": "this looks like a personal number; use the area's pseudonym",
    "birth_date": "this looks like somebody's date of birth; an age band says enough",
    "email_address": "this looks like an e-mail address; leave it out",
    "phone_number": "this looks like a telephone number; leave it out",
}
WRONG_TYPE_SUFFIXES: Final = ("_type", "_parsing", "_from_float")


class Posted(NamedTuple):
    """One event of a request that is well formed: `index` is its place in the request.

    `identity` is its (`source`, `id`), which is unique among all events. `body` is its JSON as it will be logged,
    `digest` the SHA-256 of that, by which a repeated post is told from another event under the same id.
    """

    index: int  # type: ignore[assignment]  # nobody asks for a tuple's own
    event: CloudEvent[Any]
    identity: tuple[str, str]
    body: str
    digest: bytes


class Catalogue:
    """The events of one owner, ready to read requests."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.events = tuple(event for event in EVENTS if event.event_owner == owner)
        models = [_envelope(event) for event in self.events]
        # Built at run time, from the models there are: no type checker can follow.
        union: Any = Annotated[Union[tuple(models)], Discriminator("type")]  # noqa: UP007
        self._one: TypeAdapter[CloudEvent[Any]] = TypeAdapter(union)
        self._many: TypeAdapter[list[CloudEvent[Any]]] = TypeAdapter(list[union])

    def read(self, body: bytes) -> tuple[list[Posted], list[Fault]]:
        """Read one event or a list of them from JSON; a fault is listed for everything that is wrong with any.

        Raises:
            BadRequest: the body is no JSON (`malformed_json`), or neither an object nor a list of them.
            TooLarge: more than `MAX_EVENTS`.
        """
        is_batch = body.lstrip()[:1] == b"["
        try:
            events = self._many.validate_json(body) if is_batch else [self._one.validate_json(body)]
        except ValidationError:
            return self._read_one_by_one(body)
        if len(events) > MAX_EVENTS:
            raise TooLarge(f"{len(events)} events; one request holds at most {MAX_EVENTS}")
        # What is read as it is written can be looked through at once; an escape may hide what the log would show.
        is_clear = b"\\" not in body and not personal_data.may_hold_personal_number(body)
        return _guarded(enumerate(events), is_clear=is_clear)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of one event of this owner; it refers to `definitions`, placed as OpenAPI wants them."""
        schema = self._one.json_schema(mode="validation", ref_template="#/components/schemas/{model}")
        return {name: value for name, value in schema.items() if name != "$defs"}

    def definitions(self) -> dict[str, Any]:
        """Give the JSON Schemas that `json_schema` refers to, by name."""
        definitions: dict[str, Any] = self._one.json_schema(
            mode="validation", ref_template="#/components/schemas/{model}"
        )["$defs"]
        return definitions

    def _read_one_by_one(self, body: bytes) -> tuple[list[Posted], list[Fault]]:
        """Read a body that holds a fault: every event on its own, so that each good one is still known."""
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadRequest("malformed_json", f"the body is no JSON: {error.msg} at byte {error.pos}") from None
        items = document if isinstance(document, list) else [document]
        if len(items) > MAX_EVENTS:
            raise TooLarge(f"{len(items)} events; one request holds at most {MAX_EVENTS}")
        events: list[tuple[int, CloudEvent[Any]]] = []
        faults: list[Fault] = []
        for index, item in enumerate(items):
            try:
                text = orjson.dumps(item)
            except orjson.JSONEncodeError:
                raise BadRequest("malformed_json", "the body is nested deeper than any event") from None
            faults.extend(_personal_faults(index, item))
            try:
                events.append((index, self._one.validate_json(text)))
            except ValidationError as error:
                faults.extend(_fault(index, details, item) for details in error.errors(include_url=False))
        posted, personal = _guarded(events, is_clear=False)
        faults.extend(fault for fault in personal if fault not in faults)
        return posted, sorted(faults, key=lambda fault: fault.index or 0)


def _envelope(event: type[EventData]) -> type[CloudEvent[Any]]:
    """Make the CloudEvents model of one event, its `type` fixed."""
    # Built at run time, from the class: no type checker can follow.
    base: Any = CloudEvent[event]  # type: ignore[valid-type]
    fixed: Any = (Literal[event.type_name()], ...)
    return cast(
        "type[CloudEvent[Any]]",
        create_model(f"{event.__name__}Event", __base__=base, __doc__=event.__doc__, type=fixed),
    )


def _guarded(events: Iterable[tuple[int, CloudEvent[Any]]], *, is_clear: bool) -> tuple[list[Posted], list[Fault]]:
    """Serialise each event once, for the log, and keep out those that could identify somebody.

    `is_clear` tells that none of them holds a personal number.
    """
    posted: list[Posted] = []
    faults: list[Fault] = []
    for index, event in events:
        body = event.as_logged()
        # One look at the whole text; only where it finds something is the event walked field by field.
        is_suspect = (not is_clear and personal_data.may_hold_personal_number(body)) or _tells(event.data)
        if is_suspect and (found := _personal_faults(index, orjson.loads(body))):
            faults.extend(found)
            continue
        identity = event.source, event.id
        posted.append(Posted(index, event, identity, body.decode(), hashlib.sha256(body).digest()))
    return posted, faults


def _tells(data: EventData) -> bool:
    """Tell whether free text of an event could identify somebody: False is certain, True is not."""
    for name in TELLING_FIELDS[type(data)]:
        text = getattr(data, name)
        if text is not None and contact_data.WORTH_A_LOOK.search(text if isinstance(text, str) else str(text)):
            return True
    return False


def _personal_faults(index: int, item: object) -> list[Fault]:
    found = [(steps, "personal_number") for steps in personal_data.personal_numbers(item)]
    numbers = {steps for steps, _ in found}
    found.extend((steps, code) for steps, code in contact_data.contact_data(item) if steps not in numbers)
    return [_found(index, item, steps, code, PERSONAL[code]) for steps, code in found]


def _fault(index: int, details: ErrorDetails, item: object) -> Fault:
    """Say one of pydantic's findings in our words, without ever repeating the value, which could name a person."""
    kind = details["type"]
    code = CODES.get(kind, "wrong_type" if kind.endswith(WRONG_TYPE_SUFFIXES) else "invalid_value")
    # The discriminated union puts the event's type into the location; it is no part of the JSON.
    steps = [step for step in details["loc"] if not str(step).startswith("dk.helhedsnet.")]
    if kind.startswith("union_tag"):
        steps = ["type"]
    message = "no such event type here" if code == "unknown_event_type" else details["msg"]
    return _found(index, item, steps, code, message)


def _found(index: int, item: object, steps: Iterable[str | int], code: str, message: str) -> Fault:
    """Make a fault of an event that cannot be taken; its type and source go along as far as they are ours."""
    borne = item if isinstance(item, dict) else {}
    kind, source = borne.get("type"), borne.get("source")
    return Fault(
        index,
        _pointer(steps),
        code,
        message,
        type=kind if isinstance(kind, str) and kind in TYPES else None,
        source=source if isinstance(source, str) and re.fullmatch(SOURCE_PATTERN, source) else None,
    )


def _pointer(steps: Iterable[str | int]) -> str:
    """Write the way to a fault as a JSON pointer, as far as it consists of our own fields' names.

    Any other key is the sender's text, and may hold anything.
    """
    own = itertools.takewhile(lambda step: isinstance(step, int) or step in FIELD_NAMES, steps)
    return "".join(f"/{step}" for step in own)


def _field_names(models: Iterable[type[BaseModel]]) -> Iterator[str]:
    """Give the name of every field of models, and of the models inside them."""
    for model in models:
        for name, field in model.model_fields.items():
            yield field.alias or name
            yield from _field_names(_models_in(field.annotation))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401  any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


FIELD_NAMES: Final = frozenset(_field_names([*EVENTS, CloudEvent]))
# The fields of each event that are free text, or hold some.
TELLING_FIELDS: Final = {
    event: tuple(
        name
        for name, field in event.model_fields.items()
        if not contact_data.FREE_TEXT.isdisjoint({name, *_field_names(_models_in(field.annotation))})
    )
    for event in EVENTS
}
CATALOGUES: Final[dict[Owner, Catalogue]] = {owner: Catalogue(owner) for owner in ("registry", "funding", "reporting")}
