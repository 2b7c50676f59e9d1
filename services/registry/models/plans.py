"""The tables of plans: their partners, goals and milestones."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.models.table import Table


class Plan(Table, table=True):
    """A helhedsplan."""

    __tablename__: ClassVar[str] = "plan"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("start_on <= end_on", name="plan_dates_in_order"),
        CheckConstraint("start_on <= closed_on", name="plan_closed_after_its_start"),
        CheckConstraint("cardinality(areas) > 0", name="plan_has_an_area"),
        CheckConstraint("NOT areas && invited", name="plan_invites_no_area_of_its_own"),
        Index("plan_by_areas", "areas", postgresql_using="gin"),
    )

    plan: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    pool: str = Field(sa_column_args=[ForeignKey("pool.pool")], sa_type=Text)
    areas: list[str] = Field(sa_type=ARRAY(Text))
    start_on: date
    end_on: date
    approval_reference: str = Field(sa_type=Text)
    closed_on: date | None
    # Areas that the plan was approved for and that have not consented; it does not belong to them.
    invited: list[str] = Field(sa_type=ARRAY(Text))


class AcceptedStatement(Table, table=True):
    """A year of a plan whose annual statement funding has accepted."""

    __tablename__: ClassVar[str] = "accepted_statement"

    plan: str = Field(sa_type=Text, primary_key=True)
    year: int = Field(primary_key=True)


class Partnership(Table, table=True):
    """An organisation in a role of a plan, once for each time."""

    __tablename__: ClassVar[str] = "partnership"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("joined_on <= left_on", name="partnership_dates_in_order"),
        Index(
            "partnership_open_once",
            "plan",
            "organisation",
            "role",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    organisation: str = Field(sa_column_args=[ForeignKey("organisation.organisation")], sa_type=Text, primary_key=True)
    role: str = Field(sa_type=Text, primary_key=True)
    joined_on: date = Field(primary_key=True)
    left_on: date | None


class Goal(Table, table=True):
    """What a plan wants to reach in an effort area."""

    __tablename__: ClassVar[str] = "goal"

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    goal: str = Field(sa_type=Text, primary_key=True)
    effort_area: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    indicator: str | None = Field(sa_type=Text)
    baseline: Decimal | None = Field(max_digits=14, decimal_places=4)
    target: Decimal | None = Field(max_digits=14, decimal_places=4)
    # The figure that it is measured by.
    figure: str | None = Field(sa_type=Text)


class Assessment(Table, table=True):
    """How far a goal was reached in a year."""

    __tablename__: ClassVar[str] = "assessment"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["plan", "goal"], ["goal.plan", "goal.goal"], name="assessment_goal_known"),
    )

    plan: str = Field(sa_type=Text, primary_key=True)
    goal: str = Field(sa_type=Text, primary_key=True)
    year: int = Field(primary_key=True)
    attainment: str = Field(sa_type=Text)
    value: Decimal | None = Field(max_digits=14, decimal_places=4)
    comment: str | None = Field(sa_type=Text)


class Milestone(Table, table=True):
    """Something that a plan will have done by a day."""

    __tablename__: ClassVar[str] = "milestone"

    plan: str = Field(sa_column_args=[ForeignKey("plan.plan")], sa_type=Text, primary_key=True)
    milestone: str = Field(sa_type=Text, primary_key=True)
    title: str = Field(sa_type=Text)
    due_on: date
    effort_area: str | None = Field(sa_type=Text)
    reached_on: date | None
    evidence: str | None = Field(sa_type=Text)
