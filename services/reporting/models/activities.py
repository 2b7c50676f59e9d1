"""What reporting knows of activities and of who takes part: facts by event, and the rollups folded from them."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.reporting.models.table import Table


class Activity(Table, table=True):
    """An activity; each event fills in what it knows, in whichever order they come."""

    __tablename__: ClassVar[str] = "activity"

    activity: str = Field(sa_type=Text, primary_key=True)
    plan: str | None = Field(sa_type=Text)
    area: str | None = Field(sa_type=Text)
    name: str | None = Field(sa_type=Text)
    kind: str | None = Field(sa_type=Text)
    effort_area: str | None = Field(sa_type=Text)
    is_fixed: bool | None
    capacity: int | None
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
    anchored_note: str | None = Field(sa_type=Text)
    anchored_sequence: int | None = Field(sa_type=BigInteger)


class Course(Table, table=True):
    """A course of an activity; each event fills in what it knows."""

    __tablename__: ClassVar[str] = "course"

    course: str = Field(sa_type=Text, primary_key=True)
    activity: str | None = Field(sa_type=Text)
    start_on: date | None
    end_on: date | None
    closed_on: date | None


class Enrolment(Table, table=True):
    """A fact: a participant enrolled in an activity, perhaps in one of its courses.

    Where it was merged from two pseudonyms, it had ended by `ended_on` as far as that was known at `merged_sequence`;
    only who left later ends it now.
    """

    __tablename__: ClassVar[str] = "enrolment"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    course: str | None = Field(sa_type=Text)
    enrolled_on: date
    age_band: str | None = Field(sa_type=Text)
    gender: str | None = Field(sa_type=Text)
    ended_on: date | None
    merged_sequence: int | None = Field(sa_type=BigInteger)


class Leaving(Table, table=True):
    """A fact: a participant left an activity, all of its courses included."""

    __tablename__: ClassVar[str] = "leaving"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    left_on: date
    reason: str = Field(sa_type=Text)


class Volunteering(Table, table=True):
    """A fact: a volunteer took a role in an activity, or gave it up; where merged, as an enrolment is."""

    __tablename__: ClassVar[str] = "volunteering"

    activity: str = Field(sa_type=Text, primary_key=True)
    volunteer: str = Field(sa_type=Text, primary_key=True)
    role: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    is_engaged: bool
    changed_on: date
    ended_on: date | None
    merged_sequence: int | None = Field(sa_type=BigInteger)


class VolunteerHours(Table, table=True):
    """A fact: how long a volunteer worked on a day."""

    __tablename__: ClassVar[str] = "volunteer_hours"

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

    activity: str = Field(sa_type=Text, primary_key=True)
    session: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    held_on: date
    is_cancelled: bool
    attendances: int
    hours: Decimal = Field(max_digits=4, decimal_places=2)
    participants: list[str] = Field(sa_type=ARRAY(Text))
    guests: int = Field(sa_column_kwargs={"server_default": text("0")})
    absent: list[dict[str, str]] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": text("'[]'")})
    headcount: int | None
    reason: str | None = Field(sa_type=Text)


class PlannedSession(Table, table=True):
    """A session that is to be held: the word on it with the highest sequence."""

    __tablename__: ClassVar[str] = "planned_session"

    activity: str = Field(sa_type=Text, primary_key=True)
    session: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    planned_on: date
    starts_at: str | None = Field(sa_type=Text)
    hours: Decimal | None = Field(max_digits=4, decimal_places=2)


class ActivityMonth(Table, table=True):
    """Rollup: what was held and worked in an activity in a month; `participant_hours` is persons times hours."""

    __tablename__: ClassVar[str] = "activity_month"
    # No check against going below zero: PostgreSQL checks the row that ON CONFLICT is about to add, here a difference.
    __table_args__: ClassVar[Any] = (Index(None, "month"),)

    activity: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    sessions: int
    cancelled_sessions: int
    attendances: int = Field(sa_type=BigInteger)
    participant_hours: Decimal = Field(max_digits=20, decimal_places=2)
    volunteer_hours: Decimal = Field(max_digits=20, decimal_places=2)


class ActivityDay(Table, table=True):
    """Rollup: what was held and worked in an activity on a day; `participant_hours` is persons times hours."""

    __tablename__: ClassVar[str] = "activity_day"
    # No check against going below zero: PostgreSQL checks the row that ON CONFLICT is about to add, here a difference.
    __table_args__: ClassVar[Any] = (Index(None, "day"),)

    activity: str = Field(sa_type=Text, primary_key=True)
    day: date = Field(primary_key=True)
    sessions: int
    cancelled_sessions: int
    attendances: int = Field(sa_type=BigInteger)
    participant_hours: Decimal = Field(max_digits=20, decimal_places=2)
    volunteer_hours: Decimal = Field(max_digits=20, decimal_places=2)


class Presence(Table, table=True):
    """Rollup: how many sessions of an activity a participant came to in a month."""

    __tablename__: ClassVar[str] = "presence"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    month: date = Field(primary_key=True)
    sessions: int


class Followup(Table, table=True):
    """A fact: where a former participant stood some months after having left."""

    __tablename__: ClassVar[str] = "followup"

    activity: str = Field(sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    followed_on: date
    months_after: int
    status: str = Field(sa_type=Text)
