"""The newest pool's effort areas, with what those of older pools had that they carry on."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.crosswalk import crosswalk as found_crosswalk
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, key, listed, value
from services.reporting.reports.parts.figures import NAME, AddedFigures, added, figures_at
from services.reporting.terms import ADDED
from services.reporting.words import DIMENSIONS


class _Named(TypedDict):
    pool: Annotated[str, key(DIMENSIONS["pool"])]
    effort_area: Annotated[str | None, key(DIMENSIONS["effort_area"])]
    name: Annotated[str | None, NAME]
    covers: Annotated[list[str], value(("Omfatter", "Covers"))]


class CrosswalkRow(_Named, AddedFigures):
    """One effort area of the newest pool, and those that it carries on."""


def crosswalk(facts: Facts) -> list[CrosswalkRow]:
    """Tell what effort areas across pools had together; nothing where all are of one pool.

    The last row, without an effort area, is what nothing carries on. People are left out: they may be in several.
    """
    found = found_crosswalk(facts.effort_areas, facts.pools)
    if found is None:
        return []
    rows = [
        (row["pool"], row["effort_area"], row["name"], found.covers[row["pool"], row["effort_area"]])
        for row in found.newest
    ]
    if found.rest:
        rows.append((found.newest[0]["pool"], None, None, found.rest))
    return [
        {
            "pool": pool,
            "effort_area": effort_area,
            "name": name,
            "covers": ["/".join(place) for place in places],
            **added([figures_at(facts, "effort_area", *place) for place in places], ADDED),
        }
        for pool, effort_area, name, places in rows
    ]


CROSSWALK: Final = ReportPart(
    "crosswalk",
    crosswalk,
    (listed("crosswalk", ("Indsatsområder på tværs", "Effort areas across pools"), CrosswalkRow),),
)
