"""The areas side by side, and when each was last heard of. No order of merit."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, listed, value
from services.reporting.reports.parts.figures import (
    AREA,
    NAME,
    AllFigures,
    Funding,
    figures_at,
    funders,
    funding,
    regulation_accounts,
)
from services.reporting.terms import Standing
from services.reporting.words import HEADINGS


class _Named(TypedDict):
    area: Annotated[str, AREA]
    name: Annotated[str, NAME]
    municipality: Annotated[str, value(HEADINGS["municipality"])]
    last_event_at: Annotated[str | None, value(("Seneste indberetning (UTC)", "Last event (UTC)"), "moment")]


class AreaRow(_Named, AllFigures):
    """One area."""

    funding: Funding


def areas(facts: Facts) -> list[AreaRow]:
    """Tell the figures of each area; its funding is that of its whole plans."""
    standings = _by_area(facts)
    return [
        {
            "area": area["area"],
            "name": area["name"],
            "municipality": area["municipality"],
            "last_event_at": area["last_event_at"].isoformat() if area["last_event_at"] else None,
            **figures_at(facts, "area", area["area"]),
            "funding": funding(standings.get(area["area"], ())),
        }
        for area in facts.areas
    ]


def _by_area(facts: Facts) -> dict[str, list[Standing]]:
    """Give the commitments of the plans that each area is part of, in their order."""
    areas_of = {plan.plan: plan.areas for plan in facts.plans}
    found: dict[str, list[Standing]] = {}
    for standing in facts.standings:
        for area in dict.fromkeys(areas_of.get(standing.plan, ())):
            found.setdefault(area, []).append(standing)
    return found


_FUNDING: Final = ("areas", "*", "funding")
AREAS: Final = ReportPart(
    "areas",
    areas,
    (
        listed("areas", HEADINGS["areas"], AreaRow),
        funders("area_funders", ("Områders finansiering", "Funding of areas"), _FUNDING, AREA.at("area")),
        regulation_accounts(
            "area_regulation_accounts",
            ("Områders reguleringskonti", "Areas' regulation accounts"),
            _FUNDING,
            AREA.at("area"),
        ),
    ),
)
