"""The answers about money: statements, what is withheld, instalments, the plan's end, and what an hour cost."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.answers.facts import AnswersSource, PlanHours, months_between
from services.reporting.reports.answers.forecast import forecast
from services.reporting.reports.parts.declaring import FIGURE, AnyNumber, ReportPart, key, listed, value
from services.reporting.reports.parts.figures import COMMITMENT, PLAN
from services.reporting.reports.parts.statements import state_of
from services.reporting.reports.released_people import PeopleCount
from services.reporting.terms import Plan, Row, StatementStatus
from services.reporting.words import DIMENSIONS, FUNDER_KINDS, HEADINGS, STATEMENT_STATUSES
from shared import money
from shared.events.funding import FunderKind
from shared.law import LOCAL_KINDS


class StatementDeadline(TypedDict):
    """The annual statement of a plan's year, and how long is left until it is due; below zero it is late.

    What was remarked on it is told to those who read the plan's accounts.
    """

    plan: Annotated[str, PLAN]
    year: Annotated[int, key(DIMENSIONS["year"], "calendar_year")]
    status: Annotated[StatementStatus, value(HEADINGS["status"], words=STATEMENT_STATUSES)]
    due_on: Annotated[str, value(HEADINGS["due"], "day")]
    submitted_on: Annotated[str | None, value(HEADINGS["submitted_on"], "day")]
    decided_on: Annotated[str | None, value(HEADINGS["decided_on"], "day")]
    remarks: Annotated[str | None, value(HEADINGS["remarks"])]
    days_left: Annotated[int | None, value(("Dage tilbage", "Days left"), "number")]


class WithheldPayout(TypedDict):
    """A commitment whose payouts are stopped."""

    plan: Annotated[str, PLAN]
    commitment: Annotated[str, COMMITMENT]
    since: Annotated[str, value(HEADINGS["since"], "day")]
    outstanding_ore: Annotated[int, value(("Ikke udbetalt", "Not paid"), "kroner")]
    reason: Annotated[str | None, value(("Begrundelse", "Reason"))]


class YearOfInstalments(TypedDict):
    """What the approved budget asks of a commitment in a year, beside what came in it."""

    plan: Annotated[str, PLAN]
    commitment: Annotated[str, COMMITMENT]
    funder_kind: Annotated[FunderKind, value(HEADINGS["funder_kind"], words=FUNDER_KINDS)]
    year: Annotated[int, key(DIMENSIONS["year"], "calendar_year")]
    planned_ore: Annotated[int, value(("Efter budgettet", "By the budget"), "kroner")]
    received_ore: Annotated[int, value(("Modtaget i året", "Received in the year"), "kroner")]
    behind_ore: Annotated[int, value(("Mangler i alt til og med året", "Behind in all, to the year's end"), "kroner")]


class MoneyAtEnd(TypedDict):
    """What will be left of a plan's money at its end, at the pace of the last months; below zero it is missing."""

    plan: Annotated[str, PLAN]
    end: Annotated[str, value(("Slutter", "End"), "day")]
    committed_ore: Annotated[int, FIGURE]
    spent_ore: Annotated[int, value(("Forbrug til og med måneden", "Spent until the month"), "kroner")]
    until: Annotated[str, value(("Opgjort til og med", "As of"), "day")]
    months_left: Annotated[int, value(("Måneder tilbage", "Months left"), "number")]
    pace_ore: Annotated[int | None, value(("Forbrug pr. måned", "Spent a month"), "kroner")]
    left_ore: Annotated[int | None, value(("Tilbage ved planens slutning", "Left at the plan's end"), "kroner")]
    low_ore: Annotated[int | None, value(HEADINGS["ci_low"], "kroner")]
    high_ore: Annotated[int | None, value(HEADINGS["ci_high"], "kroner")]


SameDays = TypedDict(
    "SameDays",
    {"from": Annotated[str, value(HEADINGS["from"], "day")], "to": Annotated[str, value(HEADINGS["until"], "day")]},
)


class HourCost(TypedDict):
    """What an hour of a participant cost in some days: expenses and hours are of the same days."""

    plan: Annotated[str, PLAN]
    period: SameDays
    spent_ore: Annotated[int, value(("Forbrug i perioden", "Spent in the period"), "kroner")]
    participant_hours: Annotated[PeopleCount, FIGURE]
    cost_ore: Annotated[int | None, value(("Kr. pr. deltagertime", "DKK per participant hour"), "kroner")]


def statements(source: AnswersSource) -> list[StatementDeadline]:
    """Tell of the statement of each plan's year until this one, what is late or due first."""
    rows = [_statement(source, plan, year) for plan in source.plans for year in _years(plan, source.today)]
    settled = ("submitted", "accepted")
    return sorted(rows, key=lambda row: (row["status"] in settled, row["due_on"], row["plan"]))


def withheld(source: AnswersSource) -> list[WithheldPayout]:
    """Tell whose payouts are stopped, of the plans whose accounts are read."""
    read = {plan.plan for plan in source.plans if source.reads(plan)}
    missing = {each.commitment: each.committed_ore - each.received_ore for each in source.standings}
    return [
        {
            "plan": row["plan"],
            "commitment": row["commitment"],
            "since": row["since"].isoformat(),
            "outstanding_ore": missing.get(row["commitment"], 0),
            "reason": row["reason"],
        }
        for row in source.withholdings
        if row["plan"] in read
    ]


