"""Signing in through a provider of identities: asks access, which asks the provider. Believes nobody itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from shared import clock
from shared.backbone.catch_up import trusted_authorities
from shared.codes import SIGN_IN
from shared.errors import IssuerUnknown, SignInRefused

# The providers change with a new start of access.
REMEMBERED: Final = timedelta(seconds=15)
LIST_SECONDS: Final = 3.0
# Access waits for the provider: for what it publishes, for the code, and for its keys once more.
PROVIDER_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class WayIn:
    """A provider, as people choose it."""

    provider: str
    label_da: str
    label_en: str


class WaysIn:
    """The providers through which people sign in."""

    def __init__(self, access_url: str) -> None:
        self._url = access_url
        self._client = httpx.AsyncClient(verify=trusted_authorities())
        self._known: tuple[WayIn, ...] = ()
        self._good_until: datetime | None = None

    async def known(self) -> tuple[WayIn, ...]:
        """Give the providers; those of before while access is away."""
        if self._good_until is not None and clock.now() < self._good_until:
            return self._known
        try:
            answer = await self._client.get(f"{self._url}/providers", timeout=LIST_SECONDS)
        except httpx.HTTPError:
            return self._known
        if answer.is_success:
            self._known = tuple(WayIn(**each) for each in answer.json()["items"])
            self._good_until = clock.now() + REMEMBERED
        return self._known

    async def begin(self, provider: str, address: str, language: str) -> tuple[str, str]:
        """Give where a person signs in, and what their browser keeps until they are back.

        Raises:
            SignInRefused: there is no such provider, or it is away.
            IssuerUnknown: access is away.
        """
        told = await self._ask("sign-ins", {"provider": provider, "address": address, "language": language})
        return told["address"], told["browser"]

    async def finish(self, browser: str, back: Mapping[str, str]) -> tuple[str, timedelta]:
        """Give a session for whom a provider sent back with the parameters of `back`, and how long it lasts.

        Raises:
            SignInRefused: nobody is signed in; the code says why.
            IssuerUnknown: access is away.
        """
        if not browser or "state" not in back:
            raise SignInRefused("sign_in_unknown", "this browser began no sign-in")
        told = await self._ask("sign-ins/return", {"browser": browser, **back})
        return told["session"], datetime.fromisoformat(told["expires"]) - clock.now()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, path: str, body: Mapping[str, str]) -> dict[str, Any]:
        try:
            answer = await self._client.post(f"{self._url}/{path}", json=body, timeout=PROVIDER_SECONDS)
            told: dict[str, Any] = orjson.loads(answer.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise IssuerUnknown("who signs in cannot be told just now") from error
        if answer.is_success:
            return told
        if (code := told.get("code")) in SIGN_IN:
            raise SignInRefused(code, told.get("detail", ""))
        if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise SignInRefused("sign_in_unknown", "the provider sent back nothing of ours")
        raise IssuerUnknown("who signs in cannot be told just now")
