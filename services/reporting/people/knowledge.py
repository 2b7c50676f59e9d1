"""What a reader may know to hold between counts of people: what follows from what they mean. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from services.reporting.people.keys import PeopleGrain, Told
from services.reporting.people.staying import STATUSES, STAYING_COUNTS, FollowUp, Later, cohorts
from services.reporting.people.suppression import Relation, covered, disjoint, total
from services.reporting.periods import Period, Span, SpanKind, published_spans
from services.reporting.terms import COUNTS

# (name of the count, period, area or None for all, what it is counted by beside it, or None for all)
PeopleCell = tuple[str, Period, str | None, Told]

# Counts of a union: a person is counted in the longer period exactly when some part of it counts the person. Newcomers
# and pairs are no unions: each falls into one part only.
UNIONS: Final = frozenset({"participants", "volunteers"})
_OF_PARTICIPANTS: Final = frozenset({"new_participants", "multi_year_participants"})
# Of what a longer period is made, the first of each line that there is: it is cut up in two ways.
_MADE_OF: Final[Mapping[SpanKind, tuple[tuple[SpanKind, ...], ...]]] = {
    "whole": (("school_year", "month"), ("year", "quarter")),
    "school_year": (("month",),),
    # Not every count is told by quarter.
    "year": (("quarter",), ("month",)),
    "quarter": (("month",),),
}

_CROSSING: Final[tuple[SpanKind, ...]] = ("school_year", "year", "quarter")


class Belonging(NamedTuple):
    """What an activity is part of: its area, its effort area with the pool, its plan and its kind."""

    area: str
    effort_area: tuple[str, str]
    plan: str
    kind: str

    @property
    def wholes(self) -> tuple[tuple[str, str] | PeopleGrain, ...]:
        """Give everything beside the area that the activity's people are counted in."""
        return self.effort_area, PeopleGrain("plan", self.plan), PeopleGrain("kind", self.kind)


def relations(
    values: Mapping[PeopleCell, int],
    whole: Period,
    belongs: Mapping[str, Belonging],
    everything: Mapping[PeopleCell, int] | None = None,
) -> Iterator[Relation[PeopleCell]]:
    """Give everything that a reader may know to hold; what the values contradict is dropped later.

    `everything` are all counts, where `values` are some of them: they tell where anybody ever was.
    """
    areas = sorted({area for _, _, area, _ in values if area is not None})
    made_of = _parts_of_wholes(everything if everything is not None else values, whole, belongs)
    for name, period, area, told in values:
        if area is None:
            yield total((name, period, None, told), [(name, period, each, told) for each in areas])
        for parts in made_of.get((area, told), ()):
            yield from _by_part(
                name, (name, period, area, told), [(name, period, area, part) for part in parts], values
            )
        if name == "participants":
            some: list[PeopleCell] = [(each, period, area, told) for each in COUNTS if each in _OF_PARTICIPANTS]
            # Nobody is new and back for another school year within one school year.
            if period.is_within_a_school_year:
                yield disjoint((name, period, area, told), some)
            yield from (disjoint((name, period, area, told), [each]) for each in some)
            # At the beginning everybody is new.
            if period.first_day == whole.first_day and some[0] in values:
                yield total((name, period, area, told), [some[0]])
    yield from _over_time(values, published_spans(whole))
    for area in (None, *areas):
        yield from (rule for rule in _of_staying(whole, area) if all(cell in values for cell, _ in rule.terms))
        yield from _of_former(values, whole, area)


def _parts_of_wholes(
    values: Mapping[PeopleCell, int], whole: Period, belongs: Mapping[str, Belonging]
) -> dict[tuple[str | None, Told], list[list[Told]]]:
    """Give the ways in which each place is cut up: an area by effort area, plan and kind, these by activity."""
    found: dict[tuple[str | None, Told], dict[str, set[Told]]] = {}

    def is_part(area: str | None, told: Told, way: str, part: Told) -> None:
        # Where nobody ever was, there is no part.
        if any(values.get((name, whole, area, part)) for name in UNIONS):
            found.setdefault((area, told), {}).setdefault(way, set()).add(part)

    for _, period, area, told in values:
        if told is not None and period == whole and not (isinstance(told, PeopleGrain) and told.kind == "activity"):
            is_part(area, None, told.kind if isinstance(told, PeopleGrain) else "effort_area", told)
    for activity, belonging in belongs.items():
        for each in belonging.wholes:
            is_part(belonging.area, each, "activity", PeopleGrain("activity", activity))
    return {place: [list(parts) for _, parts in sorted(ways.items())] for place, ways in found.items()}


def _by_part(
    name: str, parent: PeopleCell, parts: Sequence[PeopleCell], values: Mapping[PeopleCell, int]
) -> Iterator[Relation[PeopleCell]]:
    parts = sorted((part for part in parts if part in values), key=repr)
    if not parts:
        return
    if len(parts) == 1:
        yield total(parent, parts)
        return
    yield covered(parent, parts)
    if name != "new_participants":
        yield from (disjoint(parent, [part]) for part in parts)


