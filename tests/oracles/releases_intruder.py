"""An intruder against releases that follow one another: works out what withheld counts, and what changes, can be.

People are added to the past and taken from it between two releases. Whoever was, was one person, in as many counts as
that person is in: so those added and those taken are counts of people as well, for which the same holds. Who is known
otherwise than before was taken and added. What the first release of all tells is true; in later ones the true count is
less than the threshold away from what is told.
It owns no code of the product's disclosure control.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from services.reporting.releasing.cells import KnownActivity
from services.reporting.releasing.released import NETWORK, Release
from tests.oracles.exact_intruder import Relations
from tests.oracles.release_intruder import MOST, THRESHOLD, Intruder, Place, Rule

# What is counted: in the first release or the second, or those added to the past between the two, or taken from it.
OLD, NEW, ADDED, TAKEN = range(4)
Unknown = tuple[int, Place]
FARTHEST: Final = THRESHOLD - 1
# The number of the first release of all.
FIRST: Final = 1


class ReleasesIntruder:
    """Whoever reads two releases, the second made at any time after the first.

    `activities` are those that are known at the second, `then` those at the first where these were others. `own` are
    the counts that a coordinator knows of the own area, at the first release and at the second. Where it is `exactly`,
    every told count is the true one: that is so where counts do not move in steps, and in the first release of all.
    """

    def __init__(
        self,
        releases: tuple[Release, Release],
        activities: Mapping[str, Sequence[KnownActivity]],
        own: tuple[Mapping[Place, int], Mapping[Place, int]] = ({}, {}),
        *,
        then: Mapping[str, Sequence[KnownActivity]] | None = None,
        exactly: bool = False,
    ) -> None:
        self.old, self.new = releases
        self._exactly = exactly
        before = Intruder(self.old, then or activities)
        # Who was added was so to the activities as they are known at the second.
        added = Intruder(self.old, activities) if then else before
        now = Intruder(self.new, activities, older=self.old.calendar)
        rules = [*_of(OLD, before.rules), *_of(NEW, now.rules), *_of(ADDED, added.rules), *_of(TAKEN, before.rules)]
        # What was counted of the past is counted once more, with those added and without those taken.
        self.both = sorted(set(before.places) & set(now.places))
        for place in self.both:
            terms = {(NEW, place): 1, (OLD, place): -1, (ADDED, place): -1, (TAKEN, place): 1}
            rules.append((terms, 0, 0))
            rules.append(({(OLD, place): 1, (TAKEN, place): -1}, 0, np.inf))
        # What could not be counted before was nobody's.
        late = sorted((set(added.places) & set(now.places)) - set(before.places))
        rules += [({(NEW, place): 1, (ADDED, place): -1}, 0, 0) for place in late]
        self.unknowns = sorted({each for rule in rules for each in rule[0]})
        self._number = {each: number for number, each in enumerate(self.unknowns)}
        self._constraint = self._matrix(rules)
        self._least, self._most = np.zeros(len(self._number)), np.full(len(self._number), float(MOST))
        self._read(OLD, self.old)
        self._read(NEW, self.new)
        for when, known in zip((OLD, NEW), own, strict=True):
            for place, value in known.items():
                self._bound((when, place), value, value)

    def as_relations(self, truth: np.ndarray) -> Relations:
        """Give what is known, with the true number of each unknown."""
        least, most = self._constraint.lb, self._constraint.ub
        matrix: Any = self._constraint.A
        areas = [place[0] for _, place in self.unknowns]
        return Relations(areas, truth, self._least, self._most, csr_array(matrix), np.array(least), np.array(most))

    def can_add_up(self, terms: Mapping[Unknown, int], value: int) -> bool:
        """Tell whether counts, times their factors, can add up to a value."""
        row = np.zeros(len(self._number))
        for each, factor in terms.items():
            row[self._number[each]] = factor
        result: Any = milp(
            np.zeros(len(row)),
            constraints=[self._constraint, LinearConstraint(row[None, :], value, value)],
            bounds=Bounds(self._least, self._most),
            integrality=np.ones(len(row), dtype=int),
        )
        assert result.status in {0, 2}, result.message
        return bool(result.status == 0)

    def narrowed_counts(self, small: Iterable[Unknown]) -> Iterator[Unknown]:
        """Give which counts of 1 to 4 cannot be 1, or cannot be 4."""
        for each in small:
            if not (self.can_add_up({each: 1}, 1) and self.can_add_up({each: 1}, FARTHEST)):
                yield each

    def narrowed_changes(self, changes: Mapping[Place, int]) -> Iterator[Place]:
        """Give of which counts it can be worked out how many of 1 to 4 people more or fewer they are than before."""
        for place, change in changes.items():
            terms = {(NEW, place): 1, (OLD, place): -1}
            ends = (1, FARTHEST) if change > 0 else (-1, -FARTHEST)
            if not all(self.can_add_up(terms, end) for end in ends):
                yield place

    def _matrix(self, rules: Sequence[tuple[Mapping[Unknown, int], float, float]]) -> LinearConstraint:
        rows, columns, factors = [], [], []
        for number, (terms, _, _) in enumerate(rules):
            for each, factor in terms.items():
                rows.append(number)
                columns.append(self._number[each])
                factors.append(factor)
        matrix = csr_array((factors, (rows, columns)), shape=(len(rules), len(self._number)))
        return LinearConstraint(matrix, [rule[1] for rule in rules], [rule[2] for rule in rules])

    def _read(self, when: int, release: Release) -> None:
        for place, value in release.by_cell().items():
            near = self._how_near(when, place)
            if isinstance(value, int):
                self._bound((when, place), max(value - near, 0), value + near)
            elif value == "small":
                self._bound((when, place), 0, THRESHOLD - 1 + near)
            elif value == "large":
                self._bound((when, place), max(THRESHOLD - near, 0), MOST)

    def _how_near(self, when: int, place: Place) -> int:
        """Give how far from what is told the true count may be."""
        release = self.old if when == OLD else self.new
        if self._exactly or release.number == FIRST:
            return 0
        areas = len({name for name, _ in release.by_cell()} - {NETWORK})
        return FARTHEST * (areas if place[0] == NETWORK else 1)

    def _bound(self, unknown: Unknown, least: float, most: float) -> None:
        number = self._number.get(unknown)
        if number is not None:
            self._least[number] = max(self._least[number], least)
            self._most[number] = min(self._most[number], most)


def _of(when: int, rules: Iterable[Rule]) -> Iterator[tuple[dict[Unknown, int], float, float]]:
    for terms, least, most in rules:
        yield {(when, place): factor for place, factor in terms.items()}, least, most
