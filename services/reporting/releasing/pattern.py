"""Which counts of an area are hidden before it is asked what can be worked out: small ones, and small differences.

A count of fewer than the threshold is hidden, 0 too: it says "under 5". Of two told counts, one within the other, the
difference is a count of people as well, as is what hidden parts of a told sum have left for them. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers, Reals
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.moves import FAR
from services.reporting.releasing.tables import AreaTable, Sparse
from shared.law import SMALLEST_TOLD

# How much a reader misses a count that is withheld: by its name, where it is counted by nothing else.
_MISSED: Final = {"participants": 1.0, "new": 0.9, "back": 0.8, "volunteers": 1.0, "left": 0.8, "followed_up": 0.5}
_MISSED_BY_GROUP: Final = {"effort_area": 0.5, "plan": 0.5, "activity": 0.2}
_MISSED_OTHERWISE: Final = 0.3
# What it costs, in the search for other numbers, to withhold the count that is missed most. To move a hidden one
# costs 1.
DEAREST: Final = 60.0
CHEAPER: Final = 0.4
WHOLE_OF_ACTIVITY: Final = 0.5
# How many times as much the counts of all people in all are missed: each report begins with them.
TOTALS: Final = 8.0
NOTHING: Final = np.zeros(0, dtype=np.int64)


class Pattern:
    """What is hidden of an area; it only grows. `public` were told before, and stay as they were."""

    def __init__(
        self, table: AreaTable, cost: Reals, hidden: Collection[int] = (), public: Collection[int] = ()
    ) -> None:
        self.table, self.cost = table, cost
        self.is_small = table.by_area & (table.values < SMALLEST_TOLD)
        self.public = np.zeros(len(table.values), dtype=np.bool_)
        self.public[list(public)] = True
        # What is not told by area can be any number.
        self.hidden: Flags = ~table.by_area | self.is_small
        self.hidden[list(hidden)] = True
        self.hidden &= ~self.public
        # What is hidden without it being said whether it is small.
        self.silent: Flags = np.zeros(len(table.values), dtype=np.bool_)
        # Another number whenever something more is hidden.
        self.version = 0
        self._holds: Flags | None = None
        self._rooms: dict[tuple[bool, bool], tuple[int, Numbers, Numbers]] = {}

    @property
    def told(self) -> Flags:
        """Tell which unknowns are told by area."""
        return ~self.hidden

    def hide(self, unknowns: Numbers) -> None:
        """Hide more."""
        self.hidden[unknowns] = True
        self.version += 1

    def hide_moved(self, unknowns: Numbers, by: Numbers) -> None:
        """Hide what moves, and silently where it crosses the threshold."""
        before, after = self.table.values[unknowns], self.table.values[unknowns] + by
        crossing = unknowns[((before < SMALLEST_TOLD) != (after < SMALLEST_TOLD)) & self.table.by_area[unknowns]]
        if not (self.hidden[unknowns].all() and self.silent[crossing].all()):
            self.silent[crossing] = True
            # At the very last, what was told before is not told again.
            self.public[unknowns] = False
            self.hide(unknowns)

    def tell(self, unknown: int) -> None:
        """Tell one that was hidden."""
        self.hidden[unknown] = self.silent[unknown] = False
        self.version += 1

    def tell_no_more(self, unknown: int, *, silent: bool) -> None:
        """Hide one as it was before it was told again."""
        self.hidden[unknown], self.silent[unknown] = True, silent
        self.version += 1

    def differs_by_few(self, unknown: int) -> bool:
        """Tell whether a count differs by few people from a told one that is within it, or that it is within."""
        values, holds = self.table.values, self._held()
        nested = holds[unknown] | holds[:, unknown]
        apart = np.abs(values - values[unknown])
        return bool((nested & self.told & self.table.by_area & (apart > 0) & (apart < SMALLEST_TOLD)).any())

    def leaves_few(self, unknown: int) -> bool:
        """Tell whether the hidden parts of a told sum were few people together, if a count were told."""
        exact, told = self.table.exact, self.told
        told[unknown] = True
        for row in exact.rows[exact.columns == unknown].tolist():
            some = slice(exact.begins[row], exact.begins[row + 1])
            columns, factors = exact.columns[some], exact.factors[some]
            left = int(self.table.values[columns[(factors > 0) & ~told[columns]]].sum())
            if told[columns[factors < 0]].all() and 0 < left < SMALLEST_TOLD:
                return True
        return False

    def forget(self) -> None:
        """Let go of what can be found again; of a thousand areas it is a hundred megabytes."""
        self._holds = None
        self._rooms.clear()

    def room(self, *, all_told: bool = False, silently: bool = False) -> tuple[Numbers, Numbers]:
        """Give how far each unknown can go down and up: what is hidden, and where asked what could be hidden.

        A hidden count stays on its side of the threshold: that it is small, or large, is told. Of a silent one it is
        not, nor of any where asked what could be silent.
        """
        version, down, up = self._rooms.get((all_told, silently), (-1, NOTHING, NOTHING))
        if version != self.version:
            down, up = self._found_room(all_told=all_told, silently=silently)
            down.flags.writeable = up.flags.writeable = False
            self._rooms[all_told, silently] = self.version, down, up
        return down, up

    def has_room(self, unknowns: Numbers, by: Numbers, *, silently: bool = False) -> bool:
        """Tell whether hidden counts can move so far, and no told one does."""
        down, up = self.room(silently=silently)
        return bool((by >= -down[unknowns]).all() and (by <= up[unknowns]).all())

    def _found_room(self, *, all_told: bool, silently: bool) -> tuple[Numbers, Numbers]:
        values, by_area = self.table.values, self.table.by_area
        down = np.where(by_area & ~self.is_small, values - SMALLEST_TOLD, values)
        up = np.where(self.is_small, SMALLEST_TOLD - 1 - values, FAR)
        silent = np.ones(len(values), dtype=np.bool_) if silently else self.silent
        down, up = np.where(silent, values, down), np.where(silent, FAR, up)
        still = ~self.hidden if not all_told else self.public & (not silently)
        return np.where(still, 0, down), np.where(still, 0, up)

    def cheapen_differing(self) -> None:
        """Let it cost less to hide a count that differs from another by a small number: it may have to be."""
        some = self._told_by_area()
        both = self._differing(some)
        self.cost = self.cost.copy()
        self.cost[some[both.any(axis=0) | both.any(axis=1)]] *= CHEAPER

    def _held(self) -> Flags:
        if self._holds is None:
            self._holds = holding(self.table)
        return self._holds

    def _told_by_area(self) -> Numbers:
        return np.flatnonzero(self.told & self.table.by_area)

    def _differing(self, some: Numbers) -> Flags:
        """Tell of which two of some counts, one within the other, the difference is a small number of people."""
        values = self.table.values[some]
        apart = values[:, None] - values[None, :]
        found: Flags = self._held()[some[:, None], some] & (apart > 0) & (apart < SMALLEST_TOLD)
        return found

    def small_differences(self) -> list[tuple[int, int]]:
        """Give each two large counts, one within the other and not both told, that differ by few people."""
        large = np.flatnonzero(self.table.by_area & ~self.is_small)
        hidden = self.hidden[large]
        pairs = np.nonzero(self._differing(large) & (hidden[:, None] | hidden[None, :]))
        return list(zip(*(large[each].tolist() for each in pairs), strict=True))

    def hide_small_differences(self) -> None:
        """Hide one of each two told counts that differ by a small number of people, who are in the one alone."""
        some = self._told_by_area()
        both = self._differing(some)
        while both.any():
            conflicts = both.sum(axis=0) + both.sum(axis=1)
            worth = np.where(self.public[some], 0.0, conflicts / self.cost[some])
            worst = int(worth.argmax())
            if not worth[worst]:
                return
            self.hide(some[[worst]])
            both[worst, :] = both[:, worst] = False

    def hide_small_sums(self) -> None:
        """Hide one more part, the cheapest, where those hidden of a told sum are a small number of people together."""
        for row in self.table.exact.as_rows():
            parts = [number for number, factor in row.items() if factor > 0]
            parents = [number for number, factor in row.items() if factor < 0]
            unknown = [part for part in parts if self.hidden[part]]
            left = int(self.table.values[unknown].sum())
            if all(self.told[parent] for parent in parents) and 0 < left < SMALLEST_TOLD:
                free = [number for number in (*parts, *parents) if self.told[number] and not self.public[number]]
                if free:
                    self.hide(np.array([min(free, key=lambda number: (self.cost[number], number))]))


def costs(table: AreaTable, calendar: Calendar, *, of_network: bool = False) -> Reals:
    """Give what it costs to withhold each unknown: as much as all its cells that are told."""
    cost = np.ones(len(table.values))
    for (cell, by_area, in_network), number in zip(table.cells, table.unknown.tolist(), strict=True):
        if in_network if of_network else by_area:
            cost[number] += DEAREST * _missed(cell, calendar)
    return cost


def _missed(cell: Count, calendar: Calendar) -> float:
    missed = (
        _MISSED_BY_GROUP.get(cell.of[0], _MISSED_OTHERWISE) if cell.of else _MISSED.get(cell.name, _MISSED_OTHERWISE)
    )
    if cell.of and cell.name == "followed_up":
        missed = _MISSED["followed_up"]
    if cell.months == calendar.whole and cell.of[:1] == ("activity",):
        # Of an activity in all and its school years, the whole is found by them least often.
        return missed * WHOLE_OF_ACTIVITY
    if cell.months == calendar.whole and not cell.of and cell.name in _MISSED:
        return missed * TOTALS
    if cell.months == calendar.whole or cell.name in {"seen", "seen_again"}:
        return missed
    if cell.months in calendar.school_years or cell.months in calendar.each_month:
        return missed * 0.7
    return missed * 0.3


def holding(table: AreaTable) -> Flags:
    """Tell of each two unknowns whether the first always holds the second: everybody in that one is in it too."""
    inside: dict[int, list[int]] = {}
    for parent, part in _pairs(table.bounds):
        inside.setdefault(parent, []).append(part)
    for row in table.exact.as_rows():
        parents = [number for number, factor in row.items() if factor < 0]
        if len(parents) == 1:
            inside.setdefault(parents[0], []).extend(number for number, factor in row.items() if factor > 0)
    return _closed(inside, len(table.values))


def _pairs(relations: Sparse) -> Iterator[tuple[int, int]]:
    """Give each two unknowns of which a relation says that the first is at least the second."""
    some = relations.of_two()
    up = relations.factors[some] > 0
    parents = np.where(up, relations.columns[some], relations.columns[some + 1])
    parts = np.where(up, relations.columns[some + 1], relations.columns[some])
    return zip(parents.tolist(), parts.tolist(), strict=True)


def _closed(inside: Mapping[int, Sequence[int]], count: int) -> Flags:
    """Tell what each unknown holds through others too; a row of flags is a whole number until all are known."""
    rows = [1 << number for number in range(count)]
    done: set[int] = set()
    for first in inside:
        waiting = [first]
        while waiting:
            parent = waiting[-1]
            parts = inside.get(parent, ())
            missing = [] if parent in done else [part for part in parts if part not in done and part != parent]
            done.add(parent)
            if missing:
                waiting += missing
                continue
            waiting.pop()
            for part in parts:
                rows[parent] |= rows[part]
    width = (count + 7) // 8
    flags = np.frombuffer(b"".join(row.to_bytes(width, "little") for row in rows), dtype=np.uint8)
    holds: Flags = np.unpackbits(flags.reshape(count, width), axis=1, count=count, bitorder="little").astype(np.bool_)
    return holds
