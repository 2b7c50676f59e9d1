"""A report's days have bounds: one odd day in the logs, or in a question, makes nobody's report long."""

import datetime as dt

import httpx
import pytest

from services.reporting.periods import MAX_MONTHS, WHOLE_MONTHS, Period, asked_for
from services.reporting.reports import store
from shared import clock
from shared.backbone.event_log import Entry
from shared.database import Pool
from shared.errors import Unanswerable
from tests.conftest import Bearer
from tests.support.builders import Json, a_plan, an_area, an_event
from tests.support.folding import fold


def _entries(*events: Json) -> list[Entry]:
    recorded = clock.now().isoformat()
    return [
        Entry({"sequence": place, "recorded": recorded, "event": event, "outcome": None})
        for place, event in enumerate(events, start=1)
    ]


async def _whole(pool: Pool, *events: Json) -> Period | None:
    await fold(pool, [("registry", _entries(an_area(), *events))])
    async with pool.acquire() as connection:
        return await store.whole_period(connection, clock.today())


def _followed_up(day: str) -> Json:
    """Give a word as an older version took it, of any day."""
    data = {"activity": "a", "participant": "p-1", "date": day, "months_after": 6, "status": "job"}
    return an_event("followup.recorded", data, source="/areas/urbanplanen")


async def test_a_day_far_ahead_in_an_older_log_makes_no_report_longer(reporting_pool: Pool) -> None:
    """The whole ends today."""
    today = clock.today()
    whole = await _whole(reporting_pool, a_plan(), _followed_up("2100-12-31"))
    assert whole == Period(dt.date(2025, 8, 1), today)


async def test_a_plan_from_long_ago_makes_no_report_longer_than_ten_years(reporting_pool: Pool) -> None:
    """Who wants to see more says from which day."""
    whole = await _whole(reporting_pool, a_plan(start="2000-01-01", end="2003-12-31"), _followed_up("2026-10-01"))
    assert whole is not None
    assert (len(whole.months()), whole.first_day.day) == (WHOLE_MONTHS, 1)


async def test_a_plan_that_lies_ahead_has_no_days_yet(reporting_pool: Pool) -> None:
    """What was committed to it before is seen today."""
    today = clock.today()
    start = today + dt.timedelta(days=400)
    plan = a_plan(start=start.isoformat(), end=(start + dt.timedelta(days=700)).isoformat())
    assert await _whole(reporting_pool, plan, _followed_up(today.isoformat())) == Period(today, today)


@pytest.mark.parametrize(("last", "is_refused"), [((2020, 12, 31), False), ((2021, 1, 1), True)])
def test_a_question_is_for_a_bounded_number_of_months(last: tuple[int, int, int], is_refused: bool) -> None:  # noqa: FBT001  the case
    """The last day that fits is answered, the next is refused with its code."""
    first_day, last_day = dt.date(2001, 1, 1), dt.date(*last)
    if not is_refused:
        period = asked_for(first_day, last_day, None)
        assert period is not None
        assert len(period.months()) == MAX_MONTHS
        return
    with pytest.raises(Unanswerable) as refused:
        asked_for(first_day, last_day, None)
    assert refused.value.code == "period_too_long"


@pytest.mark.parametrize(
    "path",
    [
        "reports/network",
        "reports/network.csv",
        "reports/network.xlsx",
        "reports/network.pdf",
        "reports/areas/urbanplanen",
        "reports/plans/amagerplanen-2023",
        "figures?indicator=sessions",
    ],
)
async def test_every_way_out_refuses_a_century(demo: httpx.AsyncClient, bearer: Bearer, path: str) -> None:
    """In whatever form it is asked for."""
    separator = "&" if "?" in path else "?"
    answer = await demo.get(f"/reporting/{path}{separator}from=2000-01-01&to=2100-12-31", headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (422, "period_too_long")
