"""Which cells a release has of an area, and of the network. Pure: it follows from what is live alone, not from people.

Distinct people are told by area for each month, full calendar year and school year and in all. Quarters are told of the
network alone: of a quarter and its months one or the other would have to be withheld in nearly every area, since few
people come and go in a quarter. So are cohorts and those who came back in a school year; by area these are told in all.
"""

import functools
import operator
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, get_args

from services.reporting.periods import MONTHS
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count, FrameCell, KnownActivity, Of
from shared.events.registry.parts import AgeBand
from shared.events.registry.people import Gender

STATUSES: Final = ("education", "job", "leisure_job", "neither", "unknown")
AGE_BANDS: Final[tuple[str, ...]] = get_args(AgeBand)
# Whoever is neither, and of whom nothing is said, are one: a gender that few have is nobody's to find out.
GENDERS: Final[tuple[str, ...]] = get_args(Gender)


class Running:
    """When each group of an area's activities ran: outside of that nobody can have been there.

    Of pairs nobody asks it, so it is found when it is asked for first.
    """

    def __init__(self, activities: Iterable[KnownActivity]) -> None:
        self._activities = list(activities)
        self._bits: dict[str, int] = {}

    @cached_property
    def _months(self) -> dict[Of, int]:
        """Give in which months some activity of a group ran, a bit for each."""
        found: dict[Of, int] = {}
        for group, activities in self._parts.items():
            found[group] = functools.reduce(operator.or_, (each.months.bits for each in activities), 0)
        return found

    @cached_property
    def _parts(self) -> dict[Of, list[KnownActivity]]:
        found: dict[Of, list[KnownActivity]] = {}
        for activity in self._activities:
            for group in (EVERYBODY, *activity.groups):
                found.setdefault(group, []).append(activity)
        return found

    @cached_property
    def _groups(self) -> dict[str, list[Of]]:
        found: dict[str, list[Of]] = {}
        for group in sorted(self._parts):
            found.setdefault(group[0] if group else "", []).append(group)
        return found

    def ran(self, group: Of, months: Months) -> bool:
        """Tell whether some activity of a group ran in some of these months."""
        return bool(self._months.get(group, 0) & months.bits)

    def set_of(self, group: Of, months: Months) -> int:
        """Give the activities of a group that ran in some of these months, a bit for each activity of the area."""
        if not self._bits:
            self._bits = {each.activity: 1 << number for number, each in enumerate(self._parts.get(EVERYBODY, ()))}
        return sum(
            self._bits[each.activity]
            for each in self._parts.get(group, ())
            if each.months.first <= months.last and months.first <= each.months.last
        )

    def groups(self, kind: str) -> Sequence[Of]:
        """Give the groups of a kind, sorted."""
        return self._groups.get(kind, ())

    def activities(self, group: Of) -> Sequence[KnownActivity]:
        """Give the activities of a group."""
        return self._parts.get(group, ())


def participants(
    calendar: Calendar, running: Running, followed: Sequence[int], traits: Sequence[Of]
) -> Iterator[FrameCell]:
    """Give the cells of participants: who took part, who was new, who came back, and who left.

    `followed` says after how many months former participants are asked, `traits` which age bands and genders there are.
    """
    yield from _distinct("participants", calendar, running)
    years = calendar.school_years
    for group in (EVERYBODY, *running.groups("effort_area")):
        by_area = group == EVERYBODY
        for name, first in (("new", 0), ("back", 1)):
            if running.ran(group, calendar.whole):
                yield FrameCell(Count(name, calendar.whole, group), by_area, in_network=True)
            for year in years[first:]:
                if running.ran(group, year) and year != calendar.whole:
                    yield FrameCell(Count(name, year, group), by_area and name == "new", in_network=True)
    yield from _long_of_groups("participants", calendar, running, ("effort_area", "activity", "plan", "kind"))
    yield from _of_traits(calendar, running, traits)
    yield from _staying(calendar, followed)


def volunteers(calendar: Calendar, running: Running) -> Iterator[FrameCell]:
    """Give the cells of volunteers; by area not by month."""
    yield from _distinct("volunteers", calendar, running)
    yield from _long_of_groups("volunteers", calendar, running, ("effort_area",))


def pairs(calendar: Calendar, name: str) -> Iterator[FrameCell]:
    """Give the cells of the pairs of one lens and one kind of respondent; by area in all, for a year has few."""
    for months in dict.fromkeys((calendar.whole, *calendar.school_years)):
        yield FrameCell(Count(name, months), months == calendar.whole, in_network=True)


def _distinct(name: str, calendar: Calendar, running: Running) -> Iterator[FrameCell]:
    full_years = [year for year in calendar.years if year.last - year.first + 1 == MONTHS]
    long = {calendar.whole, *calendar.school_years, *full_years}
    short = {*calendar.each_month} if name == "participants" else set()
    for months in dict.fromkeys((*sorted(long), *calendar.years, *calendar.quarters, *calendar.each_month)):
        if running.ran(EVERYBODY, months):
            yield FrameCell(Count(name, months), months in long or months in short, in_network=True)


def _long_of_groups(name: str, calendar: Calendar, running: Running, kinds: Iterable[str]) -> Iterator[FrameCell]:
    """Give the whole and the school years of effort areas, activities, plans and kinds.

    Activities and plans belong to areas, so the network has no sum of them; kinds are told of the network alone, and of
    volunteers effort areas too. Plans are told in all alone: one that is its area's only plan is told as the area is.
    """
    for kind in kinds:
        by_area = kind != "kind" and name == "participants"
        for group in running.groups(kind):
            for months in dict.fromkeys((calendar.whole, *calendar.school_years)):
                if running.ran(group, months):
                    by_time = kind != "plan" or months == calendar.whole
                    yield FrameCell(Count(name, months, group), by_area and by_time, kind in {"effort_area", "kind"})


def _of_traits(calendar: Calendar, running: Running, traits: Sequence[Of]) -> Iterator[FrameCell]:
    """Give participants by age band and by gender; by area in all, for a school year has few of each."""
    for trait in traits:
        for months in dict.fromkeys((calendar.whole, *calendar.school_years)):
            if running.ran(EVERYBODY, months):
                yield FrameCell(Count("participants", months, trait), months == calendar.whole, in_network=True)


def _staying(calendar: Calendar, followed: Sequence[int]) -> Iterator[FrameCell]:
    years = calendar.school_years
    for place, cohort in enumerate(years[:-1]):
        yield FrameCell(Count("seen_again", Months(cohort.first, calendar.whole.last)), by_area=False, in_network=True)
        for later in years[place + 1 :]:
            yield FrameCell(Count("seen", Months(cohort.first, later.last)), by_area=False, in_network=True)
    yield FrameCell(Count("left", calendar.whole), by_area=True, in_network=True)
    for after in followed:
        yield FrameCell(Count("followed_up", calendar.whole, ("after", str(after))), by_area=True, in_network=True)
        for status in STATUSES:
            of = ("after", str(after), status)
            yield FrameCell(Count("status", calendar.whole, of), by_area=False, in_network=True)
