"""Attendances and hours: what a release tells of sums over people, so that none of fewer than five follows. Pure.

They are one table: what each area did in each month, with its sums by school year and of all school years that have
ended, and the same of the network. Whatever follows from what is told by adding and subtracting is a cut of a graph,
whose edges are the table's cells and sums. A cut that is crossed by hidden ones of 1 to 4 different people, and by
something told, would give away what these few did: then one more is hidden, the smallest. This holds for everybody who
takes an own area off as well. Other sums, of quarters, of calendar years and of the whole, are told where they follow.
"""

import functools
import itertools
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from services.reporting.periods import MONTHS, SCHOOL_YEAR_BEGINS_IN
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count
from services.reporting.releasing.crowds import NOBODY, Crowd
from services.reporting.releasing.cuts import Edge, Graph, Leaf
from services.reporting.releasing.frame import Running
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Hours, ReleaseRow, ToldAs
from shared.law import SMALLEST_TOLD

HUNDREDTHS: Final = 100
ALL: Final = "all"
# What is hidden first: an area's months, its school years, the sums of these, and then those of the network.
MONTH, YEAR, CLOSED, OF_NETWORK = range(4)
MONTHLY: Final = (MONTH, OF_NETWORK + MONTH)
ALL_CLOSED: Final = (CLOSED, OF_NETWORK + CLOSED)
# What is added up, and what counts the people whom it is added up over.
COUNTED_AS: Final = {
    "attendances": "participants",
    "participant_hours": "participants",
    "volunteer_hours": "volunteers",
}
AmountPlace = tuple[str, Count]
# Whether a sum over five people or more may be told of a place: who reads it takes so many to have been there.
MayBeTold = Callable[[str, Count], bool]


@dataclass(frozen=True, slots=True)
class Then:
    """A leaf of the release before: hundredths, of how many people, and of how many when it was first added up."""

    hundredths: int
    count: int
    first_count: int


NOTHING: Final = Then(0, 0, 0)


@dataclass(frozen=True, slots=True)
class AmountMemory:
    """What the release before added up, by area and month, of so many months, and what was told of it and hidden."""

    months: int = 0
    leaves: Mapping[tuple[str, int], Then] = field(default_factory=dict)
    told: frozenset[AmountPlace] = frozenset()
    hidden: frozenset[AmountPlace] = frozenset()


@dataclass(frozen=True)
class Amounts:
    """One amount, decided: its leaves by area and month, and the graph of each school year."""

    name: str
    calendar: Calendar
    areas: Sequence[str]
    ran: Mapping[str, Sequence[Months]]
    leaves: Mapping[str, Mapping[int, Leaf]]
    then: Mapping[tuple[str, int], Then]
    graph: Graph

    def rows(self) -> Iterator[ReleaseRow]:
        """Give the rows of a release: months, quarters, years, school years and the whole, of areas and the network."""
        calendar = self.calendar
        spans = (calendar.whole, *calendar.school_years, *calendar.years, *calendar.quarters, *calendar.each_month)
        some = [(Count(self.name, months), months.bits) for months in dict.fromkeys(spans)]
        for area in (*self.areas, NETWORK):
            ran = functools.reduce(operator.or_, (months.bits for months in self.ran[area]), 0)
            for cell, inside in some:
                if ran & inside:
                    yield ReleaseRow(area, cell, self._told(area, cell.months))

    def memory(self) -> AmountMemory:
        """Give what the next release has to know; what nobody did is not known to be hidden."""
        edges = list(zip(self.graph.edges, self.graph.hidden.tolist(), strict=True))
        return AmountMemory(
            self.calendar.months,
            self.then,
            frozenset(edge.place for edge, is_hidden in edges if not is_hidden),
            frozenset(edge.place for edge, is_hidden in edges if is_hidden and edge.count),
        )

    def _told(self, area: str, months: Months) -> ToldAs:
        if not self._is_known(area, months):
            return "withheld"
        added = self._so_far[area][months.last + 1] - self._so_far[area][months.first]
        return added // HUNDREDTHS if self.name == "attendances" else Hours(added)

    def _is_known(self, area: str, months: Months) -> bool:
        """Tell whether a run of months is told, or follows from what is."""
        closed = self._closed
        if months.holds(closed) and (area, closed) in self._sums_told:
            # All that has ended is told as one; what is left are the months of the school year that has not.
            months = Months(closed.last + 1, months.last)
        unknown, inside = self._hidden_months.get(area, 0), months.bits
        return not unknown & inside or all(
            self._follows(area, unknown, inside, year) for year in self.calendar.school_years
        )

    def _follows(self, area: str, unknown: int, inside: int, year: Months) -> bool:
        """Tell whether what some months have of a school year follows from what is told of it."""
        of_year = unknown & year.bits
        here = of_year & inside
        return not here or (here == of_year and (area, year) not in self._hidden)

    @cached_property
    def _closed(self) -> Months:
        return _closed(self.calendar)

    @cached_property
    def _so_far(self) -> Mapping[str, Sequence[int]]:
        """Give what each area, and the network, had before each month, and at the end."""
        each_month = range(self.calendar.months)
        own = {
            area: [self.leaves[area][month].hundredths if month in self.leaves[area] else 0 for month in each_month]
            for area in self.areas
        }
        own[NETWORK] = [sum(some) for some in zip(*own.values(), strict=True)]
        return {area: [0, *itertools.accumulate(some)] for area, some in own.items()}

    @cached_property
    def _hidden(self) -> set[tuple[str, Months]]:
        hidden = [edge.place for edge in itertools.compress(self.graph.edges, self.graph.hidden.tolist())]
        return {(area, cell.months) for area, cell in hidden}

    @cached_property
    def _hidden_months(self) -> Mapping[str, int]:
        """Give which single months of each area, and of the network, are hidden: a bit for each."""
        found: dict[str, int] = {}
        for area, months in self._hidden:
            if months.first == months.last:
                found[area] = found.get(area, 0) | months.bits
        return found

    @cached_property
    def _sums_told(self) -> set[tuple[str, Months]]:
        told = itertools.compress(self.graph.edges, (~self.graph.hidden).tolist())
        return {(edge.place[0], edge.place[1].months) for edge in told if edge.leaf is None}


