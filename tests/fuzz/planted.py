"""Runs `helhedsnet` with faults planted in it, from outside of its code: `python -m tests.fuzz.planted FAULT up …`.

The fuzzer has to notice each of them.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from services.command import cli
from services.funding.store import reading as funding_reading
from services.reporting import handlers
from shared.backbone.event_log import Entry
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX

REFUSED: Final = f"{TYPE_PREFIX}milestone.planned{TYPE_SUFFIX}"
LOST: Final = f"{TYPE_PREFIX}expense.booked{TYPE_SUFFIX}"
Apply = Callable[[Any, str, Sequence[Entry]], Any]


def consumer_refuses() -> None:
    """Reporting cannot apply one type of event."""

    def refuse(entry: Entry) -> bool:
        if entry.event["type"] == REFUSED:
            raise ValueError("planted")
        return True

    _filter(refuse)


def report_loses() -> None:
    """Reporting passes over what is spent, so that its report differs from the ledger."""
    _filter(lambda entry: entry.event["type"] != LOST)


def route_crashes() -> None:
    """A route crashes when it is asked for the plans that have accounts."""

    async def crash(*_: object) -> list[Any]:
        raise ZeroDivisionError

    funding_reading.plans = crash  # type: ignore[assignment]  # a bug is planted where it would be made


def _filter(is_wanted: Callable[[Entry], bool]) -> None:
    apply: Apply = handlers.apply

    async def filtered(connection: Any, owner: str, entries: Sequence[Entry]) -> None:  # noqa: ANN401  as it is there
        await apply(connection, owner, [entry for entry in entries if is_wanted(entry)])

    handlers.apply = filtered


FAULTS: Final[dict[str, Callable[[], None]]] = {
    "consumer-refuses": consumer_refuses,
    "report-loses": report_loses,
    "route-crashes": route_crashes,
}


if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    del sys.argv[1]
    cli.main()
