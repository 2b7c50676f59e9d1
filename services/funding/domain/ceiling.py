"""What Landsbyggefonden may carry of a plan: flagged where promises go beyond it, held where money moves (ADR 15).

The ceiling is measured against everything that is promised to the plan so far. So the order in which true promises
are registered changes nothing but when the flag is up: what is promised later only raises the ceiling.
"""

from collections.abc import Iterable, Mapping, Sequence

from services.funding.domain.accounts import account_of, income
from services.funding.domain.checks import commitments_of
from services.funding.domain.rows import Commitment, Plan
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.law import CEILING_PERCENT, LANDSBYGGEFONDEN


def is_above(promised: Iterable[tuple[str, int]]) -> bool:
    """Tell of (funder kind, øre) whether Landsbyggefonden carries more of the whole than it may."""
    whole_ore = fund_ore = 0
    for kind, amount_ore in promised:
        whole_ore += amount_ore
        fund_ore += amount_ore if kind == LANDSBYGGEFONDEN else 0
    return fund_ore * 100 > whole_ore * CEILING_PERCENT


def warnings(commitment: Commitment, commitments: Iterable[Commitment]) -> tuple[str, ...]:
    """Warn of a promise of Landsbyggefonden's that stands above the ceiling among all promises to the plan."""
    if commitment.funder_kind == LANDSBYGGEFONDEN and is_above(_amounts(commitments)):
        return (f"over_ceiling:{commitment.commitment}",)
    return ()


def check_moved(state: WorkingSet, plan: Plan, commitment: Commitment, **moving_ore: int) -> None:
    """Check that what Landsbyggefonden has released and paid of all its promises to a plan stays within the ceiling.

    `moving_ore` is what is added to these sums of a commitment, by their names.

    Raises:
        Refused: it would be more than the promises of all funders allow so far (`over_ceiling`).
    """
    if commitment.funder_kind != LANDSBYGGEFONDEN:
        return
    commitments = commitments_of(state, plan)
    fund = [item for item in commitments if item.funder_kind == LANDSBYGGEFONDEN]
    for name, amount_ore in moving_ore.items():
        over_ore = sum(getattr(item, name) for item in fund) + amount_ore - _ceiling_ore(commitments)
        if amount_ore and over_ore > 0:
            raise _over(over_ore, pointer="/data/amount_ore")


def check_carried(
    state: WorkingSet, plan: Plan, commitments: Sequence[Commitment], shares: Mapping[str, int], *, pointer: str
) -> None:
    """Check that what Landsbyggefonden carries of a plan's expenses stays within the ceiling, with one more's shares.

    Where its promises are within the ceiling they bound it already, and that is what nearly every expense meets.

    Raises:
        Refused: it would be more than the promises of all funders allow so far (`over_ceiling`).
    """
    if not is_above(_amounts(commitments)):
        return
    fund = [item.commitment for item in commitments if item.funder_kind == LANDSBYGGEFONDEN]
    share_ore = sum(shares.get(name, 0) for name in fund)
    carried_ore = -sum(account_of(state, plan, income(name)).balance_ore for name in fund)
    over_ore = carried_ore + share_ore - _ceiling_ore(commitments)
    if share_ore and over_ore > 0:
        raise _over(over_ore, pointer=pointer)


def _ceiling_ore(commitments: Iterable[Commitment]) -> int:
    return sum(item.amount_ore for item in commitments) * CEILING_PERCENT // 100


def _amounts(commitments: Iterable[Commitment]) -> Iterable[tuple[str, int]]:
    return ((item.funder_kind, item.amount_ore) for item in commitments)


def _over(over_ore: int, *, pointer: str) -> Refused:
    detail = f"{over_ore} øre more than Landsbyggefonden may carry: {CEILING_PERCENT} % of what is promised so far"
    return Refused("over_ceiling", detail, pointer=pointer)
