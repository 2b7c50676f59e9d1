"""Reporting's own log, what it says of areas from elsewhere, the reports that were frozen, and what was refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.reporting.models.table import Table
from shared.backbone.tables import (
    DeedTable,
    EventLogHeadTable,
    EventLogTable,
    LogEpochTable,
    LookupHeadTable,
    LookupPersonTable,
    LookupTable,
    Moment,
    RejectionTable,
)


class EventLog(EventLogTable, Table, table=True):
    """What reporting accepted itself."""


class EventLogHead(EventLogHeadTable, Table, table=True):
    """The last sequence of reporting's log."""


class LogEpoch(LogEpochTable, Table, table=True):
    """The identities that reporting's log has had."""


class Deed(DeedTable, Table, table=True):
    """What operators of reporting did that no event says; no rebuild touches it."""


class Rejection(RejectionTable, Table, table=True):
    """What reporting refused, and of the others' what they have told of; no rebuild touches it."""


class Lookup(LookupTable, Table, table=True):
    """Who looked at data of single persons in reporting; no rebuild touches it."""


class LookupHead(LookupHeadTable, Table, table=True):
    """The last of them."""


class LookupPerson(LookupPersonTable, Table, table=True):
    """Who was shown by them."""


class Agreement(Table, table=True):
    """One row: what the last comparison with the ledger found, at a place of funding's log; no rebuild touches it."""

    __tablename__: ClassVar[str] = "agreement"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("only_row", name="agreement_only_row"),
        CheckConstraint("(since IS NULL) = (plans = '{}')", name="agreement_since_it_differs"),
    )

    only_row: bool = Field(default=True, primary_key=True)
    compared: datetime = Field(sa_type=Moment)
    sequence: int = Field(sa_type=BigInteger)
    plans: list[str] = Field(sa_type=ARRAY(Text))
    since: datetime | None = Field(sa_type=Moment)


class Context(Table, table=True):
    """A figure about an area that somebody else measured; the latest word on a day counts."""

    __tablename__: ClassVar[str] = "context"

    area: str = Field(sa_type=Text, primary_key=True)
    indicator: str = Field(sa_type=Text, primary_key=True)
    measured_on: date = Field(primary_key=True)
    value: Decimal = Field(max_digits=14, decimal_places=4)
    source: str = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)


class MadeReport(Table, table=True):
    """A report that some replica made lately, for whichever of them is asked to publish it."""

    __tablename__: ClassVar[str] = "made_report"

    etag: str = Field(sa_type=Text, primary_key=True)
    made: datetime = Field(sa_type=Moment)
    body: bytes = Field(sa_type=LargeBinary)


class PublishedReport(Table, table=True):
    """A report as it was published; no rebuild touches it. `sequence` is that of the event which published it."""

    __tablename__: ClassVar[str] = "published_report"

    sequence: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    report: str = Field(sa_type=Text)
    cursor: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    published: datetime = Field(sa_type=Moment)
    body: bytes = Field(sa_type=LargeBinary)
