"""Where the annual statements of a plan stand."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, value
from services.reporting.terms import Row, StatementStatus
from services.reporting.words import DIMENSIONS, HEADINGS, STATEMENT_STATUSES
from shared.law import STATEMENT_DUE


class StatementState(TypedDict):
    """Where the statement of a year stands."""

    status: Annotated[StatementStatus, value(HEADINGS["status"], words=STATEMENT_STATUSES)]
    due_on: Annotated[str, value(HEADINGS["due"], "day")]
    submitted_on: Annotated[str | None, value(HEADINGS["submitted_on"], "day")]
    decided_on: Annotated[str | None, value(HEADINGS["decided_on"], "day")]
    auditor_reference: Annotated[str | None, value(HEADINGS["auditor_reference"])]
    remarks: Annotated[str | None, value(HEADINGS["remarks"])]


class _OfYear(TypedDict):
    year: Annotated[int, key(DIMENSIONS["year"], "calendar_year")]


class StatementRow(_OfYear, StatementState):
    """The statement of one year."""


def state_of(year: int, words: Iterable[Row]) -> StatementState:
    """Tell where the statement of a year stands: handed in anew, what was decided before no longer counts."""
    state: StatementState = {
        "status": "open",
        "due_on": date(year + 1, *STATEMENT_DUE).isoformat(),
        "submitted_on": None,
        "decided_on": None,
        "auditor_reference": None,
        "remarks": None,
    }
    for word in words:
        if word["year"] != year:
            continue
        if word["state"] == "submitted":
            state["submitted_on"], state["decided_on"] = word["said_on"].isoformat(), None
            state["auditor_reference"], state["remarks"] = word["auditor_reference"], word["remarks"]
        else:
            state["decided_on"] = word["said_on"].isoformat()
            state["auditor_reference"] = word["auditor_reference"] or state["auditor_reference"]
            state["remarks"] = word["remarks"] or state["remarks"]
        state["status"] = word["state"]
    return state


def statements(source: PlanSource) -> list[StatementRow]:
    """Tell of each year of the plan where its statement stands."""
    plan = source.plans[0]
    years = range(plan.start_on.year, plan.end_on.year + 1)
    return [{"year": year, **state_of(year, source.own.words)} for year in years]


STATEMENTS: Final = ReportPart("statements", statements, (listed("statements", HEADINGS["statements"], StatementRow),))
