"""The answers of a day: what is late comes first, what a plan's end will be, and who reads what."""

import datetime as dt
from dataclasses import replace
from typing import Final

import httpx
import pytest

from services.reporting.periods import Period
from services.reporting.reports.answers import money, work
from services.reporting.reports.answers.facts import AnswersSource, PlanHours, months_between
from services.reporting.reports.answers.forecast import LEAST_MONTHS, forecast
from services.reporting.reports.answers.service import _periods
from services.reporting.reports.released_people import hidden, shown
from services.reporting.terms import Plan, Standing
from shared.accounts import EVERY_PLANS, Accounts
from tests.conftest import Bearer
from tests.support.builders import AREA, OTHER_AREA, PLAN

TODAY: Final = dt.date(2026, 11, 29)
A_PLAN: Final = Plan(PLAN, "Amagerplanen", "2019-26", (AREA,), dt.date(2025, 1, 1), dt.date(2027, 12, 31))
EMPTY: Final = AnswersSource(
    TODAY, {}, None, EVERY_PLANS, [], [A_PLAN], [], [], [], {}, [], [], [], [], [], [], [], {}
)  # fmt: skip
FOREIGN: Final = Accounts(frozenset({OTHER_AREA}))


def _standing(commitment: str, committed_ore: int, received_ore: int = 0) -> Standing:
    return Standing(PLAN, commitment, "municipality", committed_ore, committed_ore, received_ore, 0)


def _months(amounts_ore: list[int], last: dt.date = dt.date(2026, 10, 1)) -> list[dict[str, object]]:
    begins = last.year * 12 + last.month - len(amounts_ore)
    months = [dt.date(each // 12, each % 12 + 1, 1) for each in range(begins, begins + len(amounts_ore))]
    return [{"plan": PLAN, "month": month, "spent_ore": ore} for month, ore in zip(months, amounts_ore, strict=True)]


def test_a_steady_pace_is_carried_on_to_the_end_with_no_doubt() -> None:
    """Twelve months alike leave an interval of nothing."""
    found = forecast(3_600, 2_200, [100] * 22, 14)
    assert found is not None
    assert (found.pace_ore, found.left_ore, found.low_ore, found.high_ore) == (100, 0, 0, 0)


def test_months_that_vary_leave_a_band_and_never_more_than_there_is() -> None:
    """The band is around the middle, wider the longer the way, and its upper end is what is left today."""
    near, far = (forecast(10_000, 1_000, [50, 150] * 6, months) for months in (2, 12))
    assert near is not None
    assert far is not None
    assert near.low_ore < near.left_ore < near.high_ore
    assert far.high_ore - far.low_ore > near.high_ore - near.low_ore
    wild = forecast(1_000, 900, [0, 0, 0, 0, 0, 900], 12)
    assert wild is not None
    assert wild.high_ore == 100


def test_too_few_months_tell_nothing() -> None:
    """Half a year is the least."""
    assert forecast(100, 1, [1] * (LEAST_MONTHS - 1), 3) is None
    assert forecast(100, 1, [1] * LEAST_MONTHS, 3) is not None


def test_a_plans_end_is_told_from_whole_months() -> None:
    """The month that runs is not part of the pace; what was spent before is part of the sum."""
    source = replace(EMPTY, standings=[_standing("a", 3_600)], months=_months([100] * 22))
    (row,) = money.plan_ends(source)
    assert (row["until"], row["months_left"], row["spent_ore"], row["left_ore"]) == ("2026-10-31", 14, 2_200, 0)
    assert months_between(dt.date(2026, 10, 1), dt.date(2027, 12, 31)) == 14


def test_statements_that_are_late_come_first_and_say_how_late() -> None:
    """One that was returned is late; one that was accepted has no days left."""
    word = {"plan": PLAN, "year": 2025, "auditor_reference": None, "remarks": None}
    words = [
        {**word, "state": state, "said_on": dt.date(2026, 6, day)} for state, day in (("submitted", 1), ("returned", 2))
    ]
    late, running = money.statements(replace(EMPTY, words=words))
    assert (late["year"], late["status"], late["days_left"]) == (2025, "returned", -152)
    assert (running["year"], running["status"], running["days_left"]) == (2026, "open", 213)
    accepted = [*words, {**words[0], "state": "accepted"}]
    first, second = money.statements(replace(EMPTY, words=accepted))
    assert [(row["year"], row["days_left"]) for row in (first, second)] == [(2026, 213), (2025, None)]


def test_the_budget_of_a_year_is_shared_by_the_agreed_financing() -> None:
    """What is behind adds up over the years; below zero it came in advance."""
    receipts = [
        {"plan": PLAN, "commitment": name, "funder_kind": kind, "in_kind": False, "year": year, "received_ore": ore}
        for name, kind, year, ore in (
            ("lbf", "landsbyggefonden", 2025, 80),
            ("lbf", "landsbyggefonden", 2026, 60),
            ("town", "municipality", 2025, 0),
        )
    ]
    source = replace(
        EMPTY,
        standings=[_standing("lbf", 75), _standing("town", 25)],
        receipts=receipts,
        budgets={(PLAN, 2025): 100, (PLAN, 2026): 100},
    )
    rows = money.instalments(source)
    assert [(row["commitment"], row["year"], row["planned_ore"], row["behind_ore"]) for row in rows] == [
        ("lbf", 2025, 75, -5),
        ("lbf", 2026, 75, 10),
        ("town", 2025, 25, 25),
    ]
    assert money.instalments(replace(source, accounts=FOREIGN)) == []


def test_an_hour_costs_what_was_spent_in_its_days() -> None:
    """Where the hours are hidden, so is the cost."""
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 10, 31))
    told, untold = PlanHours(PLAN, period, shown(40), 10_000), PlanHours(PLAN, period, hidden("small"), 10_000)
    assert [row["cost_ore"] for row in money.hour_costs(replace(EMPTY, hours=[told, untold]))] == [250, None]


