"""What holds between the counts of one area, whatever they are: what a reader may know without being told. Pure.

Each follows from what the counts mean. What holds in each area holds in the network, where counts are sums over areas.
"""

import functools
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count, Of
from services.reporting.releasing.frame import STATUSES, Running
from services.reporting.releasing.presence import newcomers_so_far

# Of how many different frames relations are kept.
MOST_FRAMES: Final = 64


class KnownRelation(NamedTuple):
    """The sum of factor times count is 0, or where it is not `exact` at least 0."""

    terms: tuple[tuple[Count, int], ...]
    exact: bool = False


def total(parent: Count, parts: Iterable[Count]) -> KnownRelation:
    """Say that the parts add up to the parent."""
    return KnownRelation(((parent, -1), *((part, 1) for part in parts)), exact=True)


def covered(parent: Count, parts: Iterable[Count]) -> KnownRelation:
    """Say that the parent is at most what the parts add up to."""
    return KnownRelation(((parent, -1), *((part, 1) for part in parts)))


def within(parent: Count, parts: Iterable[Count]) -> KnownRelation:
    """Say that the parts, which nobody is in two of, add up to at most the parent."""
    return KnownRelation(((parent, 1), *((part, -1) for part in parts)))


def of_participants(cells: Collection[Count], calendar: Calendar, running: Running) -> Iterator[KnownRelation]:
    """Give what holds between the participants' counts of an area; `cells` are those that it has."""
    yield from _of_everybody("participants", _without_group(cells), calendar)
    yield from _of_staying(_without_group(cells), calendar)
    yield from _of_distinct("participants", cells, calendar, running)
    for group in running.groups("effort_area"):
        yield from _of_new_and_back(cells, calendar, group)
    yield from _of_traits(cells, calendar)
    whole = calendar.whole
    for year in calendar.school_years:
        some = [Count("new", year, group) for group in running.groups("effort_area")]
        parts = [cell for cell in some if cell in cells]
        parent = Count("new", year)
        if parent in cells and parts and year != whole:
            # Whoever is new in the area is new in some effort area.
            yield covered(parent, parts)


def of_volunteers(cells: Collection[Count], calendar: Calendar, running: Running) -> Iterator[KnownRelation]:
    """Give what holds between the volunteers' counts of an area."""
    yield from _of_everybody("volunteers", _without_group(cells), calendar)
    yield from _of_distinct("volunteers", cells, calendar, running)


def of_pairs(name: str, calendar: Calendar) -> Iterator[KnownRelation]:
    """Give what holds between the pairs of one lens and kind of respondent: the school years add up."""
    if len(calendar.school_years) > 1:
        yield total(Count(name, calendar.whole), [Count(name, year) for year in calendar.school_years])


def _without_group(cells: Iterable[Count]) -> tuple[Count, ...]:
    """Give the cells of all people, and of those who were asked after they left."""
    return tuple(cell for cell in cells if not cell.of or cell.of[0] == "after")


@functools.lru_cache(maxsize=MOST_FRAMES)
def _of_everybody(name: str, cells: Sequence[Count], calendar: Calendar) -> tuple[KnownRelation, ...]:
    """Give what holds between counts of all people of an area at different times.

    Most areas have the same cells of all their people, so that it is found once for them.
    """
    return tuple(_of_times(name, dict.fromkeys(cells), calendar))


def _of_times(name: str, cells: Collection[Count], calendar: Calendar) -> Iterator[KnownRelation]:
    for longer, shorter in _nested(calendar):
        yield from _both(Count(name, longer), Count(name, shorter), cells)
    for months, cut in _cuts(calendar):
        yield from _covered_by(Count(name, months), [Count(name, part) for part in cut], cells)
    for one, other, wide, both in _overlapping(calendar):
        terms = [(one, 1), (other, 1), (wide, -1), *([(both, -1)] if both else [])]
        if all(Count(name, months) in cells for months, _ in terms):
            yield KnownRelation(tuple((Count(name, months), factor) for months, factor in terms))


@functools.lru_cache(maxsize=MOST_FRAMES)
def _of_staying(cells: Sequence[Count], calendar: Calendar) -> tuple[KnownRelation, ...]:
    """Give what holds between counts of all participants: who was new, came back, and left. It is found once, too."""
    return tuple(_of_new_back_and_left(dict.fromkeys(cells), calendar))


