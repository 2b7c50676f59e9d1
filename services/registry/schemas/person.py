"""What is asked about one person, and what the registry answers."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from shared.codes import LookupReason
from shared.events.fields import SLUG_PATTERN


class PersonAsked(BaseModel):
    """Whose record, and why: the pseudonym stands in no address, which servers write down."""

    participant: Annotated[str, Field(pattern=SLUG_PATTERN, description="The pseudonym.")]
    reason: LookupReason


class Told(BaseModel):
    """An event that names the person; others who stand in it are left out."""

    sequence: int
    recorded: str
    said: str
    event: str
    data: dict[str, Any]


class LookedUp(BaseModel):
    """That somebody was shown the person: who, when, by which route, of what, and why where that was asked."""

    recorded: datetime
    authtype: str
    authid: str
    route: str
    collection: str
    reason: LookupReason | None


class PersonRecord(BaseModel):
    """All that the registry holds of a person; `is_whole` is false where it is too long for one answer.

    `pseudonyms` are all that the area had for the person, the one asked for among them.
    """

    participant: str
    pseudonyms: list[str]
    events: list[Told]
    lookups: list[LookedUp]
    is_whole: bool
