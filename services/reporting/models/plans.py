"""What reporting knows of plans: their life, partners, goals and milestones."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.reporting.models.table import Table


class Plan(Table, table=True):
    """A helhedsplan: the areas that it was approved for, and of these in the same order those that it belongs to."""

    __tablename__: ClassVar[str] = "plan"

    plan: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    pool: str = Field(sa_type=Text)
    approved_areas: list[str] = Field(sa_type=ARRAY(Text))
    areas: list[str] = Field(sa_type=ARRAY(Text))
    start_on: date
    end_on: date


class PlanConsent(Table, table=True):
    """A fact: an area consented to a plan that another area had approved for it."""

    __tablename__: ClassVar[str] = "plan_consent"

    plan: str = Field(sa_type=Text, primary_key=True)
    area: str = Field(sa_type=Text, primary_key=True)


class PlanEnd(Table, table=True):
    """The end that an extension gave a plan."""

    __tablename__: ClassVar[str] = "plan_end"

    plan: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    end_on: date


class Milestone(Table, table=True):
    """What a plan will have done by a day; each event fills in what it knows."""

    __tablename__: ClassVar[str] = "milestone"

    plan: str = Field(sa_type=Text, primary_key=True)
    milestone: str = Field(sa_type=Text, primary_key=True)
    title: str | None = Field(sa_type=Text)
    due_on: date | None
    effort_area: str | None = Field(sa_type=Text)
    sequence: int | None = Field(sa_type=BigInteger)
    reached_on: date | None


class PlanClose(Table, table=True):
    """The day on which a plan was closed; it is closed once."""

    __tablename__: ClassVar[str] = "plan_close"

    plan: str = Field(sa_type=Text, primary_key=True)
    closed_on: date


class Partnership(Table, table=True):
    """A fact: an organisation took a role in a plan, or gave it up."""

    __tablename__: ClassVar[str] = "partnership"

    plan: str = Field(sa_type=Text, primary_key=True)
    organisation: str = Field(sa_type=Text, primary_key=True)
    role: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    has_joined: bool
    changed_on: date


class Goal(Table, table=True):
    """What a plan wants to reach: the latest word on it."""

    __tablename__: ClassVar[str] = "goal"

    plan: str = Field(sa_type=Text, primary_key=True)
    goal: str = Field(sa_type=Text, primary_key=True)
    effort_area: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    indicator: str | None = Field(sa_type=Text)
    baseline: Decimal | None = Field(max_digits=14, decimal_places=4)
    target: Decimal | None = Field(max_digits=14, decimal_places=4)
    # The figure that its value is read from, and of what; as the event says it.
    measure: dict[str, Any] | None = Field(sa_type=JSONB)
    sequence: int = Field(sa_type=BigInteger)


class Assessment(Table, table=True):
    """How far a goal was reached in a year: the latest word on it."""

    __tablename__: ClassVar[str] = "assessment"

    plan: str = Field(sa_type=Text, primary_key=True)
    goal: str = Field(sa_type=Text, primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    attainment: str = Field(sa_type=Text)
    value: Decimal | None = Field(max_digits=14, decimal_places=4)
    comment: str | None = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)
