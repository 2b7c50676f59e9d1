"""An intruder that reads releases and activities over HTTP narrows nothing, whoever it is."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import httpx
import pytest

from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import Release
from tests.conftest import Bearer
from tests.oracles.attacked_releases import OneRelease, TwoReleases, counted, counts_of
from tests.oracles.exact_intruder import LEAD
from tests.support import late_words
from tests.support.builders import Json
from tests.support.outsiders import AREAS, Network, history
from tests.support.releases_read import Get, activities_read, release_read

# What is said before each release is made.
SAID: Final[Mapping[date, Callable[[], list[Json]]]] = {
    date(2025, 9, 1): lambda: [*history(), *late_words.volunteers()],
    date(2025, 10, 1): late_words.in_october,
    date(2025, 11, 1): late_words.in_november,
}
SEED: Final = 1


def _reading(network: Network, role: str, *areas: str) -> Get:
    async def get(path: str) -> Any:  # noqa: ANN401  any JSON
        return (await network.get(path, role, *areas)).json()

    return get


@dataclass(frozen=True, slots=True)
class _Read:
    """A release as everybody reads it, and what was true when it was made."""

    release: Release
    facts: list[AreaFacts]


async def _read(network: Network, number: int) -> _Read:
    """Read the newest release as a lead and as every coordinator, who are told the same, and which activities ran."""
    release = await release_read(_reading(network, "lead"), number)
    for area in AREAS:
        assert await release_read(_reading(network, "coordinator", area), number) == release
    facts = await network.facts(release.calendar)
    assert await activities_read(_reading(network, "lead"), release.calendar) == {
        area.area: sorted(area.activities, key=lambda each: each.activity) for area in facts
    }
    return _Read(counts_of(release), facts)


@pytest.mark.timeout(900)
@pytest.mark.long(
    beside="tests/reporting/test_releases_in_a_row.py::test_an_intruder_narrows_nothing_from_two_releases"
)
async def test_an_intruder_over_http_narrows_nothing(
    system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any]
) -> None:
    """Neither a lead nor any coordinator, from the first release; what three tell together can be true.

    Between them people are withdrawn, heard of late, told otherwise and found to be one, and an activity and the end of
    an activity are told late. What ran is as it is known, and everybody reads the same cells.
    """
    network = Network(system, bearer, surroundings["database_url"])
    read = []
    for number, (month, said) in enumerate(SAID.items(), start=1):
        await network.post(*said())
        await network.release(month)
        read.append(await _read(network, number))
    first = read[0]
    found = OneRelease(first.release, first.facts, counted(first.facts, first.release.calendar)).attack(
        (LEAD, *AREAS), SEED
    )
    assert (found.narrowed, found.undecided) == ([], [])
    assert found.tried > found.numbers > len(AREAS)
    for old, new in itertools.combinations(read, 2):
        intruder, relations = TwoReleases(old.release, new.release, old.facts, new.facts).known()
        assert relations.faults() == 0
        assert len(intruder.both) > len(AREAS)
