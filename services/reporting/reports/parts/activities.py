"""The activities of a plan."""

from datetime import date
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, of_row, value
from services.reporting.reports.parts.figures import AREA, NAME, AllFigures, figures_at
from services.reporting.terms import ActivityStatus, Row
from services.reporting.words import ACTIVITY_STATUSES, DIMENSIONS, HEADINGS


class ActivityLife(TypedDict):
    """An activity, and where it is in its life."""

    activity: Annotated[str, key(DIMENSIONS["activity"])]
    name: Annotated[str | None, NAME]
    area: Annotated[str, AREA]
    kind: Annotated[str | None, value(DIMENSIONS["kind"])]
    effort_area: Annotated[str | None, value(DIMENSIONS["effort_area"])]
    status: Annotated[ActivityStatus, value(HEADINGS["status"], words=ACTIVITY_STATUSES)]
    fixed: Annotated[bool, value(("Fast aktivitet", "Fixed activity"))]
    capacity: Annotated[int | None, value(("Pladser", "Capacity"), "number")]
    start: Annotated[str | None, value(("Begynder", "Start"), "day")]
    end: Annotated[str | None, value(("Slutter", "End"), "day")]
    started_on: Annotated[str | None, value(("Startet", "Started"), "day")]
    ended_on: Annotated[str | None, value(("Afsluttet", "Ended"), "day")]


class ActivityRow(ActivityLife, AllFigures):
    """One activity."""


def activities(source: PlanSource) -> list[ActivityRow]:
    """Tell the figures of each activity of the plan."""
    return [
        {
            **of_row(
                ActivityLife,
                {**row, "start": row["start_on"], "end": row["end_on"]},
                fixed=bool(row["is_fixed"]),
                status=_status(row, source.last_day),
            ),
            **figures_at(source, "activity", row["activity"], row["area"]),
        }
        for row in source.own.activities
    ]


def _status(row: Row, day: date) -> ActivityStatus:
    """Tell where an activity is in its life at the end of a day."""
    if row["started_on"] is None or row["started_on"] > day:
        return "planned"
    return "running" if row["ended_on"] is None or row["ended_on"] > day else "ended"


ACTIVITIES: Final = ReportPart("activities", activities, (listed("activities", HEADINGS["activities"], ActivityRow),))
