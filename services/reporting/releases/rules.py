"""For which months a release is made, and when. Pure: the day and the days of what is registered are arguments."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final, Literal

from services.reporting.periods import MAX_MONTHS, Period, month_of
from services.reporting.releases.heads import first_of_month, month_number
from services.reporting.releasing.calendar import Calendar
from shared.errors import HelhedsnetError

# A release that is not there so many days after its month's end is late, and somebody is told; none waits that long.
LATE_AFTER_DAYS: Final = 31
# How the worker's process ends: all is made or was there already; and, a different process is at it.
DONE: Final = 0
ELSEWHERE: Final = 75
GOOD_ENDS: Final = (DONE, ELSEWHERE)
Reason = Literal[
    "nothing_to_release",
    "month_not_over",
    "released_already",
    "too_many_months",
    "not_caught_up",
    "release_differs",
    "release_copy_damaged",
]


class CannotRelease(HelhedsnetError):
    """No release can be made as it is asked for."""

    status = HTTPStatus.CONFLICT

    def __init__(self, code: Reason, detail: str) -> None:
        super().__init__(detail)
        self.code: Reason = code


def calendar_of(ground: Period, month: date, begins: date | None = None) -> Calendar:
    """Give the months of a release: from the first in which anything happened to the one that it is made for.

    `begins` is the first day of the release before, after which none begins.

    Raises:
        CannotRelease: that is before anything happened (`nothing_to_release`), or they are too many
            (`too_many_months`).
    """
    first = month_number(min(ground.first_day, begins or ground.first_day))
    months = month_number(month) - first + 1
    if months < 1:
        raise CannotRelease("nothing_to_release", f"nothing had happened by {month:%Y-%m}")
    if months > MAX_MONTHS:
        raise CannotRelease("too_many_months", f"a release covers at most {MAX_MONTHS} months")
    return Calendar(first_of_month(first), months)


def closed_month(ground: Period, today: date, after_days: int) -> date | None:
    """Give the first day of the newest month that is closed; None while none is.

    A month is closed so many days after its end, when something of a later month has been registered too: the areas
    have gone on. Example: with 10 days, October 2026 is closed on 10 November, if something of November is there.
    """
    passed = today - timedelta(days=after_days)
    number = min(month_number(passed + timedelta(days=1)) - 1, month_number(ground.last_day) - 1)
    return first_of_month(number) if number >= month_number(ground.first_day) else None


def due_months(ground: Period, today: date, after_days: int, newest: date | None) -> list[date]:
    """Give the months for which a release is due, in order; `newest` is the month of the newest one.

    The first release is of the newest closed month alone. It tells of all months before that too, so that older ones
    would tell nothing that it does not, and each would be something more to compare.
    """
    last = closed_month(ground, today, after_days)
    if last is None:
        return []
    return [last] if newest is None else list(_after(newest, last))


def late_months(ground: Period | None, today: date, newest: date | None) -> list[date]:
    """Give those that should have been made long ago."""
    return due_months(ground, today, LATE_AFTER_DAYS, newest) if ground else []


def late_since(month: date) -> date:
    """Give the day since which the release of a month is late."""
    return month_of(month).last_day + timedelta(days=LATE_AFTER_DAYS)


def ordered_months(ground: Period | None, today: date, newest: date | None, wanted: date | None) -> list[date]:
    """Give the months for which releases are made when somebody asks for it now, up to the one that is wanted.

    Nothing is waited for: without a wanted one it is the newest after which something was registered.

    Raises:
        CannotRelease: the month is not over (`month_not_over`), it has a release (`released_already`), or nothing is
            there to be released (`nothing_to_release`).
    """
    if ground is None:
        raise CannotRelease("nothing_to_release", "nothing is registered yet")
    last = closed_month(ground, today, 0) if wanted is None else month_of(wanted).first_day
    if last is None or last < month_of(ground.first_day).first_day:
        raise CannotRelease("nothing_to_release", "no month is over in which anything happened")
    if month_of(last).last_day >= today:
        raise CannotRelease("month_not_over", f"{last:%Y-%m} is not over")
    if newest is not None and last <= newest:
        raise CannotRelease("released_already", f"the newest release is that of {newest:%Y-%m}")
    return [last] if newest is None else list(_after(newest, last))


def orderable(ground: Period | None, today: date, newest: date | None) -> list[date]:
    """Give the months for which somebody could have releases made now, without naming one."""
    try:
        return ordered_months(ground, today, newest, None)
    except CannotRelease:
        return []


def next_month(ground: Period, today: date, newest: date | None) -> date:
    """Give the month that the next release is made for, whether or not it is over yet.

    After the newest release it is the month that follows; before the first it is the newest that is closed, or the
    first of all.
    """
    if newest is not None:
        return first_of_month(month_number(newest) + 1)
    return closed_month(ground, today, 1) or month_of(ground.first_day).first_day


def due_on(month: date, after_days: int) -> date:
    """Give the day on which a month is closed, if something later is registered by then."""
    return month_of(month).last_day + timedelta(days=after_days)


def _after(newest: date, last: date) -> Iterator[date]:
    for number in range(month_number(newest) + 1, month_number(last) + 1):
        yield first_of_month(number)
