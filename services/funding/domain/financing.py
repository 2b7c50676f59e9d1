"""How a plan's financing stands: who carries how much of it, whether that holds to the end, and what is due when.

Pure figures for the read routes; no rule of a booking depends on them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.funding.domain.rows import Commitment, Plan, Receipt
from shared import money
from shared.law import CEILING_PERCENT, FLOOR_PERCENT, LANDSBYGGEFONDEN, LOCAL_KINDS


@dataclass(frozen=True, slots=True)
class Gauge:
    """Landsbyggefonden's part and the local part of one sum of money; `whole_ore` holds the other funders too."""

    whole_ore: int
    fund_ore: int
    local_ore: int

    @classmethod
    def of(cls, amounts: Iterable[tuple[str, int]]) -> "Gauge":
        """Add up (funder kind, øre)."""
        whole_ore = fund_ore = local_ore = 0
        for kind, amount_ore in amounts:
            whole_ore += amount_ore
            fund_ore += amount_ore if kind == LANDSBYGGEFONDEN else 0
            local_ore += amount_ore if kind in LOCAL_KINDS else 0
        return cls(whole_ore, fund_ore, local_ore)

    @property
    def fund_share_pct(self) -> float | None:
        """Give what Landsbyggefonden carries of the whole, in per cent."""
        return money.percent(self.fund_ore, self.whole_ore)

    @property
    def local_share_pct(self) -> float | None:
        """Give what the local funders carry of what they and Landsbyggefonden carry, in per cent."""
        return money.percent(self.local_ore, self.local_ore + self.fund_ore)

    @property
    def within_ceiling(self) -> bool:
        """Tell whether Landsbyggefonden carries no more than it may."""
        return self.fund_ore * 100 <= self.whole_ore * CEILING_PERCENT

    @property
    def above_floor(self) -> bool:
        """Tell whether the local funders carry at least what they must."""
        return self.local_ore * 100 >= (self.local_ore + self.fund_ore) * FLOOR_PERCENT


def floor_breaks_on(plan: Plan, today: date, *, spent_ore: int, local_released_ore: int) -> date | None:
    """Give the day on which, at the present pace, the released local money no longer carries its part of the spending.

    The pace is what was spent of Landsbyggefonden's and the local money from the plan's first day to today, evenly.
    None when nothing is spent, or when the local money lasts to the plan's end. A day that has passed means that it
    is broken already.
    """
    days = (min(today, plan.end_on) - plan.start_on).days + 1
    if days <= 0 or spent_ore <= 0:
        return None
    # The first day d, counted from 1, on which spent_ore * d / days * FLOOR_PERCENT / 100 > local_released_ore.
    breaking_day = local_released_ore * 100 * days // (spent_ore * FLOOR_PERCENT) + 1
    if breaking_day > (plan.end_on - plan.start_on).days + 1:
        return None
    return plan.start_on + timedelta(days=breaking_day - 1)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A payment that a commitment's schedule expects: `status` is received, expected, overdue or withheld."""

    commitment: str
    due_on: date
    amount_ore: int
    received_ore: int
    status: str


def schedule(plan: Plan, commitment: Commitment, today: date, *, months: int, grace_days: int) -> list[Instalment]:
    """Spread a commitment over the plan in equal instalments, one every so many months, each due as its months begin.

    What has come in fills the instalments from the first on; one that is not filled is overdue after the days of
    grace, or withheld while its funder holds back.
    """
    if commitment.in_kind:
        return []
    days = _due_days(plan, months)
    amounts_ore = money.split(commitment.amount_ore, {f"{place:03}": 1 for place in range(len(days))})
    left_ore = commitment.received_ore
    instalments = []
    for due_on, (_, amount_ore) in zip(days, sorted(amounts_ore.items()), strict=True):
        received_ore = min(left_ore, amount_ore)
        left_ore -= received_ore
        late = today > due_on + timedelta(days=grace_days)
        status = _status(commitment, received_ore, amount_ore, late=late)
        instalments.append(Instalment(commitment.commitment, due_on, amount_ore, received_ore, status))
    return instalments


def carried_by_kind(commitments: Sequence[Commitment], carried: Iterable[tuple[int, str, int]]) -> Mapping[int, Gauge]:
    """Give, per calendar year, who carried the expenses booked in it."""
    kinds = {row.commitment: row.funder_kind for row in commitments}
    years: dict[int, list[tuple[str, int]]] = {}
    for year, name, carried_ore in carried:
        years.setdefault(year, []).append((kinds[name], carried_ore))
    return {year: Gauge.of(amounts) for year, amounts in sorted(years.items())}


def received_between(receipts: Iterable[Receipt], first_day: date, last_day: date) -> list[Receipt]:
    """Give the receipts of a span of days, both ends in it."""
    return [row for row in receipts if first_day <= row.received_on <= last_day]


def _due_days(plan: Plan, months: int) -> list[date]:
    """Give the plan's first day, and the same day of the month every so many months, up to its end."""
    days, step = [plan.start_on], 0
    while True:
        step += months
        month = plan.start_on.month - 1 + step
        due_on = date(plan.start_on.year + month // 12, month % 12 + 1, min(plan.start_on.day, 28))
        if due_on > plan.end_on:
            return days
        days.append(due_on)


def _status(commitment: Commitment, received_ore: int, amount_ore: int, *, late: bool) -> str:
    if received_ore == amount_ore:
        return "received"
    if commitment.withheld_on is not None:
        return "withheld"
    return "overdue" if late else "expected"
