"""An intruder that reads over HTTP narrows nothing, whoever it is: releases, and all that is told by any way.

Networks of two areas are the hardest: each area is all that is left of every sum for the other's coordinator.
"""

import itertools
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import httpx
import pytest

from services.reporting.reader import reading
from services.reporting.reader.wanted import Wanted
from services.reporting.releasing import deciding, small_sums
from services.reporting.releasing import network as network_sums
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import Release
from tests.conftest import Bearer
from tests.oracles.attacked_releases import OneRelease, TwoReleases, counted, counts_of
from tests.oracles.exact_intruder import LEAD, Found
from tests.reporting.conftest import running
from tests.support import late_words, pairs
from tests.support.builders import Json
from tests.support.everything_read import Everything
from tests.support.outside import Outside
from tests.support.outsiders import AREAS, Network, history
from tests.support.releases_read import Get, activities_read, release_read
from tests.support.signing_in import Hosts

# What is said before each release is made.
SAID: Final[Mapping[date, Callable[[], list[Json]]]] = {
    date(2025, 9, 1): lambda: [*history(), *late_words.volunteers()],
    date(2025, 10, 1): late_words.in_october,
    date(2025, 11, 1): late_words.in_november,
}
SEED: Final = 1
AUGUST, SEPTEMBER = date(2025, 8, 1), date(2025, 9, 1)
DEMO_AREAS: Final = ("gellerupparken", "urbanplanen")


def _reading(network: Network, role: str, *areas: str) -> Get:
    async def get(path: str) -> Any:  # noqa: ANN401  any JSON
        return (await network.get(path, role, *areas)).json()

    return get


@dataclass(frozen=True, slots=True)
class _Read:
    """A release as everybody reads it, and what was true when it was made."""

    release: Release
    facts: list[AreaFacts]


async def _read(network: Network, number: int, areas: Sequence[str] = AREAS) -> _Read:
    """Read the newest release as a lead and as every coordinator, who are told the same, and which activities ran."""
    release = await release_read(_reading(network, "lead"), number)
    for area in areas:
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


async def _attacked(outside: Outside, areas: Iterable[str], seed: int) -> tuple[Everything, Found]:
    """Read everything that is told after the first release, and attack all of it as a lead and as every coordinator."""
    read, facts = await outside.reads(1)
    as_told = counted(facts, read.release.calendar)
    one = OneRelease(read.as_release(), facts, as_told, read.at_least)
    return read, one.attack((LEAD, *areas), seed)


async def _attacked_with_published(outside: Outside, month: date, areas: Sequence[str], seed: int) -> Found:
    """Attack the first release alone, then all that was published of it with all that the second one tells."""
    read, found = await _attacked(outside, areas, seed)
    assert read.more == []
    _say(read, found)
    then = await outside.network.facts(read.release.calendar)
    await outside.publishes()
    if month.year == 2025:
        await outside.network.post(*pairs.later(seed))
    await outside.network.release(month)
    published = await outside.reads_published(read.release)
    assert len(published) > len(areas)
    assert [more for each in published for more in each.more] == []
    assert all(each.read for each in published)
    now, facts = await outside.reads(2)
    assert now.more == []
    two = TwoReleases(published[0].as_release(), now.as_release(), then, facts).attack((LEAD, *areas), seed)
    _say(now, two)
    return found.with_others(two)


def _say(read: Everything, found: Found) -> None:
    """Print the figures of an attack."""
    tried = f"{found.numbers} numbers tried {found.tried} times, {len(found.narrowed)} narrowed"
    sys.stdout.write(f"{read.read} figures read, {tried}\n")


@pytest.mark.timeout(300)
async def test_whatever_is_read_of_a_pair_is_what_its_release_says(
    system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """By every route and in every form; so nobody narrows anything from all of it, neither a lead nor the other."""
    network = Network(system, bearer, surroundings["database_url"])
    await network.post(*pairs.history(SEED))
    await network.release(AUGUST)
    read, found = await _attacked(Outside(system, network, hosts), pairs.AREAS, SEED)
    _say(read, found)
    assert read.more == []
    assert (found.narrowed, found.undecided) == ([], [])
    assert found.tried > found.numbers > len(pairs.AREAS)


@pytest.mark.timeout(900)
@pytest.mark.long(beside="test_whatever_is_read_of_a_pair_is_what_its_release_says")
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_nobody_narrows_anything_of_pairs_with_all_that_was_published(
    system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any], hosts: Hosts, seed: int
) -> None:
    """Of two areas each coordinator takes the own off every sum; between two releases people come late and withdraw."""
    network = Network(system, bearer, surroundings["database_url"])
    await network.post(*pairs.history(seed))
    await network.release(AUGUST)
    found = await _attacked_with_published(Outside(system, network, hosts), SEPTEMBER, pairs.AREAS, seed)
    assert (found.narrowed, found.undecided) == ([], [])


@pytest.mark.timeout(1_800)
@pytest.mark.long(beside="test_whatever_is_read_of_a_pair_is_what_its_release_says")
async def test_nobody_narrows_anything_of_the_demo_with_all_that_was_published(
    demo_databases: dict[str, str], bearer: Bearer, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """Neither a lead nor the coordinator of either area, from all that is read anywhere of three and a half years."""
    assert demo_databases
    async with running(surroundings) as system:
        network = Network(system, bearer, surroundings["database_url"])
        await network.release(date(2026, 9, 1))
        outside = Outside(system, network, hosts)
        found = await _attacked_with_published(outside, date(2026, 10, 1), DEMO_AREAS, SEED)
    assert (found.narrowed, found.undecided) == ([], [])


@pytest.mark.timeout(300)
async def test_where_sums_are_told_for_leads_alone_the_intruder_over_http_knows_small_counts(
    system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the attacks can fail: where nobody thinks of coordinators, each takes the own area off every sum.

    Certificates have to be left out too: they stand against every coordinator, and hide the sums by themselves.
    """
    monkeypatch.setattr(deciding, "ENDS", ())
    for module in (network_sums, small_sums):
        monkeypatch.setattr(module, "SMALLEST_TOLD", 1)
    network = Network(system, bearer, surroundings["database_url"])
    await network.post(*pairs.history(SEED))
    await network.release(AUGUST)
    read = await _read(network, 1, pairs.AREAS)
    as_told = counted(read.facts, read.release.calendar)
    found = OneRelease(read.release, read.facts, as_told).attack((LEAD, *pairs.AREAS), SEED)
    sys.stdout.write(f"{len(found.narrowed)} of {found.numbers} narrowed\n")
    assert found.narrowed != []


@pytest.mark.timeout(300)
@pytest.mark.long(beside="test_where_sums_are_told_for_leads_alone_the_intruder_over_http_knows_small_counts")
@pytest.mark.parametrize("form", ["exports.api", "web.printing", "web.pages"])
async def test_where_a_form_alone_tells_more_the_intruder_over_http_reads_it(
    system: httpx.AsyncClient,
    bearer: Bearer,
    surroundings: dict[str, Any],
    hosts: Hosts,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    """So that reading every form can fail: files, paper or pages that are made as for the area's own are found out."""

    def of_their_own(*asked: Any, **of: Any) -> Wanted:
        return replace(reading.wanted(*asked, **of), own=frozenset(pairs.AREAS))

    network = Network(system, bearer, surroundings["database_url"])
    await network.post(*pairs.history(SEED))
    await network.release(AUGUST)
    monkeypatch.setattr(f"services.reporting.{form}.wanted", of_their_own)
    read, found = await _attacked(Outside(system, network, hosts), pairs.AREAS, SEED)
    assert read.more != []
    assert found.narrowed != []