def _over_time(values: Mapping[PeopleCell, int], spans: Sequence[Span]) -> Iterator[Relation[PeopleCell]]:
    """Relate each longer span to the shorter ones that it is made of."""
    made_of = {span.period: list(_cuts(span, spans)) for span in spans}
    for name, period, area, told in values:
        # A cohort that is seen again is counted under days of its own.
        for cut in made_of[period] if name not in STAYING_COUNTS else ():
            parts: list[PeopleCell] = [(name, each, area, told) for each in cut]
            present = [part for part in parts if part in values]
            if not present:
                continue
            parent: PeopleCell = (name, period, area, told)
            is_whole = len(present) == len(parts) and _covers(cut, period)
            if name not in UNIONS and name != "multi_year_participants":
                yield total(parent, parts) if is_whole else disjoint(parent, present)
                continue
            if is_whole:
                yield covered(parent, parts)
            yield from (disjoint(parent, [part]) for part in present)


def _of_staying(whole: Period, area: str | None) -> Iterator[Relation[PeopleCell]]:
    """Relate who was seen again to who was new, and to those who stayed several years."""
    told = cohorts(whole)
    back: PeopleCell = ("multi_year_participants", whole, area, None)
    again: list[PeopleCell] = []
    seen: dict[Period, list[PeopleCell]] = {cohort.year: [] for cohort in told}
    for cohort in told[:-1]:
        some: PeopleCell = ("seen_again", cohort.until(told[-1].year), area, None)
        each: list[PeopleCell] = [
            ("seen", cohort.until(year), area, Later(number)) for number, year in enumerate(cohort.later, start=1)
        ]
        for cell, year in zip(each, cohort.later, strict=True):
            seen[year].append(cell)
        again.append(some)
        yield disjoint(("new_participants", cohort.year, area, None), [some])
        yield from _union(some, each)
    if again:
        yield total(back, again)
        # Should anybody be counted as back who is in no cohort, this still holds.
        yield disjoint(back, again)
    so_far: list[PeopleCell] = []
    for year, of_year in seen.items():
        so_far += of_year
        if of_year:
            # Each is of one cohort; who is still there but not seen may have come back in a year before.
            yield disjoint(("multi_year_participants", year, area, None), of_year)
            yield covered(("multi_year_participants", year, area, None), so_far)
    for year in whole.by_year():
        until = [cell for cells in (seen[each] for each in seen if each.first_day <= year.last_day) for cell in cells]
        if until:
            yield covered(("multi_year_participants", year, area, None), until)
    new: list[PeopleCell] = []
    for cohort in told:
        new.append(("new_participants", cohort.year, area, None))
        yield covered(("participants", cohort.year, area, None), list(new))


def _of_former(values: Mapping[PeopleCell, int], whole: Period, area: str | None) -> Iterator[Relation[PeopleCell]]:
    """Relate those of each status to those followed up, these to those who left, and these to all."""
    left: PeopleCell = ("left", whole, area, None)
    if left not in values:
        return
    yield disjoint(("participants", whole, area, None), [left])
    for name, period, place, told in values:
        if name == "followed_up" and place == area and isinstance(told, FollowUp):
            asked: PeopleCell = (name, period, area, told)
            yield disjoint(left, [asked])
            yield total(asked, [("people", period, area, FollowUp(told.months_after, status)) for status in STATUSES])


def _union(parent: PeopleCell, parts: Sequence[PeopleCell]) -> Iterator[Relation[PeopleCell]]:
    """Say that whoever is in a part is in the parent, and that whoever is in the parent is in some part."""
    if len(parts) == 1:
        yield total(parent, parts)
        return
    yield covered(parent, parts)
    yield from (disjoint(parent, [part]) for part in parts)


def _cuts(span: Span, spans: Sequence[Span]) -> Iterator[list[Period]]:
    """Give the ways in which a span is made of shorter ones, and shorter ones that merely lie in it, each alone."""
    kinds = {each.kind for each in spans}
    for line in _MADE_OF.get(span.kind, ()):
        kind = next((kind for kind in line if kind in kinds), None)
        if kind is not None:
            yield [each.period for each in _unit(kind, spans) if _is_inside(each.period, span.period)]
    if span.kind in _CROSSING:
        yield from _across(span, spans)


def _across(span: Span, spans: Sequence[Span]) -> Iterator[list[Period]]:
    """Relate school years, years and quarters, which cross: at both ends of the whole one may lie in another."""
    published = {each.period for each in spans}
    yield from ([each.period] for each in spans if each.kind in _CROSSING and _is_inside(each.period, span.period))
    for kind in _CROSSING:
        # The pieces of the units at both ends may be published too, as months or because the whole ends there.
        pieces = [each.period.within(span.period) for each in _unit(kind, spans) if each.period.overlaps(span.period)]
        if published.issuperset(pieces) and pieces != [span.period]:
            yield pieces


def _unit(kind: SpanKind, spans: Sequence[Span]) -> list[Span]:
    """Give the spans of a kind, and those that are published under a longer name."""
    whole = spans[0].period
    cut = {
        "school_year": whole.by_school_year,
        "year": whole.by_year,
        "quarter": whole.by_quarter,
        "month": whole.by_month,
    }[kind]()
    return [Span(kind, period) for period in cut]


def _is_inside(part: Period, period: Period) -> bool:
    return part != period and period.first_day <= part.first_day and part.last_day <= period.last_day


def _covers(parts: Sequence[Period], period: Period) -> bool:
    days = sum((part.last_day - part.first_day).days + 1 for part in parts)
    return days == (period.last_day - period.first_day).days + 1
