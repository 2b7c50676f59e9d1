"""Periods: their names, the one before, and how the whole is cut up."""

import datetime as dt
import itertools

import httpx
import pytest

from services.reporting.periods import Period, named
from tests.conftest import Bearer


def _period(first: str, last: str) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2025/26", "2025-08-01", "2026-07-31"),
        ("2099/00", "2099-08-01", "2100-07-31"),
    ],
)
def test_a_period_has_a_name(name: str, first: str, last: str) -> None:
    """A year, a quarter, a month and a school year."""
    assert named(name) == _period(first, last)


@pytest.mark.parametrize("name", ["", "26", "2026-Q5", "2026-13", "2025/27", "2026-1", "1999", "2026-Q1 "])
def test_what_is_no_name_of_a_period_is_none(name: str) -> None:
    """Nothing is guessed."""
    assert named(name) is None


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
        (("2025-08-01", "2026-07-31"), ("2024-08-01", "2025-07-31")),
        (("2026-03-02", "2026-03-31"), ("2026-01-31", "2026-03-01")),
    ],
)
def test_the_period_before_is_of_the_same_kind(period: tuple[str, str], before: tuple[str, str]) -> None:
    """The month before a month, the year before a year; else as many days."""
    assert _period(*period).before() == _period(*before)


def test_every_day_is_in_one_month_one_quarter_and_one_year_of_the_whole() -> None:
    """Cut up, the whole is still the whole."""
    whole = _period("2024-11-15", "2026-08-02")
    for cut in (whole.by_month(), whole.by_quarter(), whole.by_year(), whole.by_school_year()):
        assert (cut[0].first_day, cut[-1].last_day) == (whole.first_day, whole.last_day)
        for part, after in itertools.pairwise(cut):
            assert part.last_day + dt.timedelta(days=1) == after.first_day


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"period": "2026-Q5"}, "invalid_period"), ({"period": "2026", "from": "2026-01-01"}, "period_and_days")],
)
async def test_a_period_that_cannot_be_read_is_refused(
    demo: httpx.AsyncClient, bearer: Bearer, asked: dict[str, str], code: str
) -> None:
    """Not taken for the whole."""
    answer = await demo.get("/reporting/reports/network", params=asked, headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.UNPROCESSABLE_ENTITY, code)


async def test_a_named_period_is_its_days_and_is_compared_with_the_one_before(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """The first quarter is told by name as by its days, and beside it stand the totals of the fourth."""
    path, lead = "/reporting/reports/network", bearer("lead")
    by_name = (await demo.get(path, params={"period": "2026-Q1"}, headers=lead)).json()
    days = {"from": "2026-01-01", "to": "2026-03-31"}
    assert by_name == (await demo.get(path, params=days, headers=lead)).json()
    assert by_name["period"] == days
    before = (await demo.get(path, params={"period": "2025-Q4"}, headers=lead)).json()
    assert by_name["previous"] == {"period": before["period"], "totals": before["totals"]}
    assert by_name["totals"]["sessions"] > 5
    whole = (await demo.get(path, headers=lead)).json()
    assert whole["previous"] is None