def amounts_of(
    name: str,
    facts: Sequence[AreaFacts],
    calendar: Calendar,
    may_be_told: MayBeTold,
    last: AmountMemory | None = None,
) -> Amounts:
    """Decide what is told of one amount; `facts` are in order of their areas."""
    memory = last or AmountMemory()
    remembered: dict[str, set[int]] = {}
    for area, month in memory.leaves:
        remembered.setdefault(area, set()).add(month)
    stepped = {
        area.area: list(_stepped(area.area, _leaves(name, area, calendar), memory, remembered.get(area.area, set())))
        for area in facts
    }
    leaves = {area: {month: leaf for month, leaf, _ in some} for area, some in stepped.items()}
    then = {(area, month): now for area, some in stepped.items() for month, _, now in some}
    ran = {area.area: [each.months for each in area.activities] + _held_later(name, area) for area in facts}
    ran[NETWORK] = [months for area in facts for months in ran[area.area]]
    graph = Graph(list(_edges(name, calendar, leaves)), SMALLEST_TOLD)
    for number, edge in enumerate(graph.edges):
        if edge.place in memory.told:
            # Who has read it knows what has moved since, of five people or more, and so what it is now.
            graph.public[number] = True
        elif edge.place in memory.hidden or not _may_begin_told(edge, calendar, may_be_told):
            graph.hidden[number] = True
    graph.protect()
    return Amounts(name, calendar, [area.area for area in facts], ran, leaves, then, graph)


def _may_begin_told(edge: Edge, calendar: Calendar, may_be_told: MayBeTold) -> bool:
    """Tell whether an edge is of many for everybody, and what a release of these months tells at all."""
    area, cell = edge.place
    few = edge.count_for_the_largest if area == NETWORK else edge.count
    is_in_frame = edge.rank in MONTHLY or cell.months in calendar.school_years
    if edge.rank in ALL_CLOSED:
        is_in_frame = cell.months == _closed(calendar)
        cell = cell._replace(months=calendar.whole)
    return few >= SMALLEST_TOLD and is_in_frame and may_be_told(area, cell._replace(name=COUNTED_AS[cell.name]))


def _held_later(name: str, facts: AreaFacts) -> list[Months]:
    """Give the months in which sessions were held, also after an end that was said later: everybody knows of sessions.

    That volunteers worked then is known to nobody, so such a month of theirs has no row; it counts in the sums.
    """
    held = () if name == "volunteer_hours" else {done.month for done in facts.done if done.amount == "attendances"}
    return [Months(month, month) for month in sorted(held)]


def _leaves(name: str, facts: AreaFacts, calendar: Calendar) -> dict[int, Leaf]:
    """Add up by month. Where no session was held nothing was done, as everybody knows; there is no leaf then."""
    found: dict[int, Leaf] = {}
    if name == "volunteer_hours":
        running = Running(facts.activities)
        found = {span.first: Leaf(0) for span in calendar.each_month if running.ran(EVERYBODY, span)}
    for done in facts.done:
        if done.amount == name and done.month < calendar.months:
            was = found.get(done.month, Leaf(0))
            found[done.month] = Leaf(
                was.hundredths + done.hundredths, was.people | done.people, max(was.at_once, done.at_once)
            )
    return found


