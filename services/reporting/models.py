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
    name: str | None = Field(sa_type=Text)
    kind: str | None = Field(sa_type=Text)
    effort_area: str | None = Field(sa_type=Text)
    planned_on: date | None
    start_on: date | None
    end_on: date | None
    started_on: date | None
    reopened_sequence: int | None = Field(sa_type=BigInteger)
    ended_on: date | None
    ended_sequence: int | None = Field(sa_type=BigInteger)
    anchored_on: date | None
    anchored_by: str | None = Field(sa_type=Text)
    anchored_from: date | None
    anchored_sequence: int | None = Field(sa_type=BigInteger)


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


class Course(Table, table=True):
    """A course of an activity; each event fills in what it knows."""

    __tablename__: ClassVar[str] = "course"

    course: str = Field(sa_type=Text, primary_key=True)
    activity: str | None = Field(sa_type=Text)
    start_on: date | None
    end_on: date | None
    closed_on: date | None


class Enrolment(Table, table=True):
    """A fact: a participant enrolled in an activity, perhaps in one of its courses."""

    __tablename__: ClassVar[str] = "enrolment"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    course: str | None = Field(sa_type=Text)
    enrolled_on: date


class Leaving(Table, table=True):
    """A fact: a participant left an activity, all of its courses included."""

    __tablename__: ClassVar[str] = "leaving"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    left_on: date
    reason: str = Field(sa_type=Text)


class Volunteering(Table, table=True):
    """A fact: a volunteer took a role in an activity, or gave it up."""

    __tablename__: ClassVar[str] = "volunteering"

    activity: str = Field(sa_type=Text, primary_key=True)
    volunteer: str = Field(sa_type=Text, primary_key=True)
    role: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    is_engaged: bool
    changed_on: date


class VolunteerHours(Table, table=True):
    """A fact: how long a volunteer worked on a day."""

    __tablename__: ClassVar[str] = "volunteer_hours"
    __table_args__: ClassVar[Any] = (Index(None, "worked_on"),)

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    activity: str = Field(sa_type=Text)
    volunteer: str = Field(sa_type=Text)
    worked_on: date
    hours: Decimal = Field(max_digits=4, decimal_places=2)


class Mentoring(Table, table=True):
    """A fact: an organisation became mentor of an activity, or is so no longer."""

    __tablename__: ClassVar[str] = "mentoring"

    activity: str = Field(sa_type=Text, primary_key=True)
    organisation: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    is_engaged: bool
    changed_on: date


class Business(Table, table=True):
    """A micro-business; each event fills in what it knows."""

    __tablename__: ClassVar[str] = "business"

    business: str = Field(sa_type=Text, primary_key=True)
    activity: str | None = Field(sa_type=Text)
    founded_on: date | None
    closed_on: date | None


class Story(Table, table=True):
    """A story; of a withdrawn one only the name is kept, so that it stays withdrawn."""

    __tablename__: ClassVar[str] = "story"

    story: str = Field(sa_type=Text, primary_key=True)
    area: str | None = Field(sa_type=Text)
    activity: str | None = Field(sa_type=Text)
    title: str | None = Field(sa_type=Text)
    published_on: date | None


class Measurement(Table, table=True):
    """A fact: the score of a participant in one wave, through one lens, from one kind of respondent."""

    __tablename__: ClassVar[str] = "measurement"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    course: str = Field(sa_type=Text, primary_key=True)
    lens: str = Field(sa_type=Text, primary_key=True)
    respondent: str = Field(sa_type=Text, primary_key=True)
    wave: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    measured_on: date
    instrument: str = Field(sa_type=Text)
    score: Decimal = Field(max_digits=6, decimal_places=2)
    scale_min: Decimal = Field(max_digits=6, decimal_places=2)
    scale_max: Decimal = Field(max_digits=6, decimal_places=2)


class Practice(Table, table=True):
    """What an activity shares with the network."""

    __tablename__: ClassVar[str] = "practice"

    activity: str = Field(sa_type=Text, primary_key=True)
    summary: str = Field(sa_type=Text)
    what_works: str = Field(sa_type=Text)
    shared_on: date
    sequence: int = Field(sa_type=BigInteger)


class Adoption(Table, table=True):
    """That an activity took another's practice home."""

    __tablename__: ClassVar[str] = "adoption"

    activity: str = Field(sa_type=Text, primary_key=True)
    source_activity: str = Field(sa_type=Text, primary_key=True)
    adopted_on: date


class Session(Table, table=True):
    """What is known of a session: the record with the highest sequence."""

    __tablename__: ClassVar[str] = "session"
    __table_args__: ClassVar[Any] = (Index(None, "held_on"),)

    activity: str = Field(sa_type=Text, primary_key=True)
    session: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    held_on: date
    is_cancelled: bool
    attendances: int
    hours: Decimal = Field(max_digits=4, decimal_places=2)
    participants: list[str] = Field(sa_type=ARRAY(Text))


class ActivityMonth(Table, table=True):
    """Rollup: what was held and worked in an activity in a month; `participant_hours` is persons times hours."""

    __tablename__: ClassVar[str] = "activity_month"
    # No check against going below zero: PostgreSQL checks the row that ON CONFLICT is about to add, here a difference.
    __table_args__: ClassVar[Any] = (Index(None, "month"),)

    activity: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    sessions: int
    cancelled_sessions: int
    attendances: int
    participant_hours: Decimal = Field(max_digits=14, decimal_places=2)
    volunteer_hours: Decimal = Field(max_digits=14, decimal_places=2)


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


class Statement(Table, table=True):
    """Where a plan's annual statement stands: submitted, returned or accepted."""

    __tablename__: ClassVar[str] = "statement"

    plan: str = Field(sa_type=Text, primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)


class CommitmentMonth(Table, table=True):
    """Rollup: what moved on a commitment in a month, in øre."""

    __tablename__: ClassVar[str] = "commitment_month"

    commitment: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    committed_ore: int = Field(sa_type=BigInteger)
    released_ore: int = Field(sa_type=BigInteger)
    received_ore: int = Field(sa_type=BigInteger)
    spent_ore: int = Field(sa_type=BigInteger)


class SpentPass(Table, table=True):
    """An invitation that was taken or a session that was ended: good no more, and kept until it would have expired.

    Reporting's own, and the only rows here that no log could bring back; a rebuild leaves them.
    """

    __tablename__: ClassVar[str] = "spent_pass"

    identifier: str = Field(sa_type=Text, primary_key=True)
    expires: datetime = Field(sa_type=Moment)


metadata = Table.metadata
