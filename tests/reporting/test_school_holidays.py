"""The school holidays of a series, as data: what is proposed is what most municipalities have."""

from datetime import date

import pytest

from services.reporting.entry.school_holidays import easter_sunday, holiday_on, weekly


@pytest.mark.parametrize(
    ("year", "day"),
    [(2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter_is_when_it_is(year: int, day: date) -> None:
    """Also at its latest."""
    assert easter_sunday(year) == day


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 2, 9), "Vinterferie"),
        (date(2026, 3, 28), "Påskeferie"),
        (date(2026, 4, 6), "Påskeferie"),
        (date(2026, 4, 7), None),
        (date(2026, 5, 14), "Kristi himmelfartsferie"),
        (date(2026, 7, 1), "Sommerferie"),
        (date(2026, 8, 10), None),
        (date(2026, 10, 12), "Efterårsferie"),
        (date(2026, 10, 19), None),
        (date(2026, 12, 31), "Juleferie"),
        (date(2027, 1, 2), "Juleferie"),
        (date(2027, 1, 4), None),
    ],
)
def test_a_day_is_in_a_holiday_or_not(day: date, name: str | None) -> None:
    """Both ends are inside."""
    found = holiday_on(day)
    assert (found[0] if found else None) == name


def test_a_series_is_weekly_and_bounded() -> None:
    """The last day is inside; nobody plans for ever."""
    assert weekly(date(2026, 9, 1), date(2026, 9, 15), 54) == [date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 15)]
    assert len(weekly(date(2026, 9, 1), date(2099, 9, 15), 54)) == 54
    assert weekly(date(2026, 9, 2), date(2026, 9, 1), 54) == []
