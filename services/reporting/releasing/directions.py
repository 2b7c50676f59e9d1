"""Which way each unknown of an area can move at all, by signs alone: it is asked before the solver is. Pure.

Where a sum has to stay, what adds to it can move only if something else takes away from it; so with a relation that has
no room left. What cannot move by that may keep others from moving too, until nothing changes. Nothing that can move is
ever said not to.
"""

from dataclasses import dataclass

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers
from services.reporting.releasing.tables import Sparse


@dataclass(frozen=True, slots=True)
class Directions:
    """Whether each unknown can fall, and whether it can rise."""

    down: Flags
    up: Flags

    def within(self, rows: Sparse, may_rise: Flags) -> "Directions":
        """Give what is left of them: no row's sum may fall, nor rise but where it `may_rise`.

        Each pass takes one direction away at least, so that there are no more passes than directions.
        """
        down, up = self.down.copy(), self.up.copy()
        is_free = (down | up)[rows.columns]
        of, columns, adds = rows.rows[is_free], rows.columns[is_free], rows.factors[is_free] > 0
        stays = ~may_rise[of]
        count = len(rows.begins) - 1
        while True:
            falls, rises = down[columns], up[columns]
            plus, minus = np.where(adds, rises, falls), np.where(adds, falls, rises)
            alone_plus = plus & stays & (np.bincount(of, weights=minus, minlength=count)[of] == minus)
            alone_minus = minus & (np.bincount(of, weights=plus, minlength=count)[of] == plus)
            if not (alone_plus.any() or alone_minus.any()):
                return Directions(down, up)
            up[columns[np.where(adds, alone_plus, alone_minus)]] = False
            down[columns[np.where(adds, alone_minus, alone_plus)]] = False


def stays_or_rises(stay: Sparse, rise: Sparse, chosen: tuple[Numbers, Numbers]) -> tuple[Sparse, Flags]:
    """Put some rows that stay and some that may rise below one another, and tell which may rise."""
    parts = stay.chosen(chosen[0]), rise.chosen(chosen[1])
    may_rise = np.repeat((False, True), [len(each) for each in chosen])
    return Sparse.stacked(parts), may_rise
