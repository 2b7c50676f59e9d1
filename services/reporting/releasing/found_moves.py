"""Moves of an area that were found, for this release or the one before: they may serve a second count as well. Pure.

What is kept for the next release has names of counts, not places in arrays. Nothing kept is trusted: whether moves
still keep all that is known and told is added up anew, and only what has no moves that do is searched again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.cells import Count
from services.reporting.releasing.certificates import Certificate, Donor, Moves
from services.reporting.releasing.network import Network
from services.reporting.releasing.searching import Allowance, AreaSearch, WantedMove
from services.reporting.releasing.tables import AreaTable

# How many of the moves that were found of one unknown are tried for it, and how many times each is taken.
TRIED: Final = 6
TIMES: Final = 3
# An area has thousands of moves, and none goes far: they are kept in short numbers.
ShortNumbers = npt.NDArray[np.int16]


class KeptMove(NamedTuple):
    """By how much counts move, by their numbers in the list that it stands in; a donor can be taken `times`."""

    unknowns: tuple[int, ...]
    by: tuple[int, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class KeptMoves:
    """All moves of an area that certificates and donors of a release were made of.

    `number` says of each of the `counts` its number: counts that are always equal share one.
    """

    counts: tuple[Count, ...]
    number: tuple[int, ...]
    certificates: tuple[KeptMove, ...]
    donors: tuple[KeptMove, ...]

    @classmethod
    def of(cls, table: AreaTable, certificates: Iterable[Certificate], donors: Iterable[Donor]) -> "KeptMoves":
        """Keep the moves of an area, each once."""
        moves = {
            KeptMove(tuple(each.unknowns.tolist()), tuple(each.by.tolist())): None
            for certificate in certificates
            for each in certificate.moves
        }
        donated = [
            KeptMove(tuple(each.moves.unknowns.tolist()), tuple(each.moves.by.tolist()), each.times) for each in donors
        ]
        counts = tuple(each.cell for each in table.cells)
        return cls(counts, tuple(table.unknown.tolist()), tuple(moves), tuple(donated))

    def again(self, table: AreaTable, earlier: Mapping[Count, Count]) -> "MovesAgain":
        """Give the same moves of an area's unknowns of today; a count that is new does not move."""
        number = dict(zip(self.counts, self.number, strict=True))
        nothing = max(self.number, default=-1) + 1
        was = np.full(len(table.values), nothing, dtype=np.int64)
        for cell, unknown in table.place.items():
            then = earlier.get(cell)
            if then is not None and was[unknown] == nothing:
                was[unknown] = number.get(then, nothing)
        donated = _dense(self.donors, nothing)[:, was]
        return MovesAgain(
            _dense(self.certificates, nothing)[:, was],
            [(once, each.times) for once, each in zip(donated, self.donors, strict=True)],
        )


class MovesAgain(NamedTuple):
    """Moves of all unknowns of an area, of certificates, and of donors with how often each can be taken."""

    certificates: Sequence[ShortNumbers] | ShortNumbers = ()
    donors: Sequence[tuple[ShortNumbers, int]] = ()


def _dense(moves: Sequence[KeptMove], count: int) -> ShortNumbers:
    """Give each of some moves as a row of all unknowns, and one more that never moves."""
    found = np.zeros((len(moves), count + 1), dtype=np.int16)
    for row, each in zip(found, moves, strict=True):
        row[list(each.unknowns)] = each.by
    return found


class _Found:
    """Moves that were found once, and how often they can be taken as far as no pattern is asked."""

    __slots__ = ("_falls", "_search", "by", "is_exact", "moves")

    def __init__(self, search: AreaSearch, moves: Moves) -> None:
        self._search = search
        self.moves = moves
        self.by = dict(zip(moves.unknowns.tolist(), moves.by.tolist(), strict=True))
        self._falls: tuple[Numbers, Numbers] | None = None
        self.is_exact = True

    def keeps(self, times: int) -> bool:
        """Tell whether all relations hold where the moves are taken so many times."""
        if self._falls is None:
            table = self._search.table
            whole = np.zeros(len(table.values), dtype=np.int64)
            whole[self.moves.unknowns] = self.moves.by
            by_relation = table.bounds.times(whole)
            changed = np.flatnonzero(by_relation)
            self._falls = by_relation[changed], self._search.slack[changed]
            self.is_exact = not table.exact.times(whole).any()
        by, slack = self._falls
        return self.is_exact and bool((times * by >= -slack).all())


class FoundMoves:
    """The moves of one area that were found so far."""

    def __init__(self, network: Network, search: AreaSearch, moves: Iterable[Numbers | ShortNumbers]) -> None:
        self._network, self._search = network, search
        self._rows: dict[int, list[_Found]] = {}
        for each in moves:
            self.add(each)

    def add(self, by: Numbers | ShortNumbers) -> Moves:
        """Take in the moves of all unknowns, and give those that move."""
        unknowns = np.flatnonzero(by)
        moves = Moves(self._search.area, unknowns, by[unknowns].astype(np.int64))
        # What moves one count by three may, taken once, move another by one.
        found = _Found(self._search, moves.once())
        for unknown in found.by:
            rows = self._rows.setdefault(unknown, [])
            if len(rows) < TRIED:
                rows.append(found)
        return moves

    def serving(self, wanted: WantedMove, allowed: Allowance, *, silently: bool = True) -> Moves | None:
        """Give moves that were found, or some times as much, in which an unknown moves as wanted and nothing shows.

        Where it may be `silently`, hidden ones may cross the threshold, and then nothing is said of their size.
        """
        pattern = self._search.pattern
        for found in self._rows.get(wanted.unknown, ()):
            times, rest = divmod(wanted.by, found.by[wanted.unknown])
            if rest or abs(times) > TIMES or found.by.get(wanted.beside):
                continue
            moved = self._network.moved_few(found.moves)
            if allowed.beyond({coordinate: times * by for coordinate, by in moved.items()}) or not found.keeps(times):
                continue
            own = Moves(found.moves.area, found.moves.unknowns, times * found.moves.by)
            crosses = not pattern.has_room(own.unknowns, own.by)
            if crosses and not (silently and pattern.has_room(own.unknowns, own.by, silently=True)):
                continue
            if crosses:
                pattern.hide_moved(own.unknowns, own.by)
            return own
        return None
