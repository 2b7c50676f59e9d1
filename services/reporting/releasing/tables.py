"""The counts of one area as arrays: its cells, the unknowns behind them, and what holds between these. Pure.

Cells that are always equal are one unknown: of an effort area with one activity, say, both have the same people.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers
from services.reporting.releasing.cells import Count, FrameCell
from services.reporting.releasing.relations import KnownRelation


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
        columns = np.fromiter((column for row in rows for column in row), dtype=np.int64)
        factors = np.fromiter((factor for row in rows for factor in row.values()), dtype=np.int64)
        return cls(begins, columns, factors)

    @cached_property
    def rows(self) -> Numbers:
        """Give the row of each entry."""
        return np.repeat(np.arange(len(self.begins) - 1), np.diff(self.begins))

    def times(self, values: Numbers) -> Numbers:
        """Give the sum of factor times value of each row."""
        return np.bincount(
            self.rows, weights=self.factors * values[self.columns], minlength=len(self.begins) - 1
        ).astype(np.int64)

    def as_rows(self) -> list[dict[int, int]]:
        """Give each row as its columns with their factors."""
        columns, factors = self.columns.tolist(), self.factors.tolist()
        return [
            dict(zip(columns[begin:end], factors[begin:end], strict=True))
            for begin, end in itertools.pairwise(self.begins.tolist())
        ]

    def turned(self, width: int) -> "Sparse":
        """Give the same by columns."""
        order = np.argsort(self.columns, kind="stable")
        begins = np.zeros(width + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.columns, minlength=width), out=begins[1:])
        return Sparse(begins, self.rows[order], self.factors[order])


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
        return AreaTable(
            self.area, self.cells, self.unknown, values, self.by_area, self.counted, self.bounds, self.exact
        )

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
    seen = {each.cell for each in cells}
    for cell in (cell for rule in rules for cell, _ in rule.terms):
        if cell not in seen:
            # It binds what is told, and is told nowhere.
            seen.add(cell)
            cells.append(FrameCell(cell, by_area=False, in_network=False))
    place = {each.cell: number for number, each in enumerate(cells)}
    numbered = [({place[cell]: factor for cell, factor in rule.terms}, rule.exact) for rule in rules]
    unknown = _joined(len(cells), numbered)
    values = np.zeros(unknown.max() + 1, dtype=np.int64)
    values[unknown] = [counted.get(each.cell, 0) for each in cells]
    exact, bounds = _renumbered(numbered, unknown.tolist())
    by_area, is_counted = np.zeros(len(values), dtype=np.bool_), np.zeros(len(values), dtype=np.bool_)
    by_area[unknown[[each.by_area for each in cells]]] = True
    is_counted[unknown[[each.by_area or each.in_network for each in cells]]] = True
    made = AreaTable(area, tuple(cells), unknown, values, by_area, is_counted, Sparse.of(bounds), Sparse.of(exact))
    if made.bounds.times(values).min(initial=0) < 0 or made.exact.times(values).any():
        raise Contradiction(f"{area}: {list(_broken(rules, counted))}")
    return made


def _broken(rules: Iterable[KnownRelation], counted: Mapping[Count, int]) -> Iterator[KnownRelation]:
    for rule in rules:
        added = sum(factor * counted.get(cell, 0) for cell, factor in rule.terms)
        if added < 0 or (rule.exact and added):
            yield rule


def _joined(cells: int, rules: Iterable[tuple[Mapping[int, int], bool]]) -> Numbers:
    """Number the unknowns: cells that are always equal have the same number."""
    leader = list(range(cells))

    def find(cell: int) -> int:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    for terms, is_exact in rules:
        if is_exact and sorted(terms.values()) == [-1, 1]:
            one, other = sorted(find(cell) for cell in terms)
            leader[other] = one
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(find(cell), len(numbers)) for cell in range(cells)], dtype=np.int64)


def _renumbered(
    rules: Iterable[tuple[Mapping[int, int], bool]], unknown: Sequence[int]
) -> tuple[list[dict[int, int]], list[dict[int, int]]]:
    """Give the exact and the other relations between unknowns, each once, without those that say nothing."""
    found: tuple[dict[tuple[tuple[int, int], ...], None], ...] = ({}, {})
    for terms, is_exact in rules:
        sums: dict[int, int] = {}
        for cell, factor in terms.items():
            sums[unknown[cell]] = sums.get(unknown[cell], 0) + factor
        row = tuple(sorted((number, factor) for number, factor in sums.items() if factor))
        # Counts are never negative, so that sums of them bind nothing.
        if row and (is_exact or min(factor for _, factor in row) < 0):
            found[not is_exact][row] = None
    exact, bounds = found
    return [dict(row) for row in exact], [dict(row) for row in bounds if row not in exact]
