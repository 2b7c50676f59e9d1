"""Which plans are over for so long that their people have to go, and who those are. It only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.database import Connection

# The later of both, so that nobody is removed before it was announced.
OVER = "greatest(plan.closed_on, plan.end_on)"
IN_PLANS = (
    "SELECT participant AS person, activity FROM enrolment UNION SELECT volunteer, activity FROM volunteering"
    " UNION SELECT participant, activity FROM measurement"
)


@dataclass(frozen=True, slots=True)
class PlanOver:
    """A plan that has people still, and the day on which it had ended and was closed."""

    plan: str
    name: str
    areas: Sequence[str]
    over_on: date


@dataclass(frozen=True, slots=True)
class PersonDue:
    """Somebody all of whose plans in an area were over by a day."""

    area: str
    person: str


async def plans_with_people(connection: Connection, over_by: date) -> list[PlanOver]:
    """Give the plans that were over by a day and have people still, by the day and the plan."""
    rows = await connection.fetch(
        f"SELECT plan.plan, plan.name, plan.areas, {OVER} AS over_on FROM plan WHERE {OVER} <= $1"  # noqa: S608  constants
        f" AND EXISTS (SELECT FROM ({IN_PLANS}) AS held JOIN activity USING (activity) WHERE activity.plan = plan.plan)"
        " ORDER BY over_on, plan",
        over_by,
    )
    return [PlanOver(**row) for row in rows]


async def people_due(connection: Connection, over_by: date, limit: int) -> list[PersonDue]:
    """Give the people all of whose plans in their area were over by a day, by area and pseudonym."""
    rows = await connection.fetch(
        f"SELECT activity.area, person FROM ({IN_PLANS}) AS held JOIN activity USING (activity) JOIN plan USING (plan)"  # noqa: S608  constants
        f" GROUP BY activity.area, person HAVING max({OVER}) <= $1 ORDER BY activity.area, person LIMIT $2",
        over_by,
        limit,
    )
    return [PersonDue(**row) for row in rows]
