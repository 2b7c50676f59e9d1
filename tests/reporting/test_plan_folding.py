"""A plan's report and statements: whatever the order and the repetition, the same, and equal to a plain telling."""

import random
from typing import Final

from hypothesis import given

from services.reporting import digest
from services.reporting.periods import Period
from services.reporting.reports import one_plan, store
from services.reporting.reports.annual_statement import STATEMENT
from services.reporting.reports.facts import PlanSource
from services.reporting.reports.shapes import PLAN
from services.reporting.terms import Json
from shared.database import Pool
from tests.oracles import plan_reference
from tests.oracles.histories import AREAS, FIRST_DAY, history
from tests.support.folding import CHANCE, EXAMPLES, batches, fold, period_of

PLANS: Final = tuple(f"plan-{area}" for area in AREAS)


async def _report(pool: Pool, name: str, period: Period) -> Json:
    async with pool.acquire() as connection:
        facts = await store.facts(connection, period, None, plan=name)
        return PLAN.tell(PlanSource.of(facts, await one_plan.plan_facts(connection, name, period)))


async def _statements(pool: Pool, name: str) -> list[Json]:
    async with pool.acquire() as connection:
        plan = await store.find_plan(connection, name)
        assert plan is not None
        return [STATEMENT.tell(await one_plan.books(connection, plan, year)) for year in (2025, 2026)]


@EXAMPLES
@given(chance=CHANCE)
async def test_any_order_and_repetition_give_the_same_plan_report(reporting_pool: Pool, chance: random.Random) -> None:
    """The report and the statements of a plan depend on what was said alone."""
    logs, period = history(chance), period_of(chance)
    await fold(reporting_pool, list(logs.items()))
    in_order = [
        (await _report(reporting_pool, name, period), await _statements(reporting_pool, name)) for name in PLANS
    ]
    await fold(reporting_pool, batches(chance, logs))
    for name, (report, statements) in zip(PLANS, in_order, strict=True):
        again = await _report(reporting_pool, name, period)
        assert again == report
        assert digest.digest(again) == digest.digest(report)
        assert await _statements(reporting_pool, name) == statements


@EXAMPLES
@given(chance=CHANCE)
async def test_a_plans_report_is_that_of_a_plain_telling(reporting_pool: Pool, chance: random.Random) -> None:
    """Goals, partners, what is held back, spending by line, the budget, and where each statement stands."""
    logs, period = history(chance), period_of(chance)
    await fold(reporting_pool, batches(chance, logs))
    last_day = period.last_day
    for name in PLANS:
        report = await _report(reporting_pool, name, period)
        told = {
            row["goal"]: (row["target"], {each["year"]: each["attainment"] for each in row["assessments"]})
            for row in report["goals"]
        }
        assert told == plan_reference.goals(logs, name, last_day.year)
        partners = sorted((row["role"], row["from"]) for row in report["partners"] if row["until"] is None)
        assert partners == plan_reference.partners(logs, name, last_day)
        held = {row["commitment"]: row["withheld_on"] for row in report["funding"]["commitments"] if row["withheld_on"]}
        own = {row["commitment"] for row in report["funding"]["commitments"]}
        expected = plan_reference.withheld(logs, last_day)
        assert held == {commitment: day for commitment, day in expected.items() if commitment in own}
        open_ones = {row["commitment"] for row in report["funding"]["commitments"] if row["confirmed_on"] is None}
        assert open_ones == plan_reference.unconfirmed(logs, last_day) & own
        assert report["funding"]["unconfirmed_ore"] == sum(
            row["committed_ore"] for row in report["funding"]["commitments"] if row["commitment"] in open_ones
        )
        spent = plan_reference.spending(logs, name, last_day)
        assert report["budget"]["spent_ore"] == sum(spent.values())
        assert sum(row["spent_ore"] for row in report["expenses"]) == sum(spent.values())
        stands = {row["line"]: row["budget_ore"] for row in report["budget"]["lines"] if row["budget_ore"]}
        assert stands == plan_reference.budget(logs, name)
        for row in report["budget"]["lines"]:
            assert row["spent_ore"] == spent.get(row["line"], 0)
        (status,) = (row["status"] for row in report["statements"] if row["year"] == FIRST_DAY.year)
        assert status == plan_reference.statement(logs, name, FIRST_DAY.year)
