"""Funding's HTTP shapes. Amounts are integer øre."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from services.funding.domain import rows
from services.funding.domain.commitments import LOCAL_KINDS
from shared import money


class Commitment(BaseModel):
    """What a funder has promised, and how far it has come; the regulation account is received less spent."""

    commitment: str
    funder: str
    funder_kind: str
    in_kind: bool
    reference: str
    date: date
    committed_ore: int
    released_ore: int
    received_ore: int
    spent_ore: int
    regulation_account_ore: int

    @classmethod
    def of(cls, row: rows.Commitment, spent_ore: int) -> "Commitment":
        """Make the shape from the row and what the funder has carried of the expenses."""
        return cls(
            commitment=row.commitment,
            funder=row.funder,
            funder_kind=row.funder_kind,
            in_kind=row.in_kind,
            reference=row.reference,
            date=row.committed_on,
            committed_ore=row.amount_ore,
            released_ore=row.released_ore,
            received_ore=row.received_ore,
            spent_ore=spent_ore,
            regulation_account_ore=row.received_ore - spent_ore,
        )


class Plan(BaseModel):
    """A plan's financing: `local_share_pct` is what municipality and housing organisation carry of what is agreed."""

    plan: str
    areas: list[str]
    start: date
    end: date
    committed_ore: int
    released_ore: int
    received_ore: int
    spent_ore: int
    remaining_ore: int
    local_share_pct: float | None
    commitments: list[Commitment]

    @classmethod
    def of(cls, row: rows.Plan, commitments: Sequence[Commitment]) -> "Plan":
        """Make the shape from the row and the shapes of its commitments."""
        committed_ore = sum(item.committed_ore for item in commitments)
        local_ore = sum(item.committed_ore for item in commitments if item.funder_kind in LOCAL_KINDS)
        return cls(
            plan=row.plan,
            areas=list(row.areas),
            start=row.start_on,
            end=row.end_on,
            committed_ore=committed_ore,
            released_ore=sum(item.released_ore for item in commitments),
            received_ore=sum(item.received_ore for item in commitments),
            spent_ore=row.spent_ore,
            remaining_ore=row.agreed_ore - row.spent_ore,
            local_share_pct=money.percent(local_ore, committed_ore),
            commitments=list(commitments),
        )


class Balance(BaseModel):
    """An account and what stands on it, on the one side or the other."""

    account: str
    debit_ore: int
    credit_ore: int


class TrialBalance(BaseModel):
    """All accounts of a plan; the two totals are equal, or the ledger is broken."""

    plan: str
    on: date | None
    accounts: list[Balance]
    debit_ore: int
    credit_ore: int

    @classmethod
    def of(cls, plan: str, on: date | None, balances: Mapping[str, int]) -> "TrialBalance":
        """Make the shape from the balance in øre of each account: above zero is debit, below is credit."""
        accounts = [
            Balance(account=account, debit_ore=max(balance_ore, 0), credit_ore=max(-balance_ore, 0))
            for account, balance_ore in balances.items()
        ]
        return cls(
            plan=plan,
            on=on,
            accounts=accounts,
            debit_ore=sum(item.debit_ore for item in accounts),
            credit_ore=sum(item.credit_ore for item in accounts),
        )
