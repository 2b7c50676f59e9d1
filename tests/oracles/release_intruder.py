"""An intruder against releases: works out by integer programming what withheld counts can be.

It knows every row of a release, which activities there are and when they ran, what the counts mean, and as a
coordinator the counts of its own area. What must hold is written down here once more, from sets of people: a count is
of everybody who was in some activity of a group in some month. It owns no code of the product's disclosure control.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count, KnownActivity
from services.reporting.releasing.released import NETWORK, Release
from tests.oracles.exact_intruder import Relations

THRESHOLD: Final = 5
STATUSES: Final = ("education", "job", "leisure_job", "neither", "unknown")
# A count is nobody's in practice that is larger.
MOST: Final = 10_000
Place = tuple[str, Count]
# Places with their factors, the least and the most that they add up to.
Rule = tuple[dict[Place, int], float, float]


@dataclass
class Intruder:
    """Whoever reads a release; `own` are the counts of the area that a coordinator knows.

    `older` is the calendar of a release before: its months are counted too, as they are in the facts of this release.
    `at_least` are counts of which it is told what they are at least.
    """

    release: Release
    activities: Mapping[str, Sequence[KnownActivity]]
    own: Mapping[Place, int] = field(default_factory=dict)
    older: Calendar | None = None
    at_least: Mapping[Place, int] = field(default_factory=dict)
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = self.release.calendar
        self.told = self.release.by_cell()
        self.rules = rules = [rule for area in self.activities for rule in self._rules(area)]
        rules += self._sums({place for terms, _, _ in rules for place in terms} | set(self.told))
        self.places = sorted({place for terms, _, _ in rules for place in terms} | set(self.told))
        self._number = {place: number for number, place in enumerate(self.places)}
        rows, columns, factors = [], [], []
        for number, (terms, _, _) in enumerate(rules):
            for place, factor in terms.items():
                rows.append(number)
                columns.append(self._number[place])
                factors.append(factor)
        matrix = csr_array((factors, (rows, columns)), shape=(len(rules), len(self.places)))
        self._constraint = LinearConstraint(matrix, [rule[1] for rule in rules], [rule[2] for rule in rules])
        self._least, self._most = np.zeros(len(self.places)), np.full(len(self.places), float(MOST))
        self._bound()

    def _bound(self) -> None:
        """Say between what each count is, by what is told and what is known."""
        for place, told in self.told.items():
            number = self._number[place]
            if isinstance(told, int):
                self._least[number] = self._most[number] = told
            elif told == "small":
                self._most[number] = THRESHOLD - 1
            elif told == "large":
                self._least[number] = THRESHOLD
        for place, value in self.at_least.items():
            if place in self._number:
                self._least[self._number[place]] = max(self._least[self._number[place]], value)
        for place, value in self.own.items():
            if place in self._number:
                self._least[self._number[place]] = self._most[self._number[place]] = value

    def can_be(self, place: Place, value: int) -> bool:
        """Tell whether a count can have a value, as far as the intruder can work out."""
        return self.can_add_up({place: 1}, value)

    def broken_by(self, world: Mapping[Place, int]) -> list[dict[Place, int]]:
        """Give the rules that the counts of a world break, and what they say of more than is told or known."""
        sums: Counter[Count] = Counter()
        for (_, cell), count in world.items():
            sums[cell] += count
        counts = np.array([sums[cell] if area == NETWORK else world.get((area, cell), 0) for area, cell in self.places])
        known = np.array([area == NETWORK or (area, cell) in world for area, cell in self.places])
        matrix: Any = self._constraint.A
        added, unknown = np.asarray(matrix @ counts), np.asarray(abs(matrix) @ ~known)
        least, most = np.asarray(self._constraint.lb), np.asarray(self._constraint.ub)
        broken = np.flatnonzero(((added < least) | (added > most)) & (unknown == 0))
        outside = np.flatnonzero(known & ((counts < self._least) | (counts > self._most)))
        rules = [self._terms(matrix, row) for row in broken.tolist()]
        return [*rules, *({self.places[number]: int(counts[number])} for number in outside.tolist())]

    def _terms(self, matrix: Any, row: int) -> dict[Place, int]:  # noqa: ANN401  scipy's sparse arrays have no types
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        numbers, factors = matrix.indices[entries].tolist(), matrix.data[entries].tolist()
        return {self.places[number]: factor for number, factor in zip(numbers, factors, strict=True)}

    def as_relations(self, truth: np.ndarray) -> Relations:
        """Give what is known, with the true number at each place."""
        least, most = self._constraint.lb, self._constraint.ub
        matrix: Any = self._constraint.A
        areas = [area for area, _ in self.places]
        return Relations(areas, truth, self._least, self._most, csr_array(matrix), np.array(least), np.array(most))

    def can_add_up(self, terms: Mapping[Place, int], value: int) -> bool:
        """Tell whether counts, times their factors, can add up to a value."""
        row = np.zeros(len(self.places))
        for place, factor in terms.items():
            row[self._number[place]] = factor
        constraints = [self._constraint, LinearConstraint(row[None, :], value, value)]
        result: Any = milp(
            np.zeros(len(self.places)),
            constraints=constraints,
            bounds=Bounds(self._least, self._most),
            integrality=np.ones(len(self.places), dtype=int),
        )
        assert result.status in {0, 2}, result.message
        return bool(result.status == 0)

    def _sums(self, places: Collection[Place]) -> Iterator[Rule]:
        """Say that what is told of the network is the sum of all areas."""
        for area, cell in sorted(places):
            if area == NETWORK:
                parts = {place: 1 for each in self.activities if (place := (each, cell)) in places}
                yield {(NETWORK, cell): -1, **parts}, 0, 0

    def _rules(self, area: str) -> Iterator[Rule]:
        activities = self.activities[area]
        groups = _groups(activities)
        for name in ("participants", "volunteers"):
            yield from _of_sets(area, self._atoms(name, groups))
        yield from self._of_traits(area, groups)
        yield from self._of_newcomers(area, groups)
        yield from self._of_staying(area)
        yield from self._of_pairs(area)

    def _atoms(
        self, name: str, groups: Mapping[tuple[str, ...], Sequence[KnownActivity]]
    ) -> dict[Count, frozenset[Any]]:
        """Give each count that a release could have, as the activities and months whose people it counts."""
        calendars = [self.calendar, *([self.older] if self.older else [])]
        long = self._long()
        short = dict.fromkeys(each for calendar in calendars for each in (*calendar.years, *calendar.quarters))
        short |= dict.fromkeys(self.calendar.each_month)
        found: dict[Count, frozenset[Any]] = {}
        for group, activities in groups.items():
            for months in (*long, *short) if not group else long:
                atoms = frozenset(
                    (activity.activity, month)
                    for activity in activities
                    for month in range(
                        max(months.first, activity.months.first), min(months.last, activity.months.last) + 1
                    )
                )
                if atoms:
                    found[Count(name, months, group)] = atoms
        return found

    def _long(self) -> dict[Months, None]:
        calendars = [self.calendar, *([self.older] if self.older else [])]
        return dict.fromkeys(each for calendar in calendars for each in (calendar.whole, *calendar.school_years))

    def _of_traits(self, area: str, groups: Mapping[tuple[str, ...], Sequence[KnownActivity]]) -> Iterator[Rule]:
        """Everybody has one age band and one gender at all times: so each is a set, and they part all others."""
        known = self._atoms("participants", groups)
        by_kind: dict[str, set[tuple[str, ...]]] = {}
        for _, cell in self.told:
            if cell.name == "participants" and cell.of[:1] in {("age_band",), ("gender",)}:
                by_kind.setdefault(cell.of[0], set()).add(cell.of)
        long = {Count("participants", months) for months in self._long()}
        for cell in (cell for cell in known if cell in long):
            for traits in by_kind.values():
                parts = [(area, cell._replace(of=trait)) for trait in sorted(traits)]
                yield {(area, cell): -1, **dict.fromkeys(parts, 1)}, 0, 0
        for trait in sorted(trait for traits in by_kind.values() for trait in traits):
            sets = {cell._replace(of=trait): atoms for cell, atoms in known.items() if cell in long}
            yield from _of_sets(area, sets)

    def _of_newcomers(self, area: str, groups: Mapping[tuple[str, ...], Sequence[KnownActivity]]) -> Iterator[Rule]:
        """Everybody is new in one month; who is new later was not there before."""
        calendar = self.calendar
        new_in = [(area, Count("new in month", Months(month, month))) for month in range(calendar.months)]
        known = self._atoms("participants", groups)
        there = {months: (area, Count("participants", months)) for _, months, group in known if not group}
        for months, place in there.items():
            inside, before = new_in[months.first : months.last + 1], new_in[: months.last + 1]
            yield {place: 1, **dict.fromkeys(inside, -1)}, 0, np.inf
            yield {place: -1, **dict.fromkeys(before, 1)}, 0, np.inf
            for other, part in there.items():
                if other != months and months.holds(other):
                    later = new_in[other.last + 1 : months.last + 1]
                    yield {place: 1, part: -1, **dict.fromkeys(later, -1)}, 0, np.inf
        for month, new in enumerate(new_in):
            if Months(month, month) not in there:
                yield {new: 1}, 0, 0
        for months in self._long():
            yield (
                {(area, Count("new", months)): -1, **dict.fromkeys(new_in[months.first : months.last + 1], 1)},
                0,
                0,
            )
        efforts = [group for group in groups if group[:1] == ("effort_area",)]
        for group in efforts:
            years = [year for year in calendar.school_years if Count("participants", year, group) in known]
            yield from self._of_newcomers_by_year(area, group, years)
        for year in calendar.school_years:
            parts = [
                (area, Count("new", year, group)) for group in efforts if Count("participants", year, group) in known
            ]
            yield {(area, Count("new", year)): -1, **dict.fromkeys(parts, 1)}, 0, np.inf

    def _of_newcomers_by_year(self, area: str, group: tuple[str, ...], years: Sequence[Months]) -> Iterator[Rule]:
        whole = self.calendar.whole
        new = [(area, Count("new", year, group)) for year in years]
        all_new = (area, Count("new", whole, group))
        yield {(area, Count("participants", whole, group)): 1, all_new: -1}, 0, 0
        if years != [whole]:
            yield {all_new: -1, **dict.fromkeys(new, 1)}, 0, 0
        for number, year in enumerate(years):
            there = (area, Count("participants", year, group))
            yield {there: 1, new[number]: -1}, 0, np.inf
            yield {there: -1, **dict.fromkeys(new[: number + 1], 1)}, 0, np.inf

    def _of_staying(self, area: str) -> Iterator[Rule]:
        """Who came back is no newcomer of the same school year, was new before, and is in one cohort."""
        calendar = self.calendar
        years, whole = calendar.school_years, calendar.whole
        groups = _groups(self.activities[area])
        known = self._atoms("participants", groups)
        for group in (group for group in groups if not group or group[0] == "effort_area"):
            back = (area, Count("back", whole, group))
            yield {(area, Count("participants", whole, group)): 1, back: -1}, 0, np.inf
            backs = []
            for number, year in enumerate(years):
                if number == 0 or Count("participants", year, group) not in known:
                    continue
                own = (area, Count("back", year, group))
                backs.append(own)
                new = [
                    (area, Count("new", each, group)) for each in years if Count("participants", each, group) in known
                ]
                before = [place for place in new if place[1].months.first < year.first]
                yield (
                    {
                        (area, Count("participants", year, group)): 1,
                        own: -1,
                        (area, Count("new", year, group)): -1,
                    },
                    0,
                    np.inf,
                )
                yield {own: -1, **dict.fromkeys(before, 1)}, 0, np.inf
                yield {back: 1, own: -1}, 0, np.inf
                if group:
                    yield {(area, Count("back", year)): 1, own: -1}, 0, np.inf
            yield {back: -1, **dict.fromkeys(backs, 1)}, 0, np.inf
            if group:
                yield {(area, Count("back", whole)): 1, back: -1}, 0, np.inf
        yield from self._of_cohorts(area)

    def _of_cohorts(self, area: str) -> Iterator[Rule]:
        calendar = self.calendar
        years, whole = calendar.school_years, calendar.whole
        again = {cohort: (area, Count("seen_again", Months(cohort.first, whole.last))) for cohort in years[:-1]}
        if again:
            yield {(area, Count("back", whole)): -1, **dict.fromkeys(again.values(), 1)}, 0, 0
        seen = {
            (cohort, later): (area, Count("seen", Months(cohort.first, later.last)))
            for cohort, later in itertools.combinations(years, 2)
        }
        for cohort, some in again.items():
            each = [place for (first, _), place in seen.items() if first == cohort]
            yield {(area, Count("new", cohort)): 1, some: -1}, 0, np.inf
            yield {some: -1, **dict.fromkeys(each, 1)}, 0, np.inf
            yield from (({some: 1, place: -1}, 0, np.inf) for place in each)
        for year in years[1:]:
            now = [place for (_, later), place in seen.items() if later == year]
            so_far = [place for (_, later), place in seen.items() if later.first <= year.first]
            yield {(area, Count("back", year)): 1, **dict.fromkeys(now, -1)}, 0, np.inf
            yield {(area, Count("back", year)): -1, **dict.fromkeys(so_far, 1)}, 0, np.inf
        left = (area, Count("left", whole))
        yield {(area, Count("participants", whole)): 1, left: -1}, 0, np.inf
        for after in {cell.of[1] for _, cell in self.told if cell.name == "followed_up"}:
            asked = (area, Count("followed_up", whole, ("after", after)))
            parts = [(area, Count("status", whole, ("after", after, status))) for status in STATUSES]
            yield {left: 1, asked: -1}, 0, np.inf
            yield {asked: -1, **dict.fromkeys(parts, 1)}, 0, 0

    def _of_pairs(self, area: str) -> Iterator[Rule]:
        years, whole = self.calendar.school_years, self.calendar.whole
        for lens in {cell.name for _, cell in self.told if " by " in cell.name}:
            if years != (whole,):
                yield (
                    {(area, Count(lens, whole)): -1, **{(area, Count(lens, year)): 1 for year in years}},
                    0,
                    0,
                )


def _groups(activities: Sequence[KnownActivity]) -> dict[tuple[str, ...], list[KnownActivity]]:
    found: dict[tuple[str, ...], list[KnownActivity]] = {(): list(activities)}
    for activity in activities:
        for group in activity.groups:
            found.setdefault(group, []).append(activity)
    return found


def _of_sets(area: str, atoms: Mapping[Count, frozenset[Any]]) -> Iterator[Rule]:
    """Say of counts of people in sets of activities and months what holds of sets: parts, covers, and what two share.

    Of two sets, all that is in the one or the other, and all that is in both, are together no more than the two.
    """
    cells = list(atoms)
    for one, other in itertools.permutations(cells, 2):
        if atoms[other] <= atoms[one]:
            yield {(area, one): 1, (area, other): -1}, 0, np.inf
    yield from _of_covers(area, atoms)
    for one, other in itertools.combinations(cells, 2):
        if atoms[one] <= atoms[other] or atoms[other] <= atoms[one]:
            continue
        union, both = atoms[one] | atoms[other], atoms[one] & atoms[other]
        wide = _largest([cell for cell in cells if atoms[cell] <= union and cell not in {one, other}], atoms)
        wide = [cell for cell in wide if not (atoms[cell] <= atoms[one] or atoms[cell] <= atoms[other])]
        shared = _largest([cell for cell in cells if atoms[cell] <= both], atoms)
        for cell in wide:
            terms = {(area, one): 1, (area, other): 1, (area, cell): -1}
            for inner in shared:
                yield terms | {(area, inner): terms.get((area, inner), 0) - 1}, 0, np.inf
            if not shared:
                yield terms, 0, np.inf


def _of_covers(area: str, atoms: Mapping[Count, frozenset[Any]]) -> Iterator[Rule]:
    """Say that a count is at most what others add up to that cover it: of one length, or of one kind of group."""
    lines: dict[Any, list[Count]] = {}
    for cell in atoms:
        length = cell.months.last - cell.months.first
        lines.setdefault((cell.of[:1], cell.months), []).append(cell)
        lines.setdefault((cell.of, length if length < 3 else "years", cell.months.first % 12 == 0), []).append(cell)
        lines.setdefault((cell.of, length if length < 3 else "long"), []).append(cell)
    for parent, whole in atoms.items():
        for line in lines.values():
            parts = [cell for cell in line if cell != parent and atoms[cell] & whole and not whole < atoms[cell]]
            if len(parts) > 1 and whole <= frozenset().union(*(atoms[cell] for cell in parts)):
                yield {(area, parent): -1, **{(area, cell): 1 for cell in parts}}, 0, np.inf


def _largest(cells: Sequence[Count], atoms: Mapping[Count, frozenset[Any]]) -> list[Count]:
    return [cell for cell in cells if not any(atoms[cell] < atoms[other] for other in cells)]
