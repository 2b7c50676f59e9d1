"""Funding's tables. They declare; every statement that reads or writes them stands in `store`."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.backbone.tables import (
    DeadLetterTable,
    DeedTable,
    EventLogHeadTable,
    EventLogTable,
    ForgeryTable,
    LogEpochTable,
    LookupHeadTable,
    LookupPersonTable,
    LookupTable,
    PartingTable,
    PositionTable,
    RejectionTable,
    named_constraints,
)


class Table(SQLModel, registry=registry(metadata=named_constraints())):
    """A table of funding's database."""


class EventLog(EventLogTable, Table, table=True):
    """What funding accepted."""


class EventLogHead(EventLogHeadTable, Table, table=True):
    """The last sequence of funding's log."""


class Position(PositionTable, Table, table=True):
    """How far funding's relay and its consumer have come."""


class DeadLetter(DeadLetterTable, Table, table=True):
    """What funding could not apply."""


class Deed(DeedTable, Table, table=True):
    """What operators of funding did that no event says."""


class Rejection(RejectionTable, Table, table=True):
    """What funding refused."""


class Forgery(ForgeryTable, Table, table=True):
    """What funding found on a stream that its owner did not sign."""


class LogEpoch(LogEpochTable, Table, table=True):
    """The identities that funding's log has had."""


class Lookup(LookupTable, Table, table=True):
    """Who looked at data of single persons in funding."""


class LookupHead(LookupHeadTable, Table, table=True):
    """The last of them."""


class LookupPerson(LookupPersonTable, Table, table=True):
    """Who was shown by them."""


class Parting(PartingTable, Table, table=True):
    """With whom funding has parted."""


class Plan(Table, table=True):
    """A helhedsplan, as the registry told of it, with the totals that bookings are held against."""

    __tablename__: ClassVar[str] = "plan"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("spent_ore BETWEEN 0 AND agreed_ore", name="plan_spent_within_agreed"),
    )

    plan: str = Field(sa_type=Text, primary_key=True)
    pool: str = Field(sa_type=Text)
    areas: list[str] = Field(sa_type=ARRAY(Text))
    start_on: date
    end_on: date
    agreed_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)
    budget_version: int
    seals: int = Field(sa_type=BigInteger)
    seal: bytes = Field(sa_type=LargeBinary)


class Pool(Table, table=True):
    """A funding period's effort areas, as the registry told of them."""

    __tablename__: ClassVar[str] = "pool"

    pool: str = Field(sa_type=Text, primary_key=True)
    effort_areas: list[str] = Field(sa_type=ARRAY(Text))


class Activity(Table, table=True):
    """An activity, as the registry told of it."""

    __tablename__: ClassVar[str] = "activity"

    activity: str = Field(sa_type=Text, primary_key=True)
    plan: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)


class Commitment(Table, table=True):
    """What a funder has promised a plan."""

    __tablename__: ClassVar[str] = "commitment"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("amount_ore > 0", name="commitment_amount_positive"),
        CheckConstraint("released_ore BETWEEN 0 AND amount_ore", name="commitment_released_within_committed"),
        CheckConstraint("received_ore BETWEEN 0 AND released_ore", name="commitment_received_within_released"),
        Index(None, "plan"),
    )

    commitment: str = Field(sa_type=Text, primary_key=True)
    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text)
    funder: str = Field(sa_type=Text)
    funder_kind: str = Field(sa_type=Text)
    amount_ore: int = Field(sa_type=BigInteger)
    in_kind: bool
    reference: str = Field(sa_type=Text)
    committed_on: date
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    withheld_on: date | None
    withheld_reason: str | None = Field(sa_type=Text)
    confirmed_on: date | None


class Receipt(Table, table=True):
    """An instalment that came in."""

    __tablename__: ClassVar[str] = "receipt"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("amount_ore > 0", name="receipt_amount_positive"),
        Index(None, "commitment"),
    )

    receipt: str = Field(sa_type=Text, primary_key=True)
    commitment: str = Field(sa_column_args=[ForeignKey("commitment.commitment")], sa_type=Text)
    amount_ore: int = Field(sa_type=BigInteger)
    received_on: date
    reference: str | None = Field(sa_type=Text)