def _stepped(
    area: str, leaves: Mapping[int, Leaf], memory: AmountMemory, remembered: Collection[int]
) -> Iterator[tuple[int, Leaf, Then]]:
    """Let what moved by fewer than five people stay as it was, and what would be left with few.

    `remembered` are the months that the memory has of the area.
    A leaf that moved is of no more people than when it was first added up: whoever remembers earlier sums knows it so.
    """
    for month in sorted({*leaves, *remembered}):
        leaf = leaves.get(month, Leaf(0))
        now = Then(leaf.hundredths, leaf.count, leaf.count)
        # What is heard of late was nothing until now.
        then = memory.leaves.get((area, month), NOTHING if month < memory.months else now)
        is_moved = abs(now.count - then.count) >= SMALLEST_TOLD and not now.count < SMALLEST_TOLD <= then.count
        if then == now or (is_moved and not then.count):
            yield month, leaf, now
        elif is_moved:
            yield month, Leaf(now.hundredths, NOBODY, then.first_count), replace(now, first_count=then.first_count)
        else:
            yield month, Leaf(then.hundredths, NOBODY, then.first_count), then


def _edges(name: str, calendar: Calendar, leaves: Mapping[str, Mapping[int, Leaf]]) -> Iterator[Edge]:
    """Give all cells and sums: of each area, and of the network, whose months are the sums of the areas'."""
    for area, own in leaves.items():
        cells = {
            month: Edge(
                (area, Count(name, Months(month, month))), ("", ""), leaf.hundredths, {area: leaf.count}, leaf, MONTH
            )
            for month, leaf in own.items()
        }
        yield from _rows(name, area, calendar, cells, {month: {area: leaf} for month, leaf in own.items()})
    by_month: dict[int, dict[str, Leaf]] = {}
    for area, own in leaves.items():
        for month, leaf in own.items():
            by_month.setdefault(month, {})[area] = leaf
    sums = {
        month: Edge(
            (NETWORK, Count(name, Months(month, month))),
            ("", ""),
            sum(leaf.hundredths for leaf in some.values()),
            {area: leaf.count for area, leaf in some.items()},
            None,
            OF_NETWORK + MONTH,
        )
        for month, some in sorted(by_month.items())
    }
    yield from _rows(name, NETWORK, calendar, sums, by_month)


def _rows(
    name: str,
    area: str,
    calendar: Calendar,
    cells: Mapping[int, Edge],
    leaves: Mapping[int, Mapping[str, Leaf]],
) -> Iterator[Edge]:
    """Give the months of an area or the network, its school years, and the sums of all that have ended by each."""
    row = area or "network"
    rank = 0 if area else OF_NETWORK

    def edge(months: Months, node: str, to: str, added: _Added, of_rank: int) -> Edge:
        return Edge((area, Count(name, months)), (node, to), added.hundredths, added.counts(), None, rank + of_rank)

    closed = [year for year in calendar.school_years if year.last <= _closed(calendar).last]
    for number, year in enumerate(calendar.school_years):
        # The sum of the first school years is one node, to which each later one is added.
        top = f"{row} to {max(number, 1)}" if number < len(closed) and len(closed) > 1 else ALL
        nodes = {month: f"{row} in {number} to {month}" for month in range(year.first + 1, year.last + 1)}
        nodes[year.first] = nodes.get(year.first + 1, top)
        for month in (month for month in cells if month in nodes):
            yield replace(cells[month], nodes=(f"month {month}", nodes[month]))
        # Each release tells how far the school year has come by then.
        so_far = _Added()
        so_far.add(leaves.get(year.first, {}))
        for month in range(year.first + 1, year.last + 1) if cells.keys() & nodes.keys() else ():
            so_far.add(leaves.get(month, {}))
            yield edge(Months(year.first, month), nodes[month], nodes.get(month + 1, top), so_far, YEAR)
    of_closed = _Added()
    for number, year in enumerate(closed):
        for month in range(year.first, year.last + 1):
            of_closed.add(leaves.get(month, {}))
        if number:
            to = f"{row} to {number + 1}" if number + 1 < len(closed) else ALL
            yield edge(Months(0, year.last), f"{row} to {number}", to, of_closed, CLOSED)


class _Added:
    """What areas did in some months, added up: hundredths, and by area who did it and how many were there at least."""

    def __init__(self) -> None:
        self.hundredths = 0
        self._people: dict[str, Crowd] = {}
        self._at_once: dict[str, int] = {}

    def add(self, leaves: Mapping[str, Leaf]) -> None:
        """Add one more month."""
        for area, leaf in leaves.items():
            self.hundredths += leaf.hundredths
            self._people[area] = self._people.get(area, NOBODY) | leaf.people
            self._at_once[area] = max(self._at_once.get(area, 0), leaf.at_once)

    def counts(self) -> dict[str, int]:
        """Give how many different people of each area it is the sum over, at least."""
        return {area: max(people.bit_count(), self._at_once[area]) for area, people in self._people.items()}


def _closed(calendar: Calendar) -> Months:
    """Give the months of all school years that have ended."""
    ended = [
        year.last
        for year in calendar.school_years
        if (calendar.begins.month - 1 + year.last + 1) % MONTHS == SCHOOL_YEAR_BEGINS_IN - 1
    ]
    return Months(0, max(ended, default=-1))
