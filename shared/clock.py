"""The one place that reads the clock. Rules never do: they get the time or the day as an argument."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

# Sessions are held, and expenses had, on the days of this place.
DENMARK: Final = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """Give the current moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Give the current day in Denmark, which begins an hour or two before that of UTC."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Give the day that an aware moment is of in Denmark."""
    return moment.astimezone(DENMARK).date()


def months_between(start: date, end: date) -> int:
    """Count the calendar months that a span of whole days covers, a started month counting as one.

    Both ends belong to the span: 1 August 2025 to 31 July 2029 is 48 months, one day more is 49.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if end.day >= start.day else months
