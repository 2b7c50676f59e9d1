"""What `make test` leaves out, and `make long` runs: the long runs of what a short run shows too.

Owns no test. Source: ADR 73.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import pytest


def long_but_for(values: Iterable[Any], short: Collection[Any]) -> list[Any]:
    """Give the values that a test is tried with, a tuple for several parameters; but for a few the test is long.

    Raises:
        ValueError: one of the few is none of the values.
    """
    values = list(values)
    if unknown := [value for value in short if value not in values]:
        raise ValueError(f"no test is tried with {unknown}")
    return [
        value
        if value in short
        else pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)
        for value in values
    ]


def see_that_nothing_is_long_alone(items: Iterable[pytest.Item]) -> None:
    """See that beside each long test a short one is collected: itself with other values, or the one that it names.

    Raises:
        pytest.UsageError: a test would not be run by `make test` in any form.
    """
    marks: dict[str, list[pytest.Mark | None]] = defaultdict(list)
    for item in items:
        marks[item.nodeid.partition("[")[0]].append(item.get_closest_marker("long"))
    short = {test for test, found in marks.items() if not all(found)}
    for test in marks.keys() - short:
        module = test.partition("::")[0]
        named = {_whole(module, mark.kwargs.get("beside", "")) for mark in marks[test] if mark is not None}
        if not named & short:
            raise pytest.UsageError(f"{test} is long, and no short test stands beside it")


def _whole(module: str, test: str) -> str:
    """Give a test with its module, which is the other's where none is said."""
    return test if "::" in test else f"{module}::{test}"
