"""Walks the texts of decoded JSON, to put something else in the place of each."""

from collections.abc import Iterator
from typing import Any


def texts_in(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the way to each text of a decoded JSON value."""
    if isinstance(value, str):
        yield steps
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_in(item, (*steps, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from texts_in(item, (*steps, place))


def replaced(value: Any, steps: tuple[str | int, ...], text: str) -> Any:  # noqa: ANN401  decoded JSON
    """Give a copy in which a text stands at the end of the way."""
    if not steps:
        return text
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[steps[0]] = replaced(copy[steps[0]], steps[1:], text)
    return copy
