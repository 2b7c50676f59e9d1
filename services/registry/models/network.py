"""The tables of the network itself: pools, areas and organisations."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.models.table import Table


class Pool(Table, table=True):
    """A funding period of Landsbyggefonden's."""

    __tablename__: ClassVar[str] = "pool"
    __table_args__: ClassVar[Any] = (CheckConstraint("start_on <= end_on", name="pool_dates_in_order"),)

    pool: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    start_on: date
    end_on: date
    effort_areas: list[str] = Field(sa_type=ARRAY(Text))
    effort_area_names: list[str] = Field(sa_type=ARRAY(Text))
    version: int = Field(sa_column_kwargs={"server_default": text("1")})


class Crossing(Table, table=True):
    """An effort area of a pool, and the one of another pool that carries the same effort."""

    __tablename__: ClassVar[str] = "crossing"

    pool: str = Field(sa_column_args=[ForeignKey("pool.pool")], sa_type=Text, primary_key=True)
    effort_area: str = Field(sa_type=Text, primary_key=True)
    other_pool: str = Field(sa_type=Text, primary_key=True)
    other_effort_area: str = Field(sa_type=Text, primary_key=True)


class Area(Table, table=True):
    """A housing area."""

    __tablename__: ClassVar[str] = "area"

    area: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    municipality: str = Field(sa_type=Text)
    residents: int | None
    departments: list[str] = Field(sa_type=ARRAY(Text))


class Organisation(Table, table=True):
    """An organisation that takes part somewhere."""

    __tablename__: ClassVar[str] = "organisation"

    organisation: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    cvr: str | None = Field(sa_type=Text)
    # The area that was first to register it; null is the network.
    registered_by: str | None = Field(sa_type=Text)
