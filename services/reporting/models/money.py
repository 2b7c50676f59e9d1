"""What reporting knows of money: facts by event, and the rollups folded from them, in øre."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.table import Table


class Commitment(Table, table=True):
    """What a funder has promised a plan."""

    __tablename__: ClassVar[str] = "commitment"
    __table_args__: ClassVar[Any] = (Index(None, "plan"),)

    commitment: str = Field(sa_type=Text, primary_key=True)
    plan: str = Field(sa_type=Text)
    funder: str = Field(sa_type=Text)
    funder_kind: str = Field(sa_type=Text)
    in_kind: bool
    reference: str = Field(sa_type=Text)
    committed_on: date


class Movement(Table, table=True):
    """A fact about money: one event's effect on one commitment; `fact` is the receipt or expense, if any."""

    __tablename__: ClassVar[str] = "movement"
    __table_args__: ClassVar[Any] = (Index(None, "commitment", "moved_on"),)

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    commitment: str = Field(sa_type=Text, primary_key=True)
    fact: str | None = Field(sa_type=Text)
    moved_on: date
    committed_ore: int = Field(sa_type=BigInteger)
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)


class StatementWord(Table, table=True):
    """A fact: what was said of a plan's annual statement, submitted, returned or accepted."""

    __tablename__: ClassVar[str] = "statement_word"

    plan: str = Field(sa_type=Text, primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(sa_type=Text)
    said_on: date
    auditor_reference: str | None = Field(sa_type=Text)
    remarks: str | None = Field(sa_type=Text)
    explanations: Any = Field(sa_type=JSONB)


class CommitmentMonth(Table, table=True):
    """Rollup: what moved on a commitment in a month, in øre."""

    __tablename__: ClassVar[str] = "commitment_month"

    commitment: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    committed_ore: int = Field(sa_type=BigInteger)
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)


class CommitmentDay(Table, table=True):
    """Rollup: what moved on a commitment on a day, in øre."""

    __tablename__: ClassVar[str] = "commitment_day"
    __table_args__: ClassVar[Any] = (Index(None, "day"),)

    commitment: str = Field(sa_type=Text, primary_key=True)
    day: date = Field(primary_key=True)
    committed_ore: int = Field(sa_type=BigInteger)
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)


class Confirmation(Table, table=True):
    """A fact: the network stands by a commitment, which until then an area alone has stated."""

    __tablename__: ClassVar[str] = "confirmation"

    commitment: str = Field(sa_type=Text, primary_key=True)
    confirmed_on: date
    reference: str | None = Field(sa_type=Text)


class Withholding(Table, table=True):
    """A fact: a funder held back what it owes, or pays again."""

    __tablename__: ClassVar[str] = "withholding"

    commitment: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    is_withheld: bool
    changed_on: date
    reason: str | None = Field(sa_type=Text)


class Receipt(Table, table=True):
    """A fact: an instalment that came in."""

    __tablename__: ClassVar[str] = "receipt"
    __table_args__: ClassVar[Any] = (Index(None, "commitment"),)

    receipt: str = Field(sa_type=Text, primary_key=True)
    commitment: str = Field(sa_type=Text)
    amount_ore: int = Field(sa_type=BigInteger)
    received_on: date
    reference: str | None = Field(sa_type=Text)


class Expense(Table, table=True):
    """An expense; its booking and what took it back each fill in what they know."""

    __tablename__: ClassVar[str] = "expense"
    __table_args__: ClassVar[Any] = (Index(None, "plan", "incurred_on"), Index(None, "plan", "reversed_on"))

    expense: str = Field(sa_type=Text, primary_key=True)
    plan: str | None = Field(sa_type=Text)
    area: str | None = Field(sa_type=Text)
    activity: str | None = Field(sa_type=Text)
    line: str | None = Field(sa_type=Text)
    amount_ore: int | None = Field(sa_type=BigInteger)
    incurred_on: date | None
    voucher: str | None = Field(sa_type=Text)
    text: str | None = Field(sa_type=Text)
    reversal: str | None = Field(sa_type=Text)
    reversed_on: date | None
    booked_sequence: int | None = Field(sa_type=BigInteger)
    reversed_sequence: int | None = Field(sa_type=BigInteger)


class LineMonth(Table, table=True):
    """Rollup: what was spent on a line of a plan in a month, by area and activity; '' where no activity is named."""

    __tablename__: ClassVar[str] = "line_month"

    plan: str = Field(sa_type=Text, primary_key=True)
    line: str = Field(sa_type=Text, primary_key=True)
    area: str = Field(sa_type=Text, primary_key=True)
    activity: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    spent_ore: int = Field(sa_type=BigInteger)


class BudgetLine(Table, table=True):
    """What a line of a plan's budget is for: the latest word on it."""

    __tablename__: ClassVar[str] = "budget_line"

    plan: str = Field(sa_type=Text, primary_key=True)
    line: str = Field(sa_type=Text, primary_key=True)
    effort_area: str = Field(sa_type=Text)
    cost_type: str = Field(sa_type=Text)
    year: int
    sequence: int = Field(sa_type=BigInteger)


class BudgetVersion(Table, table=True):
    """A fact: a version of a plan's budget, which its events' order numbers; `changes` is øre by line."""

    __tablename__: ClassVar[str] = "budget_version"

    plan: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(sa_type=Text)
    approval_reference: str = Field(sa_type=Text)
    approved_on: date
    changes: Any = Field(sa_type=JSONB)
