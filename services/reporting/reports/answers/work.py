"""The answers about what goes on: mentor companies, cancelled sessions, and what carries on after the plan."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.answers.facts import AnswersSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, value
from services.reporting.reports.parts.figures import AREA, PLAN
from services.reporting.words import DIMENSIONS, FIGURE_NAMES, HEADINGS

ACTIVITY = key(DIMENSIONS["activity"])


class MentorCoverage(TypedDict):
    """An activity that has, had, or with its businesses should have, a mentor company."""

    activity: Annotated[str, ACTIVITY]
    area: Annotated[str, AREA]
    plan: Annotated[str, PLAN]
    effort_area: Annotated[str | None, key(DIMENSIONS["effort_area"])]
    micro_businesses: Annotated[int, value(FIGURE_NAMES["micro_businesses"], "number")]
    mentors: Annotated[list[str], value(FIGURE_NAMES["mentor_companies"])]
    last_left_on: Annotated[str | None, value(("Senest forladt", "Last left"), "day")]


class CancelledSession(TypedDict):
    """A session that was cancelled, with the reason that was given, for those who may read it."""

    date: Annotated[str, value(HEADINGS["date"], "day")]
    activity: Annotated[str, ACTIVITY]
    area: Annotated[str, AREA]
    plan: Annotated[str, PLAN]
    reason: Annotated[str | None, value(("Begrundelse", "Reason"))]


class CarriedOn(TypedDict):
    """An activity of a plan that ends soon, and who carries it on."""

    plan: Annotated[str, PLAN]
    end: Annotated[str, value(("Planen slutter", "The plan ends"), "day")]
    activity: Annotated[str, ACTIVITY]
    area: Annotated[str, AREA]
    organisation: Annotated[str | None, value(("Videreføres af", "Carried on by"))]
    carried_from: Annotated[str | None, value(HEADINGS["from"], "day")]


def mentors(source: AnswersSource) -> list[MentorCoverage]:
    """Tell of each activity whether it has a mentor company; those without come first."""
    rows: list[MentorCoverage] = [
        {
            "activity": row["activity"],
            "area": row["area"],
            "plan": row["plan"],
            "effort_area": row["effort_area"],
            "micro_businesses": row["businesses"],
            "mentors": list(row["mentors"] or ()),
            "last_left_on": row["last_left_on"].isoformat() if row["last_left_on"] else None,
        }
        for row in source.mentors
    ]
    return sorted(rows, key=lambda row: (bool(row["mentors"]), row["area"], row["activity"]))


def cancelled(source: AnswersSource) -> list[CancelledSession]:
    """Tell which sessions were cancelled lately; the reason to those who read the plan's accounts."""
    read = {plan.plan for plan in source.plans if source.reads(plan)}
    return [
        {
            "date": row["date"].isoformat(),
            "activity": row["activity"],
            "area": row["area"],
            "plan": row["plan"],
            "reason": row["reason"] if row["plan"] in read else None,
        }
        for row in source.cancelled
    ]


def endings(source: AnswersSource) -> list[CarriedOn]:
    """Tell of each activity in plans that end soon who carries it on; those that nobody does come first."""
    ends = {plan.plan: plan.end_on.isoformat() for plan in source.plans}
    rows: list[CarriedOn] = [
        {
            "plan": row["plan"],
            "end": ends[row["plan"]],
            "activity": row["activity"],
            "area": row["area"],
            "organisation": row["organisation"],
            "carried_from": row["anchored_from"].isoformat() if row["anchored_from"] else None,
        }
        for row in source.endings
    ]
    return sorted(rows, key=lambda row: (row["end"], row["plan"], row["organisation"] is not None, row["activity"]))


MENTORS: Final = ReportPart(
    "mentors", mentors, (listed("mentors", ("Dækning med mentorvirksomheder", "Mentor coverage"), MentorCoverage),)
)
CANCELLED: Final = ReportPart(
    "cancelled", cancelled, (listed("cancelled", ("Aflyste mødegange", "Cancelled sessions"), CancelledSession),)
)
ENDINGS: Final = ReportPart(
    "endings", endings, (listed("endings", ("Planer, der slutter snart", "Plans that end soon"), CarriedOn),)
)