def _of_new_back_and_left(cells: Collection[Count], calendar: Calendar) -> Iterator[KnownRelation]:
    yield from _of_newcomers_by_month(cells, calendar)
    for longer, shorter in _nested(calendar):
        if Count("participants", longer) in cells and Count("participants", shorter) in cells:
            # Whoever is new later was not there before.
            later, then = newcomers_so_far(longer.last), newcomers_so_far(shorter.last)
            if later != then and longer != shorter:
                parent, part = Count("participants", longer), Count("participants", shorter)
                yield KnownRelation(((parent, 1), (part, -1), (later, -1), (then, 1)))
    yield from _of_new_and_back(cells, calendar, EVERYBODY)
    yield from _of_cohorts(cells, calendar)
    yield from _of_former(cells, calendar)


def _of_distinct(name: str, cells: Collection[Count], calendar: Calendar, running: Running) -> Iterator[KnownRelation]:
    groups = {kind: running.groups(kind) for kind in ("effort_area", "plan", "kind", "activity")}
    for group in (group for some in groups.values() for group in some):
        for year in calendar.school_years:
            yield from _both(Count(name, calendar.whole, group), Count(name, year, group), cells)
        years = [Count(name, year, group) for year in calendar.school_years]
        yield from _covered_by(Count(name, calendar.whole, group), years, cells)
    counted: dict[Months, dict[Of, Count]] = {}
    for cell in cells:
        if cell.name == name and cell.of[:1] not in (("age_band",), ("gender",)):
            counted.setdefault(cell.months, {})[cell.of] = cell
    for months in dict.fromkeys((calendar.whole, *calendar.school_years)):
        yield from _of_groups(counted.get(months, {}), groups, running)
    yield from _covered_by_running(name, cells, calendar, running)


@functools.lru_cache(maxsize=4)
def _overlapping(calendar: Calendar) -> tuple[tuple[Months, Months, Months, Months | None], ...]:
    """Give each two runs of months that overlap, one that lies in both together but in neither, and what they share.

    Those there in the long run and those there in what is shared are together no more than those of the two.
    """
    spans = sorted({calendar.whole, *calendar.school_years, *calendar.years, *calendar.quarters, *calendar.each_month})
    found = []
    for one, other in itertools.combinations(spans, 2):
        if not _meets(one, other) or one.holds(other) or other.holds(one):
            continue
        union, shared = Months(one.first, other.last), Months(other.first, one.last)
        wide = [span for span in spans if union.holds(span) and not (one.holds(span) or other.holds(span))]
        inside = [span for span in spans if shared.holds(span)]
        shorts: list[Months | None] = [*_not_in_others(inside)]
        found += [(one, other, long, short) for long in _not_in_others(wide) for short in shorts or [None]]
    return tuple(found)


def _not_in_others(spans: Sequence[Months]) -> list[Months]:
    return [span for span in spans if not any(other != span and other.holds(span) for other in spans)]


def _nested(calendar: Calendar) -> Iterator[tuple[Months, Months]]:
    """Give each run of months with those in it that no third one lies between."""
    whole, quarters = calendar.whole, calendar.quarters
    for longer in (*calendar.school_years, *calendar.years):
        yield whole, longer
        inside = [quarter for quarter in quarters if longer.holds(quarter)]
        yield from ((longer, quarter) for quarter in inside)
        for month in calendar.each_month:
            if longer.holds(month) and not any(quarter.holds(month) for quarter in inside):
                yield longer, month
    for quarter in quarters:
        yield from ((quarter, month) for month in calendar.each_month if quarter.holds(month))


def _cuts(calendar: Calendar) -> Iterator[tuple[Months, list[Months]]]:
    """Give each run of months with the ways in which others make it up, or hold it together."""
    months, quarters = calendar.each_month, calendar.quarters
    for quarter in quarters:
        own = [month for month in months if quarter.holds(month)]
        yield quarter, own
        for year in (*calendar.school_years, *calendar.years):
            if _meets(year, quarter) and not year.holds(quarter):
                yield quarter, [year, *(month for month in own if not year.holds(month))]
    for longer in (*calendar.school_years, *calendar.years):
        inside = [quarter for quarter in quarters if longer.holds(quarter)]
        loose = [each for each in months if longer.holds(each) and not any(part.holds(each) for part in inside)]
        yield longer, [*inside, *loose]
        yield longer, [quarter for quarter in quarters if _meets(quarter, longer)]
        across = calendar.years if longer in calendar.school_years else calendar.school_years
        crossing = [each for each in across if _meets(each, longer)]
        yield longer, crossing
        for place, one in enumerate(crossing):
            rest = [part for part in (*inside, *loose) if not one.holds(part)]
            yield longer, [*crossing[place : place + 1], *rest]
    yield calendar.whole, list(calendar.school_years)
    yield calendar.whole, list(calendar.years)


def _meets(one: Months, other: Months) -> bool:
    return one.first <= other.last and other.first <= one.last


