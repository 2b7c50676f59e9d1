"""An intruder against means of change: works out by linear algebra, and by linear programming, what follows of scores.

It knows all means that releases tell, of how many pairs each is, and as a coordinator the scores of the own area. A
score is an unknown from 0 to 100, a mean times its pairs the sum of some of them, in whole points. Scores of 1 to 4
children are given away where some sum of theirs, with any factors, is a sum of what is told, taken as exact; a single
one is where it cannot be at both ends of the scale, as the means are rounded.
It owns no code of the product's disclosure control.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.optimize import linprog

from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.means import MeansOfChange, PairSums
from services.reporting.releasing.presence import AreaFacts, Scores
from services.reporting.releasing.released import NETWORK, Means

THRESHOLD: Final = 5
SCALE: Final = 100
HALF_A_POINT: Final = 0.5
# What adding up hundreds of scores may be off by.
ROUNDING: Final = 1e-6
# A pair: its area, the month of the later measurement, and its scores; no two of an area are alike.
Pair = tuple[str, int, Scores]
ToldMeans = tuple[frozenset[Pair], Means]
# The pairs that the sums of an area and a school year are of, with these sums.
ByLeaf = Mapping[tuple[str, int], tuple[PairSums, frozenset[Pair]]]


def pairs_of(facts: Sequence[AreaFacts], lens: str, calendar: Calendar) -> set[Pair]:
    """Give all pairs of a lens and kind of respondent in the months of a release."""
    return {
        (area.area, month, scores)
        for area in facts
        for month, scores in zip(area.pairs.get(lens, ()), area.scores.get(lens, ()), strict=True)
        if month < calendar.months
    }


def by_leaf(made: MeansOfChange, facts: Sequence[AreaFacts], before: ByLeaf) -> ByLeaf:
    """Give the pairs that an area's sums of a school year are of: as before where the sums are."""
    pairs = pairs_of(facts, made.name, made.calendar)
    found = {}
    for (area, first), sums in made.sums.items():
        year = next(year for year in made.calendar.school_years if year.first == first)
        now = frozenset(pair for pair in pairs if pair[0] == area and year.first <= pair[1] <= year.last)
        was = before.get((area, first))
        those = was[1] if was and was[0] == sums else now if sums.pairs else frozenset()
        assert len(those) == sums.pairs
        assert sum(scores.before for _, _, scores in those) == sums.before
        found[area, first] = sums, those
    return found


def told_of(made: MeansOfChange, leaves: ByLeaf) -> list[ToldMeans]:
    """Give all means that are told, and the pairs behind each."""
    return [
        (
            frozenset().union(
                *(
                    those
                    for (area, first), (_, those) in leaves.items()
                    if row.area in {NETWORK, area} and row.cell.months.first <= first <= row.cell.months.last
                )
            ),
            row.told,
        )
        for row in made.rows()
        if isinstance(row.told, Means)
    ]


@dataclass
class ReadMeans:
    """All means of a lens and kind of respondent that releases in a row tell, with the pairs behind them."""

    told: list[ToldMeans] = field(default_factory=list)
    leaves: ByLeaf = field(default_factory=dict)

    def read(self, made: MeansOfChange, facts: Sequence[AreaFacts]) -> None:
        """Take in what the next release tells."""
        self.leaves = by_leaf(made, facts, self.leaves)
        self.told += told_of(made, self.leaves)

    def given_away(self, own: str = "") -> list[frozenset[Pair]]:
        """Give the pairs of which a score follows, or a sum of few, for a lead or whoever knows the own area."""
        few = given_away([those for those, _ in self.told], own)
        return [*few, *bounded(self.told, own)]


def given_away(sets: Sequence[frozenset[Pair]], own: str = "") -> list[frozenset[Pair]]:
    """Give which 1 to 4 pairs a mean, or a sum of theirs with any factors, follows of from means of sets."""
    alike = _alike(sets, own)
    if not alike:
        return []
    matrix = np.array([[some <= those for some in alike] for those in sets], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    few = [number for number, some in enumerate(alike) if len(some) < THRESHOLD]
    found = []
    for size in range(1, THRESHOLD):
        for some in itertools.combinations(few, size):
            theirs = frozenset().union(*(alike[number] for number in some))
            if len(theirs) < THRESHOLD:
                own_rows = np.eye(len(alike))[list(some)]
                if np.linalg.matrix_rank(np.vstack((matrix, own_rows))) < rank + size:
                    found.append(theirs)
    return found


def bounded(told: Sequence[ToldMeans], own: str = "") -> list[frozenset[Pair]]:
    """Give the pairs of which no single score can be at both ends of the scale, before or after."""
    alike = _alike([those for those, _ in told], own)
    if not alike:
        return []
    programme = _Programme(told, alike, own)
    return [
        some
        for number, some in enumerate(alike)
        if not all(programme.has_room(number, wave) for wave in range(programme.WAVES))
    ]


def _alike(sets: Sequence[frozenset[Pair]], own: str) -> list[frozenset[Pair]]:
    """Give groups of pairs that stand in the same sets, which nobody tells apart; those of the own area are known."""
    found: dict[tuple[bool, ...], set[Pair]] = {}
    for pair in sorted(frozenset().union(*sets)):
        if pair[0] != own:
            found.setdefault(tuple(pair in those for those in sets), set()).add(pair)
    return [frozenset(some) for some in found.values()]


class _Programme:
    """What sums of scores, before and after, of groups of pairs can be beside all means that are told."""

    WAVES: Final = 2

    def __init__(self, told: Sequence[ToldMeans], alike: Sequence[frozenset[Pair]], own: str) -> None:
        self._size = [len(some) for some in alike]
        rows, least, most = [], [], []
        for those, means in told:
            inside = np.array([some <= those for some in alike], dtype=float)
            known = [scores for area, _, scores in those if area == own]
            nothing = np.zeros(len(alike))
            before, after = float(sum(each.before for each in known)), float(sum(each.after for each in known))
            for row, mean, added in (
                (np.concatenate((inside, nothing)), means.before, before),
                (np.concatenate((nothing, inside)), means.after, after),
                (np.concatenate((-inside, inside)), means.change, after - before),
            ):
                rows.append(row)
                least.append(len(those) * (mean - HALF_A_POINT) - added - ROUNDING)
                most.append(len(those) * (mean + HALF_A_POINT) - added + ROUNDING)
        matrix = np.array(rows)
        self._rows, self._most = np.vstack((matrix, -matrix)), np.array([*most, *(-each for each in least)])

    def has_room(self, group: int, wave: int) -> bool:
        """Tell whether one score of a group can be 0, and can be 100: the others then have the rest of the sum."""
        others = SCALE * (self._size[group] - 1)
        return self._end(group, wave, 1) <= others + ROUNDING and -self._end(group, wave, -1) >= SCALE - ROUNDING

    def _end(self, group: int, wave: int, sign: int) -> float:
        cost = np.zeros(self._rows.shape[1])
        cost[group + wave * len(self._size)] = sign
        bounds = [(0, SCALE * size) for size in self._size] * self.WAVES
        result: Any = linprog(cost, A_ub=self._rows, b_ub=self._most, bounds=bounds)
        assert result.status == 0, result.message
        return float(result.fun)
