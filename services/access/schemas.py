"""The shapes of what access is asked and answers."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.events.fields import SLUG_PATTERN, Line
from shared.tokens import MAX_AREAS, Identity, Role

Secret = Annotated[str, Field(min_length=1, max_length=200)]
Area = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]


class Asked(BaseModel):
    """What is asked for: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rights(Asked):
    """Who gets rights, and which: a coordinator has areas, everybody else has none."""

    name: Line
    role: Literal["coordinator", "lead", "auditor", "admin"]
    areas: Annotated[list[Area], Field(max_length=MAX_AREAS)] = []

    @model_validator(mode="after")
    def _areas_are_a_coordinators(self) -> Self:
        if (self.role == "coordinator") != bool(self.areas):
            raise ValueError("a coordinator has at least one area, and nobody else has any")
        return self

    @property
    def identity(self) -> Identity:
        """The rights themselves."""
        return Identity(self.role, frozenset(self.areas))


class NewInvitation(Rights):
    """Whom to invite, and for how long the invitation is good."""

    minutes: Annotated[int, Field(ge=1, le=1_440)] = 60


class NewKey(Rights):
    """Which program gets a key, and for how long the key is good."""

    days: Annotated[int, Field(ge=1, le=366)] = 90


class Taking(Asked):
    """An invitation that its holder takes."""

    invitation: Secret


class Holding(Asked):
    """A session that its holder has."""

    session: Secret


class Subscribed(Asked):
    """A subscription that a service keeps in a person's name."""

    subscription: Secret


class Beginning(Asked):
    """With whom a person signs in, where people reach the pages, and in which language."""

    provider: Annotated[str, Field(max_length=63)]
    address: Annotated[str, Field(max_length=500)]
    language: Literal["da", "en"] = "da"


class Returning(Asked):
    """What a provider sent a browser back with, and what the browser kept meanwhile."""

    browser: Secret
    state: Annotated[str, Field(max_length=200)]
    code: Annotated[str, Field(max_length=4_096)] | None = None
    iss: Annotated[str, Field(max_length=500)] | None = None
    error: Annotated[str, Field(max_length=200)] | None = None


class WayIn(BaseModel):
    """A provider, as people choose it."""

    provider: str
    label_da: str
    label_en: str


class WaysIn(BaseModel):
    """The providers, in the order in which they are shown."""

    items: list[WayIn]


class BegunSignIn(BaseModel):
    """Where a person signs in, and what their browser keeps until they are back."""

    address: str
    browser: str


class MadeInvitation(BaseModel):
    """An invitation, and the secret that its link carries."""

    invitation: str
    secret: str
    expires: datetime


class MadeKey(BaseModel):
    """A key, and the secret that is told this once."""

    key: str
    secret: str
    expires: datetime


class OpenedSession(BaseModel):
    """A session, as its holder keeps it."""

    session: str
    expires: datetime


class MadeSubscription(BaseModel):
    """A subscription, by the secret that asks for its person's rights."""

    subscription: str


class RightsNow(BaseModel):
    """Whose subscription it is, by the opaque name, and which rights the person has now."""

    subject: str
    role: Role
    areas: list[str]


class AccessToken(BaseModel):
    """A token, as programs buy it. Source: RFC 6749, section 5.1."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  no secret
    expires_in: int


class SessionToken(AccessToken):
    """A token for whoever holds a session, and until when the session is good."""

    session_expires: datetime


class Listed(BaseModel):
    """People, invitations, sessions or keys, the newest first; never a secret."""

    items: list[dict[str, Any]]
