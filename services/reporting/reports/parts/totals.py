"""What all of it comes to."""

from typing import Final

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import FileTable, ReportPart, columns
from services.reporting.reports.parts.figures import (
    AllFigures,
    Funding,
    figures_at,
    funders,
    funding,
    regulation_accounts,
)
from services.reporting.words import HEADINGS


class Totals(AllFigures):
    """The figures of all, and how the money stands."""

    funding: Funding


def totals(facts: Facts) -> Totals:
    """Tell the figures of all that the report is about."""
    return {**figures_at(facts, "total"), "funding": funding(facts.standings)}


TOTALS: Final = ReportPart(
    "totals",
    totals,
    (
        FileTable("totals", ("Nøgletal", "Key figures"), ("totals",), columns(Totals), upright=True),
        funders("funders", HEADINGS["funders"], ("totals", "funding")),
        regulation_accounts("regulation_accounts", HEADINGS["regulation_accounts"], ("totals", "funding")),
    ),
)
