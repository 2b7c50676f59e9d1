"""The totals of the period just before, to compare with."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import FileTable, ReportPart, columns, value
from services.reporting.reports.parts.figures import funders, regulation_accounts
from services.reporting.reports.parts.totals import Totals, totals
from services.reporting.words import HEADINGS

PreviousPeriod = TypedDict(
    "PreviousPeriod",
    {"from": Annotated[str, value(HEADINGS["from"], "day")], "to": Annotated[str, value(HEADINGS["until"], "day")]},
)


class Previous(TypedDict):
    """The period before, and its totals."""

    period: PreviousPeriod
    totals: Totals


def previous(facts: Facts) -> Previous | None:
    """Tell the totals of the period before; None where there was nothing in it."""
    before = facts.previous
    if before is None or before.period is None:
        return None
    days = before.period
    return {
        "period": {"from": days.first_day.isoformat(), "to": days.last_day.isoformat()},
        "totals": totals(before),
    }


_TOTALS: Final = ("previous", "totals")
PREVIOUS: Final = ReportPart(
    "previous",
    previous,
    (
        FileTable("previous_period", HEADINGS["previous"], ("previous", "period"), columns(PreviousPeriod)),
        FileTable("previous", ("Nøgletal før", "Key figures before"), _TOTALS, columns(Totals), upright=True),
        funders("previous_funders", ("Finansiering før", "Funding before"), (*_TOTALS, "funding")),
        regulation_accounts(
            "previous_regulation_accounts",
            ("Reguleringskonti før", "Regulation accounts before"),
            (*_TOTALS, "funding"),
        ),
    ),
)
