"""What is to be reached, and how far it was, year by year."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import (
    AnyNumber,
    FileTable,
    ReportPart,
    columns,
    key,
    listed,
    of_row,
    value,
)
from services.reporting.reports.parts.figures import PLAN
from services.reporting.terms import Row, number
from services.reporting.words import ATTAINMENTS, DIMENSIONS, HEADINGS
from shared.events.registry.plans import Attainment
from shared.goals import counts_nobody

GOAL = key(HEADINGS["goal"])


class AssessmentRow(TypedDict):
    """How far a goal was reached in a year."""

    year: Annotated[int, key(DIMENSIONS["year"], "calendar_year")]
    attainment: Annotated[Attainment, value(HEADINGS["attainment"], words=ATTAINMENTS)]
    value: Annotated[AnyNumber | None, value(HEADINGS["value"], "decimal")]
    comment: Annotated[str | None, value(("Bemærkning", "Comment"))]


class GoalRow(TypedDict):
    """A goal of a plan."""

    plan: Annotated[str, PLAN]
    goal: Annotated[str, GOAL]
    effort_area: Annotated[str | None, key(DIMENSIONS["effort_area"])]
    title: Annotated[str, value(("Titel", "Title"))]
    indicator: Annotated[str | None, value(HEADINGS["indicator"])]
    baseline: Annotated[AnyNumber | None, value(HEADINGS["baseline"], "decimal")]
    target: Annotated[AnyNumber | None, value(HEADINGS["target"], "decimal")]
    assessments: list[AssessmentRow]


def goals(facts: Facts) -> list[GoalRow]:
    """Tell each goal with its assessments.

    What a goal counts is written in words, so that nobody outside is told a value but of one that is in per cent.
    """
    return [_goal(goal, is_told=facts.outside is None or counts_nobody(goal["indicator"])) for goal in facts.goals]


def _goal(goal: Row, *, is_told: bool) -> GoalRow:
    assessments = [
        of_row(AssessmentRow, each, value=number(each["value"]) if is_told else None) for each in goal["assessments"]
    ]
    baseline = number(goal["baseline"]) if is_told else None
    return of_row(GoalRow, goal, baseline=baseline, assessments=assessments)


GOALS: Final = ReportPart(
    "goals",
    goals,
    (
        listed("goals", HEADINGS["goals"], GoalRow),
        FileTable(
            "assessments",
            HEADINGS["attainment"],
            ("goals", "*", "assessments", "*"),
            (PLAN.at("plan"), GOAL.at("goal"), *columns(AssessmentRow)),
        ),
    ),
)
