"""Steps between releases: what was told stays as told, or moves by the threshold or more. Pure.

The counts of a release are the true ones but for those that have moved by less than the threshold since the release
before: these stay as they were then, told or not. So a difference between two releases never tells of 1 to 4 people,
and who withdraws a consent is not found by comparing. What was hidden stays hidden until it has moved as far.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.solving import WITHOUT_END, Moving
from services.reporting.releasing.tables import AreaTable, Sparse
from shared.law import SMALLEST_TOLD

# What it costs to move a count by one, in search of counts that keep what always holds: one that is new, one that was
# counted before, and one that was told before, which is then withheld.
NEW: Final = 1.0
COUNTED: Final = 3.0
TOLD: Final = 1_000.0
FARTHEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Memory:
    """What the release before counted in an area, or in the network, and which of it was told."""

    values: Mapping[Count, int] = field(default_factory=dict)
    told: Collection[Count] = frozenset()


@dataclass(frozen=True, slots=True)
class Stepped:
    """The counts of an area for a release: which unknowns stay told, and which have to stay hidden."""

    table: AreaTable
    told: Collection[int] = ()
    hidden: Collection[int] = ()


def before(cells: Collection[Count], old: Calendar) -> dict[Count, Count]:
    """Give for each cell the one that it was in an earlier release: the same months, as far as there were any."""
    return {cell: earlier for cell in cells if (earlier := _before(cell, old)) is not None}


def _before(cell: Count, old: Calendar) -> Count | None:
    first, last = cell.months
    if last < old.months:
        return cell
    if first >= old.months:
        return None
    return Count(cell.name, Months(first, old.months - 1), cell.of)


def stepped(table: AreaTable, memory: Memory, earlier: Mapping[Count, Count]) -> Stepped:
    """Let counts that moved by less than the threshold stay, and others move so that all that holds still holds.

    `table` has the true counts.
    """
    was = _was(table, memory, earlier)
    values = table.values.copy()
    for unknown, (value, _) in was.items():
        if abs(int(values[unknown]) - value) < SMALLEST_TOLD:
            values[unknown] = value
    made = table.with_values(_repaired(table, values, was))
    told, hidden = _kept(made.values, was)
    return Stepped(made, told, hidden)


def _was(table: AreaTable, memory: Memory, earlier: Mapping[Count, Count]) -> dict[int, tuple[int, bool]]:
    """Give of each unknown what it was, and whether that was told; what was told goes before."""
    found: dict[int, tuple[int, bool]] = {}
    for cell, unknown in table.place.items():
        then = earlier.get(cell)
        if then is not None and then in memory.values:
            told = then in memory.told
            if told or unknown not in found:
                found[unknown] = memory.values[then], told
    return found


def _kept(values: Numbers, was: Mapping[int, tuple[int, bool]]) -> tuple[list[int], list[int]]:
    """Give the unknowns that stay told as they were, and those that have to be hidden since they moved by less."""
    told, hidden = [], []
    for unknown, (value, was_told) in was.items():
        moved = abs(int(values[unknown]) - value)
        if was_told and not moved:
            told.append(unknown)
        elif moved < SMALLEST_TOLD:
            hidden.append(unknown)
    return told, hidden


def _repaired(table: AreaTable, values: Numbers, was: Mapping[int, tuple[int, bool]]) -> Numbers:
    """Give the counts nearest to these that keep what always holds."""
    slack, rest = table.bounds.times(values), table.exact.times(values)
    if slack.min(initial=0) >= 0 and not rest.any():
        return values
    rows = [*table.bounds.as_rows(), *table.exact.as_rows()]
    least = np.concatenate((-slack, -rest)).astype(np.float64)
    most = np.concatenate((np.full(len(slack), WITHOUT_END), -rest))
    model = Moving(Sparse.of(rows), len(values), least, most)
    cost = np.full(len(values), NEW)
    for unknown, (value, told) in was.items():
        if values[unknown] == value:
            cost[unknown] = TOLD if told else COUNTED
    model.allow(values, np.full(len(values), FARTHEST), cost)
    moves = model.any_moves()
    found = None if moves is None else values + moves
    is_sound = (
        found is not None and table.bounds.times(found).min(initial=0) >= 0 and not table.exact.times(found).any()
    )
    # The true counts keep it too: at worst, all that has moved by less than the threshold is hidden.
    return found if found is not None and is_sound else table.values


def kept_sums(
    values: Mapping[Count, int], memory: Memory, earlier: Mapping[Count, Count]
) -> tuple[set[Count], set[Count]]:
    """Give the sums of the network that have to be hidden since they moved by less, and those that stay told."""
    hidden, told = set(), set()
    for cell, then in earlier.items():
        moved = abs(values[cell] - memory.values[then]) if then in memory.values else SMALLEST_TOLD
        if then in memory.told and not moved:
            told.add(cell)
        elif moved < SMALLEST_TOLD:
            hidden.add(cell)
    return hidden, told
