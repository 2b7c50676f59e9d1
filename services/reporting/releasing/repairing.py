"""Counts that contradict one another since some stayed and others moved: the nearest that do not. Pure.

Each count was looked at for itself: it stayed as it was, or moved to what it truly is. Example: a total of 108 is now
114, and none of the ten age bands that it adds up to has moved by five, so all of these stay, and add up to 108. One
band goes ahead by five, then, and a hidden one by one. None ends further than `FARTHEST` from the true count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers, Reals
from services.reporting.releasing.solving import WITHOUT_END, Moving
from services.reporting.releasing.tables import AreaTable, Sparse
from shared.law import SMALLEST_TOLD

# What it costs to move a count by one: one that is new, one that was counted before, and one that was told before,
# which is then withheld, times how much it is missed.
NEW: Final = 1.0
COUNTED: Final = 3.0
TOLD: Final = 1_000.0
# How far from the true count any other one may be.
FARTHEST: Final = SMALLEST_TOLD - 1
# What a count was that was not there.
NEVER: Final = -1
# How many counts that were told are tried to be moved further, so that they are told again.
TRIED: Final = 8


@dataclass(frozen=True)
class CountsAtOdds:
    """Where the counts of an area stand, unknown by unknown.

    `values` may contradict one another. `was` is what each was in the release before, `NEVER` where it was not
    there; `was_told` whether that was told; `past` is what was ever told of it, `missed` how much a reader misses it.
    """

    table: AreaTable
    values: Numbers
    was: Numbers
    was_told: Flags
    past: Mapping[int, Sequence[int]]
    missed: Reals

    @property
    def moved(self) -> Flags:
        """Tell which have moved since the release before, and would be told."""
        found: Flags = (self.was >= 0) & (self.values != self.was) & self.table.by_area
        return found

    def too_near(self, unknown: int) -> list[int]:
        """Give the numbers from which a count that moves has to be far."""
        was = [int(self.was[unknown])] if self.was[unknown] >= 0 else []
        return sorted({*self.past.get(unknown, ()), *was})


def repaired(counts: CountsAtOdds) -> Numbers:
    """Give the counts nearest to these that keep what always holds; at worst the true ones, which do."""
    table, values = counts.table, counts.values
    if table.bounds.times(values).min(initial=0) >= 0 and not table.exact.times(values).any():
        return values
    repair = _Repair(counts)
    moved, missed = counts.moved, counts.missed
    for far in (moved, moved & (missed >= missed[moved].max(initial=0)), np.zeros_like(moved)):
        found = repair.found(far)
        if found is not None:
            return repair.told_again(found, far)
    # At worst, all that has moved by less than the threshold is hidden.
    return table.values


class _Repair:
    """The search for such counts: a linear programme, whose answers are added up."""

    def __init__(self, counts: CountsAtOdds) -> None:
        self._counts, self._table = counts, counts.table
        self._rows = Sparse.stacked((self._table.bounds, self._table.exact))
        self._bounds = len(self._table.bounds.begins) - 1
        free = np.full(len(self._rows.begins) - 1, WITHOUT_END)
        # It is asked a question or two, so that all it could need is in the model.
        self._model = Moving(self._rows, len(counts.values), -free, free, near=WITHOUT_END)
        # None is further from the true count than one that stays: true counts themselves keep all that holds.
        self._least, self._most = np.maximum(self._table.values - FARTHEST, 0), self._table.values + FARTHEST

    def found(self, far: Flags, ahead: Mapping[int, int] | None = None) -> Numbers | None:
        """Give counts that keep what holds, in which some stay as `far` from what they were as they are or further.

        Those that go `ahead` do so to a number, or further.
        """
        counts = self._counts
        begin, least, most = counts.values.copy(), self._least.copy(), self._most.copy()
        for unknown, value in (ahead or {}).items():
            begin[unknown] = value
        for unknown in [*np.flatnonzero(far).tolist(), *(ahead or {})]:
            value, too_near = int(begin[unknown]), counts.too_near(unknown)
            below = [each for each in too_near if each < value]
            above = [each for each in too_near if each > value]
            least[unknown] = max([least[unknown], *(each + SMALLEST_TOLD for each in below)])
            most[unknown] = min([most[unknown], *(each - SMALLEST_TOLD for each in above)])
        if (least > begin).any() or (most < begin).any():
            return None
        slack = self._rows.times(begin)
        most_of_rows = np.where(np.arange(len(slack)) < self._bounds, WITHOUT_END, -slack)
        self._model.keep(-slack.astype(np.float64), most_of_rows.astype(np.float64))
        self._model.allow(begin - least, most - begin, self._costs(begin))
        moves = self._model.any_moves()
        found = None if moves is None else begin + moves
        return found if found is not None and self._is_sound(found) else None

    def told_again(self, found: Numbers, far: Flags) -> Numbers:
        """Let counts that were told and have moved a little move further, the most missed first, where that helps."""
        counts = self._counts
        ahead: dict[int, int] = {}
        in_order = sorted(self._lost(found), key=lambda unknown: (-counts.missed[unknown], unknown))
        for unknown in in_order[:TRIED]:
            was, now = int(counts.was[unknown]), int(found[unknown])
            further = {**ahead, unknown: was + (SMALLEST_TOLD if now > was else -SMALLEST_TOLD)}
            other = self.found(far, further) if unknown in self._lost(found) else None
            if other is not None and self._loss(other) < self._loss(found):
                found, ahead = other, further
        return found

    def _costs(self, begin: Numbers) -> Reals:
        counts = self._counts
        stays = begin == counts.was
        told = TOLD * counts.missed / counts.missed.max()
        return np.where(stays, np.where(counts.was_told, told, COUNTED), NEW)

    def _lost(self, values: Numbers) -> list[int]:
        """Give the counts that were told and have moved by few."""
        counts = self._counts
        by = np.abs(values - counts.was)
        near = counts.was_told & (by > 0) & (by < SMALLEST_TOLD)
        return np.flatnonzero(near).tolist()

    def _loss(self, values: Numbers) -> float:
        return float(self._counts.missed[self._lost(values)].sum())

    def _is_sound(self, values: Numbers) -> bool:
        bounds, exact = self._table.bounds, self._table.exact
        return bounds.times(values).min(initial=0) >= 0 and not exact.times(values).any()
