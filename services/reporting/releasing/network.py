"""The sums over all areas: which of them are told, and what of them a move within an area moves. Pure.

A coordinate is a sum that follows from no other. Where the coordinates of what is told stay, all that is told stays.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from services.reporting.releasing import moves
from services.reporting.releasing.arrays import Flags, Numbers
from services.reporting.releasing.cells import Count, FrameCell
from services.reporting.releasing.certificates import Moves
from services.reporting.releasing.pattern import holding
from services.reporting.releasing.relations import KnownRelation
from services.reporting.releasing.steps import Memory, kept_sums
from services.reporting.releasing.tables import AreaTable, Sparse, table
from shared.law import SMALLEST_TOLD

# What most moves move of the network: they stay within their area.
NOTHING_MOVED: Final[Mapping[int, int]] = {}


class Network:
    """The network's sums of one family, over areas in a fixed order; what is hidden of them only grows."""

    def __init__(
        self,
        frame: Iterable[FrameCell],
        relations: Iterable[KnownRelation],
        tables: Sequence[AreaTable],
        memory: Memory | None = None,
        earlier: Mapping[Count, Count] | None = None,
    ) -> None:
        cells = [each for each in frame if each.in_network]
        sums = sums_of(tables)
        # What the release before has to say of the sums, and which of its cells each of today's was.
        self.memory, self.earlier = memory or Memory(), earlier or {}
        hidden, public = kept_sums(sums, self.memory, self.earlier)
        self.areas = tables
        self.table = table("", cells, relations, sums)
        self._steps = moves.steps(self.table, moves.follows_in(self.table, sums))
        free = set(self._steps.of.tolist())
        self.dependent = [cell for cell, unknown in self.table.place.items() if unknown not in free]
        count = len(self.table.values)
        self.is_told_of = np.zeros(count, dtype=np.bool_)
        self.is_told_of[[self.table.place[each.cell] for each in cells]] = True
        self.public = np.zeros(count, dtype=np.bool_)
        self.public[[self.table.place[cell] for cell in public if cell in self.table.place]] = True
        self.hidden: Flags = ~self.is_told_of
        self.hidden[[self.table.place[cell] for cell in hidden if cell in self.table.place]] = True
        self._bound: Flags | None = None
        # What moves move of the network, by the moves themselves, which are asked for again and again.
        self._moved: dict[int, tuple[Moves, Mapping[int, int]]] = {}
        self.maps = [self._map(each) for each in tables]
        self.hidden |= self._is_small()
        self.hidden &= ~self.public

    def cells_of(self, total: int, area: int) -> list[Count]:
        """Give the cells of a sum that an area has."""
        return [cell for cell in self._cells[total] if cell in self.areas[area].place]

    @cached_property
    def _cells(self) -> list[list[Count]]:
        found: list[list[Count]] = [[] for _ in self.table.values]
        for each, unknown in zip(self.table.cells, self.table.unknown.tolist(), strict=True):
            found[unknown].append(each.cell)
        return found

    @cached_property
    def holds(self) -> Flags:
        """Tell of each two sums whether everybody in the second is in the first."""
        return holding(self.table)

    @cached_property
    def spared(self) -> Flags:
        """Tell for which sums no count of an area is hidden: those by kind of activity, which few ask for."""
        found = np.ones(len(self.table.values), dtype=np.bool_)
        for each, unknown in zip(self.table.cells, self.table.unknown.tolist(), strict=True):
            found[unknown] &= each.cell.of[:1] == ("kind",)
        return found

    @property
    def bound(self) -> Flags:
        """Tell which coordinates have to stay: some told sum moves with them."""
        if self._bound is None:
            self._bound = self._found_bound()
        return self._bound

    def _found_bound(self) -> Flags:
        found = np.zeros(len(self.table.values), dtype=np.bool_)
        matrix = self._steps.unknowns
        moved = ~self.hidden[matrix.columns]
        found[self._steps.of[matrix.rows[moved]]] = True
        return found

    def moved_with(self, coordinate: int) -> Numbers:
        """Give the sums that move with a coordinate, itself among them."""
        row = self._row_of[coordinate]
        return self._steps.unknowns.columns[self._steps.unknowns.begins[row] : self._steps.unknowns.begins[row + 1]]

    def moved(self, area: int, unknowns: Numbers, by: Numbers) -> Numbers:
        """Give by how much each coordinate moves where the unknowns of an area do."""
        whole = np.zeros(len(self.areas[area].values), dtype=np.int64)
        whole[unknowns] = by
        return self.moved_by(area, whole)

    def moved_by(self, area: int, by: Numbers) -> Numbers:
        """Give the same for the moves of all unknowns of an area."""
        own, coordinates = self.maps[area]
        return np.bincount(coordinates, weights=by[own], minlength=len(self.table.values)).astype(np.int64)

    def moved_few(self, moves: Moves) -> Mapping[int, int]:
        """Give the coordinates that moves of an area move, and by how much; most moves are of few unknowns."""
        # Whoever is kept here keeps its number.
        if (known := self._moved.get(id(moves))) is not None:
            return known[1]
        found = self._found_moved(moves) or NOTHING_MOVED
        self._moved[id(moves)] = moves, found
        return found

    def _found_moved(self, moves: Moves) -> dict[int, int]:
        by_unknown = self._moving[moves.area]
        found: dict[int, int] = {}
        for unknown, by in zip(moves.unknowns.tolist(), moves.by.tolist(), strict=True):
            for coordinate in by_unknown.get(unknown, ()):
                found[coordinate] = found.get(coordinate, 0) + by
        return {coordinate: by for coordinate, by in found.items() if by}

    def forget(self) -> None:
        """Let go of what can be found again."""
        self._moved.clear()

    def needs(self, all_moves: Iterable[Moves]) -> dict[int, int]:
        """Give by how much moves of some areas move each bound coordinate, which has to be moved back."""
        found: Counter[int] = Counter()
        for each in all_moves:
            for coordinate, by in self.moved_few(each).items():
                found[coordinate] += by
        return {coordinate: by for coordinate, by in found.items() if by and self.bound[coordinate]}

    def moved_sums(self, all_moves: Iterable[Moves]) -> Numbers:
        """Give by how much each sum moves, those that follow from others too, once bound coordinates are moved back."""
        coordinates = np.zeros(len(self.table.values), dtype=np.int64)
        for each in all_moves:
            coordinates += self.moved(each.area, each.unknowns, each.by)
        coordinates[self.bound] = 0
        matrix = self._steps.unknowns
        weights = matrix.factors * coordinates[self._steps.of][matrix.rows]
        return np.bincount(matrix.columns, weights=weights, minlength=len(coordinates)).astype(np.int64)

    @cached_property
    def by_area(self) -> Numbers:
        """Give the part that each area has in each sum, by area and sum."""
        found = np.zeros((len(self.areas), len(self.table.values)), dtype=np.int64)
        for number, area in enumerate(self.areas):
            for each, unknown in zip(area.cells, area.unknown.tolist(), strict=True):
                if (place := self.table.place.get(each.cell)) is not None:
                    found[number, place] = area.values[unknown]
        return found

    def unbind(self, total: int) -> None:
        """Hide as few sums as let a hidden one move: else it would follow from what is told."""
        matrix = self._steps.unknowns
        coordinates = self._steps.of[matrix.rows[matrix.columns == total]].tolist()
        if coordinates and self.bound[coordinates].all():
            told = {each: self.moved_with(each)[~self.hidden[self.moved_with(each)]] for each in coordinates}
            free = [each for each in coordinates if not self.public[told[each]].any()]
            if free:
                self.hide(told[min(free, key=lambda each: (len(told[each]), each))])

    @cached_property
    def _moving(self) -> list[dict[int, list[int]]]:
        """Give the coordinates that unknowns of each area move."""
        found = []
        for own, coordinates in self.maps:
            by_unknown: dict[int, list[int]] = {}
            for unknown, coordinate in zip(own.tolist(), coordinates.tolist(), strict=True):
                by_unknown.setdefault(unknown, []).append(coordinate)
            found.append(by_unknown)
        return found

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {number: row for row, number in enumerate(self._steps.of.tolist())}

    def _map(self, area: AreaTable) -> tuple[Numbers, Numbers]:
        """Give the unknowns of an area with the coordinates that they move, each pair once."""
        found = {
            (unknown, place): None
            for each, unknown in zip(area.cells, area.unknown.tolist(), strict=True)
            if (place := self.table.place.get(each.cell)) is not None and place in self._row_of
        }
        return (
            np.array([unknown for unknown, _ in found], dtype=np.int64),
            np.array([place for _, place in found], dtype=np.int64),
        )

    def _is_small(self) -> Flags:
        """Tell which sums are small, or are so for somebody who knows one area and takes it off."""
        others = self.table.values[None, :] - self.by_area
        small = (others > 0) & (others < SMALLEST_TOLD)
        found: Flags = small.any(axis=0) | (self.table.values < SMALLEST_TOLD)
        return found

    def hide(self, sums: Numbers, *, again: bool = False) -> None:
        """Hide more; where `again`, also what was told before."""
        if again:
            self.public[sums] = False
        self.hidden[sums] = True
        self.hidden &= ~self.public
        self._bound = None


def sums_of(tables: Iterable[AreaTable]) -> Mapping[Count, int]:
    """Add up the counts of areas, cell by cell."""
    sums: Counter[Count] = Counter()
    for area in tables:
        values = area.values.tolist()
        for each, unknown in zip(area.cells, area.unknown.tolist(), strict=True):
            sums[each.cell] += values[unknown]
    return sums


def effects(network: Network, area: int, steps: Sparse) -> tuple[Numbers, Numbers]:
    """Give for each step of an area the one coordinate that it moves, -1 where none or several, and by how much."""
    own, coordinates = network.maps[area]
    of_unknowns = Sparse.of_entries(own, coordinates, np.ones_like(own), len(network.areas[area].values))
    count = len(steps.begins) - 1
    moved = Sparse.added_up(*steps.through(of_unknowns), count)
    alone = np.flatnonzero(np.diff(moved.begins) == 1)
    found, by = np.full(count, -1), np.zeros(count, dtype=np.int64)
    found[alone], by[alone] = moved.columns[moved.begins[alone]], moved.factors[moved.begins[alone]]
    return found, by
