"""The registry's tables. They declare; every statement that reads or writes them stands in `store.py`."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.backbone.tables import (
    DeadLetterTable,
    EventLogHeadTable,
    EventLogTable,
    PositionTable,
    named_constraints,
)


class Table(SQLModel, registry=registry(metadata=named_constraints())):
    """A table of the registry's database."""


class EventLog(EventLogTable, Table, table=True):
    """What the registry accepted."""


class EventLogHead(EventLogHeadTable, Table, table=True):
    """The last sequence of the registry's log."""


class Position(PositionTable, Table, table=True):
    """How far the registry's relay has come."""


class DeadLetter(DeadLetterTable, Table, table=True):
    """What the registry could not apply."""


class Pool(Table, table=True):
    """A funding period of Landsbyggefonden's."""

    __tablename__ = "pool"
    __table_args__: Any = (CheckConstraint("start_on <= end_on", name="pool_dates_in_order"),)

    pool: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    start_on: date
    end_on: date
    effort_areas: list[str] = Field(sa_type=ARRAY(Text))
    effort_area_names: list[str] = Field(sa_type=ARRAY(Text))


class Area(Table, table=True):
    """A housing area."""

    __tablename__ = "area"

    area: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    municipality: str = Field(sa_type=Text)
    residents: int | None
    departments: list[str] = Field(sa_type=ARRAY(Text))


class Organisation(Table, table=True):
    """An organisation that takes part somewhere."""

    __tablename__ = "organisation"

    organisation: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    cvr: str | None = Field(sa_type=Text)


class Plan(Table, table=True):
    """A helhedsplan."""

    __tablename__ = "plan"
    __table_args__: Any = (
        CheckConstraint("start_on <= end_on", name="plan_dates_in_order"),
        CheckConstraint("cardinality(areas) > 0", name="plan_has_an_area"),
        Index("plan_by_areas", "areas", postgresql_using="gin"),
    )

    plan: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    pool: str = Field(sa_column_args=[ForeignKey("pool.pool")], sa_type=Text)
    areas: list[str] = Field(sa_type=ARRAY(Text))
    start_on: date
    end_on: date
    approval_reference: str = Field(sa_type=Text)


class Activity(Table, table=True):
    """An activity of a plan in one area."""

    __tablename__ = "activity"
    __table_args__: Any = (
        CheckConstraint("start_on <= end_on", name="activity_dates_in_order"),
        CheckConstraint("ended_on IS NULL OR started_on <= ended_on", name="activity_started_before_ended"),
        CheckConstraint("enrolled >= 0 AND enrolled <= capacity", name="activity_within_capacity"),
        Index(None, "area"),
        Index(None, "plan"),
    )

    activity: str = Field(sa_type=Text, primary_key=True)
    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text)
    area: str = Field(sa_column_args=[ForeignKey("area.area")], sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    effort_area: str = Field(sa_type=Text)
    start_on: date
    end_on: date
    fixed: bool
    capacity: int | None
    target_group: str | None = Field(sa_type=Text)
    started_on: date | None
    ended_on: date | None
    enrolled: int


class Enrolment(Table, table=True):
    """A participant in an activity, once per course; `course` is empty where there is none."""

    __tablename__ = "enrolment"
    __table_args__: Any = (
        CheckConstraint("left_on IS NULL OR enrolled_on <= left_on", name="enrolment_dates_in_order"),
    )

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    course: str = Field(sa_type=Text, primary_key=True)
    enrolled_on: date
    left_on: date | None
    age_band: str = Field(sa_type=Text)
    gender: str | None = Field(sa_type=Text)


class Attendance(Table, table=True):
    """What was recorded of a session, each time it was; the latest sequence of a session is what counts."""

    __tablename__ = "attendance"
    __table_args__: Any = (
        CheckConstraint("(participants IS NULL) <> (headcount IS NULL)", name="attendance_counts_one_way"),
        Index("attendance_by_session", "activity", "session", "sequence"),
    )

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text)
    session: str = Field(sa_type=Text)
    held_on: date
    participants: list[str] | None = Field(sa_type=ARRAY(Text))
    headcount: int | None
    hours: Decimal | None = Field(max_digits=4, decimal_places=2)


metadata = Table.metadata
