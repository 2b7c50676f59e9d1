"""The search for other numbers within one area. Pure; what it finds is checked by adding up, wherever it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers
from services.reporting.releasing.certificates import Donor, Moves
from services.reporting.releasing.directions import Directions, stays_or_rises
from services.reporting.releasing.moves import FAR, Steps, steps
from services.reporting.releasing.network import Network, effects
from services.reporting.releasing.pattern import Pattern
from services.reporting.releasing.solving import WITHOUT_END, Moving
from services.reporting.releasing.tables import Sparse
from shared.recent import Recent

# What it costs to move a coordinate beyond what donors can move back, for each unit; and to move what is told nowhere.
BEYOND_DONORS: Final = 40.0
UNTOLD: Final = 0.5
# How many times as much it costs to withhold what was told before.
AGAIN: Final = 10.0
HIDDEN: Final = 1.0
# No move in the search is longer; numbers of a hundred thousand make linear programmes imprecise.
LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class WantedMove:
    """An unknown that has to move by a number, and the one `beside` it that must not; -1 where there is none."""

    unknown: int
    by: int
    beside: int = -1


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far an area may move each coordinate that is bound down and up, since donors can move it back."""

    down: Numbers
    up: Numbers
    bound: Flags

    def beyond(self, moved: Mapping[int, int]) -> dict[int, int]:
        """Give what of moves of coordinates is more than is allowed: negative where it is too far down."""
        found = {}
        for coordinate, by in moved.items():
            if self.bound[coordinate]:
                over = by - min(max(by, -int(self.down[coordinate])), int(self.up[coordinate]))
                if over:
                    found[coordinate] = over
        return found


# The models of areas that were asked last, by the area's number.
Models = Recent[int, Moving]


