"""The shapes of a plan's financing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from services.funding.domain import financing, rows
from shared import money
from shared.law import CEILING_PERCENT, FLOOR_PERCENT, LOCAL_KINDS


class Commitment(BaseModel):
    """What a funder has promised, and how far it has come; the regulation account is received less spent.

    `confirmed_on` is null as long as an area alone has stated it.
    """

    commitment: str
    funder: str
    funder_kind: str
    in_kind: bool
    reference: str
    confirmed_on: date | None
    withheld_on: date | None
    withheld_reason: str | None
    date: date
    committed_ore: int
    released_ore: int
    received_ore: int
    spent_ore: int
    regulation_account_ore: int
    expected_ore: int
    overdue_ore: int

    @classmethod
    def of(cls, row: rows.Commitment, spent_ore: int, instalments: Sequence[financing.Instalment]) -> "Commitment":
        """Make the shape from the row, what the funder has carried of the expenses, and its schedule.

        `expected_ore` is what the schedule still expects in all, `overdue_ore` what of that is late.
        """
        missing = [(item.status, item.amount_ore - item.received_ore) for item in instalments]
        return cls(
            commitment=row.commitment,
            funder=row.funder,
            funder_kind=row.funder_kind,
            in_kind=row.in_kind,
            reference=row.reference,
            date=row.committed_on,
            confirmed_on=row.confirmed_on,
            committed_ore=row.amount_ore,
            released_ore=row.released_ore,
            received_ore=row.received_ore,
            spent_ore=spent_ore,
            regulation_account_ore=row.received_ore - spent_ore,
            withheld_on=row.withheld_on,
            withheld_reason=row.withheld_reason,
            expected_ore=sum(amount_ore for _, amount_ore in missing),
            overdue_ore=sum(amount_ore for status, amount_ore in missing if status == "overdue"),
        )


class Share(BaseModel):
    """Who carries a sum: Landsbyggefonden against the ceiling, the local funders against the floor."""

    whole_ore: int
    landsbyggefonden_ore: int
    local_ore: int
    landsbyggefonden_pct: float | None
    local_pct: float | None
    within_ceiling: bool
    above_floor: bool

    @classmethod
    def of(cls, gauge: financing.Gauge) -> "Share":
        """Make the shape from the figures."""
        return cls(
            whole_ore=gauge.whole_ore,
            landsbyggefonden_ore=gauge.fund_ore,
            local_ore=gauge.local_ore,
            landsbyggefonden_pct=gauge.fund_share_pct,
            local_pct=gauge.local_share_pct,
            within_ceiling=gauge.within_ceiling,
            above_floor=gauge.above_floor,
        )


class CoFunding(BaseModel):
    """Whether the co-funding holds: over the whole plan, per year, and forward at the present pace.

    `floor_breaks_on` is the day on which released local money no longer carries its part of what is spent; null when
    it lasts to the plan's end.
    """

    ceiling_pct: int
    floor_pct: int
    committed: Share
    released: Share
    received: Share
    spent: Share
    spent_by_year: dict[int, Share]
    floor_breaks_on: date | None


class Instalment(BaseModel):
    """A payment that the schedule expects."""

    commitment: str
    due: date
    amount_ore: int
    received_ore: int
    status: str

    @classmethod
    def of(cls, item: financing.Instalment) -> "Instalment":
        """Make the shape from the figures."""
        return cls(
            commitment=item.commitment,
            due=item.due_on,
            amount_ore=item.amount_ore,
            received_ore=item.received_ore,
            status=item.status,
        )


class Plan(BaseModel):
    """A plan's financing: `local_share_pct` is what municipality and housing organisation carry of what is agreed."""

    plan: str
    areas: list[str]
    start: date
    end: date
    as_of: date
    committed_ore: int
    released_ore: int
    received_ore: int
    spent_ore: int
    remaining_ore: int
    in_kind_ore: int
    unconfirmed_ore: int
    local_share_pct: float | None
    locked_years: list[int]
    seal: str
    commitments: list[Commitment]
    co_funding: CoFunding
    instalments: list[Instalment]

    @classmethod
    def of(
        cls,
        row: rows.Plan,
        commitments: Sequence[Commitment],
        instalments: Iterable[financing.Instalment],
        carried: Mapping[int, financing.Gauge],
        as_of: date,
    ) -> "Plan":
        """Make the shape from the row, its commitments, their schedules, and who carried the expenses of each year."""
        committed_ore = sum(item.committed_ore for item in commitments)
        local_ore = sum(item.committed_ore for item in commitments if item.funder_kind in LOCAL_KINDS)
        return cls(
            plan=row.plan,
            areas=list(row.areas),
            start=row.start_on,
            end=row.end_on,
            as_of=as_of,
            committed_ore=committed_ore,
            released_ore=sum(item.released_ore for item in commitments),
            received_ore=sum(item.received_ore for item in commitments),
            spent_ore=row.spent_ore,
            remaining_ore=row.agreed_ore - row.spent_ore,
            in_kind_ore=sum(item.committed_ore for item in commitments if item.in_kind),
            unconfirmed_ore=sum(item.committed_ore for item in commitments if item.confirmed_on is None),
            local_share_pct=money.percent(local_ore, committed_ore),
            locked_years=list(row.locked_years),
            seal=row.seal.hex(),
            commitments=list(commitments),
            co_funding=_co_funding(row, commitments, carried, as_of),
            instalments=[Instalment.of(item) for item in instalments],
        )


def _co_funding(
    row: rows.Plan, commitments: Sequence[Commitment], carried: Mapping[int, financing.Gauge], as_of: date
) -> CoFunding:
    released = financing.Gauge.of((item.funder_kind, item.released_ore) for item in commitments)
    spent = financing.Gauge.of((item.funder_kind, item.spent_ore) for item in commitments)
    return CoFunding(
        ceiling_pct=CEILING_PERCENT,
        floor_pct=FLOOR_PERCENT,
        committed=Share.of(financing.Gauge.of((item.funder_kind, item.committed_ore) for item in commitments)),
        released=Share.of(released),
        received=Share.of(financing.Gauge.of((item.funder_kind, item.received_ore) for item in commitments)),
        spent=Share.of(spent),
        spent_by_year={year: Share.of(gauge) for year, gauge in carried.items()},
        floor_breaks_on=financing.floor_breaks_on(
            row, as_of, spent_ore=spent.fund_ore + spent.local_ore, local_released_ore=released.local_ore
        ),
    )


class PlanLine(BaseModel):
    """A plan in the list of plans."""

    plan: str
    areas: list[str]
    start: date
    end: date
    agreed_ore: int
    spent_ore: int
    locked_years: list[int]

    @classmethod
    def of(cls, row: rows.Plan) -> "PlanLine":
        """Make the shape from the row."""
        return cls(
            plan=row.plan,
            areas=list(row.areas),
            start=row.start_on,
            end=row.end_on,
            agreed_ore=row.agreed_ore,
            spent_ore=row.spent_ore,
            locked_years=list(row.locked_years),
        )


class Plans(BaseModel):
    """The plans that the reader may see."""

    plans: list[PlanLine]
