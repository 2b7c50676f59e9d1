"""What others have measured of the areas."""

from collections.abc import Mapping
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import AnyNumber, ReportPart, key, listed, value
from services.reporting.reports.parts.figures import AREA
from services.reporting.terms import number
from services.reporting.words import HEADINGS, Word
from shared.context_figures import CONTEXT_FIGURES, Unit
from shared.events.reporting import ContextIndicator

UNITS: Final[Mapping[Unit, Word]] = {"per cent": ("Procent", "Per cent"), "persons": ("Personer", "Persons")}


class YearBefore(TypedDict):
    """The figure of a year before."""

    date: Annotated[str, value(("Året før, dato", "The year before, date"), "day")]
    value: Annotated[AnyNumber | None, value(("Året før, værdi", "The year before, value"), "decimal")]


class ContextRow(TypedDict):
    """The newest figure of an area and an indicator."""

    area: Annotated[str, AREA]
    indicator: Annotated[ContextIndicator, key(HEADINGS["indicator"])]
    date: Annotated[str, value(HEADINGS["date"], "day")]
    value: Annotated[AnyNumber | None, value(HEADINGS["value"], "decimal")]
    unit: Annotated[Unit, value(("Enhed", "Unit"), words=UNITS)]
    source: Annotated[str, value(HEADINGS["source"])]
    before: YearBefore | None


def context(facts: Facts) -> list[ContextRow]:
    """Tell of each area and indicator the newest figure, and the one from a year before where there is one."""
    return [
        {
            "area": row["area"],
            "indicator": row["indicator"],
            "date": row["measured_on"].isoformat(),
            "value": number(row["value"]),
            "unit": CONTEXT_FIGURES[row["indicator"]].unit,
            "source": row["source"],
            "before": (
                {"date": row["earlier_on"].isoformat(), "value": number(row["earlier_value"])}
                if row["earlier_on"]
                else None
            ),
        }
        for row in facts.context
    ]


CONTEXT: Final = ReportPart("context", context, (listed("context", ("Kontekst", "Context"), ContextRow),))
