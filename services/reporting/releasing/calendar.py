"""The stretches of months that a release counts people in. Pure.

What adds up over time is told by school year and in all alone: school years and calendar years cross, so that whoever
had both could take them apart to half-years.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from services.reporting.periods import MONTHS, QUARTER_MONTHS, SCHOOL_YEAR_BEGINS_IN, Period, month_of


class Months(NamedTuple):
    """A run of months, both ends included, numbered from 0 at the release's first."""

    first: int
    last: int

    def holds(self, other: "Months") -> bool:
        """Tell whether every month of the other is one of these."""
        return self.first <= other.first and other.last <= self.last

    @property
    def bits(self) -> int:
        """Give them as a whole number, a bit for each month; none where the run ends before it begins."""
        return (1 << self.last + 1) - (1 << self.first) if self.first <= self.last else 0


@dataclass(frozen=True)
class Calendar:
    """The months of a release, from the first in which anything happened to the last that is closed."""

    begins: date
    months: int

    @cached_property
    def whole(self) -> Months:
        """Give all months."""
        return Months(0, self.months - 1)

    @cached_property
    def each_month(self) -> tuple[Months, ...]:
        """Give every month by itself."""
        return tuple(Months(month, month) for month in range(self.months))

    @cached_property
    def quarters(self) -> tuple[Months, ...]:
        """Give the quarters; the first and the last may be cut."""
        return tuple(self._cut(QUARTER_MONTHS, 1))

    @cached_property
    def years(self) -> tuple[Months, ...]:
        """Give the calendar years; the first and the last may be cut."""
        return tuple(self._cut(MONTHS, 1))

    @cached_property
    def school_years(self) -> tuple[Months, ...]:
        """Give the school years; the first and the last may be cut."""
        return tuple(self._cut(MONTHS, SCHOOL_YEAR_BEGINS_IN))

    def parts_from(self, first: int) -> Sequence[Months]:
        """Give all stretches that begin with a month, also those of who was new in a school year and came in later."""
        return self._parts.get(first, ())

    @cached_property
    def _parts(self) -> dict[int, list[Months]]:
        found: dict[int, list[Months]] = {}
        cohorts = (Months(one.first, other.last) for one, other in combinations(self.school_years, 2))
        parts = (self.whole, *self.school_years, *self.years, *self.quarters, *self.each_month, *cohorts)
        for months in dict.fromkeys(parts):
            found.setdefault(months.first, []).append(months)
        return found

    def period(self, months: Months) -> Period:
        """Give the days of a run of months."""
        return Period(month_of(self._day(months.first)).first_day, month_of(self._day(months.last)).last_day)

    def school_year_of(self, month: int) -> int:
        """Give the place, among the school years, of the one that a month lies in."""
        return next(place for place, year in enumerate(self.school_years) if month <= year.last)

    def _day(self, month: int) -> date:
        number = self.begins.year * MONTHS + self.begins.month - 1 + month
        return date(number // MONTHS, number % MONTHS + 1, 1)

    def _cut(self, length: int, begins_in: int) -> Iterator[Months]:
        first = 0
        while first < self.months:
            passed = (self._day(first).month - begins_in) % length
            last = min(first + length - passed, self.months) - 1
            yield Months(first, last)
            first = last + 1
