"""Releases as an intruder reads them, with the true numbers behind: what an attack on one, or on two, is given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import highspy
import numpy as np

from services.reporting.releasing import families
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Release
from tests.oracles import corrections
from tests.oracles.exact_intruder import LEAD, MANY_NODES, ExactIntruder, Found, Relations, Target, highs_of
from tests.oracles.release_intruder import THRESHOLD, Intruder, Place
from tests.oracles.release_worlds import new_by_month
from tests.oracles.releases_intruder import ADDED, NEW, OLD, TAKEN, ReleasesIntruder

Counts = Mapping[Place, int]
AMOUNTS: Final = ("attendances", "participant_hours", "volunteer_hours", "change in ")


def counted(facts: Sequence[AreaFacts], *calendars: Calendar) -> dict[Place, int]:
    """Give all true counts of areas, in the months of each calendar."""
    found: dict[Place, int] = {}
    for calendar in calendars:
        for family in families.families(facts, calendar):
            for area in facts:
                found.update({(area.area, cell): value for cell, value in family.count(area).items()})
        for area in facts:
            found.update(new_by_month(found, area.area, calendar.months))
    return found


def in_network(truth: Counts, places: Sequence[Place]) -> np.ndarray:
    """Give the true number at each place; the network's are the sums of all areas. Nobody is where none is given."""
    sums: dict[Count, int] = {}
    for (_, cell), value in truth.items():
        sums[cell] = sums.get(cell, 0) + value
    return np.array([sums.get(cell, 0) if area == NETWORK else truth.get((area, cell), 0) for area, cell in places])


def counts_of(release: Release) -> Release:
    """Give a release with its counts of people alone."""
    return replace(release, rows=[row for row in release.rows if not row.cell.name.startswith(AMOUNTS)])


@dataclass(frozen=True)
class OneRelease:
    """One release, which an intruder takes for exact; `as_told` are the counts that it was made of.

    `at_least` says what counts are at least, where somebody is told so.
    """

    release: Release
    facts: Sequence[AreaFacts]
    as_told: Counts
    at_least: Counts = field(default_factory=dict)

    def attack(self, readers: Sequence[str], seed: int) -> Found:
        """Attack all counts of 1 to 4, and all differences of 1 to 4 between two, one of which holds the other."""
        activities = {area.area: area.activities for area in self.facts}
        intruder = Intruder(counts_of(self.release), activities, at_least=self.at_least)
        truth = self._truth(intruder)
        relations = intruder.as_relations(truth)
        assert relations.faults() == 0, "what is told cannot be true, so that it tells more than it says"
        targets = [*_small(intruder.places, relations, readers), *_apart(intruder, relations, readers)]
        return ExactIntruder(relations, targets, readers, seed).attack()

    def _truth(self, intruder: Intruder) -> np.ndarray:
        """Give the number at each place; what is told nowhere as it can be beside the rest."""
        counts = counted(self.facts, self.release.calendar)
        as_told = in_network({**counts, **self.as_told}, intruder.places)
        relations = intruder.as_relations(as_told)
        if not relations.faults():
            return as_told
        is_free = np.array([area != NETWORK and (area, cell) not in self.as_told for area, cell in intruder.places])
        least, most = np.where(is_free, relations.least, as_told), np.where(is_free, relations.most, as_told)
        highs = highs_of(relations, least, most, MANY_NODES)
        highs.run()
        assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal, "what is told cannot be true"
        return np.asarray(highs.getSolution().col_value).round()


