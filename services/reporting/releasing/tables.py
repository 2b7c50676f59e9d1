"""The counts of one area as arrays: its cells, the unknowns behind them, and what holds between these. Pure.

Cells that are always equal are one unknown: of an effort area with one activity, say, both have the same people.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers, Reals
from services.reporting.releasing.cells import Count, FrameCell
from services.reporting.releasing.relations import KnownRelation

# How many columns a difference has.
DIFFERENCE: Final = 2


@dataclass(frozen=True)
class Sparse:
    """A matrix of few entries by rows: the entries of row i stand from `begins[i]` to before `begins[i + 1]`."""

    begins: Numbers
    columns: Numbers
    factors: Numbers

    @classmethod
    def of(cls, rows: Sequence[Mapping[int, int]]) -> "Sparse":
        """Make it from rows of column and factor."""
        begins = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in rows], out=begins[1:])
        columns = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.int64)
        factors = np.fromiter(itertools.chain.from_iterable(row.values() for row in rows), dtype=np.int64)
        return cls(begins, columns, factors)

    @classmethod
    def of_entries(cls, rows: Numbers, columns: Numbers, factors: Numbers, count: int) -> "Sparse":
        """Make it of `count` rows from entries, no two of them at one place; those of a row stay in their order."""
        order = np.argsort(rows, kind="stable")
        begins = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=count), out=begins[1:])
        return cls(begins, columns[order], factors[order])

    @classmethod
    def stacked(cls, parts: Sequence["Sparse"]) -> "Sparse":
        """Make it of the rows of several, one below the other."""
        lengths = np.concatenate([np.diff(each.begins) for each in parts])
        begins = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths, out=begins[1:])
        columns, factors = ([each.columns for each in parts], [each.factors for each in parts])
        return cls(begins, np.concatenate(columns), np.concatenate(factors))

    @classmethod
    def added_up(cls, rows: Numbers, columns: Numbers, factors: Numbers, count: int) -> "Sparse":
        """Make it of `count` rows from entries in any order, which are added up where several stand at one place."""
        width = int(columns.max(initial=0)) + 1
        keys, sums, _ = _summed(rows * width + columns, factors)
        keys, sums = keys[sums != 0], sums[sums != 0]
        begins = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(keys // width, minlength=count), out=begins[1:])
        return cls(begins, keys % width, sums)

    @cached_property
    def rows(self) -> Numbers:
        """Give the row of each entry."""
        return np.repeat(np.arange(len(self.begins) - 1), np.diff(self.begins))

    def times(self, values: Numbers) -> Numbers:
        """Give the sum of factor times value of each row."""
        return self.times_real(values).astype(np.int64)

    def times_real(self, values: Numbers | Reals) -> Reals:
        """Give the same of values that need not be whole."""
        weights = (self.factors * values[self.columns]).astype(np.float64)
        sums: Reals = np.bincount(self.rows, weights=weights, minlength=len(self.begins) - 1).astype(
            np.float64, copy=False
        )
        return sums

    def as_rows(self) -> list[dict[int, int]]:
        """Give each row as its columns with their factors."""
        columns, factors = self.columns.tolist(), self.factors.tolist()
        return [
            dict(zip(columns[begin:end], factors[begin:end], strict=True))
            for begin, end in itertools.pairwise(self.begins.tolist())
        ]

    def renumbered(self, number: Numbers, *, empty: bool = False) -> "Sparse":
        """Give the same rows of columns that have new numbers, where several may share one.

        Those that are `empty` by then are there only where it is asked for.
        """
        width = int(number.max()) + 1
        keys, factors, firsts = _summed(self.rows * width + number[self.columns], self.factors)
        # In each row what came first stays first.
        order = np.argsort(firsts)
        keys, factors = keys[order], factors[order]
        keys, factors = keys[factors != 0], factors[factors != 0]
        lengths = np.bincount(keys // width, minlength=len(self.begins) - 1)
        lengths = lengths if empty else lengths[lengths > 0]
        begins = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths, out=begins[1:])
        return Sparse(begins, keys % width, factors)

    def of_two(self) -> Numbers:
        """Give where the rows begin that are the difference of two columns; the other one stands beside it."""
        begins = self.begins[:-1][np.diff(self.begins) == DIFFERENCE]
        found: Numbers = begins[self.factors[begins] * self.factors[begins + 1] == -1]
        return found

    def chosen(self, rows: Numbers) -> "Sparse":
        """Give some rows, in their order."""
        lengths = np.diff(self.begins)[rows]
        begins = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(lengths, out=begins[1:])
        entries = np.arange(begins[-1]) + np.repeat(self.begins[rows] - begins[:-1], lengths)
        return Sparse(begins, self.columns[entries], self.factors[entries])

    def further(self, columns: int) -> "Sparse":
        """Give the same so many columns further on."""
        return Sparse(self.begins, self.columns + columns, self.factors)

    def through(self, other: "Sparse") -> tuple[Numbers, Numbers, Numbers]:
        """Give the product with a matrix by row, column and factor; several of its entries may stand at one place."""
        met = other.chosen(self.columns)
        lengths = np.diff(met.begins)
        return np.repeat(self.rows, lengths), met.columns, met.factors * np.repeat(self.factors, lengths)

    def turned(self, width: int) -> "Sparse":
        """Give the same by columns."""
        return Sparse.of_entries(self.columns, self.rows, self.factors, width)


def _summed(keys: Numbers, factors: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Add up the factors of each key: give the keys, sorted, their sums, and where each came first."""
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    begins = np.flatnonzero(np.diff(in_order, prepend=-1))
    sums: Numbers = np.add.reduceat(factors[order], begins) if len(begins) else factors
    return in_order[begins], sums, order[begins]