def instalments(source: AnswersSource) -> list[YearOfInstalments]:
    """Tell what the budget asks of each commitment year by year, beside what came, of plans whose accounts are read.

    A year of the budget is shared over the commitments in money as its expenses will be, by the agreed financing.
    """
    return [row for plan in source.plans if source.reads(plan) for row in _instalments(source, plan)]


def plan_ends(source: AnswersSource) -> list[MoneyAtEnd]:
    """Tell of each plan that runs what will be left at its end."""
    return [_plan_end(source, plan) for plan in source.plans if plan.start_on <= source.last_month <= plan.end_on]


def hour_costs(source: AnswersSource) -> list[HourCost]:
    """Tell what an hour of a participant cost in each plan, where the hours are told."""
    return [_hour_cost(each) for each in source.hours]


def _years(plan: Plan, today: date) -> range:
    return range(plan.start_on.year, min(plan.end_on.year, today.year) + 1)


def _statement(source: AnswersSource, plan: Plan, year: int) -> StatementDeadline:
    state = state_of(year, (row for row in source.words if row["plan"] == plan.plan))
    is_settled = state["status"] in ("submitted", "accepted")
    return {
        "plan": plan.plan,
        "year": year,
        "status": state["status"],
        "due_on": state["due_on"],
        "submitted_on": state["submitted_on"],
        "decided_on": state["decided_on"],
        "remarks": state["remarks"] if source.reads(plan) else None,
        "days_left": None if is_settled else (date.fromisoformat(state["due_on"]) - source.today).days,
    }


def _instalments(source: AnswersSource, plan: Plan) -> Iterator[YearOfInstalments]:
    agreed = {each.commitment: each.committed_ore for each in source.standings if each.plan == plan.plan}
    if not sum(agreed.values()):
        return
    behind: dict[str, int] = {}
    rows = sorted((row for row in source.receipts if row["plan"] == plan.plan), key=_by_commitment)
    for row in rows:
        commitment, year = row["commitment"], row["year"]
        if row["in_kind"] or commitment not in agreed:
            continue
        planned = money.split(max(source.budgets.get((plan.plan, year), 0), 0), agreed)
        behind[commitment] = behind.get(commitment, 0) + planned[commitment] - row["received_ore"]
        yield {
            "plan": plan.plan,
            "commitment": commitment,
            "funder_kind": row["funder_kind"],
            "year": year,
            "planned_ore": planned[commitment],
            "received_ore": row["received_ore"],
            "behind_ore": behind[commitment],
        }


def _by_commitment(row: Row) -> tuple[bool, str, int]:
    """Put Landsbyggefonden and foundations first, then the local funders; of each the years in order."""
    return row["funder_kind"] in LOCAL_KINDS, row["commitment"], row["year"]


def _plan_end(source: AnswersSource, plan: Plan) -> MoneyAtEnd:
    own = {row["month"]: row["spent_ore"] for row in source.months if row["plan"] == plan.plan}
    begun = source.last_month.replace(day=1)
    seen = [own.get(month, 0) for month in _months(plan.start_on, begun)]
    # What was spent before the plan's first month was booked to it all the same.
    spent_ore = sum(own.values())
    committed_ore = sum(each.committed_ore for each in source.standings if each.plan == plan.plan)
    months_left = months_between(begun, plan.end_on)
    found = forecast(committed_ore, spent_ore, seen, months_left)
    return {
        "plan": plan.plan,
        "end": plan.end_on.isoformat(),
        "committed_ore": committed_ore,
        "spent_ore": spent_ore,
        "until": (source.today.replace(day=1) - timedelta(days=1)).isoformat(),
        "months_left": months_left,
        "pace_ore": found.pace_ore if found else None,
        "left_ore": found.left_ore if found else None,
        "low_ore": found.low_ore if found else None,
        "high_ore": found.high_ore if found else None,
    }


def _months(first: date, last: date) -> list[date]:
    begins = first.year * 12 + first.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(begins, last.year * 12 + last.month)]


def _hour_cost(each: PlanHours) -> HourCost:
    hours: AnyNumber | None = each.hours["value"]
    return {
        "plan": each.plan,
        "period": {"from": each.period.first_day.isoformat(), "to": each.period.last_day.isoformat()},
        "spent_ore": each.spent_ore,
        "participant_hours": each.hours,
        "cost_ore": round(each.spent_ore / hours) if hours else None,
    }


STATEMENTS: Final = ReportPart(
    "statements", statements, (listed("statements", HEADINGS["statements"], StatementDeadline),)
)
WITHHELD: Final = ReportPart(
    "withheld", withheld, (listed("withheld", ("Tilbageholdte udbetalinger", "Payouts withheld"), WithheldPayout),)
)
INSTALMENTS: Final = ReportPart(
    "instalments",
    instalments,
    (listed("instalments", ("Rater efter budget og modtaget", "Instalments against budget"), YearOfInstalments),),
)
PLAN_ENDS: Final = ReportPart(
    "plan_ends", plan_ends, (listed("plan_ends", ("Ved planens slutning", "At the plan's end"), MoneyAtEnd),)
)
HOUR_COSTS: Final = ReportPart(
    "hour_costs", hour_costs, (listed("hour_costs", ("Pris pr. deltagertime", "Cost per participant hour"), HourCost),)
)
