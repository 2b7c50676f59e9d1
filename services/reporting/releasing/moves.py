"""By how much one unknown of an area can be another number, while everything else stays or follows from it. Pure.

Where parts add up to a total, one of the parts, the same in all areas, follows from the others. A step moves by 1 one
unknown that follows from no other, and with it those that follow from it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.cells import Count
from services.reporting.releasing.tables import AreaTable, Sparse

# More than any count moves by.
FAR: Final = 1_000_000


@dataclass(frozen=True)
class Steps:
    """The steps of an area: step i moves unknown `of[i]`, and the unknowns of its row of `unknowns` by their factors.

    `lines` has the same with the relations behind the unknowns: number `unknowns + j` is relation j, and the factor is
    what the step adds to its sum.
    """

    of: Numbers
    unknowns: Sparse
    lines: Sparse

    def room(self, down: Numbers, up: Numbers) -> tuple[Numbers, Numbers]:
        """Give how often each step can be taken back and taken, where each line may fall and rise by so much."""
        if not len(self.lines.columns):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        factors, lines = np.abs(self.lines.factors), self.lines.columns
        rises = self.lines.factors > 0
        forth = np.where(rises, up[lines], down[lines]) // factors
        back = np.where(rises, down[lines], up[lines]) // factors
        begins = self.lines.begins[:-1]
        return np.minimum.reduceat(back, begins), np.minimum.reduceat(forth, begins)


def steps(table: AreaTable, preferred: Collection[Count] = ()) -> Steps:
    """Give the steps of an area; where it can be, what follows from the others in a sum is one of the `preferred`."""
    likes = {table.place[cell] for cell in preferred if cell in table.place}
    follows = _solved(table.exact.as_rows(), likes)
    moved: dict[int, dict[int, int]] = {
        number: {number: 1} for number in range(len(table.values)) if number not in follows
    }
    for dependent, terms in follows.items():
        for number, factor in terms.items():
            moved[number][dependent] = factor
    unknowns = Sparse.of(list(moved.values()))
    return Steps(np.array(list(moved), dtype=np.int64), unknowns, _with_relations(table, unknowns))


def follows_in(table: AreaTable, sizes: Mapping[Count, int]) -> list[Count]:
    """Choose what follows in each sum of the network: newcomers of a school year, else the largest part."""
    by_unknown: dict[int, list[Count]] = {}
    for cell, number in table.place.items():
        by_unknown.setdefault(number, []).append(cell)
    chosen: list[Count] = []
    for row in table.exact.as_rows():
        cells = [cell for number, factor in row.items() if factor > 0 for cell in by_unknown[number]]
        new = [cell for cell in cells if cell.name == "new" and not cell.of]
        so_far = any(cell.name == "so_far" for number in row for cell in by_unknown[number])
        back = [cell for cell in cells if cell.name == "back" and any(other.name == "neither" for other in cells)]
        chosen += (new if so_far else []) or back or sorted(cells, key=lambda cell: (-sizes.get(cell, 0), cell))[:1]
    return chosen


def _solved(rows: Iterable[Mapping[int, int]], likes: Collection[int]) -> dict[int, dict[int, int]]:
    """Solve each sum for one unknown, in terms of those that follow from none; leave out sums that say nothing new."""
    follows: dict[int, dict[int, int]] = {}
    for row in rows:
        reduced: dict[int, int] = {}
        for number, factor in row.items():
            for other, times in follows.get(number, {number: 1}).items():
                reduced[other] = reduced.get(other, 0) + factor * times
        reduced = {number: factor for number, factor in reduced.items() if factor}
        if not reduced:
            continue
        units = [number for number, factor in reduced.items() if abs(factor) == 1]
        # What is told first is missed most, and shall follow from nothing.
        chosen = min(units, key=lambda number: (number not in likes, reduced[number] < 0, -number))
        sign = -reduced.pop(chosen)
        own = {number: sign * factor for number, factor in reduced.items()}
        for terms in follows.values():
            times = terms.pop(chosen, 0)
            for number, factor in own.items() if times else ():
                terms[number] = terms.get(number, 0) + times * factor
        follows[chosen] = own
    return follows


def _with_relations(table: AreaTable, unknowns: Sparse) -> Sparse:
    """Give what steps move, and by how much the sum of each relation that it stands in changes."""
    moved, relations, by = unknowns.through(table.relations_of)
    rows = np.concatenate((unknowns.rows, moved))
    lines = np.concatenate((unknowns.columns, len(table.values) + relations))
    return Sparse.added_up(rows, lines, np.concatenate((unknowns.factors, by)), len(unknowns.begins) - 1)
