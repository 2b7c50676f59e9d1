"""The months of the report's period."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, key, listed
from services.reporting.reports.parts.figures import AllFigures, figures_at
from services.reporting.words import DIMENSIONS, HEADINGS


class _Named(TypedDict):
    month: Annotated[str, key(DIMENSIONS["month"], "calendar_month")]


class MonthRow(_Named, AllFigures):
    """One month, which the period may cut."""


def months(facts: Facts) -> list[MonthRow]:
    """Tell the figures of each month."""
    return [
        {"month": f"{month:%Y-%m}", **figures_at(facts, "month", month)}
        for month in (facts.period.months() if facts.period else ())
    ]


MONTHS: Final = ReportPart("months", months, (listed("months", HEADINGS["months"], MonthRow),))
