"""The local share of local and Landsbyggefonden's money, as the floor counts it: without foundations (ADR 72). Pure."""

from services.reporting.reports.parts.plan_funding import local_share_pct
from services.reporting.terms import Json
from shared.law import FLOOR_PERCENT


def floor_share_pct(funding: Json) -> float | None:
    """Give what the local funders have committed of what they and Landsbyggefonden have, in per cent."""
    return local_share_pct((kind, sums["committed_ore"]) for kind, sums in funding["by_funder_kind"].items())


def is_above_floor(funding: Json) -> bool:
    """Tell whether the local funders carry at least their part."""
    share = floor_share_pct(funding)
    return share is not None and share >= FLOOR_PERCENT
