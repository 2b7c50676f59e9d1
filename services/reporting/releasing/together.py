"""The search for moves in several areas at once, where no donors were found: each certificate has its own. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers, Reals
from services.reporting.releasing.certificates import Moves
from services.reporting.releasing.network import Network
from services.reporting.releasing.searching import HIDDEN, UNTOLD, AreaSearch, WantedMove
from services.reporting.releasing.solving import WITHOUT_END, Moving
from services.reporting.releasing.tables import Sparse

# How many sets of areas there are, and how many areas a set has at most: the largest of the network.
SETS: Final = 3
LARGEST: Final = 6
FARTHEST: Final = 20


class Together:
    """Sets of areas that share none, each of which moves back what one area moves; and that area, where it is given."""

    def __init__(self, network: Network, own: AreaSearch | None, sets: Sequence[Sequence[AreaSearch]]) -> None:
        self._network, self._own, self._sets = network, own, sets
        self._searches = [*([own] if own else []), *(each for some in sets for each in some)]
        ends = np.cumsum([0, *(len(each.table.values) for each in self._searches)])
        self._begins = ends.tolist()
        rows: list[Sparse] = []
        least: list[Reals] = []
        most: list[Reals] = []
        for search, begin in zip(self._searches, self._begins, strict=False):
            exact = np.zeros(len(search.table.exact.begins) - 1)
            rows += [search.table.bounds.further(begin), search.table.exact.further(begin)]
            least += [-search.slack.astype(np.float64), exact]
            most += [np.full(len(search.slack), WITHOUT_END), exact]
        self._first = sum(map(len, least))
        free = np.full(len(self._sets) * len(network.table.values), WITHOUT_END)
        self._kept = np.concatenate((*least, -free)), np.concatenate((*most, free))
        self._model = Moving(Sparse.stacked([*rows, self._of_coordinates()]), self._begins[-1], *self._kept)
        self._version = -1

    def move_back(self, moved: Mapping[int, int], bound: Flags) -> tuple[tuple[Moves, ...], ...] | None:
        """Give how each set moves back what is moved of the bound coordinates; None where one of them cannot."""
        wanted = np.zeros(len(bound), dtype=np.int64)
        wanted[list(moved)] = [-by for by in moved.values()]
        self._allow(wanted, bound)
        found = self._model.any_moves()
        return None if found is None else self._by_set(found)

    def reach(self, wanted: WantedMove, bound: Flags) -> tuple[Moves, tuple[tuple[Moves, ...], ...]] | None:
        """Give moves of the own area in which an unknown moves as wanted, and how each set moves them back."""
        self._allow(np.zeros(len(bound), dtype=np.int64), bound)
        found = self._model.cheapest(wanted.unknown, wanted.by, wanted.beside)
        if found is None or self._own is None:
            return None
        own = found[: self._begins[1]]
        backs = self._by_set(found)
        return None if backs is None or not self._own.is_within(own) else (Moves.of(self._own.area, own), backs)

    def _of_coordinates(self) -> Sparse:
        """Give for each set and coordinate what moves it: the own area, and those of the set."""
        count = len(self._network.table.values)
        rows: list[Numbers] = []
        columns: list[Numbers] = []
        number = 1 if self._own else 0
        for of_set, some in enumerate(self._sets):
            for place in (*([0] if self._own else []), *range(number, number + len(some))):
                own, coordinates = self._network.maps[self._searches[place].area]
                rows.append(of_set * count + coordinates)
                columns.append(self._begins[place] + own)
            number += len(some)
        unknowns = np.concatenate(columns)
        return Sparse.of_entries(np.concatenate(rows), unknowns, np.ones_like(unknowns), len(self._sets) * count)

    def _allow(self, wanted: Numbers, bound: Flags) -> None:
        least, most = (part.copy() for part in self._kept)
        count = len(wanted)
        for begin in range(self._first, len(least), count):
            least[begin : begin + count][bound] = wanted[bound]
            most[begin : begin + count][bound] = wanted[bound]
        self._model.keep(least, most)
        version = sum(search.pattern.version for search in self._searches)
        if version == self._version:
            return
        self._version = version
        rooms = [search.pattern.room(all_told=search is self._own) for search in self._searches]
        costs = [
            np.where(each.pattern.told, each.pattern.cost, np.where(each.table.by_area, HIDDEN, UNTOLD))
            for each in self._searches
        ]
        self._model.allow(
            np.minimum(np.concatenate([down for down, _ in rooms]), FARTHEST),
            np.minimum(np.concatenate([up for _, up in rooms]), FARTHEST),
            np.concatenate(costs),
        )

    def _by_set(self, found: Numbers) -> tuple[tuple[Moves, ...], ...] | None:
        number = 1 if self._own else 0
        backs = []
        for some in self._sets:
            moves = []
            for search in some:
                own = found[self._begins[number] : self._begins[number + 1]]
                if not search.is_within(own, all_told=False):
                    return None
                if own.any():
                    moves.append(Moves.of(search.area, own))
                number += 1
            backs.append(tuple(moves))
        return tuple(backs)


def sets_of(searches: Sequence[AreaSearch], without: int) -> list[list[AreaSearch]]:
    """Give two sets of the largest areas that share none and do not hold one area; fewer where there are not enough."""
    in_order = sorted(searches, key=lambda each: (-int(each.table.values.sum()), each.area))[: SETS * LARGEST]
    if len(in_order) < SETS * LARGEST:
        others = [each for each in in_order if each.area != without]
        return [others[::2], others[1::2]] if len(others) > 1 else []
    sets = [in_order[number::SETS] for number in range(SETS)]
    left = [some for some in sets if all(each.area != without for each in some) and some]
    return left[:2] if len(left) > 1 else []
