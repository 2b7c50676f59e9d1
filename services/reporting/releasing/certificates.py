"""Certificates: other numbers that a hidden small count could be, with all that is told and known unchanged. Pure.

A certificate moves unknowns of one area or a few, whole numbers all. What that moves in told sums, donors elsewhere
move back. Donors are moves too, each of one area and of one coordinate alone; all donors of an area can be taken at
once, each as often as it says, and still nothing that is told or known there changes. So a certificate needs no donors
of its own: it is enough that there are donors for so much, without those of its own areas, and without those of any one
area more, whose coordinator may know it exactly. Where there are not, it names two sets of other areas that share none,
and how each of the two moves it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from services.reporting.releasing.arrays import Numbers


@dataclass(frozen=True, slots=True)
class Moves:
    """What moves in an area: unknowns, and by how much each."""

    area: int
    unknowns: Numbers
    by: Numbers

    @classmethod
    def of(cls, area: int, by: Numbers) -> "Moves":
        """Make it from the moves of all unknowns."""
        unknowns = np.flatnonzero(by)
        return cls(area, unknowns, by[unknowns])

    def once(self) -> "Moves":
        """Give the same divided by their greatest common factor; these very moves where that is 1."""
        factor = int(np.gcd.reduce(self.by))
        return self if factor in {0, 1} else Moves(self.area, self.unknowns, self.by // factor)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Shows that a count can be another number: of an area, or with `area` -1 of the network as `but` knows it.

    `unknown` is the area's or the network's; `value` is the other number.
    """

    area: int
    unknown: int
    value: int
    moves: tuple[Moves, ...]
    # Whose coordinator takes the own area off the network's count; -1 where nobody does.
    but: int = -1
    # The unknown from which the area's has to differ by more or less: it does not move. -1 where there is none.
    beside: int = -1
    # Two ways of moving back what is told of the network, which share no area; where it has them it needs no donors.
    backs: tuple[tuple[Moves, ...], ...] = ()

    def with_moves(self, moves: tuple[Moves, ...]) -> "Certificate":
        """Give the same made of other moves, which donors move back."""
        return Certificate(self.area, self.unknown, self.value, moves, self.but, self.beside)


@dataclass(frozen=True, slots=True)
class Donor:
    """A move of an area that moves one coordinate by `step` and nothing else that is told; it can be taken `times`."""

    moves: Moves
    coordinate: int
    step: int
    times: int


@dataclass
class Donors:
    """All donors, and how far those of each area move each coordinate down and up."""

    areas: int
    coordinates: int
    all: list[Donor] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.down = np.zeros((self.areas, self.coordinates), dtype=np.int64)
        self.up = np.zeros((self.areas, self.coordinates), dtype=np.int64)
        self._without: dict[tuple[int, ...], tuple[Numbers, Numbers]] = {}
        self._most = _Most(self.down), _Most(self.up)

    def add(self, donor: Donor) -> None:
        """Take in one more."""
        self.all.append(donor)
        is_up = donor.step > 0
        side = self.up if is_up else self.down
        side[donor.moves.area, donor.coordinate] += abs(donor.step) * donor.times
        self._most[is_up].moved(donor.coordinate)
        self._without.clear()

    def drop(self, donors: Sequence[Donor]) -> None:
        """Do without some."""
        for donor in donors:
            is_up = donor.step > 0
            side = self.up if is_up else self.down
            side[donor.moves.area, donor.coordinate] -= abs(donor.step) * donor.times
            self._most[is_up].moved(donor.coordinate)
        if donors:
            dropped = set(map(id, donors))
            self.all = [each for each in self.all if id(each) not in dropped]
            self._without.clear()

    def hope_for(self, down: Numbers, up: Numbers) -> None:
        """Count on it that areas move each coordinate so far down and up."""
        self.down, self.up = down, up
        self._most = _Most(down), _Most(up)
        self._without.clear()

    def without(self, areas: Sequence[int]) -> tuple[Numbers, Numbers]:
        """Give how far each coordinate can be moved down and up without some areas, and without any one more."""
        key = tuple(areas)
        if key not in self._without:
            down, up = self._most
            self._without[key] = down.without(key), up.without(key)
        return self._without[key]

    def without_two(self, coordinate: int, sign: int) -> int:
        """Give how far one coordinate can be moved up, or down, without the two areas that move it furthest."""
        return self._most[sign > 0].without_two(coordinate)

    def of(self, coordinate: int, sign: int, areas: Sequence[int]) -> int:
        """Give how far one coordinate can be moved up, or down, without some areas and without any one more."""
        return self._most[sign > 0].of(coordinate, areas)


class _Most:
    """How far areas move each coordinate in one direction: all together, and the two that move it furthest."""

    def __init__(self, side: Numbers) -> None:
        self._side = side
        self._sum = side.sum(axis=0)
        # With one area, nobody else moves anything.
        padded = side if len(side) > 1 else np.vstack((np.zeros_like(side), side))
        most: Numbers = np.partition(padded, -2, axis=0)[-2:] if len(side) else np.zeros((2, side.shape[1]), np.int64)
        self._second, self._first = most[0], most[1]

    def moved(self, coordinate: int) -> None:
        """Look again at one coordinate."""
        column = self._side[:, coordinate]
        self._sum[coordinate] = column.sum()
        self._first[coordinate] = first = column.max()
        rest = np.delete(column, int(column.argmax()))
        self._second[coordinate] = min(rest.max(initial=0), first)

    def without(self, areas: Sequence[int]) -> Numbers:
        """Give how far each coordinate is moved without some areas, and without any one more."""
        side = self._side
        left = self._sum - side[list(areas)].sum(axis=0)
        if len(areas) == 1:
            # The largest of the others: the largest of all, or the second largest where that is the own.
            most = np.where(side[areas[0]] == self._first, self._second, self._first)
            return np.asarray(left - (most if len(side) > 1 else 0))
        others = np.delete(side, list(areas), axis=0)
        return np.asarray(left - others.max(axis=0, initial=0))

    def of(self, coordinate: int, areas: Sequence[int]) -> int:
        """Give the same of one coordinate."""
        side = self._side
        if len(areas) == 1 and len(side) > 1:
            own, first = side[areas[0], coordinate], self._first[coordinate]
            return int(self._sum[coordinate] - own - (self._second[coordinate] if own == first else first))
        column = side[:, coordinate].copy()
        column[list(areas)] = 0
        return int(column.sum() - column.max(initial=0))

    def without_two(self, coordinate: int) -> int:
        """Give how far one coordinate is moved without the two areas that move it furthest."""
        return int(self._sum[coordinate] - self._first[coordinate] - self._second[coordinate])
