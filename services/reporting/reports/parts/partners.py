"""The partners of a plan."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, of_row, value
from services.reporting.reports.parts.figures import NAME
from services.reporting.words import HEADINGS, ORGANISATION_KINDS, PARTNER_ROLES
from shared.events.registry.plans import PartnerRole

PartnerRow = TypedDict(
    "PartnerRow",
    {
        "organisation": Annotated[str, key(HEADINGS["organisation"])],
        "name": Annotated[str | None, NAME],
        "kind": Annotated[str | None, value(("Art", "Kind"), words=ORGANISATION_KINDS)],
        "role": Annotated[PartnerRole, key(HEADINGS["role"], words=PARTNER_ROLES)],
        "from": Annotated[str, value(HEADINGS["from"], "day")],
        "until": Annotated[str | None, value(HEADINGS["until"], "day")],
    },
)


def partners(source: PlanSource) -> list[PartnerRow]:
    """Tell who is or was partner by the period's end."""
    return [
        of_row(PartnerRow, {**row, "from": row["from_day"], "until": row["until_day"]}) for row in source.own.partners
    ]


PARTNERS: Final = ReportPart("partners", partners, (listed("partners", HEADINGS["partners"], PartnerRow),))
