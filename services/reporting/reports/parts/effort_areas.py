"""The effort areas of the pools under which there is a plan."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, key, listed
from services.reporting.reports.parts.figures import NAME, AllFigures, figures_at
from services.reporting.words import DIMENSIONS, HEADINGS


class _Named(TypedDict):
    pool: Annotated[str, key(DIMENSIONS["pool"])]
    effort_area: Annotated[str, key(DIMENSIONS["effort_area"])]
    name: Annotated[str, NAME]


class EffortAreaRow(_Named, AllFigures):
    """One effort area of one pool."""


def effort_areas(facts: Facts) -> list[EffortAreaRow]:
    """Tell the figures of each effort area."""
    return [
        {
            "pool": row["pool"],
            "effort_area": row["effort_area"],
            "name": row["name"],
            **figures_at(facts, "effort_area", row["pool"], row["effort_area"]),
        }
        for row in facts.effort_areas
    ]


EFFORT_AREAS: Final = ReportPart(
    "effort_areas", effort_areas, (listed("effort_areas", HEADINGS["effort_areas"], EffortAreaRow),)
)
