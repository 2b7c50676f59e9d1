"""Signing in and out of the pages: asks access, which knows who is signed in. Owns no session, and signs nothing.

What access said of a session holds for as long as the token that came with it, half a minute. Where access is away,
nobody is let in whose token has ended.
"""

import collections
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from shared import clock
from shared.backbone.catch_up import trusted_authorities
from shared.errors import IssuerUnknown, Unauthenticated
from shared.recent import Recent
from shared.tokens import Identity, Pass, TrustedKeys

# The sessions ended last, for those who follow by them; access knows all.
REMEMBERED: Final = 1_024
KEPT_SESSIONS: Final = 4_096
ANSWER_SECONDS: Final = 3.0
AWAY: Final = "who is signed in cannot be told just now"


@dataclass(frozen=True, slots=True)
class Held:
    """What access said of a session; it holds until the token ends that came with it."""

    held: Pass
    secret: str
    until: datetime


class Passes:
    """Takes invitations to access, and asks there who is signed in."""

    def __init__(self, access_url: str) -> None:
        self._url = access_url
        self._client = httpx.AsyncClient(verify=trusted_authorities(), timeout=ANSWER_SECONDS)
        # By a digest of the secret, and by the session's name.
        self._held: Recent[bytes, Held] = Recent(KEPT_SESSIONS)
        self._named: Recent[str, Held] = Recent(KEPT_SESSIONS)
        self._ended: collections.OrderedDict[str, None] = collections.OrderedDict()

    async def take(self, invitation: str) -> tuple[str, timedelta]:
        """Give a session for an invitation that nobody has taken before, and how long it lasts.

        Raises:
            Unauthenticated: the invitation is not ours, has expired or was taken.
            IssuerUnknown: access is away.
        """
        told = await self._ask("sessions", {"invitation": invitation})
        return told["session"], datetime.fromisoformat(told["expires"]) - clock.now()

    async def held(self, trusted: TrustedKeys, session: str) -> Pass:
        """Give what a session says that is good.

        Raises:
            Unauthenticated: it is not ours, has expired or was ended.
            IssuerUnknown: access is away.
        """
        digest = hashlib.sha256(session.encode()).digest()
        found = self._held.find(digest)
        if found is not None and clock.now() < found.until and not self.has_ended(found.held):
            return found.held
        told = await self._ask("sessions/token", {"session": session})
        bought = trusted.verify(told["access_token"])
        held = replace(bought, expires=datetime.fromisoformat(told["session_expires"]))
        self._held.keep(digest, Held(held, session, bought.expires))
        self._named.keep(held.session, Held(held, session, bought.expires))
        return held

    async def token(self, session: str) -> str:
        """Give a token of a session, good for half a minute, to ask other services with in its name.

        Raises:
            Unauthenticated: the session is not ours, has expired or was ended.
            IssuerUnknown: access is away.
        """
        token: str = (await self._ask("sessions/token", {"session": session}))["access_token"]
        return token

    async def subscribe(self, session: str) -> str:
        """Give the secret by which the rights of a session's person can be asked for when it has ended.

        Raises:
            Unauthenticated: the session is good no more.
            IssuerUnknown: access is away, or takes no more subscriptions of this person.
        """
        secret: str = (await self._ask("subscriptions", {"session": session}))["subscription"]
        return secret

    async def rights_now(self, subscription: str) -> Identity:
        """Give which rights the person of a subscription has now.

        Raises:
            Unauthenticated: the person may sign in no more.
            IssuerUnknown: access is away.
        """
        told = await self._ask("subscriptions/rights", {"subscription": subscription})
        return Identity(told["role"], frozenset(told["areas"]), told["subject"], "user")

    async def unsubscribe(self, subscription: str) -> None:
        """End a subscription.

        Raises:
            IssuerUnknown: access is away.
        """
        await self._ask("subscriptions/end", {"subscription": subscription})

    async def holds(self, trusted: TrustedKeys, held: Pass) -> bool:
        """Tell whether a token or a session that was taken is good still: it has neither expired nor been ended.

        Raises:
            IssuerUnknown: access is away.
        """
        if self.has_ended(held):
            return False
        if not held.session:
            return True
        found = self._named.find(held.session)
        if found is None:
            return False
        try:
            await self.held(trusted, found.secret)
        except Unauthenticated:
            return False
        return True

    def has_ended(self, held: Pass) -> bool:
        """Tell without a question whether a token or a session has expired, or was ended by this process.

        An answer that goes on for long asks this often, and `holds` before it tells anything new.
        """
        return held.expires <= clock.now() or held.session in self._ended

    async def end(self, session: str) -> None:
        """End a session for good, wherever else its cookie may be.

        Raises:
            IssuerUnknown: access is away.
        """
        await self._ask("sessions/end", {"session": session})
        found = self._held.find(hashlib.sha256(session.encode()).digest())
        if found is not None:
            self._ended[found.held.session] = None
            if len(self._ended) > REMEMBERED:
                self._ended.popitem(last=False)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        try:
            answer = await self._client.post(f"{self._url}/{path}", json=body)
        except httpx.HTTPError as error:
            raise IssuerUnknown(AWAY) from error
        if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.UNPROCESSABLE_ENTITY}:
            raise Unauthenticated("this is good no more")
        if not answer.is_success:
            raise IssuerUnknown(AWAY)
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told
