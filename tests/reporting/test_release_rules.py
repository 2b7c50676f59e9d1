"""For which months a release is made, and when: by days alone."""

from datetime import date
from typing import Final

import pytest

from services.reporting.periods import Period
from services.reporting.releases import rules
from services.reporting.releases.rules import CannotRelease
from services.reporting.releasing.calendar import Calendar

GROUND: Final = Period(date(2024, 8, 14), date(2026, 11, 13))
SEPTEMBER: Final = date(2026, 9, 1)
OCTOBER: Final = date(2026, 10, 1)
NOVEMBER: Final = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 9), SEPTEMBER),
        (date(2026, 11, 10), OCTOBER),
        # Nothing of December is registered, so the areas may not have gone on.
        (date(2027, 3, 1), OCTOBER),
        (date(2024, 9, 9), None),
        (date(2024, 9, 10), date(2024, 8, 1)),
    ],
)
def test_a_month_is_closed_days_after_its_end_when_the_areas_have_gone_on(today: date, month: date | None) -> None:
    """It is ten days here."""
    assert rules.closed_month(GROUND, today, 10) == month


def test_the_first_release_is_of_the_newest_closed_month_alone() -> None:
    """Later ones follow without a gap, in order."""
    today = date(2026, 11, 29)
    assert rules.due_months(GROUND, today, 10, None) == [OCTOBER]
    assert rules.due_months(GROUND, today, 10, date(2026, 7, 1)) == [date(2026, 8, 1), SEPTEMBER, OCTOBER]
    assert rules.due_months(GROUND, today, 10, OCTOBER) == []
    assert rules.due_months(GROUND, date(2024, 8, 20), 10, None) == []


def test_one_is_late_a_month_after_its_month() -> None:
    """The day since which it is late is told."""
    assert rules.late_months(GROUND, date(2026, 11, 30), SEPTEMBER) == []
    assert rules.late_months(GROUND, date(2026, 12, 1), SEPTEMBER) == [OCTOBER]
    assert rules.late_since(OCTOBER) == date(2026, 12, 1)
    assert rules.late_months(None, date(2026, 12, 1), None) == []


def test_one_that_is_ordered_waits_for_nothing() -> None:
    """Neither for days, nor, where its month is named, for something later."""
    today = date(2026, 12, 1)
    assert rules.ordered_months(GROUND, today, None, None) == [OCTOBER]
    assert rules.ordered_months(GROUND, today, OCTOBER, NOVEMBER) == [NOVEMBER]
    assert rules.ordered_months(GROUND, today, date(2026, 8, 1), NOVEMBER) == [SEPTEMBER, OCTOBER, NOVEMBER]
    assert rules.orderable(GROUND, today, OCTOBER) == []
    assert rules.next_month(GROUND, today, OCTOBER) == NOVEMBER
    assert rules.next_month(GROUND, today, None) == OCTOBER
    assert rules.next_month(GROUND, date(2024, 8, 20), None) == date(2024, 8, 1)
    assert rules.due_on(OCTOBER, 10) == date(2026, 11, 10)


@pytest.mark.parametrize(
    ("ground", "newest", "wanted", "code"),
    [
        (GROUND, None, date(2026, 12, 1), "month_not_over"),
        (GROUND, OCTOBER, None, "released_already"),
        (GROUND, OCTOBER, SEPTEMBER, "released_already"),
        (GROUND, None, date(2024, 7, 1), "nothing_to_release"),
        (None, None, None, "nothing_to_release"),
        (Period(date(2026, 11, 2), date(2026, 11, 13)), None, None, "nothing_to_release"),
    ],
)
def test_what_cannot_be_released_is_refused_with_a_code(
    ground: Period | None, newest: date | None, wanted: date | None, code: str
) -> None:
    """Whoever asks is told why."""
    with pytest.raises(CannotRelease) as refused:
        rules.ordered_months(ground, date(2026, 12, 1), newest, wanted)
    assert refused.value.code == code


def test_a_release_has_whole_months_from_where_all_began() -> None:
    """It never begins later than the one before, and is bounded."""
    assert rules.calendar_of(GROUND, OCTOBER) == Calendar(date(2024, 8, 1), 27)
    assert rules.calendar_of(GROUND, OCTOBER, date(2024, 6, 1)) == Calendar(date(2024, 6, 1), 29)
    assert rules.calendar_of(GROUND, OCTOBER, date(2024, 9, 1)) == Calendar(date(2024, 8, 1), 27)
    for month, code in ((date(2024, 7, 1), "nothing_to_release"), (date(2044, 8, 1), "too_many_months")):
        with pytest.raises(CannotRelease) as refused:
            rules.calendar_of(GROUND, month)
        assert refused.value.code == code