def _of_newcomers_by_month(cells: Collection[Count], calendar: Calendar) -> Iterator[KnownRelation]:
    """Say that whoever was there by a month was new by then, and that those new in a time were there in it."""
    sofar = [newcomers_so_far(month) for month in range(calendar.months)]
    for earlier, later in itertools.pairwise(sofar):
        yield within(later, [earlier])
    yield total(Count("new", calendar.whole), sofar[-1:])
    yield total(Count("participants", calendar.whole), [Count("new", calendar.whole)])
    spans = {*calendar.school_years, *calendar.years, *calendar.quarters, *calendar.each_month}
    for months in sorted(spans - {calendar.whole}):
        cell = Count("participants", months)
        before = [sofar[months.first - 1]] if months.first else []
        if cell in cells and not before:
            # At the beginning everybody is new.
            yield total(sofar[months.last], [cell])
        elif cell in cells:
            yield within(sofar[months.last], [cell])
            yield KnownRelation(((cell, 1), (sofar[months.last], -1), *((each, 1) for each in before)))
        elif before:
            # Nothing ran, so nobody came.
            yield total(sofar[months.last], before)
    for year in calendar.school_years:
        if year != calendar.whole and Count("new", year) in cells:
            before = [sofar[year.first - 1]] if year.first else []
            yield total(sofar[year.last], [Count("new", year), *before])


def _of_new_and_back(cells: Collection[Count], calendar: Calendar, group: Of) -> Iterator[KnownRelation]:
    whole, years = calendar.whole, calendar.school_years
    new = [Count("new", year, group) for year in years if Count("new", year, group) in cells]
    everybody = Count("participants", whole, group)
    if group != EVERYBODY and everybody in cells:
        yield total(everybody, [Count("new", whole, group)])
        if len(years) > 1:
            yield total(everybody, new)
    so_far: list[Count] = []
    for year in years:
        there, back = Count("participants", year, group), Count("back", year, group)
        own = Count("new", year, group)
        if there not in cells or own not in cells:
            continue
        so_far.append(own)
        if len(so_far) == 1:
            yield total(there, [own])
        yield covered(there, so_far)
        if back not in cells:
            yield within(there, [own])
        else:
            # Neither are those who were seen in this school year alone, or enrolled before and not seen in it.
            yield total(there, [own, back, Count("neither", year, group)])
            yield within(Count("back", whole, group), [back])
            # Whoever is back was new before.
            yield covered(back, so_far[:-1])
    if Count("back", whole, group) in cells:
        # Whoever came back by the end was new before the last school year.
        yield covered(Count("back", whole, group), so_far[:-1] if new and new[-1].months == years[-1] else so_far)
        backs = [Count("back", year, group) for year in years if Count("back", year, group) in cells]
        yield covered(Count("back", whole, group), backs)
        if group != EVERYBODY:
            yield from (
                within(Count("back", each.months), [each]) for each in backs if Count("back", each.months) in cells
            )
            yield within(Count("back", whole), [Count("back", whole, group)])


def _of_traits(cells: Collection[Count], calendar: Calendar) -> Iterator[KnownRelation]:
    """Say that everybody has one age band and one gender, the same all the time."""
    for kind in ("age_band", "gender"):
        traits = sorted({cell.of for cell in cells if cell.of[:1] == (kind,)})
        for months in dict.fromkeys((calendar.whole, *calendar.school_years)):
            parts = [Count("participants", months, trait) for trait in traits]
            if parts and parts[0] in cells:
                yield total(Count("participants", months), parts)
        for trait in traits:
            whole = Count("participants", calendar.whole, trait)
            years = [Count("participants", year, trait) for year in calendar.school_years]
            yield from _covered_by(whole, years, cells)
            for year in years:
                yield from _both(whole, year, cells)


def _of_cohorts(cells: Collection[Count], calendar: Calendar) -> Iterator[KnownRelation]:
    years, last = calendar.school_years, calendar.whole.last
    again: list[Count] = []
    seen_in: dict[Months, list[Count]] = {year: [] for year in years}
    for place, cohort in enumerate(years[:-1]):
        some = Count("seen_again", Months(cohort.first, last))
        if some not in cells:
            continue
        each = [Count("seen", Months(cohort.first, later.last)) for later in years[place + 1 :]]
        for cell, year in zip(each, years[place + 1 :], strict=True):
            seen_in[year].append(cell)
        again.append(some)
        yield within(Count("new", cohort), [some])
        yield from _union(some, each)
    if again:
        yield total(Count("back", calendar.whole), again)
    so_far: list[Count] = []
    for year, seen in seen_in.items():
        so_far += seen
        back = Count("back", year)
        if seen and back in cells:
            yield total(back, [*seen, Count("back_unseen", year)])
            yield covered(back, so_far)


