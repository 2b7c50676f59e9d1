"""Who is sent mail and who has a calendar; no rebuild touches it, and nothing of it is a figure."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.reporting.models.table import Table
from shared.backbone.tables import Moment


class MailSubscription(Table, table=True):
    """Somebody who is sent mail on Mondays, by the opaque name that access has for the person.

    `link` is the secret in the links of each mail, `rights` the one that asks access what the person may see. `handled`
    is the last Monday whose mail was sent or had nothing to say; `told` are names of what it told, and never what.
    """

    __tablename__: ClassVar[str] = "mail_subscription"
    __table_args__: ClassVar[Any] = (UniqueConstraint("link", name="mail_subscription_link"),)

    subject: str = Field(sa_type=Text, primary_key=True)
    address: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    link: str = Field(sa_type=Text)
    rights: str = Field(sa_type=Text)
    made: datetime = Field(sa_type=Moment)
    asked: datetime | None = Field(sa_type=Moment)
    confirmed: datetime | None = Field(sa_type=Moment)
    handled: date
    told: list[str] = Field(sa_type=ARRAY(Text))
    refused: datetime | None = Field(sa_type=Moment)


class CalendarAddress(Table, table=True):
    """The private address of somebody's calendar, by the digest of the secret in it."""

    __tablename__: ClassVar[str] = "calendar_address"
    __table_args__: ClassVar[Any] = (UniqueConstraint("secret", name="calendar_address_secret"),)

    subject: str = Field(sa_type=Text, primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)
    language: str = Field(sa_type=Text)
    rights: str = Field(sa_type=Text)
    made: datetime = Field(sa_type=Moment)
