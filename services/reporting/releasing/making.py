"""Makes a release from who was where when. Pure, and the same facts always make the same release."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.deciding import Decision, decide
from services.reporting.releasing.families import Family, LastRelease, families, network
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Release, ReleaseRow
from services.reporting.releasing.steps import Memory
from shared.law import SMALLEST_TOLD


@dataclass(frozen=True, slots=True)
class Kept:
    """What the next release has to know of one: its months, and by family and area what was counted and told."""

    calendar: Calendar
    memories: Mapping[str, Mapping[str, Memory]]


def decisions(facts: Sequence[AreaFacts], calendar: Calendar, last: Kept | None = None) -> dict[str, Decision]:
    """Decide on each family, after the release before where there is one."""
    in_order = sorted(facts, key=lambda area: area.area)
    return {family.name: _decided(family, in_order, last) for family in families(in_order, calendar)}


def _decided(family: Family, facts: Sequence[AreaFacts], last: Kept | None = None) -> Decision:
    counts = [family.count(area) for area in facts]
    memories = last.memories.get(family.name) if last else None
    before = LastRelease(last.calendar, memories) if last and memories else None
    made, areas = network(family, facts, counts, before)
    return decide(made, family.calendar, areas)


def kept(calendar: Calendar, decided: Mapping[str, Decision]) -> Kept:
    """Give what the next release has to know."""
    return Kept(calendar, {name: dict(_memories(decision)) for name, decision in decided.items()})


def _memories(decision: Decision) -> Iterator[tuple[str, Memory]]:
    for pattern in decision.patterns:
        place, values = pattern.table.place, pattern.table.values.tolist()
        told = {each.cell for each in pattern.table.cells if each.by_area and pattern.told[place[each.cell]]}
        yield pattern.table.area, Memory({cell: values[unknown] for cell, unknown in place.items()}, told)
    sums = decision.network
    place, values = sums.table.place, sums.table.values.tolist()
    told = {each.cell for each in sums.table.cells if each.in_network and not sums.hidden[place[each.cell]]}
    yield NETWORK, Memory({each.cell: values[place[each.cell]] for each in sums.table.cells if each.in_network}, told)


def share_told(decided: Iterable[Decision], *, of_network: bool) -> float:
    """Give what share is told of the counts of the threshold or more, of areas or of the network."""
    told = all_large = 0
    for decision in decided:
        sums = decision.network
        tables = (
            [(sums.table, sums.hidden)] if of_network else [(each.table, each.hidden) for each in decision.patterns]
        )
        for table, hidden in tables:
            in_frame = [each.in_network if of_network else each.by_area for each in table.cells]
            cells = table.unknown[in_frame]
            large = cells[table.values[cells] >= SMALLEST_TOLD]
            told, all_large = told + int((~hidden[large]).sum()), all_large + len(large)
    return told / all_large if all_large else 1.0


def release(number: int, cursor: int, calendar: Calendar, decided: Sequence[Decision]) -> Release:
    """Write down what was decided."""
    rows = [row for decision in decided for row in _rows(decision)]
    return Release(number, cursor, SMALLEST_TOLD, calendar, sorted(rows, key=lambda row: (row.area, row.cell)))


def _rows(decision: Decision) -> Iterator[ReleaseRow]:
    for pattern in decision.patterns:
        table = pattern.table
        size = np.where(pattern.silent, "withheld", np.where(table.values < SMALLEST_TOLD, "small", "large")).tolist()
        for (cell, by_area, _), unknown in zip(table.cells, table.unknown.tolist(), strict=True):
            if by_area:
                told = size[unknown] if pattern.hidden[unknown] else int(table.values[unknown])
                yield ReleaseRow(table.area, cell, told)
    sums = decision.network
    for (cell, _, in_network), unknown in zip(sums.table.cells, sums.table.unknown.tolist(), strict=True):
        if in_network:
            yield ReleaseRow(NETWORK, cell, "withheld" if sums.hidden[unknown] else int(sums.table.values[unknown]))
