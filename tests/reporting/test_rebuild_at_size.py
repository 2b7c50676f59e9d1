"""What is measured with millions of events is right with some thousands."""

import itertools
from typing import Final

import pytest

from shared import clock
from shared.events.catalogue import CATALOGUES
from tests.support import logs_at_size
from tests.support.rebuild_at_size import followed, measure

EVENTS: Final = 6_000


@pytest.mark.long(beside="tests/reporting/test_rebuild.py::test_the_demo_rebuilt_is_the_demo_followed")
async def test_rebuilt_and_followed_are_the_same_from_processes_of_their_own() -> None:
    """Read over HTTP from other processes, the same logs give one digest, live and rebuilt."""
    figures = await measure(EVENTS, cold=1)
    assert sum(figures.rebuilt.read.values()) >= EVENTS
    assert figures.rebuilt.dead_letters == 0
    assert figures.digest == await followed(EVENTS)


def test_the_events_are_valid_ones() -> None:
    """Intake would take each of them."""
    for owner in ("registry", "funding"):
        lines = list(itertools.islice(logs_at_size.lines(owner, 12_000), 8_000))
        for line in lines:
            posted, faults = CATALOGUES[owner].read(line[6].encode(), clock.now())
            assert posted, faults
