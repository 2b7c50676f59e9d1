"""The stretches of time that reports speak of, both ends included. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from babel.dates import get_month_names

from shared.errors import Unanswerable

SCHOOL_YEAR_BEGINS_IN: Final = 8
MONTHS: Final = 12
QUARTER_MONTHS: Final = 3
# What a report covers at most, three pools of money, and where nobody says which days it shall cover.
MAX_MONTHS: Final = 240
WHOLE_MONTHS: Final = 120
# 2026, 2026-Q3, 2026-09, or the school year 2025/26.
NAMED: Final = re.compile(
    r"(?P<year>20[0-9]{2}|2100)(?:-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2])|/(?P<next>[0-9]{2}))?"
)

SpanKind = Literal["whole", "school_year", "year", "quarter", "month", "other"]
_SHORT: Final = frozenset({"quarter", "month"})


def month_named(name: str, locale: str) -> str:
    """Name a month that is given as 2026-03, as people write it there: marts 2026."""
    year, _, number_of_month = name.partition("-")
    return f"{get_month_names('wide', locale=locale)[int(number_of_month)]} {year}"


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report covers, both ends included."""

    first_day: date
    last_day: date

    @property
    def is_too_long(self) -> bool:
        """Tell whether it has more months than a report tells apart."""
        first, last = self.first_day, self.last_day
        return (last.year - first.year) * MONTHS + last.month - first.month >= MAX_MONTHS

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

    def by_quarter(self) -> list["Period"]:
        """Give the period cut up by quarters of the calendar year."""
        begins = dict.fromkeys(quarter_of(month) for month in self.months())
        return [self.within(quarter) for quarter in begins]

    def by_year(self) -> list["Period"]:
        """Give the period cut up by calendar years."""
        return [self.within(whole_year(year)) for year in range(self.first_day.year, self.last_day.year + 1)]

    def before(self) -> "Period":
        """Give the period just before: of a month, quarter or year the one before it, else as many days."""
        last_day = self.first_day - timedelta(days=1)
        for unit in (month_of, quarter_of, year_of, whole_school_year_of):
            if self == unit(self.first_day):
                return unit(last_day)
        return Period(last_day - (self.last_day - self.first_day), last_day)

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


def asked_for(first_day: date | None, last_day: date | None, whole: Period | None) -> Period | None:
    """Give the days asked for; an end that is not given is that of the whole, and None where that is none either.

    Raises:
        Unanswerable: the period ends before it begins (`dates_reversed`), or has too many months (`period_too_long`).
    """
    first = first_day or (whole.first_day if whole else last_day)
    last = last_day or (whole.last_day if whole else first_day)
    if first is None or last is None:
        return None
    if last < first:
        raise Unanswerable("dates_reversed", f"the period ends on {last}, before it begins on {first}")
    period = Period(first, last)
    if period.is_too_long:
        raise Unanswerable("period_too_long", f"a report covers at most {MAX_MONTHS} months")
    return period


@dataclass(frozen=True, slots=True)
class Span:
    """A period for which counts of people are kept, and what it is of the whole."""

    kind: SpanKind
    period: Period

    @property
    def has_effort_areas(self) -> bool:
        """Tell whether its counts are told apart by effort area."""
        return self.kind not in _SHORT


def school_year(day: date) -> int:
    """Give the calendar year in which a day's school year began."""
    return day.year - (day.month < SCHOOL_YEAR_BEGINS_IN)


def whole_school_year(year: int) -> Period:
    """Give all days of the school year that begins in a calendar year."""
    return Period(date(year, SCHOOL_YEAR_BEGINS_IN, 1), date(year + 1, SCHOOL_YEAR_BEGINS_IN, 1) - timedelta(days=1))


def whole_year(year: int) -> Period:
    """Give all days of a calendar year."""
    return Period(date(year, 1, 1), date(year, MONTHS, 31))


def year_of(day: date) -> Period:
    """Give the calendar year of a day."""
    return whole_year(day.year)


def whole_school_year_of(day: date) -> Period:
    """Give the school year of a day."""
    return whole_school_year(school_year(day))


def quarter_of(day: date) -> Period:
    """Give the quarter of a day."""
    first_day = date(day.year, (day.month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1, 1)
    return Period(first_day, _last_of_month(first_day.replace(month=first_day.month + QUARTER_MONTHS - 1)))


def month_of(day: date) -> Period:
    """Give the month of a day."""
    return Period(day.replace(day=1), _last_of_month(day.replace(day=1)))


def named(text: str) -> Period | None:
    """Read a period by its name: `2026`, `2026-Q3`, `2026-09` or the school year `2025/26`; None where it is none."""
    found = NAMED.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"])
    if found["quarter"]:
        return quarter_of(date(year, int(found["quarter"]) * QUARTER_MONTHS, 1))
    if found["month"]:
        return month_of(date(year, int(found["month"]), 1))
    if found["next"] is None:
        return whole_year(year)
    return whole_school_year(year) if int(found["next"]) == (year + 1) % 100 else None


def _last_of_month(month: date) -> date:
    after = date(month.year + month.month // MONTHS, month.month % MONTHS + 1, 1)
    return after - timedelta(days=1)
