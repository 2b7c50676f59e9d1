"""Means of change: what a release tells of pairs of measurements, so that no score of fewer than five follows. Pure.

A mean times its pairs is a sum. So means of areas, of school years and of all of it are the sums of a table, whose
cells are an area's pairs of one school year; these are told nowhere. What follows from its sums is a cut of a graph.
An area's pairs of a school year count once there are five of them, and as they were then until five more have come.

Pairs of one child are one. A mean at an end of the scale says what everybody was measured at, and one interval without
width how everybody changed. So pairs count as no more than as many as could each have any score: a set of five has
sums of before and after that leave room for a whole score up and down, and changes that differ. All of that adds up
over sets, so that a cut of five is one of five.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count, mean_of
from services.reporting.releasing.crowds import crowd_of
from services.reporting.releasing.cuts import Edge, Graph, Leaf
from services.reporting.releasing.presence import UNNUMBERED, AreaFacts
from services.reporting.releasing.released import NETWORK, Means, ReleaseRow, ToldAs
from services.reporting.student import student_quantile
from shared.law import SMALLEST_TOLD

ALL_AREAS: Final = "all areas"
ALL_YEARS: Final = "all years"
WHOLE: Final = -1
# Of a whole score, and of squares of changes that differ by a step of a scale of five, each of five pairs needs a part.
SCALE: Final = 100
SHARE_OF_SCALE: Final = Decimal(SCALE) / SMALLEST_TOLD
SHARE_OF_SPREAD: Final = Decimal(SCALE)
# An area, or the network, with the first month of a school year, or -1 for all of them.
YearOf = tuple[str, int]


class PairSums(NamedTuple):
    """Sums over pairs: how many, before, after, and the squares of the changes, and of how many people at least.

    `first_pairs` is as how many they counted at first.
    """

    pairs: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)
    first_pairs: int = 0
    people: int = 0

    def with_others(self, other: "PairSums") -> "PairSums":
        """Add others up with these."""
        return PairSums(
            self.pairs + other.pairs,
            self.before + other.before,
            self.after + other.after,
            self.squares + other.squares,
            self.first_pairs + other.first_pairs,
            self.people + other.people,
        )

    def apart_from(self, other: "PairSums") -> "PairSums":
        """Give what these have more than others, or less."""
        sign = 1 if self.pairs >= other.pairs else -1
        before, after, squares = (sign * (own - of_other) for own, of_other in zip(self[1:4], other[1:4], strict=True))
        return PairSums(abs(self.pairs - other.pairs), before, after, squares, 0, abs(self.people - other.people))

    @property
    def counted_as(self) -> int:
        """Give as how many pairs they count: each of which is of a different child, and could have any score."""
        if self.pairs <= 0:
            return 0
        room = min(each for added in (self.before, self.after) for each in (added, SCALE * self.pairs - added))
        change = self.after - self.before
        spread = self.squares - change * change / self.pairs
        return max(min(self.people, int(room // SHARE_OF_SCALE), int(spread // SHARE_OF_SPREAD)), 0)


@dataclass(frozen=True, slots=True)
class MeansMemory:
    """What the release before made means of, by area and school year, and which means were told and hidden."""

    sums: Mapping[YearOf, PairSums] = field(default_factory=dict)
    told: frozenset[YearOf] = frozenset()
    hidden: frozenset[YearOf] = frozenset()


@dataclass(frozen=True)
class MeansOfChange:
    """The means of one lens and kind of respondent, decided; `pairs` are what is told of how many pairs there are."""

    name: str
    calendar: Calendar
    pairs: Mapping[tuple[str, Count], ToldAs]
    sums: Mapping[YearOf, PairSums]
    graph: Graph

    def rows(self) -> Iterator[ReleaseRow]:
        """Give a row for each number of pairs that has one."""
        edges = itertools.compress(self.graph.edges, self.graph.hidden.tolist())
        hidden = {_place(edge, self.calendar) for edge in edges}
        for (area, cell), told in sorted(self.pairs.items(), key=lambda item: item[0]):
            places = [(area, first) for first in self._firsts(cell.months)]
            sums = _added(self.sums, self.calendar, area, cell.months)
            is_told = not hidden.intersection(places) and _rests_on(told, area, sums)
            row = Count(mean_of(self.name), cell.months)
            yield ReleaseRow(area, row, _means(sums) if is_told else "withheld")

    def memory(self) -> MeansMemory:
        """Give what the next release has to know."""
        cells = [(_place(edge, self.calendar), number) for number, edge in enumerate(self.graph.edges) if not edge.leaf]
        return MeansMemory(
            self.sums,
            frozenset(place for place, number in cells if not self.graph.hidden[number]),
            frozenset(place for place, number in cells if self.graph.hidden[number] and self.graph.edges[number].count),
        )

    def _firsts(self, months: Months) -> list[int]:
        is_year = months in self.calendar.school_years
        return [*([WHOLE] if months == self.calendar.whole else []), *([months.first] if is_year else [])]


def means_of(
    name: str,
    facts: Sequence[AreaFacts],
    calendar: Calendar,
    pairs: Mapping[tuple[str, Count], ToldAs],
    last: MeansMemory | None = None,
) -> MeansOfChange:
    """Decide which means are told; `pairs` are the rows of a release about how many pairs there are."""
    sums = {
        (area.area, year.first): now
        for area in facts
        for year, now in _stepped(area.area, _years(name, area, calendar), last)
    }
    graph = Graph(list(_edges(name, calendar, [area.area for area in facts], sums)), SMALLEST_TOLD)
    memory = last or MeansMemory()
    for number, edge in enumerate(graph.edges):
        area, cell = edge.place
        place = _place(edge, calendar)
        few = edge.count_for_the_largest if area == NETWORK else edge.count
        told = pairs.get((area, cell._replace(name=name)), "withheld")
        rests_on_it = _rests_on(told, area, _added(sums, calendar, area, cell.months))
        if not edge.leaf and place in memory.told:
            graph.public[number] = True
        elif edge.leaf or few < SMALLEST_TOLD or place in memory.hidden or not rests_on_it:
            graph.hidden[number] = True
    graph.protect()
    return MeansOfChange(name, calendar, pairs, sums, graph)


def _years(name: str, facts: AreaFacts, calendar: Calendar) -> dict[Months, PairSums]:
    """Add up the pairs of an area by school year, of the later measurement."""
    found = dict.fromkeys(calendar.school_years, PairSums())
    people: dict[Months, set[int]] = {year: set() for year in calendar.school_years}
    unnumbered = dict.fromkeys(calendar.school_years, 0)
    for month, scores in zip(facts.pairs.get(name, ()), facts.scores.get(name, ()), strict=False):
        if month < calendar.months:
            year = calendar.school_years[calendar.school_year_of(month)]
            change = scores.after - scores.before
            found[year] = found[year].with_others(PairSums(1, scores.before, scores.after, change * change))
            if scores.person == UNNUMBERED:
                unnumbered[year] += 1
            else:
                people[year].add(scores.person)
    for year, sums in found.items():
        counted = sums._replace(people=len(people[year]) + unnumbered[year])
        found[year] = counted._replace(first_pairs=counted.counted_as)
    return found


def _stepped(
    area: str, years: Mapping[Months, PairSums], last: MeansMemory | None
) -> Iterator[tuple[Months, PairSums]]:
    """Let what moved by fewer than five pairs stay as it was, and what would be left with few.

    In the first release an area's pairs count where it has five in all.
    """
    if last is None:
        is_many = sum(sums.first_pairs for sums in years.values()) >= SMALLEST_TOLD
        yield from ((year, sums if is_many else PairSums()) for year, sums in years.items())
        return
    for year, now in years.items():
        then = last.sums.get((area, year.first), PairSums())
        is_moved = now.apart_from(then).counted_as >= SMALLEST_TOLD and not now.pairs < SMALLEST_TOLD <= then.pairs
        first_pairs = then.first_pairs or now.first_pairs
        yield year, now._replace(first_pairs=first_pairs) if is_moved else then


def _edges(name: str, calendar: Calendar, areas: Sequence[str], sums: Mapping[YearOf, PairSums]) -> Iterator[Edge]:
    years = calendar.school_years
    pairs = {place: own.first_pairs for place, own in sums.items()}
    for area in areas:
        before = 0
        for year in years:
            count = pairs[area, year.first]
            # Pairs of two school years are different ones.
            leaf = Leaf(0, crowd_of(range(before, before + count)))
            before += count
            yield Edge((area, Count(name, year)), (area, f"year {year.first}"), count, {area: count}, leaf)
    in_all = {area: sum(pairs[area, year.first] for year in years) for area in areas}
    for area, count in in_all.items():
        yield Edge((area, Count(name, calendar.whole)), (area, ALL_AREAS), count, {area: count})
    for year in years if len(years) > 1 else ():
        counts = {area: pairs[area, year.first] for area in areas}
        yield Edge((NETWORK, Count(name, year)), (f"year {year.first}", ALL_YEARS), sum(counts.values()), counts)
    if len(years) > 1:
        yield Edge((NETWORK, Count(name, calendar.whole)), (ALL_AREAS, ALL_YEARS), sum(in_all.values()), in_all)
    else:
        yield Edge(
            (NETWORK, Count(name, calendar.whole)), (f"year {years[0].first}", ALL_YEARS), sum(in_all.values()), in_all
        )


def _place(edge: Edge, calendar: Calendar) -> YearOf:
    area, cell = edge.place
    is_whole = ALL_AREAS in edge.nodes or cell.months == calendar.whole
    return area, WHOLE if is_whole else cell.months.first


def _added(sums: Mapping[YearOf, PairSums], calendar: Calendar, area: str, months: Months) -> PairSums:
    firsts = [year.first for year in calendar.school_years if months.first <= year.first <= months.last]
    some = [own for (_, first), own in sums.items() if first in firsts] if area == NETWORK else ()
    added = PairSums()
    for own in some or [sums[area, first] for first in firsts if (area, first) in sums]:
        added = added.with_others(own)
    return added


def _rests_on(told: ToldAs, area: str, sums: PairSums) -> bool:
    """Tell whether means may stand beside a told number of pairs: an area's are of as many, or there are none."""
    return isinstance(told, int) and sums.pairs >= SMALLEST_TOLD and (area == NETWORK or told == sums.pairs)


def _means(sums: PairSums) -> Means:
    """Give the means and the 95 % interval of the mean change, Student's, in whole points.

    Source: W. S. Gosset ("Student"), The probable error of a mean, Biometrika 6(1), 1908.
    """
    count = sums.pairs
    change = (sums.after - sums.before) / count
    variance = max((sums.squares - count * change * change) / (count - 1), Decimal(0))
    half = student_quantile(count - 1) * math.sqrt(variance / count)
    return Means(
        round(sums.before / count),
        round(sums.after / count),
        round(change),
        round(float(change) - half),
        round(float(change) + half),
    )
