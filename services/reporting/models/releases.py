"""What readers outside an area are told of people, once for each closed month (ADR 94); no rebuild touches it."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.table import Table
from shared.backbone.tables import Moment


class MadeRelease(Table, table=True):
    """A release; it is never changed. `sequence` is that of the entry in the log which tells that it was made.

    `month` is the first day of its last month, `begins` of its first; `cursor` says of each owner how far its events
    were folded, and in which epoch of its log; `changed` counts the cells that say something else than in the release
    before.
    """

    __tablename__: ClassVar[str] = "release"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("month", name="release_one_a_month"),
        CheckConstraint("number > 0 AND months > 0 AND threshold > 0", name="release_counts_from_one"),
        CheckConstraint(
            "month = begins + make_interval(months => months - 1) AND extract(day FROM begins) = 1",
            name="release_of_whole_months",
        ),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    month: date
    begins: date
    months: int
    cursor: dict[str, Any] = Field(sa_type=JSONB)
    threshold: int
    changed: dict[str, Any] | None = Field(sa_type=JSONB)
    digest: str = Field(sa_type=Text)
    made: datetime = Field(sa_type=Moment)
    made_by: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)


class ReleasedCells(Table, table=True):
    """The cells that a release tells of an area, or of the network where `area` is empty; they are never changed.

    `part` is what people are counted by beside the area, such as `activity`, and empty where it is nothing. `cells` has
    a cell's name, months and group as a key, and its value, or how it is withheld.
    """

    __tablename__: ClassVar[str] = "released_cells"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("jsonb_typeof(cells) = 'object' AND cells <> '{}'", name="released_cells_are_some"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area: str = Field(sa_type=Text, primary_key=True)
    part: str = Field(sa_type=Text, primary_key=True)
    cells: dict[str, Any] = Field(sa_type=JSONB)


class ReleaseMemory(Table, table=True):
    """What the next release has to know of the newest: true counts, and which were told. It never leaves the worker.

    `past` has of each count all values that any release told; `moves` are what an area's certificates were made of.
    """

    __tablename__: ClassVar[str] = "release_memory"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    family: str = Field(sa_type=Text, primary_key=True)
    area: str = Field(sa_type=Text, primary_key=True)
    counted: dict[str, Any] = Field(sa_type=JSONB)
    told: list[str] = Field(sa_type=JSONB)
    hidden: list[str] = Field(sa_type=JSONB)
    past: dict[str, Any] = Field(sa_type=JSONB)
    moves: dict[str, Any] | None = Field(sa_type=JSONB)
