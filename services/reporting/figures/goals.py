"""A goal's measure as a question for figures, and what of its answer is the goal's. Pure."""

from collections.abc import Iterator
from typing import Final

from services.reporting.figures.pivot import Question
from services.reporting.reports.goal_figures import GoalQuestion
from services.reporting.terms import Json

# What a row is told apart by, so that a goal may be of one of it; areas and effort areas narrow the whole answer.
ROWS_OF: Final = ("activity", "kind")


def question_of(asked: GoalQuestion) -> Question:
    """Give the question whose answer says how far a goal is; it names areas, so that own ones are live."""
    measure, plan = asked.measure, asked.plan
    by = [name for name in ROWS_OF if measure.get(name)]
    if per := measure.get("per"):
        by.append(per)
    return Question(
        indicators=(measure["figure"],),
        by=tuple(by),
        first_day=plan.start_on,
        last_day=asked.last_day,
        areas=(measure["area"],) if measure.get("area") else tuple(plan.areas),
        plans=(plan.plan,),
        effort_areas=(measure["effort_area"],) if measure.get("effort_area") else (),
    )


def values(asked: GoalQuestion, answer: Json) -> Iterator[Json]:
    """Give what an answer says of a goal, span by span; nothing of an activity that nobody has planned yet."""
    measure = asked.measure
    for row in answer["rows"]:
        if all(row[name] == measure[name] for name in ROWS_OF if measure.get(name)):
            yield {"period": row.get(measure.get("per") or ""), "value": row[measure["figure"]]}
