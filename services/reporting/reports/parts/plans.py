"""The plans: how far their time and their money have gone, and their milestones."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import AnyNumber, ReportPart, listed, value
from services.reporting.reports.parts.figures import NAME as CALLED
from services.reporting.reports.parts.figures import PLAN, Funding, funders, funding, regulation_accounts
from services.reporting.terms import Plan, by_plan, elapsed_percent, number
from services.reporting.words import FIGURE_NAMES, HEADINGS
from shared import money


class MilestoneCounts(TypedDict):
    """How many milestones a plan has."""

    planned: Annotated[int, value(HEADINGS["milestones"], "number")]
    reached: Annotated[int, value(HEADINGS["milestones_reached"], "number")]
    overdue: Annotated[int, value(HEADINGS["milestones_overdue"], "number")]


class PlanSpan(TypedDict):
    """A plan's name, its areas, and how much of its time and money is gone."""

    plan: Annotated[str, PLAN]
    name: Annotated[str, CALLED]
    areas: Annotated[list[str], value(HEADINGS["areas"])]
    start: Annotated[str, value(("Begynder", "Start"), "day")]
    end: Annotated[str, value(("Slutter", "End"), "day")]
    elapsed_pct: Annotated[AnyNumber | None, value(HEADINGS["elapsed_pct"], "percent")]
    spent_pct: Annotated[AnyNumber | None, value(HEADINGS["spent_pct"], "percent")]


class PlanRow(PlanSpan):
    """One plan."""

    funding: Funding
    milestones: MilestoneCounts
    anchored: Annotated[int, value(FIGURE_NAMES["activities_anchored"], "number")]


def plans(facts: Facts) -> list[PlanRow]:
    """Tell of each plan where it stands at the period's end."""
    standings = by_plan(facts.standings)
    return [_plan(facts, plan, funding(standings.get(plan.plan, ()))) for plan in facts.plans]


def span_of(facts: Facts, plan: Plan, own: Funding) -> PlanSpan:
    """Tell how far a plan is, which has this funding."""
    return {
        "plan": plan.plan,
        "name": plan.name,
        "areas": list(plan.areas),
        "start": plan.start_on.isoformat(),
        "end": plan.end_on.isoformat(),
        "elapsed_pct": elapsed_percent(plan, facts.period.last_day) if facts.period else None,
        "spent_pct": number(money.percent(own["spent_ore"], own["committed_ore"])),
    }


def funding_of(facts: Facts, plan: Plan) -> Funding:
    """Add up what funders promised a plan."""
    return funding(item for item in facts.standings if item.plan == plan.plan)


def _plan(facts: Facts, plan: Plan, own: Funding) -> PlanRow:
    stands = facts.milestones.get(plan.plan, {})
    return {
        **span_of(facts, plan, own),
        "funding": own,
        "milestones": {
            "planned": stands.get("planned", 0),
            "reached": stands.get("reached", 0),
            "overdue": stands.get("overdue", 0),
        },
        "anchored": stands.get("anchored", 0),
    }


_FUNDING: Final = ("plans", "*", "funding")
PLANS: Final = ReportPart(
    "plans",
    plans,
    (
        listed("plans", HEADINGS["plans"], PlanRow),
        funders("plan_funders", ("Planers finansiering", "Funding of plans"), _FUNDING, PLAN.at("plan")),
        regulation_accounts(
            "plan_regulation_accounts",
            ("Planers reguleringskonti", "Plans' regulation accounts"),
            _FUNDING,
            PLAN.at("plan"),
        ),
    ),
)