class AreaSearch:
    """One area: its pattern, its donors' reserves, and the model that moves are searched in."""

    def __init__(self, network: Network, area: int, pattern: Pattern, models: Models) -> None:
        self.area, self.pattern, self.table = area, pattern, pattern.table
        self._network, self._models = network, models
        self._own, self._coordinates = network.maps[area]
        self.steps: Steps = steps(self.table, network.dependent)
        lines = len(self.table.values) + len(self.table.bounds.begins) - 1
        self._reserved_down = np.zeros(lines, dtype=np.int64)
        self._reserved_up = np.zeros(lines, dtype=np.int64)
        # How far lines may fall and rise beside what is reserved, and of which version of the pattern.
        self._lines: tuple[int, Numbers, Numbers] | None = None
        self._reserves = 0
        self._asked: tuple[object, ...] = ()

    @cached_property
    def slack(self) -> Numbers:
        """Give by how much each relation holds."""
        return self.table.bounds.times(self.table.values)

    @cached_property
    def _zeros(self) -> Numbers:
        return np.zeros(len(self._network.table.values), dtype=np.int64)

    @cached_property
    def effects(self) -> tuple[Numbers, Numbers]:
        """Give for each step the one coordinate that it moves, and by how much."""
        return effects(self._network, self.area, self.steps.unknowns)

    def lines(self, *, reserved: bool) -> tuple[Numbers, Numbers]:
        """Give how far each unknown and each relation may fall and rise, less what donors need where asked."""
        down, up = self.pattern.room()
        down, up = np.concatenate((down, self.slack)), np.concatenate((up, np.full(len(self.slack), FAR)))
        return (down - self._reserved_down, up - self._reserved_up) if reserved else (down, up)

    def step_room(self, *, reserved: bool) -> tuple[Numbers, Numbers]:
        """Give how often each step can be taken back and forth."""
        return self.steps.room(*self.lines(reserved=reserved))

    def room_of_step(self, step: int, sign: int) -> int:
        """Give how often a step can be taken forth, or back where the sign is negative, beside what is reserved."""
        if self._lines is None or self._lines[0] != self.pattern.version:
            self._lines = (self.pattern.version, *self.lines(reserved=True))
        _, down, up = self._lines
        entries = slice(self.steps.lines.begins[step], self.steps.lines.begins[step + 1])
        lines, factors = self.steps.lines.columns[entries], sign * self.steps.lines.factors[entries]
        return int((np.where(factors > 0, up[lines], down[lines]) // np.abs(factors)).min())

    def reserve(self, donor: Donor) -> None:
        """Set aside what a donor needs when it is taken as often as it can be."""
        lines = np.zeros(len(self._reserved_down), dtype=np.int64)
        count = len(self.table.values)
        lines[donor.moves.unknowns] = donor.moves.by * donor.times
        lines[count:] = self.table.bounds.times(lines[:count])
        moved = np.flatnonzero(lines)
        up, down = np.maximum(lines[moved], 0), np.maximum(-lines[moved], 0)
        self._reserved_up[moved] += up
        self._reserved_down[moved] += down
        if self._lines is not None:
            self._lines[1][moved] -= down
            self._lines[2][moved] -= up
        self._reserves += 1

    def step_donor(self, step: int, coordinate: int, times: int) -> Donor:
        """Make a donor of a step, taken forth, or back where `times` is negative."""
        row = slice(self.steps.unknowns.begins[step], self.steps.unknowns.begins[step + 1])
        sign = 1 if times > 0 else -1
        moves = Moves(self.area, self.steps.unknowns.columns[row], sign * self.steps.unknowns.factors[row])
        return Donor(moves, coordinate, sign * int(self.effects[1][step]), abs(times))

    def reach(
        self, wanted: WantedMove, allowed: Allowance, *, strict: bool = False, silently: bool = False
    ) -> Numbers | None:
        """Give the cheapest moves in which an unknown moves as wanted; told ones among them are to be hidden.

        Where it is not `strict`, a bound coordinate may move beyond what is allowed, dearly. Where it is `silently`,
        hidden ones may cross the threshold, and then nothing may be said of their size.
        """
        self._allow(allowed, beyond=not strict, reserved=False, silently=silently)
        moves = self._model.cheapest(wanted.unknown, wanted.by, wanted.beside)
        return None if moves is None else self._checked(moves, silently=silently)

    def reach_by_hidden(self, wanted: WantedMove, allowed: Allowance) -> Numbers | None:
        """Give moves of hidden counts alone in which an unknown moves as wanted, within what is allowed."""
        self._allow(allowed, beyond=False, reserved=False, all_told=False)
        moves = self._model.cheapest(wanted.unknown, wanted.by, wanted.beside)
        found = None if moves is None else self._checked(moves)
        is_hidden = found is not None and self.is_within(found, all_told=False)
        return found if is_hidden else None

    def donate(self, coordinate: int, by: int, bound: Flags) -> Donor | None:
        """Give a donor that moves one coordinate by up to a number and no other bound one, if there is one."""
        self._allow(Allowance(self._zeros, self._zeros, bound), beyond=False, reserved=True)
        places = np.flatnonzero(self._bound_here == coordinate)
        if not len(places):
            return None
        for times in dict.fromkeys((abs(by), 1)):
            step = 1 if by > 0 else -1
            moves = self._model.cheapest(len(self.table.values) + int(places[0]), step * times)
            moves = None if moves is None else self._checked(moves, reserved=True)
            # It must be possible to take a donor for any smaller number too.
            if moves is not None and not (moves % times).any():
                once = moves // times
                most = next(each for each in range(abs(by), 0, -1) if self.is_within(each * once, reserved=True))
                return Donor(Moves.of(self.area, once), coordinate, step, most)
        return None

    def may_donate(self, coordinate: int, by: int, bound: Flags, *, freely: bool) -> bool:
        """Tell whether signs let a coordinate move and no other bound one, beside what donors need.

        `freely`, where hidden counts alone may move.
        """
        own = self._own[self._coordinates == coordinate]
        down, up = self.pattern.room(all_told=not freely)
        count = len(down)
        free = Directions(down > self._reserved_down[:count], up > self._reserved_up[:count])
        if not (free.up if by > 0 else free.down)[own].any():
            return False
        tight = np.flatnonzero(self.slack <= self._reserved_down[count:])
        is_still = np.ones(len(self._staying.begins) - 1, dtype=np.bool_)
        is_still[-len(self._bound_here) :] = bound[self._bound_here] & (self._bound_here != coordinate)
        free = free.within(*stays_or_rises(self._staying, self.table.bounds, (np.flatnonzero(is_still), tight)))
        return bool((free.up if by > 0 else free.down)[own].any())

    @cached_property
    def _staying(self) -> Sparse:
        """Give what holds exactly, and below it for each coordinate the unknowns that move it."""
        places = np.searchsorted(self._bound_here, self._coordinates)
        of_coordinates = Sparse.of_entries(places, self._own, np.ones_like(self._own), len(self._bound_here))
        return Sparse.stacked((self.table.exact, of_coordinates))

    def donor_again(self, once: Numbers, times: int, bound: Flags) -> Donor | None:
        """Make a donor of moves that were one before, taken up to so many times; None where they are none any more."""
        moves = Moves.of(self.area, once)
        moved = [(coordinate, by) for coordinate, by in self._network.moved_few(moves).items() if bound[coordinate]]
        if len(moved) != 1 or abs(moved[0][1]) != 1:
            return None
        for most in range(times, 0, -1):
            if self.is_within(most * once, reserved=True, all_told=False):
                return Donor(moves, *moved[0], most)
        return None

    def is_within(
        self, moves: Numbers, *, reserved: bool = False, all_told: bool = True, silently: bool = False
    ) -> bool:
        """Tell whether moves keep all that is known, and what is told where not `all_told` may still be hidden."""
        down, up = self.pattern.room(all_told=all_told, silently=silently)
        count = len(moves)
        if reserved:
            down, up = down - self._reserved_down[:count], up - self._reserved_up[:count]
        slack = self.slack - self._reserved_down[count:] if reserved else self.slack
        return bool(
            (moves >= -down).all()
            and (moves <= up).all()
            and (self.table.bounds.times(moves) >= -slack).all()
            and not self.table.exact.times(moves).any()
        )

    def _checked(self, moves: Numbers, *, reserved: bool = False, silently: bool = False) -> Numbers | None:
        own = moves[: len(self.table.values)]
        return own if self.is_within(own, reserved=reserved, silently=silently) else None

    @cached_property
    def _bound_here(self) -> Numbers:
        return np.unique(self._coordinates)

    @property
    def _model(self) -> Moving:
        found = self._models.find(self.area)
        if found is None:
            self._asked = ()
            found = self._models.keep(self.area, self._made_model())
        return found

    def _made_model(self) -> Moving:
        """Make the model: relations, sums, and coordinates less what is moved of them beyond donors."""
        count = len(self.table.values)
        rows = Sparse.stacked((self.table.bounds, self.table.exact, self._of_coordinates()))
        exact = len(self.table.exact.begins) - 1
        least = np.concatenate((-self.slack, np.zeros(exact), np.full(len(self._bound_here), -WITHOUT_END)))
        most = np.concatenate(
            (np.full(len(self.slack), WITHOUT_END), np.zeros(exact), -least[len(least) - len(self._bound_here) :])
        )
        self._kept = (least.copy(), most.copy())
        return Moving(rows, count + len(self._bound_here), least, most)

    def _of_coordinates(self) -> Sparse:
        """Give for each coordinate the unknowns that move it, less the column of what it is moved beyond donors."""
        places = np.arange(len(self._bound_here))
        rows = np.concatenate((np.searchsorted(self._bound_here, self._coordinates), places))
        columns = np.concatenate((self._own, len(self.table.values) + places))
        factors = np.concatenate((np.ones_like(self._own), -np.ones_like(places)))
        return Sparse.of_entries(rows, columns, factors, len(places))

    def _allow(
        self, allowed: Allowance, *, beyond: bool, reserved: bool, silently: bool = False, all_told: bool = True
    ) -> None:
        model, count, here = self._model, len(self.table.values), self._bound_here
        arrays = (allowed.down, allowed.up, allowed.bound)
        asked = (self.pattern.version, *map(id, arrays), beyond, silently, all_told, reserved and self._reserves)
        if asked == self._asked:
            return
        self._asked, self._kept_alive = asked, arrays
        down, up = self.pattern.room(all_told=all_told, silently=silently)
        least, most = (part.copy() for part in self._kept)
        if reserved:
            down, up = down - self._reserved_down[:count], up - self._reserved_up[:count]
            least[: len(self.slack)] = -(self.slack - self._reserved_down[count:])
        is_bound = allowed.bound[here]
        first = len(least) - len(here)
        least[first:] = np.where(is_bound, -allowed.down[here], -WITHOUT_END)
        most[first:] = np.where(is_bound, allowed.up[here], WITHOUT_END)
        model.keep(least, most)
        cost = np.where(self.pattern.told, self.pattern.cost, np.where(self.table.by_area, HIDDEN, UNTOLD))
        cost = np.where(self.pattern.public, cost * AGAIN, cost)
        far = np.full(len(here), LONGEST if beyond else 0)
        model.allow(
            np.concatenate((np.minimum(down, LONGEST), far)),
            np.concatenate((np.minimum(up, LONGEST), far)),
            np.concatenate((cost, np.full(len(here), BEYOND_DONORS))),
        )
