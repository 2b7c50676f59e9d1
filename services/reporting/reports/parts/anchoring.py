"""Who carries the activities of a plan on after it."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, of_row, value
from services.reporting.reports.parts.figures import AREA, NAME
from services.reporting.words import DIMENSIONS, HEADINGS

AnchoringRow = TypedDict(
    "AnchoringRow",
    {
        "activity": Annotated[str, key(DIMENSIONS["activity"])],
        "name": Annotated[str | None, NAME],
        "area": Annotated[str, AREA],
        "organisation": Annotated[str, value(HEADINGS["organisation"])],
        "organisation_name": Annotated[str | None, value(("Organisationens navn", "Organisation's name"))],
        "from": Annotated[str | None, value(HEADINGS["from"], "day")],
        "funding_note": Annotated[str | None, value(HEADINGS["funding"])],
    },
)


def anchoring(source: PlanSource) -> list[AnchoringRow]:
    """Tell of each activity that somebody carries on who that is."""
    return [
        of_row(
            AnchoringRow,
            {
                **row,
                "organisation": row["anchored_by"],
                "organisation_name": row["anchored_by_name"],
                "from": row["anchored_from"],
                "funding_note": row["anchored_note"],
            },
        )
        for row in source.own.activities
        if row["anchored_by"]
    ]


ANCHORING: Final = ReportPart("anchoring", anchoring, (listed("anchoring", HEADINGS["anchoring"], AnchoringRow),))
