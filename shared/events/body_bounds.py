"""What a request's body may hold before anything in it is read: events, values, and fields of one object.

Owns no event. Whatever it is given, it takes time and memory in proportion to it.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from shared.errors import BadRequest, TooLarge

# Every value but the first of an object or list follows a comma; a text may hold some too.
MAX_VALUES: Final = 500_000
# More than any event has: of fields in one object, and of items in one list.
MAX_MEMBERS: Final = 64
MAX_ITEMS: Final = 1_000
MAX_DEPTH: Final = 8
# No event has nearly as many fields or items in all; who sends more is not looked into.
MANY: Final = 100_000
# What is smaller holds too little to keep anybody waiting.
SMALL_BYTES: Final = 4_096

_RAW: Final = msgspec.json.Decoder(msgspec.Raw)
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def split(body: bytes, max_events: int) -> list[bytes]:
    """Part a body into its events, each as it is written; one that is no list is one event.

    Raises:
        BadRequest: it is not JSON (`malformed_json`).
        TooLarge: more than `max_events`, or than `MAX_VALUES` values.
    """
    if body.count(b",") > MAX_VALUES:
        raise TooLarge(f"one request holds at most {MAX_VALUES} values")
    if body[:1] != b"[" and body.lstrip()[:1] != b"[":
        check_is_one(body)
        return [body]
    try:
        raws = _LIST.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest("malformed_json", f"the body is not JSON: {error}") from None
    if len(raws) > max_events:
        raise TooLarge(f"{len(raws)} events; one request holds at most {max_events}")
    return [bytes(raw) for raw in raws]


def check_is_one(text: bytes) -> None:
    """Check that a text is one JSON value, and nothing after it.

    Raises:
        BadRequest: it is none (`malformed_json`).
    """
    try:
        _RAW.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest("malformed_json", f"this is not JSON: {error}") from None


def is_crowded(raw: bytes, depth: int = 0) -> bool:
    """Tell whether some object or list in an event's JSON holds more than any event's does, or lies too deep."""
    if len(raw) < SMALL_BYTES:
        return False
    if raw.count(b":") > MANY or raw.count(b",") > MANY:
        return True
    try:
        first = raw.lstrip()[:1]
        if first == b"{":
            inside: list[msgspec.Raw] = list(_OBJECT.decode(raw).values())
            is_full = len(inside) > MAX_MEMBERS
        elif first == b"[":
            inside = _LIST.decode(raw)
            is_full = len(inside) > MAX_ITEMS
        else:
            return False
    except (msgspec.DecodeError, RecursionError):
        # Whoever reads it says what is wrong.
        return False
    return is_full or depth == MAX_DEPTH or any(is_crowded(bytes(each), depth + 1) for each in inside)


def are_whole(raws: Sequence[bytes], bodies: Sequence[bytes]) -> bool:
    """Tell whether nothing was left out of well-formed events: `raws` as they came, `bodies` as they are logged.

    True is certain, False is not. Every name and text has two quotation marks, and what is logged has never more of
    them than what came, so where all have as many, each has; unless one in a text was written by its number.
    """
    came, logged = b",".join(raws), b",".join(bodies)
    return came.count(b'"') == logged.count(b'"') and not (b"\\" in came and b"\\u0022" in came)


class _Twice(Exception):
    """A field stands twice in one object."""


def names_twice(raw: bytes, body: bytes) -> bool:
    """Tell whether an object in an event's JSON names a field twice; `body` is what is logged of it."""
    if are_whole([raw], [body]):
        return False
    try:
        json.loads(raw, object_pairs_hook=_once)
    except _Twice:
        return True
    return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise _Twice
    return named
