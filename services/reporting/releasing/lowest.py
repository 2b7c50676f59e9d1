"""How low each count is in the other worlds that certificates stand for: nothing told may contradict these. Pure."""

import numpy as np

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.cells import Count
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.released import NETWORK
from shared.law import SMALLEST_TOLD


class Lowest:
    """The lowest that each count of areas is in any world of a decision's certificates."""

    def __init__(self, decision: Decision) -> None:
        self._network = decision.network
        self._areas = {pattern.table.area: number for number, pattern in enumerate(decision.patterns)}
        self._tables = [pattern.table for pattern in decision.patterns]
        falls = [np.zeros(len(table.values), dtype=np.int64) for table in self._tables]
        for certificate in decision.certificates:
            for moves in (*certificate.moves, *(moves for back in certificate.backs for moves in back)):
                falls[moves.area][moves.unknowns] = np.maximum(falls[moves.area][moves.unknowns], -moves.by)
        # All donors of an area may be taken in one world.
        given = [np.zeros_like(fall) for fall in falls]
        for donor in decision.donors.all:
            given[donor.moves.area][donor.moves.unknowns] += donor.times * np.maximum(-donor.moves.by, 0)
        self._values: list[Numbers] = [
            table.values - np.maximum(fall, gift) for table, fall, gift in zip(self._tables, falls, given, strict=True)
        ]

    def is_many(self, area: str, cell: Count) -> bool:
        """Tell whether a count of the threshold or more is so in every world, or is small, or counts nobody."""
        table = self._network.table if area == NETWORK else self._tables[self._areas[area]]
        place = table.place.get(cell)
        if place is None or table.values[place] < SMALLEST_TOLD:
            return True
        if area == NETWORK:
            return not self._network.hidden[place]
        return bool(self._values[self._areas[area]][place] >= SMALLEST_TOLD)
