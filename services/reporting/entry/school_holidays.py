"""When Danish schools are closed, read from `school_holidays.toml`: a change of the calendar is no change of code.

It proposes only: whoever plans a series chooses each of its days. Pure.
"""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from services.reporting.words import Word

DATA: Final = Path(__file__).with_suffix(".toml")
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday, by one of three ways to say when it is; the days from and until are inside it."""

    name: Word
    week: int | None = None
    around_easter: tuple[int, int] | None = None
    days: tuple[str, str] | None = None

    def has(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        if self.week is not None:
            return day.isocalendar().week == self.week
        if self.around_easter is not None:
            first, last = self.around_easter
            return first <= (day - easter_sunday(day.year)).days <= last
        first_day, last_day = self.days or ("", "")
        told = f"{day:%m-%d}"
        if first_day <= last_day:
            return first_day <= told <= last_day
        return told >= first_day or told <= last_day


@functools.cache
def holidays() -> Sequence[Holiday]:
    """Give the holidays of the data."""
    return [_holiday(each) for each in tomllib.loads(DATA.read_text())["holiday"]]


def holiday_on(day: date) -> Word | None:
    """Give what holiday a day lies in, None where it is a school day as far as the calendar knows."""
    return next((holiday.name for holiday in holidays() if holiday.has(day)), None)


def weekly(first: date, last: date, most: int) -> list[date]:
    """Give the days of a weekly series, at most so many."""
    return [day for number in range(most) if (day := first + number * WEEK) <= last]


def easter_sunday(year: int) -> date:
    """Give Easter Sunday.

    Source: the anonymous Gregorian algorithm, J. Meeus, Astronomical Algorithms, chapter 8.
    """
    century, in_century = divmod(year, 100)
    golden = year % 19
    leaps, rest = divmod(century, 4)
    corrected = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - corrected + 15) % 30
    leaps_in_century, rest_in_century = divmod(in_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps_in_century - epact - rest_in_century) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _holiday(told: Mapping[str, Any]) -> Holiday:
    name = told["name"]["da"], told["name"]["en"]
    if "week" in told:
        return Holiday(name, week=told["week"])
    if "from_easter" in told:
        return Holiday(name, around_easter=(told["from_easter"], told["until_easter"]))
    return Holiday(name, days=(told["from"], told["until"]))
