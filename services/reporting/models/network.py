"""What reporting knows of the network: how far it has read, the areas, pools and organisations."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.reporting.models.table import Table
from shared.backbone.tables import DeadLetterTable, ForgeryTable, Moment, PartingTable, PositionTable


class Position(PositionTable, Table, table=True):
    """How far each owner's events are folded."""


class DeadLetter(DeadLetterTable, Table, table=True):
    """What reporting could not fold."""


class Forgery(ForgeryTable, Table, table=True):
    """What reporting found on a stream that its owner did not sign; no rebuild touches it."""


class Parting(PartingTable, Table, table=True):
    """With whom reporting has parted, and the other services as they tell; no rebuild touches it."""


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


class LatestRegistration(Table, table=True):
    """What each area registered last, a few of each owner's: when, of what, and who did, by access's opaque name.

    `subjects` are the pseudonyms or the story that it goes with, when these are erased; then its place alone stays.
    """

    __tablename__: ClassVar[str] = "latest_registration"
    __table_args__: ClassVar[Any] = (Index(None, "area", "owner", "sequence"),)

    owner: str = Field(sa_type=Text, primary_key=True)
    sequence: int = Field(sa_type=BigInteger, primary_key=True)
    area: str = Field(sa_type=Text)
    recorded: datetime = Field(sa_type=Moment)
    name: str = Field(sa_type=Text)
    activity: str | None = Field(sa_type=Text)
    session: str | None = Field(sa_type=Text)
    fact_on: date | None
    authtype: str | None = Field(sa_type=Text)
    authid: str | None = Field(sa_type=Text)
    subjects: list[str] | None = Field(sa_type=ARRAY(Text))


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


class Pool(Table, table=True):
    """A pool; `crosswalk` says which of its effort areas carries on one of another pool."""

    __tablename__: ClassVar[str] = "pool"

    pool: str = Field(sa_type=Text, primary_key=True)
    start_on: date
    end_on: date
    crosswalk: Any = Field(sa_type=JSONB)
    sequence: int = Field(sa_type=BigInteger)


class Organisation(Table, table=True):
    """An organisation that takes part somewhere."""

    __tablename__: ClassVar[str] = "organisation"

    organisation: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)
