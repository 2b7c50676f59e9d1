"""An intruder against attendances and hours: works out by linear algebra what follows of few people.

It knows all that releases tell, and as a coordinator the own area. What was done in an area in a month is an unknown; a
told number is the sum of some. A set of unknowns is given away where some sum of them, with any factors, is a sum of
what is known. It owns no code of the product's disclosure control.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from services.reporting.releasing.amounts import Amounts
from services.reporting.releasing.calendar import Months
from services.reporting.releasing.crowds import numbers_in
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, ReleaseRow

THRESHOLD: Final = 5
# A version of what was done in an area in a month: area, month and how many releases had moved it before.
Unknown = tuple[str, int, int]
Person = tuple[str, str, int]


def people_of(facts: Iterable[AreaFacts], name: str) -> dict[tuple[str, int], frozenset[Person]]:
    """Give who did something by area and month; of heads that were counted, as many as there were at once."""
    found: dict[tuple[str, int], set[Person]] = {}
    for area in facts:
        for done in area.done:
            if done.amount == name:
                those = found.setdefault((area.area, done.month), set())
                those |= {(area.area, "known", person) for person in numbers_in(done.people)}
                those |= {(area.area, "counted", person) for person in range(done.at_once - done.people.bit_count())}
    return {place: frozenset(those) for place, those in found.items()}


class AmountIntruder:
    """Whoever reads rows of releases about one amount; `own` is the area that a coordinator knows."""

    def __init__(self, people: Mapping[Unknown, frozenset[Person]], own: str = "") -> None:
        self._unknowns = sorted(people)
        self._number = {unknown: number for number, unknown in enumerate(self._unknowns)}
        self._people, self._own = people, own
        self._known: list[np.ndarray] = [self._vector([unknown]) for unknown in self._unknowns if unknown[0] == own]

    def read(self, rows: Iterable[ReleaseRow], versions: Mapping[tuple[str, int], int]) -> None:
        """Take in what is told of sums of areas; `versions` says of each area and month which one it is now."""
        for row in rows:
            if not isinstance(row.told, str) and not row.cell.of:
                inside = [
                    (area, month, version)
                    for (area, month), version in versions.items()
                    if row.area in {area, NETWORK} and _holds(row.cell.months, month)
                ]
                self._known.append(self._vector(inside))

    def given_away(self) -> Iterator[frozenset[Person]]:
        """Give sets of 1 to 4 people of whom something follows."""
        matrix = np.array([row for row in self._known if row.any()]).reshape(-1, len(self._unknowns))
        rank = np.linalg.matrix_rank(matrix) if len(matrix) else 0
        for few in self._few():
            theirs = [
                self._vector([unknown])
                for unknown in self._unknowns
                if self._people[unknown] and self._people[unknown] <= few and unknown[0] != self._own
            ]
            # People of whom nothing is known add an unknown each to what is known: else a sum of theirs follows.
            if theirs and np.linalg.matrix_rank(np.vstack((matrix, *theirs))) < rank + len(theirs):
                yield few

    def _few(self) -> set[frozenset[Person]]:
        """Give all sets of 1 to 4 people who did something by themselves, somewhere or together with others of few."""
        small = {those for unknown, those in self._people.items() if 0 < len(those) < THRESHOLD}
        small = {those for those in small if next(iter(those))[0] != self._own}
        found = set(small)
        new = set(small)
        while new:
            joined = {one | other for one, other in itertools.product(new, small)}
            new = {those for those in joined if len(those) < THRESHOLD} - found
            found |= new
        return found

    def _vector(self, unknowns: Sequence[Unknown]) -> np.ndarray:
        """Give a sum of unknowns; a version is the one before and what moved, which is of five people or more."""
        row = np.zeros(len(self._unknowns))
        for area, month, version in unknowns:
            for each in range(version + 1):
                row[self._number[area, month, each]] += 1
        return row


def given_away_by_all(releases: Sequence[Amounts], own: str) -> list[frozenset[Person]]:
    """Let the intruder read all releases; a leaf that moved is a new version of what it was."""
    versions: dict[tuple[str, int], int] = {}
    values: dict[tuple[str, int], tuple[int, int]] = {}
    people: dict[tuple[str, int, int], frozenset[Person]] = {}
    read = []
    for made in releases:
        for area in made.areas:
            for month, leaf in made.leaves[area].items():
                then = made.then[area, month]
                place, now = (area, month), (then.hundredths, then.count)
                if place not in versions:
                    versions[place] = 0
                    those = {(area, "known", person) for person in numbers_in(leaf.people)}
                    counted = {(area, "counted", person) for person in range(leaf.at_once - leaf.people.bit_count())}
                    people[area, month, 0] = frozenset(those | counted)
                elif values[place] != now:
                    versions[place] += 1
                    # What moved it is of five people or more: nobody's of few.
                    assert abs(now[1] - values[place][1]) >= THRESHOLD
                    people[area, month, versions[place]] = frozenset(
                        (area, f"moved {month}", each) for each in range(9)
                    )
                values[place] = now
        read.append((list(made.rows()), dict(versions)))
    intruder = AmountIntruder(people, own)
    for rows, versions_then in read:
        intruder.read(rows, versions_then)
    return list(intruder.given_away())


def _holds(months: Months, month: int) -> bool:
    return months.first <= month <= months.last
