"""Use cases: signing in through a provider of identities, from the button to the session. Owns what is begun.

Nobody is let in on what a caller says: access itself asks the provider, with a code that is good once.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from services.access import service
from services.access.providers import store
from services.access.providers.configuration import Provider, is_safe
from services.access.providers.relying_party import Attempt, RelyingParty
from services.access.providers.rights import name_of, rights_of
from services.access.service import Made, digest
from shared import clock
from shared.codes import SignInCode
from shared.database import Pool
from shared.errors import Forbidden, SignInRefused

# So long a person may take to sign in at the provider.
SIGN_IN_LIFE: Final = timedelta(minutes=10)
# Where a provider sends people back to; it must be known there.
RETURN_PATH: Final = "/sign-in/return"
# What a provider answers when the person would not. Source: RFC 6749, section 4.1.2.1.
DENIED: Final = "access_denied"

# What happens without anything being wrong with a provider.
ORDINARY: Final[frozenset[SignInCode]] = frozenset(
    {"sign_in_unknown", "sign_in_expired", "sign_in_denied", "unknown_provider", "no_role", "no_area", "person_ended"}
)

log: Final = structlog.get_logger()


class SignIns:
    """The ways to sign in through providers; `public_url` is where people reach the pages, None on one machine."""

    def __init__(self, pool: Pool, parties: Mapping[str, RelyingParty], public_url: str | None) -> None:
        self._pool = pool
        self._parties = parties
        self._public_url = public_url

    def providers(self) -> list[Provider]:
        """Give the providers, in the order of their file."""
        return [party.provider for party in self._parties.values()]

    async def begin(self, provider: str, address: str, language: str) -> tuple[str, str]:
        """Give where a person signs in, and what their browser keeps until they are back.

        Raises:
            SignInRefused: there is no such provider, it is away, or `address` is not where people reach the pages.
        """
        party = self._party(provider)
        ours = address.rstrip("/")
        is_ours = (
            ours == self._public_url.rstrip("/") if self._public_url else ours.startswith("http:") and is_safe(ours)
        )
        if not is_ours:
            raise SignInRefused("sign_in_unknown", "people do not reach the pages at this address")
        state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        now = clock.now()
        attempt = Attempt(nonce, verifier, f"{ours}{RETURN_PATH}")
        try:
            where = await party.address(attempt, state, language)
        except SignInRefused as refused:
            self._say(provider, refused)
            raise
        begun = store.Begun(provider, nonce, verifier, attempt.redirect_uri, now + SIGN_IN_LIFE, None)
        async with self._pool.acquire() as connection, connection.transaction():
            await store.add(connection, digest(state), digest(browser), begun, now)
        return where, browser

    async def finish(self, browser: str, state: str, code: str | None, issuer: str | None, error: str | None) -> Made:
        """Give a session for whom a provider sent back.

        Raises:
            SignInRefused: nobody is signed in; the code says why.
        """
        now = clock.now()
        async with self._pool.acquire() as connection:
            begun = await store.use(connection, digest(state), digest(browser), now)
        try:
            return await self._signed_in(begun, code, issuer, error)
        except SignInRefused as refused:
            self._say(begun.provider if begun else None, refused)
            raise

    async def _signed_in(
        self, begun: store.Begun | None, code: str | None, issuer: str | None, error: str | None
    ) -> Made:
        if begun is None:
            raise SignInRefused("sign_in_unknown", "this browser began no such sign-in")
        if begun.used is not None:
            raise SignInRefused("sign_in_replayed", "this sign-in was used before")
        if begun.expires <= clock.now():
            raise SignInRefused("sign_in_expired", "this sign-in was begun too long ago")
        if error is not None or not code:
            denied = error == DENIED
            raise SignInRefused("sign_in_denied" if denied else "provider_refused", "the provider signed nobody in")
        party = self._party(begun.provider)
        claims = await party.claims(Attempt(begun.nonce, begun.verifier, begun.redirect_uri), code, issuer)
        rights = rights_of(party.provider, claims)
        name = name_of(party.provider, claims)
        async with self._pool.acquire() as connection, connection.transaction():
            try:
                return await service.sign_in(connection, name, rights, begun.provider, claims["sub"])
            except Forbidden:
                raise SignInRefused("person_ended", "this person may not sign in any more") from None

    async def close(self) -> None:
        """Let go of the connections to the providers."""
        for party in self._parties.values():
            await party.close()

    def _party(self, provider: str) -> RelyingParty:
        party = self._parties.get(provider)
        if party is None:
            raise SignInRefused("unknown_provider", f"there is no provider '{provider}'")
        return party

    def _say(self, provider: str | None, refused: SignInRefused) -> None:
        """Note why somebody was not signed in; never who it was."""
        said = log.info if refused.code in ORDINARY else log.warning
        said("sign_in.refused", provider=provider, code=refused.code, detail=refused.detail)
