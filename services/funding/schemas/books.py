"""The shapes of a plan's books: expenses, entries, balances, and what a verification found."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel

from services.funding.domain import rows
from services.funding.domain.auditing import Finding


class Expense(BaseModel):
    """An expense and who carries it; when it was taken back, by what, under which day and why."""

    expense: str
    area: str
    line: str
    amount_ore: int
    incurred_on: date
    voucher: str
    text: str
    activity: str | None
    shares: dict[str, int]
    reversal: str | None
    reversed_on: date | None
    reversal_reason: str | None

    @classmethod
    def of(cls, row: rows.Expense) -> "Expense":
        """Make the shape from the row."""
        values = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**{**values, "shares": dict(row.shares)})


class Expenses(BaseModel):
    """A page of expenses; `next` is the cursor of the one that follows."""

    expenses: list[Expense]
    next: str | None


class Side(BaseModel):
    """One account of an entry: its balance before and after, and how many entries it then has."""

    account: str
    before_ore: int
    after_ore: int
    version: int


class Entry(BaseModel):
    """Money that went from one account to another; who sent the event, by an opaque name, is told to auditors."""

    sequence: int
    place: int
    booked_on: date
    amount_ore: int
    from_side: Side
    to_side: Side
    author: str | None = None

    @classmethod
    def of(cls, sequence: int, row: rows.Entry, author: str | None) -> "Entry":
        """Make the shape from the row, its event's sequence and who sent that."""
        return cls(
            sequence=sequence,
            place=row.place,
            booked_on=row.booked_on,
            author=author,
            amount_ore=row.amount_ore,
            from_side=Side(
                account=row.from_account,
                before_ore=row.from_before_ore,
                after_ore=row.from_after_ore,
                version=row.from_version,
            ),
            to_side=Side(
                account=row.to_account, before_ore=row.to_before_ore, after_ore=row.to_after_ore, version=row.to_version
            ),
        )


class Ledger(BaseModel):
    """A page of a plan's entries; `next` is the cursor of the one that follows, `seal` the end of the plan's chain."""

    plan: str
    seals: int
    seal: str
    entries: list[Entry]
    next: str | None


class Verification(BaseModel):
    """What a verification read, and what does not fit."""

    plans: int
    events: int
    entries: int
    findings: list[Finding]


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