@dataclass(frozen=True)
class AreaTable:
    """The counts of one area and one family.

    `unknown[i]` is the unknown of cell i, `values` those of the unknowns. Relations are at least 0 where they are not
    exact. An unknown is `by_area` when a cell of it is told by area, `counted` when it is a count that is told at all.
    """

    area: str
    cells: tuple[FrameCell, ...]
    unknown: Numbers
    values: Numbers
    by_area: Flags
    counted: Flags
    bounds: Sparse
    exact: Sparse

    @cached_property
    def place(self) -> dict[Count, int]:
        """Give the unknown of each cell."""
        return {each.cell: int(number) for each, number in zip(self.cells, self.unknown, strict=True)}

    def by_cell(self) -> dict[Count, int]:
        """Give the count of each cell."""
        values = self.values.tolist()
        return {cell: values[unknown] for cell, unknown in self.place.items()}

    def with_values(self, values: Numbers) -> "AreaTable":
        """Give the same with other counts."""
        return replace(self, values=values)

    def with_exact(self, relations: Iterable[KnownRelation]) -> tuple["AreaTable", Numbers]:
        """Give the same with more that holds exactly, and the new number of each unknown.

        Of a cell that it has not, nobody is counted.

        Raises:
            Contradiction: one of them does not hold.
        """
        place = self.place
        rows = Sparse.of(
            [
                row
                for relation in relations
                if (row := _added_up((place[cell], factor) for cell, factor in relation.terms if cell in place))
            ]
        )
        number = _joined(len(self.values), rows, np.ones(len(rows.begins) - 1, dtype=np.bool_))
        exact = Sparse.stacked((self.exact, rows)).renumbered(number)
        count = int(number.max()) + 1
        values, by_area, counted = np.zeros(count, np.int64), np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        values[number] = self.values
        by_area[number[self.by_area]] = counted[number[self.counted]] = True
        bounds = self.bounds.renumbered(number)
        made = AreaTable(self.area, self.cells, number[self.unknown], values, by_area, counted, bounds, exact)
        if (values[number] != self.values).any() or exact.times(values).any():
            raise Contradiction(f"{self.area}: what holds in the network does not hold here")
        return made, number

    @cached_property
    def relations_of(self) -> Sparse:
        """Give the relations, those that are not exact, that each unknown stands in."""
        return self.bounds.turned(len(self.values))


class Contradiction(Exception):
    """The counts of an area break what always holds: they were counted wrongly."""


