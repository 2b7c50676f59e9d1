"""The tables that every service has alike. Each service's `models.py` makes them its own."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

Moment: Any = DateTime(timezone=True)


class EventLogTable(SQLModel):
    """One row per accepted event; `sequence` counts from 1 without gaps, in the order of the commits.

    `chain` is a digest over this line and all before it, as they were accepted. `authtype` and `authid`
    say who sent it.
    """

    __tablename__: ClassVar[str] = "event_log"
    __table_args__: ClassVar[Any] = (UniqueConstraint("source", "id", name="event_log_identity"),)

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(sa_type=Text)
    id: str = Field(sa_type=Text)
    type: str = Field(sa_type=Text)
    recorded: datetime = Field(sa_type=Moment)
    digest: bytes = Field(sa_type=LargeBinary)
    chain: bytes = Field(sa_type=LargeBinary)
    body: str = Field(sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    trace: str | None = Field(default=None, sa_type=Text)
    authtype: str | None = Field(default=None, sa_type=Text)
    authid: str | None = Field(default=None, sa_type=Text)


class EventLogHeadTable(SQLModel):
    """One row: the last sequence given out, its chain and its time. Its row lock is what puts commits in order.

    `key` tells the key that signs the pages of this log.
    """

    __tablename__: ClassVar[str] = "event_log_head"
    __table_args__: ClassVar[Any] = (CheckConstraint("only_row", name="event_log_head_only_row"),)

    only_row: bool = Field(default=True, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    chain: bytes = Field(sa_type=LargeBinary)
    recorded: datetime | None = Field(sa_type=Moment)
    key: bytes | None = Field(sa_type=LargeBinary)


class LogEpochTable(SQLModel):
    """The identities that the log has had; the last one is its own. A new one begins where the log has gone back.

    `accepted` is when an administrator said that the log is nevertheless the right one.
    """

    __tablename__: ClassVar[str] = "log_epoch"
    __table_args__: ClassVar[Any] = (UniqueConstraint("epoch", name="log_epoch_once"),)

    number: int = Field(primary_key=True, sa_column_args=[Identity(always=True)])
    epoch: UUID
    begun: datetime = Field(sa_type=Moment)
    sequence: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    accepted: datetime | None = Field(sa_type=Moment)


class PositionTable(SQLModel):
    """How far a log has been published by this service's relay, or an owner's events applied by its consumer.

    `epoch` and `chain` are those of the owner's log at this place, null before the owner was first asked.
    `rejections` is no place in a log: it counts how often the rejections have changed.
    """

    __tablename__: ClassVar[str] = "position"

    name: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    epoch: UUID | None
    chain: bytes | None = Field(sa_type=LargeBinary)


class RejectionTable(SQLModel):
    """How many events intake refused on a day: in whose name, of which type and for what. Nothing of what they said."""

    __tablename__: ClassVar[str] = "rejection"
    __table_args__: ClassVar[Any] = (CheckConstraint("events > 0", name="rejection_has_events"),)

    owner: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text, primary_key=True)
    type: str = Field(sa_type=Text, primary_key=True)
    code: str = Field(sa_type=Text, primary_key=True)
    day: date = Field(primary_key=True)
    events: int = Field(sa_type=BigInteger)
    first_at: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment)


class DeedTable(SQLModel):
    """What an operator did that no event says, under an opaque name; the table only grows."""

    __tablename__: ClassVar[str] = "deed"

    number: int = Field(sa_type=BigInteger, sa_column_args=[Identity(always=True)], primary_key=True)
    done_at: datetime = Field(sa_type=Moment)
    action: str = Field(sa_type=Text)
    about: str = Field(sa_type=Text)
    authtype: str = Field(sa_type=Text)
    authid: str = Field(sa_type=Text)


class DeadLetterTable(SQLModel):
    """An event that this service consumed and can never apply, with the reason."""

    __tablename__: ClassVar[str] = "dead_letter"

    owner: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str = Field(sa_type=Text)
    entry: str = Field(sa_type=Text)
    dead_since: datetime = Field(sa_type=Moment)


class ForgeryTable(SQLModel):
    """How many messages on a stream that this service follows were not signed by its owner."""

    __tablename__: ClassVar[str] = "forgery"
    __table_args__: ClassVar[Any] = (CheckConstraint("messages > 0", name="forgery_has_messages"),)

    owner: str = Field(sa_type=Text, primary_key=True)
    messages: int = Field(sa_type=BigInteger)
    first_at: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment)


class LookupTable(SQLModel):
    """One row per look at data of single persons: who, when, by which route, of what, and why where that was asked.

    `people` is the SHA-256 over the commitments of `lookup_person`, and `chain` a digest over this line and all before.
    """

    __tablename__: ClassVar[str] = "lookup"

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded: datetime = Field(sa_type=Moment)
    authtype: str = Field(sa_type=Text)
    authid: str = Field(sa_type=Text)
    route: str = Field(sa_type=Text)
    collection: str = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    people: bytes = Field(sa_type=LargeBinary)
    chain: bytes = Field(sa_type=LargeBinary)


class LookupHeadTable(SQLModel):
    """One row: the last line of the look-ups and its chain. Its row lock is what puts commits in order."""

    __tablename__: ClassVar[str] = "lookup_head"
    __table_args__: ClassVar[Any] = (CheckConstraint("only_row", name="lookup_head_only_row"),)

    only_row: bool = Field(default=True, primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    chain: bytes = Field(sa_type=LargeBinary)


class LookupPersonTable(SQLModel):
    """Who was shown by a look-up. Erasing takes pseudonym and salt away: the commitment alone tells nothing."""

    __tablename__: ClassVar[str] = "lookup_person"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("num_nulls(person, salt) IN (0, 2)", name="lookup_person_erased_whole"),
    )

    sequence: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="lookup.sequence")
    place: int = Field(primary_key=True)
    commitment: bytes = Field(sa_type=LargeBinary)
    salt: bytes | None = Field(sa_type=LargeBinary)
    person: str | None = Field(sa_type=Text, index=True)


class PartingTable(SQLModel):
    """Whose log is not the one that a service has followed, since when and in which way; it applies nothing of it."""

    __tablename__: ClassVar[str] = "parting"

    follower: str = Field(sa_type=Text, primary_key=True)
    owner: str = Field(sa_type=Text, primary_key=True)
    code: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=Moment)


def named_constraints() -> MetaData:
    """Make a service's metadata, in which every constraint has a name that says what it is."""
    return MetaData(
        naming_convention={
            "pk": "%(table_name)s_key",
            "fk": "%(table_name)s_%(column_0_name)s_known",
            "ck": "%(constraint_name)s",
            "uq": "%(constraint_name)s",
            "ix": "%(table_name)s_by_%(column_0_N_name)s",
        }
    )
