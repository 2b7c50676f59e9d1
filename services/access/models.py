"""The tables of access. They declare; every statement that reads or writes them stands in `store`.

A secret is kept as its digest: it is random and long, so that nothing is learnt from that. What has ended stays a
while, so that it is seen who ended it.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ARRAY, BigInteger, Identity, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.backbone.tables import Moment, named_constraints

Areas: Any = ARRAY(Text)


class Table(SQLModel, registry=registry(metadata=named_constraints())):
    """A table of access's database."""


class Person(Table, table=True):
    """Who may sign in: invited, or known to a provider of identities; `subject` is the opaque name in every log."""

    __tablename__: ClassVar[str] = "person"
    __table_args__: ClassVar[Any] = (UniqueConstraint("provider", "provider_subject", name="person_of_provider"),)

    subject: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    areas: list[str] = Field(sa_type=Areas)
    provider: str | None = Field(sa_type=Text)
    provider_subject: str | None = Field(sa_type=Text)
    made: datetime = Field(sa_type=Moment)
    made_by: str = Field(sa_type=Text)
    ended: datetime | None = Field(sa_type=Moment)
    ended_by: str | None = Field(sa_type=Text)


class Invitation(Table, table=True):
    """What signs one person in, once."""

    __tablename__: ClassVar[str] = "invitation"
    __table_args__: ClassVar[Any] = (UniqueConstraint("secret", name="invitation_secret"),)

    invitation: str = Field(sa_type=Text, primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)
    subject: str = Field(sa_type=Text, foreign_key="person.subject")
    made: datetime = Field(sa_type=Moment)
    made_by: str = Field(sa_type=Text)
    expires: datetime = Field(sa_type=Moment)
    taken: datetime | None = Field(sa_type=Moment)
    ended: datetime | None = Field(sa_type=Moment)
    ended_by: str | None = Field(sa_type=Text)


class Session(Table, table=True):
    """Somebody is signed in with a browser; role and areas are the person's at each moment."""

    __tablename__: ClassVar[str] = "session"
    __table_args__: ClassVar[Any] = (UniqueConstraint("secret", name="session_secret"),)

    session: str = Field(sa_type=Text, primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)
    subject: str = Field(sa_type=Text, foreign_key="person.subject", index=True)
    made: datetime = Field(sa_type=Moment)
    expires: datetime = Field(sa_type=Moment)
    last_used: datetime | None = Field(sa_type=Moment)
    ended: datetime | None = Field(sa_type=Moment)
    ended_by: str | None = Field(sa_type=Text)


class SignIn(Table, table=True):
    """A sign-in that was begun with a provider; state and browser are digests, and it is good once."""

    __tablename__: ClassVar[str] = "sign_in"

    state: bytes = Field(sa_type=LargeBinary, primary_key=True)
    browser: bytes = Field(sa_type=LargeBinary)
    provider: str = Field(sa_type=Text)
    nonce: str = Field(sa_type=Text)
    verifier: str = Field(sa_type=Text)
    redirect_uri: str = Field(sa_type=Text)
    expires: datetime = Field(sa_type=Moment, index=True)
    used: datetime | None = Field(sa_type=Moment)


class Subscription(Table, table=True):
    """What reporting keeps in a person's name, to ask which rights the person has when it sends something."""

    __tablename__: ClassVar[str] = "subscription"

    secret: bytes = Field(sa_type=LargeBinary, primary_key=True)
    subject: str = Field(sa_type=Text, foreign_key="person.subject", index=True)
    made: datetime = Field(sa_type=Moment)


class ProgramKey(Table, table=True):
    """What a program buys tokens with; `subject` is its public name, and the opaque one in every log."""

    __tablename__: ClassVar[str] = "program_key"

    subject: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    secret: bytes = Field(sa_type=LargeBinary)
    role: str = Field(sa_type=Text)
    areas: list[str] = Field(sa_type=Areas)
    made: datetime = Field(sa_type=Moment)
    made_by: str = Field(sa_type=Text)
    expires: datetime = Field(sa_type=Moment)
    last_used: datetime | None = Field(sa_type=Moment)
    ended: datetime | None = Field(sa_type=Moment)
    ended_by: str | None = Field(sa_type=Text)


class Memory(Table, table=True):
    """The name that this installation has in the file of what has ended, in one row."""

    __tablename__: ClassVar[str] = "memory"

    installation: str = Field(sa_type=Text, primary_key=True)


class AccessChange(Table, table=True):
    """A change of somebody's access, which a trigger notes; the table only grows."""

    __tablename__: ClassVar[str] = "access_change"

    number: int = Field(sa_type=BigInteger, sa_column_args=[Identity(always=True)], primary_key=True)
    changed_at: datetime = Field(sa_type=Moment)
    changed_by: str = Field(sa_type=Text)
    what: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    role: str | None = Field(sa_type=Text)
    areas: list[str] | None = Field(sa_type=Areas)


metadata = Table.metadata
