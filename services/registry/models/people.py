"""The tables about people, who are known only by pseudonyms, and what of the log was erased for their sake."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.models.table import Table


class Enrolment(Table, table=True):
    """A participant in an activity, once for each stay; `course` is empty where there is none."""

    __tablename__: ClassVar[str] = "enrolment"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("left_on IS NULL OR enrolled_on <= left_on", name="enrolment_dates_in_order"),
        Index(
            "enrolment_open_once",
            "activity",
            "participant",
            "course",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index(None, "participant"),
    )

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    course: str = Field(sa_type=Text, primary_key=True)
    enrolled_on: date = Field(primary_key=True)
    left_on: date | None
    age_band: str = Field(sa_type=Text)
    gender: str | None = Field(sa_type=Text)


class Attendance(Table, table=True):
    """What was recorded of a session, each time it was; the latest sequence of a session is what counts."""

    __tablename__: ClassVar[str] = "attendance"
    __table_args__: ClassVar[Any] = (
        CheckConstraint(
            "num_nonnulls(participants, headcount) = CASE WHEN cancelled THEN 0 ELSE 1 END",
            name="attendance_counts_one_way",
        ),
        Index("attendance_by_session", "activity", "session", "sequence"),
    )

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text)
    session: str = Field(sa_type=Text)
    held_on: date
    participants: list[str] | None = Field(sa_type=ARRAY(Text))
    headcount: int | None
    hours: Decimal | None = Field(max_digits=4, decimal_places=2)
    cancelled: bool = Field(sa_column_kwargs={"server_default": text("false")})


class Volunteering(Table, table=True):
    """A volunteer in a role of an activity, once for each time."""

    __tablename__: ClassVar[str] = "volunteering"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("engaged_on <= left_on", name="volunteering_dates_in_order"),
        Index(
            "volunteering_open_once",
            "activity",
            "volunteer",
            "role",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index(None, "volunteer"),
    )

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    volunteer: str = Field(sa_type=Text, primary_key=True)
    role: str = Field(sa_type=Text, primary_key=True)
    engaged_on: date = Field(primary_key=True)
    left_on: date | None


class Instrument(Table, table=True):
    """The scale on which an area uses an instrument."""

    __tablename__: ClassVar[str] = "instrument"
    __table_args__: ClassVar[Any] = (CheckConstraint("scale_min < scale_max", name="instrument_scale_in_order"),)

    area: str = Field(sa_column_args=[ForeignKey("area.area")], sa_type=Text, primary_key=True)
    instrument: str = Field(sa_type=Text, primary_key=True)
    scale_min: Decimal = Field(max_digits=6, decimal_places=2)
    scale_max: Decimal = Field(max_digits=6, decimal_places=2)


class Measurement(Table, table=True):
    """One score of a participant; `course` is empty where there is none."""

    __tablename__: ClassVar[str] = "measurement"
    __table_args__: ClassVar[Any] = (Index(None, "participant"),)

    activity: str = Field(sa_column_args=[ForeignKey("activity.activity")], sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    course: str = Field(sa_type=Text, primary_key=True)
    wave: str = Field(sa_type=Text, primary_key=True)
    lens: str = Field(sa_type=Text, primary_key=True)
    respondent: str = Field(sa_type=Text, primary_key=True)
    instrument: str = Field(sa_type=Text)
    score: Decimal = Field(max_digits=6, decimal_places=2)
    measured_on: date


class Merging(Table, table=True):
    """That two pseudonyms of an area are one person, who is known under the second."""

    __tablename__: ClassVar[str] = "merging"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("participant <> merged_into", name="merging_of_two"),
        Index(None, "participant"),
        Index(None, "merged_into"),
    )

    area: str = Field(sa_column_args=[ForeignKey("area.area")], sa_type=Text, primary_key=True)
    participant: str = Field(sa_type=Text, primary_key=True)
    merged_into: str = Field(sa_type=Text)


class Withdrawn(Table, table=True):
    """That consent was withdrawn under a pseudonym, of which only a salted digest is left."""

    __tablename__: ClassVar[str] = "withdrawn"

    area: str = Field(sa_column_args=[ForeignKey("area.area")], sa_type=Text, primary_key=True)
    digest: str = Field(sa_type=Text, primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary)
    sequence: int = Field(sa_type=BigInteger)


class Erasure(Table, table=True):
    """A line of the log that was rewritten, and the event that asked for it: the line's digest no longer fits it.

    `content` is what the chain was made of, `rewritten` the same of what stands there now.
    """

    __tablename__: ClassVar[str] = "erasure"

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    erased_by: int = Field(sa_type=BigInteger)
    content: bytes = Field(sa_type=LargeBinary)
    rewritten: bytes = Field(sa_type=LargeBinary)
