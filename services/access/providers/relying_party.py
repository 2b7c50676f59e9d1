"""Asks one provider of identities: where people sign in, and who came back. Owns what it published, for a while.

Source: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE); RFC 9207 (`iss`).
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.access.providers.configuration import Known, is_safe
from services.access.providers.id_token import Expected, KeyUnknown, claims_of
from shared import clock
from shared.errors import SignInRefused

DISCOVERY: Final = "/.well-known/openid-configuration"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ANSWER_SECONDS: Final = 5.0
ANSWER_BYTES: Final = 524_288
MAX_KEYS: Final = 100
PUBLISHED_SECONDS: Final = 3_600.0
# A token that names an unknown key has the keys read again, but not more often than this; it waits for that.
KEYS_AGAIN_SECONDS: Final = 1.0
FAILED_SECONDS: Final = 2.0
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person's sign-in: what binds the answer to it, the proof that the code is ours, and where they come back."""

    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Published:
    """What a provider publishes: its addresses, how it wants to know us, its keys, and when it was read."""

    addresses: Mapping[str, str]
    knows_by: str
    says_issuer: bool
    keys: KeySet
    read_at: float


class RelyingParty:
    """Speaks for us with one provider."""

    def __init__(self, known: Known, trusted: ssl.SSLContext | None) -> None:
        self.provider = known.provider
        self._secret = known.secret
        self._client = httpx.AsyncClient(verify=trusted or True)
        self._published: Published | None = None
        self._failed: tuple[SignInRefused, float] | None = None
        self._reading = asyncio.Lock()

    async def address(self, attempt: Attempt, state: str, language: str) -> str:
        """Give where a person signs in.

        Raises:
            SignInRefused: the provider is away, or what it publishes cannot be used.
        """
        published = await self._read()
        address: str = prepare_grant_uri(
            published.addresses["authorization_endpoint"],
            client_id=self.provider.client_id,
            response_type="code",
            redirect_uri=attempt.redirect_uri,
            scope=" ".join(self.provider.scopes),
            state=state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            ui_locales=language,
        )
        return address

    async def claims(self, attempt: Attempt, code: str, issuer: str | None) -> dict[str, Any]:
        """Give what the provider says of a person who came back with a code, and as whose answer it came.

        Raises:
            SignInRefused: the provider is away, takes the code no more, or says something that cannot be believed.
        """
        published = await self._read()
        if issuer != self.provider.issuer and (issuer is not None or published.says_issuer):
            raise SignInRefused("id_token_issuer", "the answer is not of the provider that was asked")
        told = await self._exchange(published, attempt, code)
        token, access_token = told.get("id_token"), told.get("access_token")
        if not isinstance(token, str) or not isinstance(access_token, str | None):
            raise SignInRefused("id_token_malformed", "the provider gave no ID token")
        expected = Expected(self.provider.issuer, self.provider.client_id, attempt.nonce, access_token)
        for keys in (published.keys, None):
            known = keys or (await self._read(newer_than=published.read_at)).keys
            try:
                return claims_of(token, known, expected, clock.now())
            except KeyUnknown:
                continue
        raise SignInRefused("id_token_signature", "the ID token names a key that the provider does not have")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _exchange(self, published: Published, attempt: Attempt, code: str) -> dict[str, Any]:
        provider = self.provider
        url = published.addresses["token_endpoint"]
        proof = {"code": code, "code_verifier": attempt.verifier}
        body = prepare_token_request("authorization_code", "", attempt.redirect_uri, **proof)
        method = published.knows_by if self._secret else "none"
        headers = {"Content-Type": FORM, "Accept": "application/json"}
        known = ClientAuth(provider.client_id, self._secret, method)
        url, headers, body = known.prepare("POST", url, headers, body)
        status, told = await self._ask("POST", url, headers=headers, content=body)
        if status == HTTPStatus.OK:
            return told
        if told.get("error") == "invalid_grant":
            raise SignInRefused("provider_refused", "the provider takes this code no more")
        raise SignInRefused("provider_mistaken", f"the provider answered {status} where a code is taken")

    async def _read(self, newer_than: float | None = None) -> Published:
        """Give what the provider publishes, from memory while that is young; `newer_than` asks for what came since."""
        async with self._reading:
            kept = self._published
            if kept is not None:
                age = time.monotonic() - kept.read_at
                if age < PUBLISHED_SECONDS and (newer_than is None or kept.read_at > newer_than):
                    return kept
                await asyncio.sleep(max(0.0, KEYS_AGAIN_SECONDS - age))
            # Those who wait are told the same, rather than each to wait for it again.
            if self._failed is not None and time.monotonic() - self._failed[1] < FAILED_SECONDS:
                raise SignInRefused(self._failed[0].code, self._failed[0].detail)
            try:
                self._published = read = await self._discover()
            except SignInRefused as refused:
                self._failed = refused, time.monotonic()
                raise
            return read

    async def _discover(self) -> Published:
        issuer = self.provider.issuer
        metadata = await self._document(issuer.rstrip("/") + DISCOVERY)
        if metadata.get("issuer") != issuer:
            raise SignInRefused("provider_mistaken", f"{issuer} says that it is {metadata.get('issuer')!r:.200}")
        addresses = {name: metadata.get(name) for name in ENDPOINTS}
        if not all(isinstance(address, str) and is_safe(address) for address in addresses.values()):
            raise SignInRefused("provider_mistaken", f"{issuer} names an address that is missing or not over https")
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        knows_by = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        told = await self._document(str(addresses["jwks_uri"]))
        says_issuer = metadata.get("authorization_response_iss_parameter_supported") is True
        known = {name: str(address) for name, address in addresses.items()}
        return Published(known, knows_by, says_issuer, self._keys(told), time.monotonic())

    def _keys(self, told: Mapping[str, Any]) -> KeySet:
        """Give the keys of a set that sign; a key that is of no kind we know is passed over."""
        listed = told.get("keys")
        if not isinstance(listed, list):
            raise SignInRefused("provider_mistaken", f"{self.provider.issuer} publishes no keys")
        keys = []
        for each in listed[:MAX_KEYS]:
            if isinstance(each, dict) and each.get("use", "sig") == "sig" and each.get("kty") != "oct":
                try:
                    keys.extend(KeySet.import_key_set({"keys": [each]}).keys)
                except (JoseError, ValueError, TypeError):
                    continue
        return KeySet(keys)

    async def _document(self, url: str) -> dict[str, Any]:
        status, told = await self._ask("GET", url)
        if status != HTTPStatus.OK:
            raise SignInRefused("provider_mistaken", f"{url} answers {status}")
        return told

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Ask the provider, and give what it answers, where that is an object.

        Raises:
            SignInRefused: it is away, or answers with anything else.
        """
        body = bytearray()
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._client.stream(method, url, **more) as answer:
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > ANSWER_BYTES:
                        raise SignInRefused("provider_mistaken", f"{url} answers with more than {ANSWER_BYTES} bytes")
        except (httpx.HTTPError, TimeoutError) as error:
            raise SignInRefused("provider_away", f"{url} is away: {type(error).__name__}") from None
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SignInRefused("provider_away", f"{url} answers {answer.status_code}")
        try:
            told = orjson.loads(body)
        except orjson.JSONDecodeError:
            told = None
        if not isinstance(told, dict):
            raise SignInRefused("provider_mistaken", f"{url} answers with no JSON object")
        return answer.status_code, told
