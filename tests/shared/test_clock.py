"""Months are counted over whole days, both ends included."""

from datetime import date

import pytest

from shared.clock import months_between, now


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 8, 1), date(2029, 7, 31), 48),
        (date(2025, 8, 1), date(2029, 8, 1), 49),
        (date(2025, 8, 15), date(2029, 8, 14), 48),
        (date(2025, 8, 15), date(2029, 8, 15), 49),
        (date(2025, 8, 1), date(2025, 8, 1), 1),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2028, 2, 28), 48),
        (date(2024, 2, 29), date(2028, 2, 29), 49),
        (date(2025, 12, 31), date(2026, 1, 1), 1),
    ],
)
def test_a_started_month_counts_as_one(start: date, end: date, months: int) -> None:
    """A span of whole months counts them; one day more begins the next."""
    assert months_between(start, end) == months


def test_now_is_aware_and_in_utc() -> None:
    """No naive moment ever enters the system."""
    offset = now().utcoffset()
    assert offset is not None
    assert not offset
