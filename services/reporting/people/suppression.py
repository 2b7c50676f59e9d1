"""Which cells of linked tables must be withheld so that no small count can be worked out. Pure, and knows no report.

The tables are given as values and linear relations between them: all that a reader may know. A small cell is safe when
the reader cannot tell its value from any other small one. That is not estimated but shown: for the smallest and for the
largest small value, a whole other set of tables is constructed that has this value, keeps every relation and agrees
with everything published. As long as none is found, one more cell is withheld; at the end, whatever no such set of
tables needs is published again.

A 0 is published, so a withheld cell is at least 1. The exception is the part of a small total: if its zeros were shown,
four parts of a small total would be known to be 1 each. Where the whole is small, its parts are withheld even where
they are 0.

Source: M. Fischetti and J. J. Salazar, Solving the cell suppression problem on tabular data with linear constraints,
Management Science 47(7), 2001; L. H. Cox, Suppression methodology and statistical disclosure control, Journal of the
American Statistical Association 75(370), 1980. The construction by unit steps is Cox's closed path, for inequalities
too.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

CellT = TypeVar("CellT", bound=Hashable)

# How long a chain of moves may be, tried one after another, and how many moves are tried at each length before a unit
# step is given up; where it is given up, more is withheld, never less.
CHAINS: Final = (2, 5, 9, 20)
MOVES_TRIED: Final = 150
# After so many moves in all, or for each small cell where there are many, it is cheaper to publish less.
MOVES_IN_ALL: Final = 60_000
MOVES_FOR_EACH: Final = 20


@dataclass(frozen=True, slots=True)
class Relation(Generic[CellT]):
    """What holds between cells: the sum of coefficient times value is 0, or where not `exact` at least 0."""

    terms: tuple[tuple[CellT, int], ...]
    exact: bool


def total(parent: CellT, parts: Iterable[CellT]) -> Relation[CellT]:
    """Say that the parts add up to the parent."""
    return Relation(((parent, -1), *((part, 1) for part in parts)), exact=True)


def covered(parent: CellT, parts: Iterable[CellT]) -> Relation[CellT]:
    """Say that the parent is at most what the parts add up to."""
    return Relation(((parent, -1), *((part, 1) for part in parts)), exact=False)


def disjoint(parent: CellT, parts: Iterable[CellT]) -> Relation[CellT]:
    """Say that the parts add up to at most the parent; with one part, that the parent holds it."""
    return Relation(((parent, 1), *((part, -1) for part in parts)), exact=False)


def withheld(
    values: Mapping[CellT, int], relations: Iterable[Relation[CellT]], threshold: int, public: Collection[CellT] = ()
) -> set[CellT]:
    """Give the cells to withhold: every value from 1 to below the threshold, and what would give one away.

    Relations that the values contradict are nobody's knowledge. What is `public` already cannot be withheld any more.

    Raises:
        NotProvenSafe: a small cell may be safe or not; these tables must not all be published.
    """
    return _Tables(values, relations, threshold, frozenset(public)).protect()


class NotProvenSafe(Exception):
    """For a small cell no other tables were found, though everything that could help is withheld."""


class _Tables(Generic[CellT]):
    """The tables as lists, numbered, with the other tables that are tried."""

    def __init__(
        self,
        values: Mapping[CellT, int],
        relations: Iterable[Relation[CellT]],
        threshold: int,
        public: frozenset[CellT],
    ) -> None:
        true = [relation for relation in relations if _holds(relation, values)]
        small = {cell for cell, value in values.items() if 0 < value < threshold and cell not in public}
        self._of_small = _parts_of_small(true, values, threshold)
        zeros = _zeros(true, values, small, self._of_small) - public
        # Any other zero is published, and a constant in every relation, so it need not stand in any.
        self._cells: Sequence[CellT] = [cell for cell, value in values.items() if value > 0 or cell in zeros]
        self._truth = [values[cell] for cell in self._cells]
        self._values = list(self._truth)
        self._threshold = threshold
        place = {cell: number for number, cell in enumerate(self._cells)}
        self._public = {place[cell] for cell in public if cell in place}
        self._small = [place[cell] for cell in small]
        self._zeros = {place[cell] for cell in zeros}
        self._least = [0 if cell in self._of_small or cell in zeros else 1 for cell in self._cells]
        self._terms: list[tuple[tuple[int, int], ...]] = []
        self._exact: list[bool] = []
        self._slack: list[int] = []
        self._relations_of: list[list[tuple[int, int]]] = [[] for _ in self._cells]
        for relation in true:
            self._add(relation, place)
        self._hidden: set[int] = set()
        # Of each relation the withheld terms, in their order: only these can move.
        self._open: list[list[tuple[int, int]]] = [[] for _ in self._terms]
        self._hide({*self._small, *self._zeros})
        # The dead ends of the unit step under way. Each has whether there was an option left, its depth, and the
        # relation and sign in which it ended; the next cell to hide is chosen by them.
        self._stuck: list[tuple[bool, int, int, int]] = []
        self._tried = self._tried_in_all = self._chain = 0

    def _add(self, relation: Relation[CellT], place: Mapping[CellT, int]) -> None:
        terms = tuple((place[cell], factor) for cell, factor in relation.terms if cell in place)
        number = len(self._terms)
        self._terms.append(terms)
        self._exact.append(relation.exact)
        self._slack.append(sum(factor * self._truth[cell] for cell, factor in terms))
        for cell, factor in terms:
            self._relations_of[cell].append((number, factor))

    def _hide(self, cells: Collection[int]) -> None:
        self._hidden.update(cells)
        self._open_again(cells)

    def _show(self, cell: int) -> None:
        self._hidden.discard(cell)
        self._open_again((cell,))

    def _open_again(self, cells: Collection[int]) -> None:
        for relation in {number for cell in cells for number, _ in self._relations_of[cell]}:
            self._open[relation] = [term for term in self._terms[relation] if term[0] in self._hidden]

    def protect(self) -> set[CellT]:
        """Withhold until every small cell is safe, then publish again what none of them needs."""
        in_order = sorted(self._small, key=lambda cell: (self._truth[cell], cell))
        needed = {cell: self._secure(cell) for cell in in_order}
        self._publish_again(in_order, needed)
        return {self._cells[cell] for cell in self._hidden}

    def _secure(self, cell: int) -> set[int]:
        """Withhold until a small cell is safe; give the cells that the tables which show it have otherwise."""
        used: set[int] = set()
        for target in (1, self._threshold - 1):
            while (changed := self._reach(cell, target)) is None:
                if self._tried_in_all > max(MOVES_IN_ALL, MOVES_FOR_EACH * len(self._small)):
                    raise NotProvenSafe(f"{self._tried_in_all} moves were not enough")
                self._hide((self._next_to_hide(cell),))
            used |= changed
        return used

    def _publish_again(self, small: Sequence[int], needed: dict[int, set[int]]) -> None:
        """Take back every withheld cell that no small one needs, the largest first."""
        others = self._hidden.difference(small, self._zeros)
        for cell in sorted(others, key=lambda cell: (-self._truth[cell], cell)):
            self._show(cell)
            renewed: dict[int, set[int]] = {}
            for leaning in (each for each in small if cell in needed[each]):
                used: set[int] = set()
                for target in (1, self._threshold - 1):
                    changed = self._reach(leaning, target)
                    if changed is None:
                        break
                    used |= changed
                else:
                    renewed[leaning] = used
                    continue
                self._hide((cell,))
                break
            else:
                needed.update(renewed)

    def _next_to_hide(self, small: int) -> int:
        """Choose, where the search got stuck soonest, the smallest published cell that would have helped."""
        settled = self._hidden | self._public
        for place in sorted({stuck[:2] for stuck in self._stuck}):
            candidates = {
                cell
                for *at, number, sign in self._stuck
                if tuple(at) == place
                for cell, factor in self._terms[number]
                if cell not in settled and self._truth[cell] + sign * factor >= self._least[cell]
            }
            if candidates:
                return min(candidates, key=lambda cell: (self._truth[cell], cell))
        raise NotProvenSafe(f"no other tables were found for {self._cells[small]!r}")

    def _reach(self, cell: int, target: int) -> set[int] | None:
        """Construct tables in which a cell has a value; give the cells that differ from the truth, or None."""
        step = 1 if target > self._truth[cell] else -1
        self._stuck = []
        done: list[tuple[int, int]] = []
        reached = True
        while reached and self._values[cell] != target:
            for self._chain in CHAINS:
                self._tried_in_all += self._tried
                self._tried = 0
                if reached := self._move(cell, step, {}, done, 0):
                    break
        changed = {moved for moved, _ in done if self._values[moved] != self._truth[moved]}
        for moved, by in reversed(done):
            self._shift(moved, -by)
        return changed if reached else None

    def _shift(self, cell: int, by: int) -> None:
        self._values[cell] += by
        slack = self._slack
        for number, factor in self._relations_of[cell]:
            slack[number] += factor * by

    def _move(
        self, cell: int, by: int, moves: dict[int, tuple[int, int]], done: list[tuple[int, int]], depth: int
    ) -> bool:
        """Move one cell by one, and others with it until every relation holds; undo it all where that fails."""
        mark, slack, exact = len(done), self._slack, self._exact
        self._tried += 1
        moves[cell] = (by, moves.get(cell, (by, 0))[1] + 1)
        self._shift(cell, by)
        done.append((cell, by))
        for number, _ in self._relations_of[cell]:
            # What is asked here is asked most often of all: whether the relation holds.
            off = slack[number]
            if off and (off < 0 or exact[number]) and not self._mend(number, moves, done, depth):
                break
        else:
            return True
        while len(done) > mark:
            moved, shifted = done.pop()
            self._shift(moved, -shifted)
            direction, times = moves.pop(moved)
            if times > 1:
                moves[moved] = (direction, times - 1)
        return False

    def _mend(self, number: int, moves: dict[int, tuple[int, int]], done: list[tuple[int, int]], depth: int) -> bool:
        """Bring a relation that does not hold back by moving another withheld cell of it."""
        sign = -1 if self._slack[number] > 0 else 1
        has_option = False
        for cell, factor in self._open[number]:
            by = sign * factor
            # What a cell has been moved for in this step must not be undone.
            if self._values[cell] + by < self._least[cell] or (cell in moves and moves[cell][0] != by):
                continue
            has_option = True
            may_go_on = self._tried < MOVES_TRIED and depth < self._chain
            if may_go_on and self._move(cell, by, moves, done, depth + 1):
                return True
        self._stuck.append((has_option, depth, number, sign))
        return False


def _holds(relation: Relation[CellT], values: Mapping[CellT, int]) -> bool:
    slack = sum(factor * values.get(cell, 0) for cell, factor in relation.terms)
    return slack == 0 if relation.exact else slack >= 0


def _parents_and_parts(relation: Relation[CellT]) -> tuple[CellT, list[CellT]]:
    (parent, _), *parts = relation.terms
    return parent, [part for part, _ in parts]


def _is_total(relation: Relation[CellT]) -> bool:
    """Tell whether the parts of a relation are disjoint, so that each one's being there shows in the parent."""
    _, parts = _parents_and_parts(relation)
    return relation.exact or (relation.terms[0][1] > 0 and len(parts) > 1)


