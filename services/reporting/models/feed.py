"""What areas share with one another, in the order in which the registry accepted it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.table import Table
from shared.backbone.tables import Moment


class Feed(Table, table=True):
    """An item of the shared feed; `sequence` is its place in the registry's log, and so the same after a rebuild."""

    __tablename__: ClassVar[str] = "feed"
    __table_args__: ClassVar[Any] = (Index(None, "story"),)

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded: datetime = Field(sa_type=Moment)
    stated: datetime = Field(sa_type=Moment)
    name: str = Field(sa_type=Text)
    area: str | None = Field(sa_type=Text)
    plan: str | None = Field(sa_type=Text)
    activity: str | None = Field(sa_type=Text)
    story: str | None = Field(sa_type=Text)
    data: dict[str, Any] = Field(sa_type=JSONB)
