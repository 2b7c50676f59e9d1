"""Which months of a release a report's period is told by. Pure."""

import functools

from services.reporting.periods import Period
from services.reporting.releases.heads import month_number
from services.reporting.releasing.calendar import Calendar, Months


def months_of(period: Period, calendar: Calendar, whole: Period | None = None) -> Months | None:
    """Give the months that a release has for a period; None where they are no cell of it.

    A whole, school year, year or quarter that still runs is told as far as the release goes. `whole` is all that there
    is: a period that begins or ends with it has its first or last month in full, since nothing lies beyond.
    Example: asked in November 2026 for 2026, a release up to October tells January to October. For 2 January to
    31 October 2026 it tells nothing.
    """
    months = _covered(period, calendar, whole)
    return months if months in told_months(calendar) else None


def months_of_a_part(period: Period, calendar: Calendar, part: Period) -> Months | None:
    """Give the months that a release has for a period of something that runs for a part of the time, such as a plan.

    Nobody was there before it began and after it ended, so that any months will do which are the same within it.
    Example: a plan runs from October 2023 to September 2025. In all that it was is told by the release's whole.
    """
    within, running = _covered(period, calendar, part), _covered(part, calendar, part)
    if within is None or running is None:
        return None
    same = [
        each
        for each in told_months(calendar)
        if max(each.first, running.first) == max(within.first, running.first)
        and min(each.last, running.last) == min(within.last, running.last)
    ]
    # The longest is the whole, which is told of most.
    return max(same, key=lambda each: (each.last - each.first, each), default=None)


@functools.lru_cache(maxsize=16)
def told_months(calendar: Calendar) -> frozenset[Months]:
    """Give the runs of months that a release has."""
    return frozenset(
        {
            calendar.whole,
            *calendar.school_years,
            *calendar.years,
            *calendar.quarters,
            *calendar.each_month,
        }
    )


def _covered(period: Period, calendar: Calendar, whole: Period | None) -> Months | None:
    """Give the months of a release that a period has in full; None where it has some in part, or none."""
    begins = month_number(calendar.begins)
    first = max(month_number(period.first_day) - begins, 0)
    last = min(month_number(period.last_day) - begins, calendar.months - 1)
    if first > last:
        return None
    months = Months(first, last)
    days = calendar.period(months)
    begins_with_it = whole is not None and period.first_day <= whole.first_day
    ends_with_it = whole is not None and period.last_day >= whole.last_day
    is_covered = (period.first_day <= days.first_day or begins_with_it) and (
        period.last_day >= days.last_day or ends_with_it
    )
    return months if is_covered else None
