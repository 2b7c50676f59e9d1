"""The local share of local and Landsbyggefonden's money, as the floor counts it: without foundations (ADR 72). Pure."""

from typing import Final

from services.reporting.reports.parts.plan_funding import local_share_pct
from services.reporting.terms import Json
from shared.law import FLOOR_PERCENT, LANDSBYGGEFONDEN, LOCAL_KINDS

# The highest share below the floor that one decimal writes.
JUST_BELOW: Final = FLOOR_PERCENT - 0.1


def floor_share_pct(funding: Json) -> float | None:
    """Give what the local funders have committed of what they and Landsbyggefonden have, in per cent.

    A share below the floor is not rounded up to it: 24,97 % is 24,9 %.
    """
    share = local_share_pct((kind, sums["committed_ore"]) for kind, sums in funding["by_funder_kind"].items())
    return min(share, JUST_BELOW) if share is not None and not is_above_floor(funding) else share


def is_above_floor(funding: Json) -> bool:
    """Tell whether the local funders carry at least their part, to the øre."""
    committed: dict[str, int] = {kind: sums["committed_ore"] for kind, sums in funding["by_funder_kind"].items()}
    local_ore = sum(committed.get(kind, 0) for kind in LOCAL_KINDS)
    whole_ore = local_ore + committed.get(LANDSBYGGEFONDEN, 0)
    return whole_ore > 0 and local_ore * 100 >= whole_ore * FLOOR_PERCENT
