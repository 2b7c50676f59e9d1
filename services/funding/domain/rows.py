"""What the ledger's rules read and write: frozen rows that know their key. Owns no rule.

They are named tuples: to make a frozen dataclass takes six times as long, and an expense makes fifteen rows.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Plan(NamedTuple):
    """A helhedsplan as the registry told of it, and the totals that its bookings are held against.

    `agreed_ore` is the money that all commitments promise, contributions in kind apart; `spent_ore` all its expenses
    less those reversed; `budget_version` counts the versions of its budget from 1, 0 before the first. `seals` and
    `seal` are the length and the end of its chain of digests, `locked_years` those whose statement is handed in.
    """

    plan: str
    pool: str
    areas: tuple[str, ...]
    start_on: date
    end_on: date
    commitments: tuple[str, ...] = ()
    locked_years: tuple[int, ...] = ()
    agreed_ore: int = 0
    spent_ore: int = 0
    budget_version: int = 0
    seals: int = 0
    seal: bytes = b""

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.plan


class Pool(NamedTuple):
    """A funding period's effort areas, as the registry told of them."""

    pool: str
    effort_areas: tuple[str, ...]

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.pool


class Activity(NamedTuple):
    """An activity as the registry told of it."""

    activity: str
    plan: str
    area: str

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.activity


class Commitment(NamedTuple):
    """What a funder has promised a plan, how much of it is released and received, and since when it is withheld.

    `confirmed_on` is empty as long as an area alone has stated it.
    """

    commitment: str
    plan: str
    funder: str
    funder_kind: str
    amount_ore: int
    in_kind: bool
    reference: str
    committed_on: date
    released_ore: int = 0
    received_ore: int = 0
    withheld_on: date | None = None
    withheld_reason: str | None = None
    confirmed_on: date | None = None

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.commitment


class Receipt(NamedTuple):
    """An instalment that came in."""

    receipt: str
    commitment: str
    amount_ore: int
    received_on: date
    reference: str | None

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.receipt


class Expense(NamedTuple):
    """An expense that was booked; `shares` is what each commitment carries of it.

    `reversal` names what took it back, and `reversed_on` the day under which that is booked.
    """

    expense: str
    plan: str
    area: str
    line: str
    amount_ore: int
    incurred_on: date
    voucher: str
    text: str
    activity: str | None
    shares: Mapping[str, int]
    reversal: str | None = None
    reversed_on: date | None = None
    reversal_reason: str | None = None

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.expense


class Reversal(NamedTuple):
    """The name of a reversal; kept so that it is used once."""

    reversal: str
    expense: str

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.reversal


class BudgetLine(NamedTuple):
    """A line of a plan's budget as it stands after every revision."""

    plan: str
    line: str
    effort_area: str
    cost_type: str
    year: int
    amount_ore: int

    @property
    def key(self) -> tuple[str, str]:
        """Give the plan and the line's name."""
        return self.plan, self.line


class BudgetVersion(NamedTuple):
    """A version of a plan's budget: what made it, and by which line it differs from the one before.

    `changes` is insert-only, like the entries of the ledger; below zero is what a line gave up.
    """

    plan: str
    version: int
    kind: str
    approval_reference: str
    approved_on: date
    changes: Mapping[str, int]

    @property
    def key(self) -> tuple[str, int]:
        """Give the plan and the version."""
        return self.plan, self.version


class Statement(NamedTuple):
    """The annual statement of a plan's year: `status` is submitted, returned or accepted."""

    plan: str
    year: int
    status: str
    submitted_on: date
    decided_on: date | None
    auditor_reference: str | None
    remarks: str | None
    explanations: Mapping[str, str]

    @property
    def key(self) -> tuple[str, int]:
        """Give the plan and the year."""
        return self.plan, self.year


class Account(NamedTuple):
    """An account of a plan; `version` counts its entries."""

    plan: str
    account: str
    balance_ore: int = 0
    version: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Give the plan and the account's name."""
        return self.plan, self.account


class Entry(NamedTuple):
    """Money that went from one account to another: each side's balance before and after, and its version after."""

    place: int
    plan: str
    booked_on: date
    amount_ore: int
    from_account: str
    from_before_ore: int
    from_after_ore: int
    from_version: int
    to_account: str
    to_before_ore: int
    to_after_ore: int
    to_version: int


class Seal(NamedTuple):
    """The digest that closes one event of a plan over all that came before; `number` counts a plan's from 1."""

    plan: str
    number: int
    digest: bytes
