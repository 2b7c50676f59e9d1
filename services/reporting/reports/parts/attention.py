"""What needs somebody's attention, as files have it."""

from typing import Annotated, Any, Final, cast

from typing_extensions import TypedDict

from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, key, listed, value
from services.reporting.reports.parts.figures import AREA, PLAN
from services.reporting.terms import AttentionCode, Severity
from services.reporting.words import HEADINGS, SEVERITIES


class AttentionItem(TypedDict):
    """One thing that needs attention; `values` are what its detail says in words."""

    severity: Annotated[Severity, value(HEADINGS["severity"], words=SEVERITIES)]
    code: Annotated[AttentionCode, key(("Hvad", "What"))]
    area: Annotated[str | None, AREA]
    plan: Annotated[str | None, PLAN]
    since: Annotated[str | None, value(HEADINGS["since"], "day")]
    detail: Annotated[str, value(("Forklaring", "Detail"))]
    values: dict[str, Any]


def attention(facts: Facts) -> list[AttentionItem]:
    """Tell what the Monday list says; its items are made as they are told: a large network has tens of thousands."""
    return cast("list[AttentionItem]", list(facts.attention))


ATTENTION: Final = ReportPart("attention", attention, (listed("attention", HEADINGS["attention"], AttentionItem),))
