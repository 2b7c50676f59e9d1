"""The tables of activities: their courses, mentors and micro-businesses, and what is shared of them."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.models.table import Table
from shared.backbone.tables import Moment


class Activity(Table, table=True):
    """An activity of a plan in one area."""

    __tablename__: ClassVar[str] = "activity"
    __table_args__: ClassVar[Any] = (
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


class Anchoring(Table, table=True):
    """Who carries an activity on after the plan."""

    __tablename__: ClassVar[str] = "anchoring"

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    organisation: str = Field(sa_column_args=[ForeignKey("organisation.organisation")], sa_type=Text)
    from_on: date
    funding_note: str | None = Field(sa_type=Text)


class Course(Table, table=True):
    """A course of an activity."""

    __tablename__: ClassVar[str] = "course"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("start_on <= end_on", name="course_dates_in_order"),
        CheckConstraint("start_on <= closed_on", name="course_closed_after_its_start"),
        Index(None, "activity"),
    )

    course: str = Field(sa_type=Text, primary_key=True)
    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text)
    start_on: date
    end_on: date
    closed_on: date | None


class Mentoring(Table, table=True):
    """An organisation as mentor of an activity, once for each time."""

    __tablename__: ClassVar[str] = "mentoring"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("engaged_on <= released_on", name="mentoring_dates_in_order"),
        Index(
            "mentoring_open_once", "activity", "organisation", unique=True, postgresql_where=text("released_on IS NULL")
        ),
    )

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    organisation: str = Field(sa_column_args=[ForeignKey("organisation.organisation")], sa_type=Text, primary_key=True)
    engaged_on: date = Field(primary_key=True)
    released_on: date | None


class Business(Table, table=True):
    """A micro-business of an activity."""

    __tablename__: ClassVar[str] = "business"
    __table_args__: ClassVar[Any] = (CheckConstraint("founded_on <= closed_on", name="business_dates_in_order"),)

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    business: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    members: list[str] = Field(sa_type=ARRAY(Text))
    founded_on: date
    closed_on: date | None


class Practice(Table, table=True):
    """What an activity shares with the network."""

    __tablename__: ClassVar[str] = "practice"

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    summary: str = Field(sa_type=Text)
    what_works: str = Field(sa_type=Text)


class Adoption(Table, table=True):
    """An activity took home what another one shares."""

    __tablename__: ClassVar[str] = "adoption"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("activity <> source_activity", name="adoption_from_another"),
        Index(None, "source_activity"),
    )

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    source_activity: str = Field(sa_column_args=[ForeignKey("practice.activity")], sa_type=Text, primary_key=True)
    adaptation: str | None = Field(sa_type=Text)


class Story(Table, table=True):
    """A story of an area; a withdrawn one keeps its name alone."""

    __tablename__: ClassVar[str] = "story"
    __table_args__: ClassVar[Any] = (
        CheckConstraint(
            "CASE WHEN withdrawn THEN num_nonnulls(title, text, consent_reference, published_in) = 0"
            " ELSE num_nulls(title, text, consent_reference) = 0 END",
            name="story_told_or_withdrawn",
        ),
        Index(None, "area"),
    )

    story: str = Field(sa_type=Text, primary_key=True)
    area: str = Field(sa_column_args=[ForeignKey("area.area")], sa_type=Text)
    title: str | None = Field(sa_type=Text)
    text: str | None = Field(sa_type=Text)
    activity: str | None = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text)
    lenses: list[str] = Field(sa_type=ARRAY(Text))
    consent_reference: str | None = Field(sa_type=Text)
    published_in: str | None = Field(sa_type=Text)
    published: datetime = Field(sa_type=Moment)
    withdrawn: bool
