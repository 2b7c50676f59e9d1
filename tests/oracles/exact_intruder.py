"""What no reader can tell from other numbers, and what some reader can: decided exactly, for all readers at once.

Of a number that nobody can tell there is a *witness*: whole numbers for all counts that keep every relation and all
that is told, in which the number is different. A witness in which only some areas have other numbers than they have in
truth is one for each coordinator of all other areas too, who know theirs exactly. So few are searched for, by integer
programming, and each is added up before it counts. Where a programme has no solution the number is narrowed.
It knows no release: relations and bounds are given to it, and it owns no code of the product's disclosure control.
"""

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

LEAD: Final = ""
NOT_OF_AN_AREA: Final = ""
ENDS: Final = (1, 4)
# How many nodes a search for many witnesses at once may take, and one for a single number.
SOME_NODES, MANY_NODES = 200, 50_000
ROUNDING: Final = 1e-6
# How often pairs of areas, and halves of all, are tried; and how often what is left of a reader.
PAIRS, HALVES, AGAIN = 2, 2, 4
# What one reader's numbers add up to, or anybody's where there is none.
Terms = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A number of 1 to 4 people: columns with their factors, less what is known; `readers` are those to whom it is one.

    It must be possible that it is 1, and that it is 4. Where it `may_be_many`, which a difference of two counts may, it
    is enough that it can be five or more, or nobody: then no reader knows that it is of few.
    """

    terms: Terms
    less: int
    readers: frozenset[str]
    name: str
    may_be_many: bool = False


@dataclass(frozen=True)
class Relations:
    """Columns, each of an area or of none, with their true numbers and what is told; and rows that always hold."""

    areas: Sequence[str]
    truth: np.ndarray
    least: np.ndarray
    most: np.ndarray
    matrix: csr_array
    row_least: np.ndarray
    row_most: np.ndarray

    def faults(self) -> int:
        """Count what the true numbers break: an intruder who sees that knows too much, or too little."""
        sums = self.matrix @ self.truth
        rows = (sums < self.row_least - ROUNDING) | (sums > self.row_most + ROUNDING)
        return int(rows.sum() + ((self.truth < self.least) | (self.truth > self.most)).sum())


@dataclass
class Found:
    """What came of an attack: how many numbers were tried, for how many readers, and which were narrowed for whom."""

    numbers: int = 0
    tried: int = 0
    narrowed: list[tuple[str, str, int]] = field(default_factory=list)
    undecided: list[tuple[str, str, int]] = field(default_factory=list)
    programmes: int = 0

    def with_others(self, other: "Found") -> "Found":
        """Add up."""
        return Found(
            self.numbers + other.numbers,
            self.tried + other.tried,
            [*self.narrowed, *other.narrowed],
            [*self.undecided, *other.undecided],
            self.programmes + other.programmes,
        )


class ExactIntruder:
    """All readers of what is told: a lead and the coordinator of each area."""

    def __init__(self, relations: Relations, targets: Sequence[Target], readers: Collection[str], seed: int) -> None:
        self._relations, self._targets = relations, targets
        self._columns = csc_array(relations.matrix)
        self._area = np.array(relations.areas)
        self._every = sorted(set(relations.areas) - {NOT_OF_AN_AREA})
        self._dice = random.Random(seed)  # noqa: S311  drawn from a seed
        self._open = {
            (number, end): set(target.readers) & set(readers) for number, target in enumerate(targets) for end in ENDS
        }
        self.found = Found(len(targets), sum(map(len, self._open.values())))

    def attack(self) -> Found:
        """Look for witnesses of every number, then ask of each that has none for some reader whether there is one."""
        for free in self._choices():
            if any(self._still_open(free)):
                for end in ENDS:
                    self._search(free, end)
        for reader in sorted(set().union(*self._open.values()) if self._open else ()):
            free = frozenset(self._every) - {reader}
            for _ in range(AGAIN):
                # Both ends are searched, whatever came of the first.
                if True not in {end: self._search(free, end) for end in ENDS}.values():
                    break
            for place, readers in self._open.items():
                if reader in readers:
                    self._decide(place, reader, free)
        return self.found

    def _choices(self) -> Iterator[frozenset[str]]:
        """Give sets of areas that may have other numbers: each by itself, then pairs, then halves."""
        areas = list(self._every)
        yield from (frozenset({area}) for area in areas)
        for _ in range(PAIRS):
            self._dice.shuffle(areas)
            yield from (frozenset(areas[place : place + 2]) for place in range(0, len(areas) - 1, 2))
        for _ in range(HALVES):
            self._dice.shuffle(areas)
            yield from (frozenset(half) for half in (areas[::2], areas[1::2]))

    def _still_open(self, free: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Give the numbers and ends that a witness of these areas would be one for somebody."""
        for place, readers in self._open.items():
            if readers - free and all(self._may_move(column, free) for column, _ in self._targets[place[0]].terms):
                yield place

    def _may_move(self, column: int, free: frozenset[str]) -> bool:
        area = self._relations.areas[column]
        return area == NOT_OF_AN_AREA or area in free

    def _search(self, free: frozenset[str], end: int) -> bool:
        """Look for a witness of as many numbers as can be; tell whether it is one of any that had none."""
        wanted = [number for number, of in self._still_open(free) if of == end]
        if not wanted:
            return False
        least, most = self._relations.least.copy(), self._relations.most.copy()
        cost = np.zeros(len(least))
        for number in wanted:
            target = self._targets[number]
            for column, factor in target.terms:
                cost[column] += factor * (1 if end == ENDS[0] else -1)
            if len(target.terms) == 1 and target.terms[0][1] == 1:
                column = target.terms[0][0]
                least[column] = max(least[column], target.less + ENDS[0])
                most[column] = min(most[column], target.less + ENDS[1])
        _, found = self._solve(free, least, most, cost, SOME_NODES)
        return found is not None and self._note(found, free)

    def _note(self, found: np.ndarray, free: frozenset[str]) -> bool:
        """Take a witness for all numbers that it is one of, and all readers who know of no area in it that moved."""
        is_any = False
        moved = {self._relations.areas[int(column)] for column in np.flatnonzero(found != self._relations.truth)}
        for (number, end), readers in self._open.items():
            target = self._targets[number]
            value = self._value(target, found)
            is_one = value == end or (target.may_be_many and not 0 < value <= ENDS[1])
            if readers and is_one and (those := readers - (moved & free)):
                readers.difference_update(those)
                is_any = True
        return is_any

    def _value(self, target: Target, found: np.ndarray) -> int:
        value: int = round(sum(factor * found[column] for column, factor in target.terms)) - target.less
        return value

    def _decide(self, place: tuple[int, int], reader: str, free: frozenset[str]) -> None:
        """Ask of one number whether it can be at an end, for one reader."""
        number, end = place
        target = self._targets[number]
        ways = [(ENDS[1] + 1, np.inf), (0, 0)] if target.may_be_many else []
        is_narrowed = True
        for least, most in (*ways, (end, end)):
            status, found = self._solve(
                free,
                self._relations.least,
                self._relations.most,
                np.zeros(len(self._area)),
                MANY_NODES,
                (target.terms, target.less + least, target.less + most),
            )
            if found is not None:
                self._note(found, free)
                return
            is_narrowed &= status == highspy.HighsModelStatus.kInfeasible
        (self.found.narrowed if is_narrowed else self.found.undecided).append((reader, target.name, end))

    def _solve(
        self,
        free: frozenset[str],
        least: np.ndarray,
        most: np.ndarray,
        cost: np.ndarray,
        nodes: int,
        between: tuple[Terms, float, float] | None = None,
    ) -> tuple[Any, np.ndarray | None]:
        """Give how a programme ended, and whole numbers that were added up; other areas have their true ones."""
        relations = self._relations
        may_move = np.isin(self._area, sorted(free | {NOT_OF_AN_AREA}))
        is_free = may_move & (least < most)
        columns = np.flatnonzero(is_free)
        fixed = np.where(is_free, 0, np.where(may_move, least, relations.truth))
        rest = self._columns @ fixed
        rows = csr_array(self._columns[:, columns])
        used = np.flatnonzero(np.diff(rows.indptr) > 0)
        row_least, row_most = relations.row_least - rest, relations.row_most - rest
        idle = np.diff(rows.indptr) == 0
        if (row_least[idle] > ROUNDING).any() or (row_most[idle] < -ROUNDING).any():
            return highspy.HighsModelStatus.kInfeasible, None
        model = _model(rows[used], row_least[used], row_most[used], least[columns], most[columns], cost[columns])
        highs = _highs(nodes)
        highs.passModel(model)
        if between is not None:
            _add(highs, between, columns, fixed)
        highs.run()
        self.found.programmes += 1
        found = fixed.copy()
        values = np.asarray(highs.getSolution().col_value)
        if len(values) != len(columns):
            return highs.getModelStatus(), None
        found[columns] = values.round()
        return highs.getModelStatus(), found if self._keeps_all(found, least, most) else None

    def _keeps_all(self, found: np.ndarray, least: np.ndarray, most: np.ndarray) -> bool:
        """Add up whether numbers keep every relation and all that is told."""
        relations = self._relations
        sums = relations.matrix @ found
        moved = found != relations.truth
        return bool(
            (sums >= relations.row_least - ROUNDING).all()
            and (sums <= relations.row_most + ROUNDING).all()
            and (found[moved] >= least[moved]).all()
            and (found[moved] <= most[moved]).all()
        )


