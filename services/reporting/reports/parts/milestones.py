"""The milestones of a plan."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, of_row, value
from services.reporting.words import DIMENSIONS, HEADINGS


class MilestoneRow(TypedDict):
    """One milestone, as it stands at the period's end."""

    milestone: Annotated[str, key(HEADINGS["milestone"])]
    title: Annotated[str, value(("Titel", "Title"))]
    effort_area: Annotated[str | None, value(DIMENSIONS["effort_area"])]
    due: Annotated[str, value(HEADINGS["due"], "day")]
    reached_on: Annotated[str | None, value(("Nået", "Reached"), "day")]
    overdue: Annotated[bool, value(("Overskredet", "Overdue"))]


def milestones(source: PlanSource) -> list[MilestoneRow]:
    """Tell each milestone."""
    return [
        of_row(MilestoneRow, {**row, "due": row["due_on"], "overdue": row["is_overdue"]})
        for row in source.own.milestones
    ]


MILESTONES: Final = ReportPart("milestones", milestones, (listed("milestones", HEADINGS["milestones"], MilestoneRow),))
