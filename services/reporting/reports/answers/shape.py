"""The answers of a day as a report: its parts, in the order in which files have them."""

from typing import Annotated, Any, Final

from typing_extensions import TypedDict

from services.reporting.reports.answers import money, work
from services.reporting.reports.answers.facts import AnswersSource
from services.reporting.reports.parts.attention import ATTENTION, AttentionItem
from services.reporting.reports.parts.declaring import ReportPart, ReportShape, listed, of_row, value
from services.reporting.reports.parts.figures import AREA, NAME, PLAN
from services.reporting.reports.parts.head import AsOf, CodeNames, ReportPeriod
from services.reporting.words import HEADINGS


class AnsweredArea(TypedDict):
    """An area that the answers tell of, and when it was last heard of."""

    area: Annotated[str, AREA]
    name: Annotated[str, NAME]
    last_event_at: Annotated[str | None, value(("Senest indberettet", "Last posted"), "moment")]


class AnsweredPlan(TypedDict):
    """A plan that the answers tell of."""

    plan: Annotated[str, PLAN]
    name: Annotated[str, NAME]
    areas: Annotated[list[str], value(HEADINGS["areas"])]
    start: Annotated[str, value(("Begynder", "Start"), "day")]
    end: Annotated[str, value(("Slutter", "End"), "day")]


def as_of(source: AnswersSource) -> AsOf:
    """Tell the cursor."""
    return {**source.as_of, "recorded": source.recorded}


def period(source: AnswersSource) -> ReportPeriod:
    """Tell the day of the answers."""
    return {"from": None, "to": source.today.isoformat()}


def areas(source: AnswersSource) -> list[AnsweredArea]:
    """Tell which areas there are."""
    return [
        {
            "area": row["area"],
            "name": row["name"],
            "last_event_at": row["last_event_at"].isoformat() if row["last_event_at"] else None,
        }
        for row in source.areas
    ]


def plans(source: AnswersSource) -> list[AnsweredPlan]:
    """Tell which plans there are."""
    return [
        {
            "plan": plan.plan,
            "name": plan.name,
            "areas": list(plan.areas),
            "start": plan.start_on.isoformat(),
            "end": plan.end_on.isoformat(),
        }
        for plan in source.plans
    ]


def attention(source: AnswersSource) -> list[AttentionItem]:
    """Tell what needs attention."""
    return [of_row(AttentionItem, item) for item in source.attention]


def names(source: AnswersSource) -> CodeNames:
    """Tell what codes are called."""
    return of_row(CodeNames, source.names)


ANSWERS: Final[ReportShape[Any]] = ReportShape(
    "Answers",
    ("Spørgsmål og svar", "Questions and answers"),
    (
        ReportPart("as_of", as_of),
        ReportPart("period", period),
        ReportPart("attention", attention, ATTENTION.tables),
        money.WITHHELD,
        money.STATEMENTS,
        money.PLAN_ENDS,
        money.INSTALMENTS,
        money.HOUR_COSTS,
        work.MENTORS,
        work.CANCELLED,
        work.ENDINGS,
        ReportPart("areas", areas, (listed("areas", HEADINGS["areas"], AnsweredArea),)),
        ReportPart("plans", plans, (listed("plans", HEADINGS["plans"], AnsweredPlan),)),
        ReportPart("names", names),
    ),
)
