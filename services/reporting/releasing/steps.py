"""Steps between releases: what was told stays as told, or moves by the threshold or more. Pure.

The counts of a release are the true ones but for those that have moved by less than the threshold since the release
before: these stay as they were then, told or not. So a difference between two releases never tells of 1 to 4 people,
and who withdraws a consent is not found by comparing. What was hidden stays hidden until it has moved as far. A new
count is that far from all that were ever told of it, not from the last alone: 100, then 105, then 98 would tell of 2.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from services.reporting.releasing.arrays import Numbers, Reals
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.repairing import NEVER, CountsAtOdds, repaired
from services.reporting.releasing.tables import AreaTable
from shared.law import SMALLEST_TOLD

# The values that were told of a count in releases before.
Past = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the release before counted in an area, or in the network, and which of it was told.

    Of a sum of the network that was hidden, the value is the one it was last told with, or was first hidden with.
    `past` has all values that were ever told of a count.
    """

    values: Mapping[Count, int] = field(default_factory=dict)
    told: Collection[Count] = frozenset()
    past: Mapping[Count, Past] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stepped:
    """The counts of an area for a release: which unknowns stay told, and which have to stay hidden.

    `past` has what was ever told of each cell.
    """

    table: AreaTable
    told: Collection[int] = ()
    hidden: Collection[int] = ()
    past: Mapping[Count, Past] = field(default_factory=dict)


def past_of(earlier: Mapping[Count, Count], memory: Memory) -> dict[Count, Past]:
    """Give what was ever told of each cell, where anything was."""
    return {cell: memory.past[then] for cell, then in earlier.items() if then in memory.past}


def with_told(past: Past, value: int) -> Past:
    """Give what was ever told of a count, once a value is."""
    return past if value in past else tuple(sorted((*past, value)))


def is_too_near(value: int, past: Past) -> bool:
    """Tell whether a value differs by a small number of people from one that was told before."""
    return any(0 < abs(value - each) < SMALLEST_TOLD for each in past)


def before(cells: Collection[Count], old: Calendar) -> dict[Count, Count]:
    """Give for each cell the one that it was in an earlier release: the same months, as far as there were any."""
    months = old.months
    return {
        cell: cell if cell.months.last < months else Count(cell.name, Months(cell.months.first, months - 1), cell.of)
        for cell in cells
        if cell.months.first < months
    }


def carried(now: Memory, last: Memory, old: Calendar, new: Calendar) -> Memory:
    """Give what the next release has to know, also of counts that this one does not have and the one before had.

    They may come again. Example: an end of an activity is told by mistake, so that nothing ran in the months after it;
    when it goes on all the same, these months are held against what was told of them before.
    """
    found = {cell: then for then in last.values for cell in _as_now(then, old, new) if cell not in now.values}
    values = {cell: last.values[then] for cell, then in found.items()}
    told = {cell for cell, then in found.items() if then in last.told}
    return Memory({**values, **now.values}, {*told, *now.told}, {**past_of(found, last), **now.past})


def _as_now(then: Count, old: Calendar, new: Calendar) -> Iterable[Count]:
    """Give what a count of an earlier release would be in this one: what reached to its last month reaches further."""
    if then.months.last < old.months - 1:
        return (then,)
    cells = [then._replace(months=months) for months in new.parts_from(then.months.first)]
    return [cell for cell, earlier in before(cells, old).items() if earlier == then]


def stepped(table: AreaTable, memory: Memory, earlier: Mapping[Count, Count], missed: Reals | None = None) -> Stepped:
    """Let counts that moved by less than the threshold stay, and others move so that all that holds still holds.

    `table` has the true counts, and `missed` says how much a reader misses each that is withheld.
    """
    was, past = _was(table, memory, earlier), past_of(earlier, memory)
    told_of: dict[int, Past] = {}
    for cell, each in past.items():
        unknown = table.place[cell]
        told_of[unknown] = tuple(sorted({*told_of.get(unknown, ()), *each}))
    values = table.values.copy()
    stood, stood_told = np.full(len(values), NEVER), np.zeros(len(values), dtype=np.bool_)
    for unknown, (value, is_told) in was.items():
        values[unknown] = _stepped_value(int(values[unknown]), value, told_of.get(unknown, ()))
        stood[unknown], stood_told[unknown] = value, is_told
    cost = np.ones(len(values)) if missed is None else missed
    made = table.with_values(repaired(CountsAtOdds(table, values, stood, stood_told, told_of, cost)))
    told, hidden = _kept(made.values, was, told_of)
    return Stepped(made, told, hidden, past)


def _stepped_value(now: int, was: int, past: Past) -> int:
    """Give what a count stays as: as it was, or as it was told before, where it is near to it."""
    near = [each for each in (was, *past) if abs(now - each) < SMALLEST_TOLD]
    return was if was in near else min(near, key=lambda each: (abs(now - each), each), default=now)


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


def _kept(
    values: Numbers, was: Mapping[int, tuple[int, bool]], past: Mapping[int, Past]
) -> tuple[list[int], list[int]]:
    """Give the unknowns that stay told as they were, and those that have to be hidden since they moved by less."""
    told, hidden = [], []
    for unknown, (value, was_told) in was.items():
        moved = abs(int(values[unknown]) - value)
        if was_told and not moved:
            told.append(unknown)
        elif moved < SMALLEST_TOLD or is_too_near(int(values[unknown]), past.get(unknown, ())):
            hidden.append(unknown)
    return told, hidden


def kept_sums(
    values: Mapping[Count, int], memory: Memory, earlier: Mapping[Count, Count]
) -> tuple[set[Count], set[Count]]:
    """Give the sums of the network that have to be hidden since they moved by less, and those that stay told."""
    hidden, told = set(), set()
    for cell, then in earlier.items():
        moved = abs(values[cell] - memory.values[then]) if then in memory.values else SMALLEST_TOLD
        if then in memory.told and not moved:
            told.add(cell)
        elif moved < SMALLEST_TOLD or is_too_near(values[cell], memory.past.get(then, ())):
            hidden.add(cell)
    return hidden, told


def memory_of_sums(
    values: Mapping[Count, int], told: Collection[Count], memory: Memory, earlier: Mapping[Count, Count]
) -> Memory:
    """Give what the next release has to know of sums of the network: a hidden one steps from where it last stood."""
    from_before = {cell: memory.values[then] for cell, then in earlier.items() if then in memory.values}
    stood = {cell: value if cell in told else from_before.get(cell, value) for cell, value in values.items()}
    past = past_of(earlier, memory)
    past.update({cell: with_told(past.get(cell, ()), values[cell]) for cell in told})
    return Memory(stood, told, past)
