"""One random network over twelve releases, with what came late, was a mistake or was withdrawn, and attacks on it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from services.reporting.releasing import making
from services.reporting.releasing.amounts import COUNTED_AS, Amounts
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import Release
from tests.oracles import corrections, realistic_networks, release_worlds
from tests.oracles.amount_intruder import given_away_by_all
from tests.oracles.attacked_releases import Counts, OneRelease, TwoReleases
from tests.oracles.exact_intruder import LEAD, Found
from tests.oracles.means_intruder import ReadMeans
from tests.oracles.releases_in_a_row import TWELVE, YOUNG

FEWEST_AREAS, SIZES = 2, 11
MEDIANS: Final = (15, 40, 60)


@dataclass(frozen=True, slots=True)
class Released:
    """A release, what was known of all areas when it was made, and the counts that it tells or hides."""

    release: Release
    facts: Sequence[AreaFacts]
    as_told: Counts
    beside: making.Beside


@dataclass
class Attacked:
    """What came of one network: what follows of amounts, and of means, is of 1 to 4 people."""

    seed: int
    areas: int
    releases: int
    counts: Found
    of_amounts: list[tuple[str, str]] = field(default_factory=list)
    of_means: list[tuple[str, str]] = field(default_factory=list)
    means: int = 0

    @property
    def narrowed(self) -> int:
        """Give how many numbers were narrowed, for somebody."""
        return len(self.counts.narrowed) + len(self.of_amounts) + len(self.of_means)


def drawn(seed: int) -> list[AreaFacts]:
    """Give a network of 2 to 12 areas."""
    return realistic_networks.network(
        FEWEST_AREAS + seed % SIZES, seed, median=MEDIANS[seed % len(MEDIANS)], calendar=YOUNG
    )


def released(facts: Sequence[AreaFacts], seed: int, months: Sequence[int] = TWELVE) -> Iterator[Released]:
    """Make releases in a row."""
    last: making.Kept | None = None
    for number, count in enumerate(months):
        calendar = replace(YOUNG, months=count)
        known = [corrections.as_known_in_all(area, number, len(months), seed) for area in facts]
        decided = making.decisions(known, calendar, last)
        beside = making.beside(known, calendar, decided, last)
        as_told = {place: count for each in decided.values() for place, count in release_worlds.truth(each).items()}
        made = making.release(number + 1, 1, calendar, list(decided.values()), beside)
        yield Released(made, known, as_told, beside)
        last = making.kept(calendar, decided, beside, last)


def attacked(seed: int) -> Attacked:
    """Attack the first release, a later one, and the first with a later one, as a lead and as each coordinator."""
    facts = drawn(seed)
    made = list(released(facts, seed))
    dice = random.Random(seed)  # noqa: S311  drawn from a seed
    readers = (LEAD, *(area.area for area in facts))
    later, last = (made[dice.randrange(1, len(made))] for _ in range(2))
    found = Found()
    for each in (made[0], later):
        found = found.with_others(OneRelease(each.release, each.facts, each.as_told).attack(readers, seed))
    two = TwoReleases(made[0].release, last.release, made[0].facts, last.facts)
    found = found.with_others(two.attack(readers, seed))
    means = _means_read(made)
    of_means = [(reader, lens) for lens, read in means.items() for reader in readers for _ in read.given_away(reader)]
    told = sum(len(read.told) for read in means.values())
    return Attacked(seed, len(facts), len(made), found, list(_of_amounts(made, readers)), of_means, told)


def _of_amounts(made: Sequence[Released], readers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give for whom something follows, from all releases, of what 1 to 4 people did."""
    by_name: Mapping[str, list[Amounts]] = {name: [] for name in COUNTED_AS}
    for each in made:
        for amounts in each.beside.amounts:
            by_name[amounts.name].append(amounts)
    for name, all_of_them in by_name.items():
        for reader in readers:
            for _ in given_away_by_all(all_of_them, reader):
                yield reader, name


def _means_read(made: Sequence[Released]) -> dict[str, ReadMeans]:
    """Give all means that any release tells, by lens and kind of respondent."""
    found: dict[str, ReadMeans] = {}
    for each in made:
        for of_change in each.beside.means:
            found.setdefault(of_change.name, ReadMeans()).read(of_change, each.facts)
    return found
