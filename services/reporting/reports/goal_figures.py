"""What goals that fill themselves are measured at: asked of figures by dimensions, whose rules are the only ones.

It folds no figure and hides none (ADR 160).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol

from services.reporting.reader.wanted import Wanted
from services.reporting.reports.facts import Facts
from services.reporting.terms import Json, Plan
from shared.database import Connection

# A report asks for the values of so many goals; of those after them it tells none.
MOST_MEASURED: Final = 50


@dataclass(frozen=True, slots=True)
class GoalQuestion:
    """What a goal of a plan is measured by, until the end of a day; `own` are areas inside which its reader reads."""

    measure: Mapping[str, Any]
    plan: Plan
    last_day: date
    own: frozenset[str]


class GoalFigures(Protocol):
    """Answers what goals are measured at, within the transaction of a report."""

    async def of_goal(self, connection: Connection, asked: GoalQuestion, today: date) -> Sequence[Json]:
        """Give for each span of time, `period`, what the figures say, `value`."""


async def with_figures(
    connection: Connection, facts: Facts, wanted: Wanted, figures: GoalFigures, today: date
) -> Facts:
    """Give facts whose goals have what the figures say of them, as the reader is told figures."""
    if facts.period is None:
        return facts
    plans = {plan.plan: plan for plan in facts.plans}
    measured = [goal for goal in facts.goals if goal["measure"] and goal["plan"] in plans][:MOST_MEASURED]
    values = {}
    for goal in measured:
        plan = plans[goal["plan"]]
        last_day = min(facts.period.last_day, plan.end_on)
        if last_day >= plan.start_on:
            asked = GoalQuestion(goal["measure"], plan, last_day, wanted.own)
            values[plan.plan, goal["goal"]] = await figures.of_goal(connection, asked, today)
    goals = [{**goal, "figures": values.get((goal["plan"], goal["goal"]), goal["figures"])} for goal in facts.goals]
    return replace(facts, goals=goals)
