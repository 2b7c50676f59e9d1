"""The stretches of time that reports speak of, both ends included. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

SCHOOL_YEAR_BEGINS_IN: Final = 8
MONTHS: Final = 12

SpanKind = Literal["whole", "school_year", "month", "other"]


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report covers, both ends included."""

    first_day: date
    last_day: date

    def months(self) -> list[date]:
        """Give the first day of each month that the period touches."""
        first = self.first_day.year * MONTHS + self.first_day.month - 1
        last = self.last_day.year * MONTHS + self.last_day.month - 1
        return [date(month // MONTHS, month % MONTHS + 1, 1) for month in range(first, last + 1)]

    def by_month(self) -> list["Period"]:
        """Give the period cut up by months; the first and the last may be parts of one."""
        return [self.month(month) for month in self.months()]

    def month(self, first_day: date) -> "Period":
        """Give the days of the period that are in the month which begins on a day."""
        return self.within(Period(first_day, _last_of_month(first_day)))

    def by_school_year(self) -> list["Period"]:
        """Give the period cut up by school years, which begin on 1 August."""
        first, last = school_year(self.first_day), school_year(self.last_day)
        return [self.within(whole_school_year(year)) for year in range(first, last + 1)]

    def within(self, other: "Period") -> "Period":
        """Give the days that two periods share; they must share some."""
        return Period(max(self.first_day, other.first_day), min(self.last_day, other.last_day))

    def overlaps(self, other: "Period") -> bool:
        """Tell whether two periods share a day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day

    @property
    def is_within_a_school_year(self) -> bool:
        """Tell whether no 1 August lies between the first day and the last."""
        return school_year(self.first_day) == school_year(self.last_day)


@dataclass(frozen=True, slots=True)
class Span:
    """A period for which counts of people are kept, and what it is of the whole."""

    kind: SpanKind
    period: Period

    @property
    def has_effort_areas(self) -> bool:
        """Tell whether its counts are told apart by effort area."""
        return self.kind != "month"


def school_year(day: date) -> int:
    """Give the calendar year in which a day's school year began."""
    return day.year - (day.month < SCHOOL_YEAR_BEGINS_IN)


def whole_school_year(year: int) -> Period:
    """Give all days of the school year that begins in a calendar year."""
    return Period(date(year, SCHOOL_YEAR_BEGINS_IN, 1), date(year + 1, SCHOOL_YEAR_BEGINS_IN, 1) - timedelta(days=1))


def published_spans(whole: Period) -> list[Span]:
    """Give the periods for which people are counted for readers outside their area: no other is ever published."""
    return list(_published(whole))


def _published(whole: Period) -> Iterator[Span]:
    yield Span("whole", whole)
    years = whole.by_school_year()
    months = whole.by_month()
    # The same days are published once, under the longest name.
    if len(years) > 1:
        yield from (Span("school_year", year) for year in years)
    if len(months) > 1:
        yield from (Span("month", month) for month in months if month not in years)


def _last_of_month(month: date) -> date:
    after = date(month.year + month.month // MONTHS, month.month % MONTHS + 1, 1)
    return after - timedelta(days=1)
