"""Who calls: tokens of every role, good, foreign, expired and forged, and sessions for the pages."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from shared.events.envelope import AREA_PREFIX, NETWORK
from shared.tokens import Role
from tests.fuzz.calls import Call, Headers
from tests.fuzz.client import Client
from tests.fuzz.system import System

READERS: Final[tuple[Role, ...]] = ("lead", "auditor", "admin", "coordinator", "service")
READING_ROLES: Final[tuple[Role, ...]] = (*READERS, "lead", "coordinator")
FORGED: Final = (
    "",
    "x",
    "Bearer",
    "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.",
    "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYWRtaW4ifQ.AAAA",
    "a" * 5_000,
    "\xff\xfe",
)
# Past the leeway that a token has.
EXPIRED: Final = timedelta(hours=-1)
NO_AREA: Final = "ingen-boliger"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a call. Of one who `may_not`, no event is ever taken; the word says why."""

    headers: Headers
    may_not: str = ""


class Senders:
    """Makes the senders of one client."""

    def __init__(self, system: System, dice: random.Random) -> None:
        self._system = system
        self._dice = dice
        self._tokens: dict[tuple[Role, tuple[str, ...], bool], str] = {}

    def bearer(self, role: Role, *areas: str, expired: bool = False) -> Headers:
        """Give the header of a role's token."""
        key = role, areas, expired
        if key not in self._tokens:
            life = {"valid_for": EXPIRED} if expired else {}
            self._tokens[key] = self._system.token(role, *areas, **life)
        return (("Authorization", f"Bearer {self._tokens[key]}"),)

    def of(self, source: object) -> Sender:
        """Give a sender who may say what comes from a source."""
        if isinstance(source, str) and source.startswith(AREA_PREFIX) and self._dice.random() < 0.8:
            return Sender(self.bearer("coordinator", source.removeprefix(AREA_PREFIX)))
        return Sender(self.bearer("admin"))

    def wrong_for(self, source: object) -> Sender:
        """Give a sender who may not say what comes from a source."""
        dice = self._dice
        kind = dice.choice(("nobody", "forged", "expired", "lead", "auditor", "service", "foreign"))
        if kind == "nobody":
            return Sender((), "there is no token")
        if kind == "forged":
            return Sender((("Authorization", f"{dice.choice(('Bearer ', 'Basic ', ''))}{dice.choice(FORGED)}"),), kind)
        if kind == "expired":
            return Sender(self.bearer("admin", expired=True), "the token has expired")
        if kind == "foreign":
            return Sender(self.bearer("coordinator", NO_AREA), f"the token is of {NO_AREA}, not of {source}")
        return Sender(self.bearer(next(role for role in READERS if role == kind)), kind)

    def reader(self, areas: list[str]) -> Headers:
        """Give somebody who reads, now and then one who may not."""
        role = self._dice.choice(READING_ROLES)
        if role == "coordinator":
            return self.bearer("coordinator", *areas)
        if self._dice.random() < 0.05:
            return self.wrong_for(NETWORK).headers
        return self.bearer(role)


async def session(system: System, client: Client, role: Role, *areas: str) -> Headers:
    """Sign in to the pages by an invitation, as a browser does, and give the cookie.

    Raises:
        RuntimeError: nobody was signed in.
    """
    body = urlencode({"invitation": system.invitation(role, *areas)}).encode()
    headers = (("Origin", system.address), ("Content-Type", "application/x-www-form-urlencoded"))
    answer = await client.ask(Call("POST", "/sign-in", headers, body))
    cookie = answer.headers.get("set-cookie", "").partition(";")[0]
    if not cookie:
        raise RuntimeError(f"an invitation did not sign in: {answer.shortly()}")
    return (("Cookie", cookie),)
