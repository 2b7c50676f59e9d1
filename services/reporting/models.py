"""Reporting's tables: what it knows of things, the facts, and the rollups folded from them.

They declare; every statement that reads or writes them stands in `store.py` or in `folds/`. The log of each owner is
the record: all of this can be thrown away and folded again.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.backbone.tables import DeadLetterTable, Moment, PositionTable, named_constraints


class Table(SQLModel, registry=registry(metadata=named_constraints())):
    """A table of reporting's database."""


class Position(PositionTable, Table, table=True):
    """How far each owner's events are folded."""


class DeadLetter(DeadLetterTable, Table, table=True):
    """What reporting could not fold."""


class Freshness(Table, table=True):
    """Of each owner's folded events: when the newest was recorded, and the latest day that any of them concerns."""

    __tablename__: ClassVar[str] = "freshness"

    owner: str = Field(sa_type=Text, primary_key=True)
    recorded: datetime = Field(sa_type=Moment)
    last_fact_on: date | None


class LastEvent(Table, table=True):
    """When each area last said anything, by the sender's own time."""

    __tablename__: ClassVar[str] = "last_event"

    area: str = Field(sa_type=Text, primary_key=True)
    stated: datetime = Field(sa_type=Moment)


class EffortArea(Table, table=True):
    """An effort area of a pool; `place` is its place in the pool."""

    __tablename__: ClassVar[str] = "effort_area"

    pool: str = Field(sa_type=Text, primary_key=True)
    effort_area: str = Field(sa_type=Text, primary_key=True)
    place: int
    name: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)


class Area(Table, table=True):
    """A housing area."""

    __tablename__: ClassVar[str] = "area"

    area: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    municipality: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)


class Plan(Table, table=True):
    """A helhedsplan."""

    __tablename__: ClassVar[str] = "plan"

    plan: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    pool: str = Field(sa_type=Text)
    areas: list[str] = Field(sa_type=ARRAY(Text))
    start_on: date
    end_on: date


class Activity(Table, table=True):
    """An activity; each event fills in what it knows, in whichever order they come."""

    __tablename__: ClassVar[str] = "activity"

    activity: str = Field(sa_type=Text, primary_key=True)
    plan: str | None = Field(sa_type=Text)
    area: str | None = Field(sa_type=Text)
    kind: str | None = Field(sa_type=Text)
    effort_area: str | None = Field(sa_type=Text)
    planned_on: date | None
    start_on: date | None
    end_on: date | None
    started_on: date | None
    ended_on: date | None


class Enrolment(Table, table=True):
    """A participant in an activity, from the first day on which anybody enrolled them."""

    __tablename__: ClassVar[str] = "enrolment"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    enrolled_on: date


class Session(Table, table=True):
    """What is known of a session: the record with the highest sequence."""

    __tablename__: ClassVar[str] = "session"
    __table_args__: ClassVar[Any] = (Index(None, "held_on"),)

    activity: str = Field(sa_type=Text, primary_key=True)
    session: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    held_on: date
    attendances: int
    hours: Decimal = Field(max_digits=4, decimal_places=2)
    participants: list[str] = Field(sa_type=ARRAY(Text))


class ActivityMonth(Table, table=True):
    """Rollup: the sessions of an activity in a month; `participant_hours` is persons times hours."""

    __tablename__: ClassVar[str] = "activity_month"
    # No check against going below zero: PostgreSQL checks the row that ON CONFLICT is about to add, here a difference.
    __table_args__: ClassVar[Any] = (Index(None, "month"),)

    activity: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    sessions: int
    attendances: int
    participant_hours: Decimal = Field(max_digits=14, decimal_places=2)


class Presence(Table, table=True):
    """Rollup: how many sessions of an activity a participant came to in a month."""

    __tablename__: ClassVar[str] = "presence"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    sessions: int


class Commitment(Table, table=True):
    """What a funder has promised a plan."""

    __tablename__: ClassVar[str] = "commitment"
    __table_args__: ClassVar[Any] = (Index(None, "plan"),)

    commitment: str = Field(sa_type=Text, primary_key=True)
    plan: str = Field(sa_type=Text)
    funder_kind: str = Field(sa_type=Text)
    in_kind: bool


class Movement(Table, table=True):
    """A fact about money: one event's effect on one commitment."""

    __tablename__: ClassVar[str] = "movement"
    __table_args__: ClassVar[Any] = (Index(None, "moved_on"),)

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    commitment: str = Field(sa_type=Text, primary_key=True)
    moved_on: date
    committed_ore: int = Field(sa_type=BigInteger)
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)


class CommitmentMonth(Table, table=True):
    """Rollup: what moved on a commitment in a month, in øre."""

    __tablename__: ClassVar[str] = "commitment_month"

    commitment: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    committed_ore: int = Field(sa_type=BigInteger)
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)


metadata = Table.metadata
