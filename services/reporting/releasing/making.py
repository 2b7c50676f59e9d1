"""Makes a release from who was where when. Pure, and the same facts always make the same release."""

from collections.abc import Iterator, Sequence

import numpy as np

from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.deciding import Decision, decide
from services.reporting.releasing.families import Family, families, network
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Release, Row
from shared.law import SMALLEST_TOLD


def decisions(facts: Sequence[AreaFacts], calendar: Calendar) -> dict[str, Decision]:
    """Decide on each family."""
    return {family.name: _decided(family, facts) for family in families(facts, calendar)}


def _decided(family: Family, facts: Sequence[AreaFacts]) -> Decision:
    counts = [family.count(area) for area in facts]
    return decide(network(family, facts, counts), family.calendar)


def release(number: int, cursor: int, calendar: Calendar, decided: Sequence[Decision]) -> Release:
    """Write down what was decided."""
    rows = [row for decision in decided for row in _rows(decision)]
    return Release(number, cursor, SMALLEST_TOLD, calendar, sorted(rows, key=lambda row: (row.area, row.cell)))


def _rows(decision: Decision) -> Iterator[Row]:
    for pattern in decision.patterns:
        table = pattern.table
        size = np.where(pattern.silent, "withheld", np.where(table.values < SMALLEST_TOLD, "small", "large")).tolist()
        for (cell, by_area, _), unknown in zip(table.cells, table.unknown.tolist(), strict=True):
            if by_area:
                told = size[unknown] if pattern.hidden[unknown] else int(table.values[unknown])
                yield Row(table.area, cell, told)
    sums = decision.network
    for (cell, _, in_network), unknown in zip(sums.table.cells, sums.table.unknown.tolist(), strict=True):
        if in_network:
            yield Row(NETWORK, cell, "withheld" if sums.hidden[unknown] else int(sums.table.values[unknown]))
