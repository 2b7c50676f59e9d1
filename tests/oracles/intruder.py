"""An intruder: takes what is published, and works out by integer programming what the withheld counts can be.

Owns no code of the product's disclosure control. What must hold between counts is written down here once more, from
what the counts mean.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from services.reporting.people.keys import PeopleGrain
from services.reporting.people.knowledge import Belonging, PeopleCell
from services.reporting.people.staying import STATUSES, FollowUp
from services.reporting.periods import Period, month_of, quarter_of, school_year, whole_school_year_of, year_of

THRESHOLD: Final = 5
# (cells with their factors, the least and the most that they add up to)
NOTHING: Final[Mapping[str, Belonging]] = MappingProxyType({})
Rule = tuple[dict[PeopleCell, int], float, float]


def worked_out(
    values: Mapping[PeopleCell, int], shown: Collection[PeopleCell], belongs: Mapping[str, Belonging] = NOTHING
) -> list[tuple[PeopleCell, int, int]]:
    """Give every withheld small count that can be narrowed down, with the least and the most that it can be.

    What is not narrowed down can be anything from 1 to 4.
    """
    cells = list(values)
    place = {cell: number for number, cell in enumerate(cells)}
    rules = [rule for rule in _rules(values, belongs) if _is_true(rule, values)]
    open_cells = {cell for cell in cells if cell not in shown}
    least, most = np.zeros(len(cells)), np.full(len(cells), np.inf)
    of_small = _parts_of_small(values, rules)
    for cell, number in place.items():
        if cell not in open_cells:
            least[number] = most[number] = values[cell]
        elif values[cell] and cell not in of_small:
            # A 0 would have been shown.
            least[number] = 1
    constraint = _matrix(rules, place)
    found = []
    for cell in open_cells:
        if 0 < values[cell] < THRESHOLD:
            bounds = Bounds(least, most)
            low, high = (_extreme(place[cell], sign, constraint, bounds) for sign in (1, -1))
            if low > 1 or high < THRESHOLD - 1:
                # HiGHS's presolve has been seen to end at a feasible value that is not the least.
                low, high = (_extreme(place[cell], sign, constraint, bounds, presolve=False) for sign in (1, -1))
            if low > 1 or high < THRESHOLD - 1:
                found.append((cell, low, high))
    return found


def _extreme(number: int, sign: int, constraint: LinearConstraint, bounds: Bounds, *, presolve: bool = True) -> int:
    cost = np.zeros(len(bounds.lb))
    cost[number] = sign
    # No need to know how far beyond the promised range it can go.
    within = Bounds(bounds.lb.copy(), np.minimum(bounds.ub, np.maximum(bounds.lb, 10_000)))
    within.ub[number] = min(within.ub[number], THRESHOLD - 1)
    within.lb[number] = min(within.lb[number], 1)
    whole = np.ones(len(cost), dtype=int)
    result: Any = milp(cost, constraints=constraint, bounds=within, integrality=whole, options={"presolve": presolve})
    assert result.success, result.message
    value: float = result.x[number]
    return round(value)


def _matrix(rules: list[Rule], place: Mapping[PeopleCell, int]) -> LinearConstraint:
    row, column, factor = [], [], []
    for number, (terms, _, _) in enumerate(rules):
        for cell, times in terms.items():
            row.append(number)
            column.append(place[cell])
            factor.append(times)
    matrix = csr_array((factor, (row, column)), shape=(len(rules), len(place)))
    return LinearConstraint(matrix, [rule[1] for rule in rules], [rule[2] for rule in rules])


def _is_true(rule: Rule, values: Mapping[PeopleCell, int]) -> bool:
    added = sum(times * values[cell] for cell, times in rule[0].items())
    return rule[1] <= added <= rule[2]


def _rules(values: Mapping[PeopleCell, int], belongs: Mapping[str, Belonging]) -> Iterator[Rule]:
    """Say what the counts mean; a rule that the truth breaks is not known to anybody."""
    cuts = _cuts(values, belongs)
    yield from _rules_of_staying(values)
    for cell in values:
        name, period, area, told = cell
        everywhere: PeopleCell = (name, period, None, told)
        if area is not None and everywhere in values:
            yield {everywhere: 1, cell: -1}, 0, np.inf
        elif area is None:
            yield {cell: -1, **dict.fromkeys(_areas(values, cell), 1)}, 0, 0
        for parts in cuts.get((area, told), ()):
            yield from _rules_by_part(values, cell, [(name, period, area, part) for part in parts])
        yield from _rules_over_time(values, cell)
        if name == "participants":
            yield from _rules_of_participants(values, cell)


def _rules_by_part(values: Mapping[PeopleCell, int], cell: PeopleCell, parts: list[PeopleCell]) -> Iterator[Rule]:
    """Whoever is in the whole is in some part; with one part, it is the whole."""
    parts = [part for part in parts if part in values]
    if parts:
        yield {cell: -1, **dict.fromkeys(parts, 1)}, 0, 0 if len(parts) == 1 else np.inf
    for part in parts if cell[0] != "new_participants" else []:
        yield {cell: 1, part: -1}, 0, np.inf


def _cuts(values: Mapping[PeopleCell, int], belongs: Mapping[str, Belonging]) -> dict[tuple[Any, Any], list[list[Any]]]:
    """Give for each area, effort area, plan and kind what it is made of; what nobody ever was in is no part."""
    ever = {cell[2:] for cell, value in values.items() if value and cell[0] in {"participants", "volunteers"}}
    found: dict[tuple[Any, Any], list[list[Any]]] = {}
    for area in {cell[2] for cell in values}:
        told = [each for place, each in ever if place == area and each is not None]
        found[area, None] = [
            [each for each in told if not isinstance(each, PeopleGrain)],
            [each for each in told if isinstance(each, PeopleGrain) and each.kind == "plan"],
            [each for each in told if isinstance(each, PeopleGrain) and each.kind == "kind"],
        ]
    for activity, (area, effort_area, plan, kind) in belongs.items():
        part = PeopleGrain("activity", activity)
        if (area, part) in ever:
            for whole in (effort_area, PeopleGrain("plan", plan), PeopleGrain("kind", kind)):
                found.setdefault((area, whole), [[]])[0].append(part)
    return found


def _rules_of_staying(values: Mapping[PeopleCell, int]) -> Iterator[Rule]:
    """Whoever is seen again was new before, is seen in one of the later years, and then has stayed several years."""
    for cell in values:
        name, _, _, told = cell
        if name == "seen_again":
            yield from _rules_of_a_cohort(values, cell)
        elif name == "multi_year_participants" and told is None:
            yield from _rules_of_several_years(values, cell)
        elif name in {"followed_up", "left"}:
            yield from _rules_of_former(cell)


def _rules_of_a_cohort(values: Mapping[PeopleCell, int], again: PeopleCell) -> Iterator[Rule]:
    _, period, area, _ = again
    first = school_year(period.first_day)
    seen = _seen(values, area, lambda cohort, _: cohort == first)
    yield {again: -1, **dict.fromkeys(seen, 1)}, 0, np.inf
    for cell in seen:
        yield {again: 1, cell: -1}, 0, np.inf
    cohort: PeopleCell = (
        "new_participants",
        whole_school_year_of(period.first_day).within(longest(values)),
        area,
        None,
    )
    yield {cohort: 1, again: -1}, 0, np.inf


def _rules_of_several_years(values: Mapping[PeopleCell, int], back: PeopleCell) -> Iterator[Rule]:
    _, period, area, _ = back
    last, whole = school_year(period.last_day), longest(values)
    if seen := _seen(values, area, lambda _, year: year <= last):
        yield {back: -1, **dict.fromkeys(seen, 1)}, 0, np.inf
    again = [other for other in values if other[0] == "seen_again" and other[2] == area]
    if again and period == whole:
        yield {back: 1, **dict.fromkeys(again, -1)}, 0, 0
    now = _seen(values, area, lambda _, year: year == last)
    if now and period == whole_school_year_of(period.first_day).within(whole):
        yield {back: 1, **dict.fromkeys(now, -1)}, 0, np.inf


def _rules_of_former(cell: PeopleCell) -> Iterator[Rule]:
    name, period, area, told = cell
    if name == "left":
        yield {("participants", period, area, None): 1, cell: -1}, 0, np.inf
    elif isinstance(told, FollowUp):
        asked: list[PeopleCell] = [("people", period, area, FollowUp(told.months_after, status)) for status in STATUSES]
        yield {cell: -1, **dict.fromkeys(asked, 1)}, 0, 0
        yield {("left", period, area, None): 1, cell: -1}, 0, np.inf


def longest(values: Mapping[PeopleCell, int]) -> Period:
    """Give the whole time, which all cells lie in."""
    periods = {cell[1] for cell in values}
    return Period(min(period.first_day for period in periods), max(period.last_day for period in periods))


def _seen(values: Mapping[PeopleCell, int], area: str | None, wanted: Callable[[int, int], bool]) -> list[PeopleCell]:
    """Give the counts of those seen again, by the school years of their cohort and in which they were seen."""
    return [
        cell
        for cell in values
        if cell[0] == "seen"
        and cell[2] == area
        and wanted(school_year(cell[1].first_day), school_year(cell[1].last_day))
    ]


def _rules_over_time(values: Mapping[PeopleCell, int], cell: PeopleCell) -> Iterator[Rule]:
    name, period, area, told = cell
    if name in {"seen", "seen_again"}:
        # A cohort is followed over days of its own; its rules are others.
        return
    inside = [
        other
        for other in {each for each_name, each, *_ in values if each_name == name}
        if other != period and period.first_day <= other.first_day and other.last_day <= period.last_day
    ]
    parts: list[PeopleCell] = [part for each in inside if (part := (name, each, area, told)) in values]
    for part in parts:
        if name != "new_participants":
            yield {cell: 1, part: -1}, 0, np.inf
    for unit in (month_of, quarter_of, year_of, whole_school_year_of):
        some = [part for part in parts if part[1] == unit(part[1].first_day).within(period)]
        if sum((part[1].last_day - part[1].first_day).days + 1 for part in some) == (
            (period.last_day - period.first_day).days + 1
        ):
            yield {cell: -1, **dict.fromkeys(some, 1)}, 0, (0 if name == "new_participants" else np.inf)


def _rules_of_participants(values: Mapping[PeopleCell, int], cell: PeopleCell) -> Iterator[Rule]:
    _, period, area, effort_area = cell
    new: PeopleCell = ("new_participants", period, area, effort_area)
    if new in values and period.first_day == longest(values).first_day:
        # At the beginning everybody is new.
        yield {cell: 1, new: -1}, 0, 0
    back: PeopleCell = ("multi_year_participants", period, area, effort_area)
    for each in (new, back):
        if each in values:
            yield {cell: 1, each: -1}, 0, np.inf
    if new in values and back in values and school_year(period.first_day) == school_year(period.last_day):
        yield {cell: 1, new: -1, back: -1}, 0, np.inf


def _parts_of_small(values: Mapping[PeopleCell, int], rules: list[Rule]) -> set[PeopleCell]:
    """Give the cells whose zeros would be withheld too: each is part of a total that is itself small."""
    found: set[PeopleCell] = set()
    for terms, least, most in rules:
        (parent, factor), *parts = terms.items()
        adds_up = least == most == 0 or (factor > 0 and len(parts) > 1)
        if adds_up and 0 < values[parent] < THRESHOLD:
            found.update(part for part, _ in parts)
    return found


def _areas(values: Mapping[PeopleCell, int], cell: PeopleCell) -> list[PeopleCell]:
    name, period, _, effort_area = cell
    here = [each for each in values if each[2] is not None and each[:2] == (name, period)]
    return [each for each in here if each[3] == effort_area]