def test_reasons_and_stopped_payouts_are_for_those_who_read_the_accounts() -> None:
    """Everybody is told that a session was cancelled."""
    source = replace(
        EMPTY,
        standings=[_standing("lbf", 100, 40)],
        withholdings=[{"plan": PLAN, "commitment": "lbf", "since": TODAY, "reason": "late"}],
        cancelled=[{"date": TODAY, "activity": "club", "area": AREA, "plan": PLAN, "reason": "nobody came"}],
    )
    assert [row["outstanding_ore"] for row in money.withheld(source)] == [60]
    assert [row["reason"] for row in work.cancelled(source)] == ["nobody came"]
    outside = replace(source, accounts=FOREIGN)
    assert money.withheld(outside) == []
    assert [row["reason"] for row in work.cancelled(outside)] == [None]


def test_what_nobody_covers_or_carries_on_comes_first() -> None:
    """An activity whose mentor left, and one that is not anchored."""
    mentor = {"activity": "a", "area": AREA, "plan": PLAN, "effort_area": None, "businesses": 1, "last_left_on": None}
    rows = work.mentors(
        replace(EMPTY, mentors=[{**mentor, "mentors": ["X"]}, {**mentor, "activity": "b", "mentors": []}])
    )
    assert [row["activity"] for row in rows] == ["b", "a"]
    ending = {"plan": PLAN, "activity": "a", "area": AREA, "organisation": "Y", "anchored_from": TODAY}
    loose = {**ending, "activity": "b", "organisation": None, "anchored_from": None}
    assert [row["activity"] for row in work.endings(replace(EMPTY, endings=[ending, loose]))] == ["b", "a"]


def test_hours_are_told_of_all_and_of_the_last_whole_school_year() -> None:
    """Of a plan that began within it, of all alone; of one that has not begun, of nothing."""
    until = dt.date(2026, 10, 31)
    assert _periods(A_PLAN, until) == [
        Period(A_PLAN.start_on, until),
        Period(dt.date(2025, 8, 1), dt.date(2026, 7, 31)),
    ]
    assert len(_periods(replace(A_PLAN, start_on=dt.date(2025, 9, 1)), until)) == 1
    assert _periods(replace(A_PLAN, start_on=dt.date(2027, 1, 1)), until) == []


async def test_an_empty_network_has_answers_too(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Nothing is asked of what is not there; a service asks nothing."""
    answer = await system.get("/reporting/reports/answers", headers=bearer("lead"))
    assert answer.status_code == httpx.codes.OK
    told = answer.json()
    assert {name: told[name] for name in ("statements", "withheld", "plan_ends", "mentors", "cancelled")} == {
        "statements": [],
        "withheld": [],
        "plan_ends": [],
        "mentors": [],
        "cancelled": [],
    }
    refused = await system.get("/reporting/reports/answers", headers=bearer("service"))
    assert refused.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("language", ["da", "en"])
async def test_the_answers_are_a_workbook_and_csv_too(system: httpx.AsyncClient, bearer: Bearer, language: str) -> None:
    """In both languages."""
    for suffix in ("xlsx", "csv"):
        answer = await system.get(f"/reporting/reports/answers.{suffix}?language={language}", headers=bearer("lead"))
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.content