class Expense(Table, table=True):
    """An expense that was booked."""

    __tablename__: ClassVar[str] = "expense"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("amount_ore > 0", name="expense_amount_positive"),
        CheckConstraint(
            "(reversal IS NULL) = (reversed_on IS NULL) AND reversed_on >= incurred_on", name="expense_reversed_after"
        ),
        UniqueConstraint("reversal", name="expense_reversal_once"),
        Index("expense_by_plan", "plan", "incurred_on", "expense"),
    )

    expense: str = Field(sa_type=Text, primary_key=True)
    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text)
    area: str = Field(sa_type=Text)
    line: str = Field(sa_type=Text)
    amount_ore: int = Field(sa_type=BigInteger)
    incurred_on: date
    voucher: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    activity: str | None = Field(sa_type=Text)
    shares: dict[str, int] = Field(sa_type=JSONB)
    reversal: str | None = Field(sa_type=Text)
    reversed_on: date | None
    reversal_reason: str | None = Field(sa_type=Text)


class BudgetLine(Table, table=True):
    """A line of a plan's budget as it stands after every revision."""

    __tablename__: ClassVar[str] = "budget_line"
    __table_args__: ClassVar[Any] = (CheckConstraint("amount_ore >= 0", name="budget_line_not_below_zero"),)

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    line: str = Field(sa_type=Text, primary_key=True)
    effort_area: str = Field(sa_type=Text)
    cost_type: str = Field(sa_type=Text)
    year: int
    amount_ore: int = Field(sa_type=BigInteger)


class BudgetVersion(Table, table=True):
    """A version of a plan's budget, as the difference from the one before; rows are added, never changed."""

    __tablename__: ClassVar[str] = "budget_version"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("kind IN ('approved', 'reallocation', 'carry_forward')", name="budget_version_kind_known"),
    )

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(sa_type=Text)
    approval_reference: str = Field(sa_type=Text)
    approved_on: date
    changes: dict[str, int] = Field(sa_type=JSONB)


class Statement(Table, table=True):
    """The annual statement of a plan's year."""

    __tablename__: ClassVar[str] = "statement"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("status IN ('submitted', 'returned', 'accepted')", name="statement_status_known"),
        CheckConstraint("(status = 'submitted') = (decided_on IS NULL)", name="statement_decided_or_submitted"),
    )

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    status: str = Field(sa_type=Text)
    submitted_on: date
    decided_on: date | None
    auditor_reference: str | None = Field(sa_type=Text)
    remarks: str | None = Field(sa_type=Text)
    explanations: dict[str, str] = Field(sa_type=JSONB)


class Account(Table, table=True):
    """An account of a plan and what stands on it."""

    __tablename__: ClassVar[str] = "account"
    __table_args__: ClassVar[Any] = (CheckConstraint("version > 0", name="account_has_an_entry"),)

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    account: str = Field(sa_type=Text, primary_key=True)
    balance_ore: int = Field(sa_type=BigInteger)
    version: int = Field(sa_type=BigInteger)


class LedgerEntry(Table, table=True):
    """Money that went from one account to another; rows are added, never changed.

    That its event is in the log the seal of the event vouches for: to check it for each entry was a third of booking.
    """

    __tablename__: ClassVar[str] = "ledger_entry"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("amount_ore > 0", name="ledger_entry_amount_positive"),
        CheckConstraint("from_account <> to_account", name="ledger_entry_between_two_accounts"),
        CheckConstraint("from_after_ore = from_before_ore - amount_ore", name="ledger_entry_from_adds_up"),
        CheckConstraint("to_after_ore = to_before_ore + amount_ore", name="ledger_entry_to_adds_up"),
        Index("ledger_entry_by_plan", "plan", "sequence", "place"),
    )

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    plan: str = Field(sa_type=Text)
    booked_on: date
    amount_ore: int = Field(sa_type=BigInteger)
    from_account: str = Field(sa_type=Text)
    from_before_ore: int = Field(sa_type=BigInteger)
    from_after_ore: int = Field(sa_type=BigInteger)
    from_version: int = Field(sa_type=BigInteger)
    to_account: str = Field(sa_type=Text)
    to_before_ore: int = Field(sa_type=BigInteger)
    to_after_ore: int = Field(sa_type=BigInteger)
    to_version: int = Field(sa_type=BigInteger)


class LedgerSeal(Table, table=True):
    """The digest that closes an event over all that came before it in its plan; rows are added, never changed."""

    __tablename__: ClassVar[str] = "ledger_seal"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["sequence"], ["event_log.sequence"], name="ledger_seal_event_known"),
        UniqueConstraint("plan", "number", name="ledger_seal_one_chain"),
    )

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    plan: str = Field(sa_type=Text)
    number: int = Field(sa_type=BigInteger)
    digest: bytes = Field(sa_type=LargeBinary)


metadata = Table.metadata
