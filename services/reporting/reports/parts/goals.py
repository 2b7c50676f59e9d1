"""What is to be reached, how far it was, year by year, and what the figures say where a goal fills itself."""

from collections.abc import Mapping
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
from services.reporting.reports.released_people import PeopleCount
from services.reporting.terms import Row, ValueOrigin, number
from services.reporting.words import ATTAINMENTS, DIMENSIONS, FIGURE_NAMES, HEADINGS, Word
from shared.events.registry.plans import Attainment, MeasuredPer
from shared.goals import GoalFigure, baseline_counts_nobody, counts_nobody

GOAL = key(HEADINGS["goal"])
ORIGINS: Final[Mapping[ValueOrigin, Word]] = {
    "typed": ("Indtastet", "Typed"),
    "computed": ("Beregnet", "Computed"),
}
ORIGIN = value(("Oprindelse", "Origin"), words=ORIGINS)
VALUES: Final[Word] = ("Beregnede værdier af mål", "Computed values of goals")


class AssessmentRow(TypedDict):
    """How far a goal was reached in a year; a value that is told was typed."""

    year: Annotated[int, key(DIMENSIONS["year"], "calendar_year")]
    attainment: Annotated[Attainment, value(HEADINGS["attainment"], words=ATTAINMENTS)]
    value: Annotated[AnyNumber | None, value(HEADINGS["value"], "decimal")]
    origin: Annotated[ValueOrigin | None, ORIGIN]
    comment: Annotated[str | None, value(("Bemærkning", "Comment"))]


class GoalValueRow(TypedDict):
    """What the figures say of a goal, in a year, a school year or in all; without a value where people are hidden."""

    period: Annotated[str | None, key(HEADINGS["period"])]
    value: Annotated[PeopleCount | AnyNumber | None, value(HEADINGS["value"], "decimal")]
    origin: Annotated[ValueOrigin, ORIGIN]


class MeasureRow(TypedDict):
    """What a goal that fills itself is measured by."""

    figure: Annotated[GoalFigure, value(HEADINGS["figure"], words=FIGURE_NAMES)]
    per: Annotated[MeasuredPer | None, value(("Opgjort pr.", "Measured per"), words=DIMENSIONS)]
    area: Annotated[str | None, value(DIMENSIONS["area"])]
    effort_area: Annotated[str | None, value(DIMENSIONS["effort_area"])]
    activity: Annotated[str | None, value(DIMENSIONS["activity"])]
    kind: Annotated[str | None, value(DIMENSIONS["kind"])]


class GoalRow(TypedDict):
    """A goal of a plan; one without a measure does not fill itself."""

    plan: Annotated[str, PLAN]
    goal: Annotated[str, GOAL]
    effort_area: Annotated[str | None, key(DIMENSIONS["effort_area"])]
    title: Annotated[str, value(("Titel", "Title"))]
    indicator: Annotated[str | None, value(HEADINGS["indicator"])]
    baseline: Annotated[AnyNumber | None, value(HEADINGS["baseline"], "decimal")]
    target: Annotated[AnyNumber | None, value(HEADINGS["target"], "decimal")]
    measure: MeasureRow | None
    figures: list[GoalValueRow]
    assessments: list[AssessmentRow]


def goals(facts: Facts) -> list[GoalRow]:
    """Tell each goal with its assessments, and with what the figures say.

    What a goal counts is written in words, so that nobody outside is told a value that was typed but of one that is in
    per cent. What the figures say is told as they are told.
    """
    return [_goal(goal, is_outside=facts.outside is not None) for goal in facts.goals]


def _goal(goal: Row, *, is_outside: bool) -> GoalRow:
    measure = goal["measure"]
    figure = measure["figure"] if measure else None
    is_told = not is_outside or counts_nobody(goal["indicator"])
    is_baseline_told = not is_outside or baseline_counts_nobody(goal["indicator"], figure)
    return of_row(
        GoalRow,
        goal,
        baseline=number(goal["baseline"]) if is_baseline_told else None,
        measure={name: measure.get(name) for name in MeasureRow.__annotations__} if measure else None,
        figures=[{**each, "origin": "computed"} for each in goal["figures"]],
        assessments=[_assessment(each, number(each["value"]) if is_told else None) for each in goal["assessments"]],
    )


def _assessment(assessment: Row, typed: AnyNumber | None) -> AssessmentRow:
    return of_row(AssessmentRow, assessment, value=typed, origin=None if typed is None else "typed")


GOALS: Final = ReportPart(
    "goals",
    goals,
    (
        listed("goals", HEADINGS["goals"], GoalRow),
        FileTable(
            "goal_values",
            VALUES,
            ("goals", "*", "figures", "*"),
            (PLAN.at("plan"), GOAL.at("goal"), *columns(GoalValueRow)),
        ),
        FileTable(
            "assessments",
            HEADINGS["attainment"],
            ("goals", "*", "assessments", "*"),
            (PLAN.at("plan"), GOAL.at("goal"), *columns(AssessmentRow)),
        ),
    ),
)
