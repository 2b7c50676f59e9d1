"""The plan that a report is about."""

from typing import Annotated, Final

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import FileTable, ReportPart, columns, value
from services.reporting.reports.parts.plans import PlanSpan, funding_of, span_of
from services.reporting.words import DIMENSIONS


class PlanHead(PlanSpan):
    """The plan, and how many days it has left."""

    pool: Annotated[str, value(DIMENSIONS["pool"])]
    closed_on: Annotated[str | None, value(("Afsluttet", "Closed"), "day")]
    days_left: Annotated[int, value(("Dage tilbage", "Days left"), "number")]


def plan(source: PlanSource) -> PlanHead:
    """Tell which plan it is, and how far it is."""
    found, closed_on = source.plans[0], source.own.head["closed_on"]
    return {
        **span_of(source, found, funding_of(source, found)),
        "pool": found.pool,
        "closed_on": closed_on.isoformat() if closed_on else None,
        "days_left": max((found.end_on - source.last_day).days, 0),
    }


PLAN_HEAD: Final = ReportPart("plan", plan, (FileTable("plan", ("Planen", "The plan"), ("plan",), columns(PlanHead)),))