class _Silent(highspy.Highs):
    """HiGHS, which else writes its name to standard output when the first of it is made."""

    def enableCallbacks(self) -> None:  # noqa: N802  its own name: it is called when one is made
        self.setOptionValue("output_flag", False)  # noqa: FBT003  its own way of taking options
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # its class has no types


def highs_of(relations: Relations, least: np.ndarray, most: np.ndarray, nodes: int) -> Any:  # noqa: ANN401  as below
    """Give all relations as a programme, with other bounds."""
    highs = _highs(nodes)
    no_cost = np.zeros(len(least))
    highs.passModel(_model(relations.matrix, relations.row_least, relations.row_most, least, most, no_cost))
    return highs


def _highs(nodes: int) -> Any:  # noqa: ANN401  its class has no types
    highs: Any = _Silent()  # type: ignore[no-untyped-call]  # its class has no types
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(option, value)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", 0.02)
    return highs


def _add(
    highs: Any,  # noqa: ANN401  its class has no types
    between: tuple[Terms, float, float],
    columns: np.ndarray,
    fixed: np.ndarray,
) -> None:
    """Add a row to a programme: between what some terms have to add up."""
    terms, least, most = between
    place = {int(column): number for number, column in enumerate(columns)}
    free = {place[column]: float(factor) for column, factor in terms if column in place}
    known = sum(factor * fixed[column] for column, factor in terms if column not in place)
    highs.addRow(least - known, most - known, len(free), list(free), list(free.values()))


def _model(
    rows: csr_array,
    row_least: np.ndarray,
    row_most: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    cost: np.ndarray,
) -> Any:  # noqa: ANN401  its class has no types
    model: Any = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, least, most
    model.row_lower_, model.row_upper_ = row_least, row_most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data.astype(float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * rows.shape[1]
    return model