def table(
    area: str, frame: Iterable[FrameCell], relations: Iterable[KnownRelation], counted: Mapping[Count, int]
) -> AreaTable:
    """Put the counts of an area into arrays. A count that is not given is 0.

    Raises:
        Contradiction: a relation does not hold.
    """
    cells, rules = list(frame), list(relations)
    place = {each.cell: number for number, each in enumerate(cells)}
    for cell in (cell for rule in rules for cell, _ in rule.terms):
        if cell not in place:
            # It binds what is told, and is told nowhere.
            place[cell] = len(cells)
            cells.append(FrameCell(cell, by_area=False, in_network=False))
    rows = _numbered(rules, place)
    is_exact = np.array([rule.exact for rule in rules], dtype=np.bool_)
    unknown = _joined(len(cells), rows, is_exact)
    values = np.zeros(unknown.max() + 1, dtype=np.int64)
    values[unknown] = [counted.get(each.cell, 0) for each in cells]
    exact, bounds = _apart(rows.renumbered(unknown, empty=True), is_exact)
    by_area, is_counted = np.zeros(len(values), dtype=np.bool_), np.zeros(len(values), dtype=np.bool_)
    by_area[unknown[[each.by_area for each in cells]]] = True
    is_counted[unknown[[each.by_area or each.in_network for each in cells]]] = True
    made = AreaTable(area, tuple(cells), unknown, values, by_area, is_counted, bounds, exact)
    if made.bounds.times(values).min(initial=0) < 0 or made.exact.times(values).any():
        raise Contradiction(f"{area}: {list(_broken(rules, counted))}")
    return made


def _broken(rules: Iterable[KnownRelation], counted: Mapping[Count, int]) -> Iterator[KnownRelation]:
    for rule in rules:
        added = sum(factor * counted.get(cell, 0) for cell, factor in rule.terms)
        if added < 0 or (rule.exact and added):
            yield rule


def _numbered(rules: Sequence[KnownRelation], place: Mapping[Count, int]) -> Sparse:
    """Give each relation as a row of cells, by their numbers."""
    begins = np.zeros(len(rules) + 1, dtype=np.int64)
    np.cumsum([len(rule.terms) for rule in rules], out=begins[1:])
    columns = np.array([place[cell] for rule in rules for cell, _ in rule.terms], dtype=np.int64)
    factors = np.array([factor for rule in rules for _, factor in rule.terms], dtype=np.int64)
    return Sparse(begins, columns, factors)


def _joined(cells: int, rows: Sparse, is_exact: Flags) -> Numbers:
    """Number the unknowns: cells that are always equal have the same number."""
    leader = list(range(cells))

    def find(cell: int) -> int:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    equal = rows.of_two()
    equal = equal[is_exact[rows.rows[equal]]]
    for one, other in zip(rows.columns[equal].tolist(), rows.columns[equal + 1].tolist(), strict=True):
        first, second = sorted((find(one), find(other)))
        leader[second] = first
    _, unknown = np.unique([find(cell) for cell in range(cells)], return_inverse=True)
    return unknown.astype(np.int64)


def _apart(rows: Sparse, is_exact: Flags) -> tuple[Sparse, Sparse]:
    """Give the exact and the other relations between unknowns, each once, without those that say nothing."""
    order = np.lexsort((rows.columns, rows.rows))
    terms = np.stack((rows.columns[order], rows.factors[order]), axis=1)
    # Counts are never negative, so that sums of them bind nothing.
    says = np.zeros(len(is_exact), dtype=np.bool_)
    says[rows.rows[rows.factors < 0]] = True
    says[is_exact] = np.diff(rows.begins)[is_exact] > 0
    found: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
    for exactly, by_terms in zip((True, False), found, strict=True):
        for row in np.flatnonzero(says & (is_exact == exactly)).tolist():
            key = terms[rows.begins[row] : rows.begins[row + 1]].tobytes()
            if key not in found[0]:
                by_terms.setdefault(key, row)
    exact, bounds = (rows.chosen(np.array(list(each.values()), dtype=np.int64)) for each in found)
    return exact, bounds


def _added_up(terms: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Add up the factors of each unknown; what they cancel is left out."""
    sums: dict[int, int] = {}
    for number, factor in terms:
        sums[number] = sums.get(number, 0) + factor
    return {number: factor for number, factor in sums.items() if factor} if 0 in sums.values() else sums