@dataclass(frozen=True)
class TwoReleases:
    """A release and a later one, with what was known of the areas' people at each."""

    old: Release
    new: Release
    then: Sequence[AreaFacts]
    now: Sequence[AreaFacts]

    def attack(self, readers: Sequence[str], seed: int) -> Found:
        """Attack all small counts of both, and how few were added to the past, or taken from it, between the two."""
        intruder, relations = self.known()
        assert relations.faults() == 0, "what is told cannot be true, so that it tells more than it says"
        return ExactIntruder(relations, list(self._targets(intruder, relations, readers)), readers, seed).attack()

    def known(self) -> tuple[ReleasesIntruder, Relations]:
        """Give who reads both, and what is known of all counts, with their true numbers."""
        then, now = ({area.area: area.activities for area in each} for each in (self.then, self.now))
        releases = counts_of(self.old), counts_of(self.new)
        # What ran in the months of both is known otherwise where an activity is told of late, or an end of one.
        intruder = ReleasesIntruder(releases, now, then=None if then == now else then)
        both = (self.old.calendar, self.new.calendar)
        counts = {
            OLD: counted(self.then, both[0]),
            NEW: counted(self.now, *both),
            ADDED: counted(list(corrections.more(self.then, self.now, both[0])), both[0]),
            TAKEN: counted(list(corrections.more(self.now, self.then, both[0])), both[0]),
        }
        truth = np.zeros(len(intruder.unknowns))
        for when, of_when in counts.items():
            places = [place for each, place in intruder.unknowns if each == when]
            truth[[number for number, (each, _) in enumerate(intruder.unknowns) if each == when]] = in_network(
                of_when, places
            )
        return intruder, intruder.as_relations(truth)

    def _targets(self, intruder: ReleasesIntruder, relations: Relations, readers: Sequence[str]) -> Iterator[Target]:
        told = {OLD: self.old.by_cell(), NEW: self.new.by_cell()}
        number = {unknown: place for place, unknown in enumerate(intruder.unknowns)}
        for (when, place), column in number.items():
            is_small = 0 < relations.truth[column] < THRESHOLD
            if is_small and when in told and place in told[when] and place[0] != NETWORK:
                yield _target(((column, 1),), 0, place[0], readers, f"{when} {place}")
        for place in intruder.both:
            new, old = number[NEW, place], number[OLD, place]
            change = relations.truth[new] - relations.truth[old]
            if place[0] != NETWORK and place in told[NEW] and 0 < abs(change) < THRESHOLD:
                sign = 1 if change > 0 else -1
                yield _target(((new, sign), (old, -sign)), 0, place[0], readers, f"change of {place}")


def _target(terms: tuple[tuple[int, int], ...], less: int, area: str, readers: Sequence[str], name: str) -> Target:
    return Target(terms, less, frozenset(reader for reader in readers if reader != area or area == LEAD), name)


def _small(places: Sequence[Place], relations: Relations, readers: Sequence[str]) -> Iterator[Target]:
    """Give each count of an area of 1 to 4, and each sum of the network that is one, or is without a reader's area."""
    number = {place: column for column, place in enumerate(places)}
    for (area, cell), column in number.items():
        value = int(relations.truth[column])
        if area != NETWORK:
            if 0 < value < THRESHOLD and cell.name != "new in month":
                yield _target(((column, 1),), 0, area, readers, f"{area} {cell}")
            continue
        for reader in readers:
            own = number.get((reader, cell), -1)
            known = int(relations.truth[own]) if reader != LEAD and own >= 0 else 0
            if 0 < value - known < THRESHOLD:
                yield Target(((column, 1),), known, frozenset({reader}), f"network {cell}")


def _apart(intruder: Intruder, relations: Relations, readers: Sequence[str]) -> Iterator[Target]:
    """Give how many more of 1 to 4 there are in a told cell than in one that it holds."""
    number = {place: column for column, place in enumerate(intruder.places)}
    for terms, least, most in intruder.rules:
        if len(terms) == 2 and sorted(terms.values()) == [-1, 1] and least == 0 and most == np.inf:
            (part, _), (whole, _) = sorted(terms.items(), key=lambda item: item[1])
            difference = relations.truth[number[whole]] - relations.truth[number[part]]
            if 0 < difference < THRESHOLD and {whole, part} <= intruder.told.keys():
                both = ((number[whole], 1), (number[part], -1))
                apart = _target(both, 0, whole[0], readers, f"{whole} without {part}")
                yield replace(apart, may_be_many=True)