def _parts_of_small(relations: Iterable[Relation[CellT]], values: Mapping[CellT, int], threshold: int) -> set[CellT]:
    found: set[CellT] = set()
    for relation in relations:
        parent, parts = _parents_and_parts(relation)
        if _is_total(relation) and 0 < values.get(parent, 0) < threshold:
            found.update(parts)
    return found


def _zeros(
    relations: Sequence[Relation[CellT]],
    values: Mapping[CellT, int],
    small: Collection[CellT],
    of_small: Collection[CellT],
) -> set[CellT]:
    """Give the zeros to withhold: those under a small total, and below these all that would give them away."""
    below: dict[CellT, list[CellT]] = {}
    held_by: dict[CellT, list[CellT]] = {}
    for relation in relations:
        parent, parts = _parents_and_parts(relation)
        below.setdefault(parent, []).extend(parts)
        if relation.exact or relation.terms[0][1] > 0:
            held_by.setdefault(parent, []).extend(parts)
    zeros = {cell for cell in of_small if values.get(cell) == 0}
    waiting = list(zeros)
    while waiting:
        for part in below.get(waiting.pop(), ()):
            if part not in zeros and values.get(part) == 0:
                zeros.add(part)
                waiting.append(part)
    # A zero inside a published zero is known; it is no use to withhold it.
    published = [cell for cell, value in values.items() if value == 0 and cell not in zeros]
    return zeros.difference(small, *(held_by.get(cell, ()) for cell in published))
