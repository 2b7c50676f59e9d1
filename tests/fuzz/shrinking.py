"""Makes what repeats a breach as simple as it gets: takes away, shortens, and sees whether it is still a breach."""

import copy
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from tests.fuzz.calls import Call

MOST_TRIES: Final = 60
SHORT: Final = 8
# Whoever sends it, and what it is, has to be told.
KEPT_HEADERS: Final = frozenset({"authorization", "content-type", "cookie"})

IsBreach = Callable[[Call], Awaitable[bool]]


async def shrunk(call: Call, is_breach: IsBreach, tries: int = MOST_TRIES) -> Call:
    """Give the simplest call, of those tried, that is still a breach."""
    found = True
    while found and tries > 0:
        found = False
        for simpler in _simpler(call):
            tries -= 1
            if await is_breach(simpler):
                call, found = simpler, True
                break
            if tries <= 0:
                break
    return call


def _simpler(call: Call) -> Iterator[Call]:
    """Give calls that are a step simpler, the greatest steps first."""
    path, mark, query = call.target.partition("?")
    parameters = query.split("&") if mark else []
    for place in range(len(parameters)):
        rest = "&".join(parameters[:place] + parameters[place + 1 :])
        yield _changed(call, target=f"{path}?{rest}" if rest else path)
    for place, (name, _) in enumerate(call.headers):
        if name.lower() not in KEPT_HEADERS:
            yield _changed(call, headers=call.headers[:place] + call.headers[place + 1 :])
    try:
        document = json.loads(call.body)
    except (ValueError, RecursionError):
        for length in (len(call.body) // 2, len(call.body) - 1):
            if 0 < length < len(call.body):
                yield call.with_body(call.body[:length])
        return
    for simpler in _simpler_json(document):
        yield call.with_body(json.dumps(simpler, separators=(",", ":")).encode())


def _simpler_json(document: Any) -> Iterator[Any]:  # noqa: ANN401  any JSON
    if isinstance(document, list) and len(document) > 1:
        yield from (item for item in document)
    for way in _ways_in(document):
        value = _at(document, way)
        changed = copy.deepcopy(document)
        holder = _at(changed, way[:-1])
        del holder[way[-1]]
        yield changed
        if isinstance(value, str) and len(value) > SHORT:
            for piece in (value[: len(value) // 2], value[len(value) // 2 :]):
                shorter = copy.deepcopy(document)
                _at(shorter, way[:-1])[way[-1]] = piece
                yield shorter


def _ways_in(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  any JSON
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (*way, key)
        yield from _ways_in(value[key], (*way, key))


def _at(document: Any, way: tuple[Any, ...]) -> Any:  # noqa: ANN401  any JSON
    for key in way:
        document = document[key]
    return document


def _changed(call: Call, *, target: str | None = None, headers: Any = None) -> Call:  # noqa: ANN401  headers
    return Call(
        call.method,
        call.target if target is None else target,
        call.headers if headers is None else headers,
        call.body,
        call.route,
        call.unending,
        call.broken,
    )