def _of_former(cells: Collection[Count], calendar: Calendar) -> Iterator[KnownRelation]:
    left = Count("left", calendar.whole)
    yield within(Count("participants", calendar.whole), [left])
    for asked in sorted(cell for cell in cells if cell.name == "followed_up"):
        yield within(left, [asked])
        yield total(asked, [Count("status", asked.months, (*asked.of, status)) for status in STATUSES])


def _union(parent: Count, parts: Sequence[Count]) -> Iterator[KnownRelation]:
    if len(parts) == 1:
        yield total(parent, parts)
        return
    yield covered(parent, parts)
    yield from (within(parent, [part]) for part in parts)


def _of_groups(
    counted: Mapping[Of, Count], groups: Mapping[str, Sequence[Of]], running: Running
) -> Iterator[KnownRelation]:
    """Say of groups of activities, at one time, what holds of sets of people."""
    if not counted:
        return
    months = next(iter(counted.values())).months
    sets = {group: running.set_of(group, months) for group in counted}
    # A group that is always the same set of people as an earlier one is equal to it, and needs no relations of its own.
    first_of: dict[int, Of] = {}
    for group, members in sets.items():
        if (same := first_of.setdefault(members, group)) != group:
            yield total(counted[same], [counted[group]])
    distinct = {group: members for members, group in first_of.items()}
    for group, members in distinct.items():
        yield from (within(counted[group], [counted[part]]) for part in _largest_within(members, distinct, but=group))
    for parts in groups.values():
        if parts and all(part in counted for part in parts if running.ran(part, months)):
            some = [part for part in parts if part in counted]
            for group, members in distinct.items():
                met = [part for part in some if sets[part] & members]
                if len(met) > 1:
                    yield covered(counted[group], [counted[part] for part in met])
    yield from _of_overlaps(counted, distinct)


def _of_overlaps(counted: Mapping[Of, Count], distinct: Mapping[Of, int]) -> Iterator[KnownRelation]:
    """Say that those in the one or the other of two groups, and those in both, are together no more than the two."""
    for (one, own), (other, others) in itertools.combinations(distinct.items(), 2):
        both, either = own & others, own | others
        if both in {own, others}:
            continue
        inside = {
            group: members
            for group, members in distinct.items()
            if not members & ~either and members & ~own and members & ~others
        }
        if inside:
            shared = _largest_within(both, distinct) if both else []
            for wide in _largest_within(either, inside):
                terms = ((counted[one], 1), (counted[other], 1), (counted[wide], -1))
                yield from (KnownRelation((*terms, (counted[each], -1))) for each in shared)
                if not shared:
                    yield KnownRelation(terms)


def _largest_within(members: int, groups: Mapping[Of, int], but: Of | None = None) -> list[Of]:
    """Give the groups that hold nothing beside these activities, and that no larger one of these holds."""
    inside = [(group, each) for group, each in groups.items() if not each & ~members and group != but]
    return [group for group, own in inside if not any(own != other and not own & ~other for _, other in inside)]


def _covered_by_running(
    name: str, cells: Collection[Count], calendar: Calendar, running: Running
) -> Iterator[KnownRelation]:
    """Say that who was there at a time was in something that ran then, where less ran than in the school year."""
    kinds = [running.groups(kind) for kind in ("effort_area", "plan", "kind", "activity")]
    years = (calendar.whole, *calendar.school_years)
    parts_in = {
        year: [[cell for group in groups if (cell := Count(name, year, group)) in cells] for groups in kinds]
        for year in years
    }
    for months in (*calendar.years, *calendar.quarters, *calendar.each_month):
        parent = Count(name, months)
        year = next((year for year in calendar.school_years if year.holds(months)), calendar.whole)
        for parts in parts_in[year] if parent in cells else ():
            now = [cell for cell in parts if running.ran(cell.of, months)]
            if now and len(now) < len(parts):
                yield covered(parent, now)


def _covered_by(parent: Count, parts: Sequence[Count], cells: Collection[Count]) -> Iterator[KnownRelation]:
    """Say that the parts cover the parent; where nothing ran there is no part, and nobody was there."""
    some = [part for part in parts if part in cells]
    if parent in cells and some != [parent]:
        yield total(parent, some) if len(some) == 1 and parent.months.holds(some[0].months) else covered(parent, some)


def _both(parent: Count, part: Count, cells: Collection[Count]) -> Iterator[KnownRelation]:
    if parent != part and parent in cells and part in cells:
        yield within(parent, [part])
