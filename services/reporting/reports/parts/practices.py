"""What activities share with the network, and who took it home."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, key, listed, of_row, value
from services.reporting.reports.parts.figures import AREA, NAME
from services.reporting.words import DIMENSIONS, HEADINGS


class PracticeRow(TypedDict):
    """A practice that an activity shares."""

    activity: Annotated[str, key(DIMENSIONS["activity"])]
    name: Annotated[str | None, NAME]
    area: Annotated[str, AREA]
    summary: Annotated[str, value(("Sammenfatning", "Summary"))]
    what_works: Annotated[str, value(("Hvad virker", "What works"))]
    shared_on: Annotated[str, value(("Delt", "Shared"), "day")]
    adopted_by: Annotated[list[str], value(HEADINGS["adopted_by"])]


def practices(facts: Facts) -> list[PracticeRow]:
    """Tell what is shared."""
    return [of_row(PracticeRow, row) for row in facts.practices]


PRACTICES: Final = ReportPart("practices", practices, (listed("practices", ("Praksis", "Practices"), PracticeRow),))
