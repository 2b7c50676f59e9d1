"""Hears the public keys of the issuer of tokens, from access or from a file, again and again. Owns no key.

What was heard last holds until something else is heard: while access is away nobody buys a token, and none lasts long.
"""

import asyncio
from pathlib import Path
from typing import Final

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared import keys
from shared.backbone.catch_up import trusted_authorities
from shared.errors import CannotServe
from shared.tokens import TrustedKeys

# Much shorter than a new key is announced before it signs.
HEAR_SECONDS: Final = 10.0
# Before anything was heard, and while access is away.
HEAR_AGAIN_SECONDS: Final = 0.5
ANSWER_SECONDS: Final = 3.0

log = structlog.get_logger()


class IssuerKeys:
    """The place where the issuer's public keys are: the address of a set of keys, or a file of one."""

    def __init__(self, place: str, trusted: TrustedKeys) -> None:
        self._place = place
        self._trusted = trusted
        self._is_away = False

    async def begin(self) -> None:
        """Hear them at once where they stand in a file: whoever serves them may wait for this process to be up.

        Raises:
            CannotServe: the file is not there, or holds no set of keys (`key_unusable`).
        """
        if not self._is_address:
            path = Path(self._place)
            try:
                self._trusted.trust(keys.load_public(path))
            except FileNotFoundError:
                raise keys.unusable(path, "is not there") from None

    async def run(self) -> None:
        """Hear them for as long as the service runs."""
        async with httpx.AsyncClient(verify=trusted_authorities(), timeout=ANSWER_SECONDS) as client:
            while True:
                try:
                    found = await self._heard(client)
                except (httpx.HTTPError, httpx.InvalidURL, CannotServe, OSError, ValueError) as error:
                    if not self._is_away:
                        log.warning("keys.not_heard", place=self._place, error=type(error).__name__)
                    self._is_away = True
                else:
                    self._is_away = False
                    self._trusted.trust(found)
                await asyncio.sleep(HEAR_AGAIN_SECONDS if self._is_away else HEAR_SECONDS)

    @property
    def _is_address(self) -> bool:
        return self._place.startswith(("http://", "https://"))

    async def _heard(self, client: httpx.AsyncClient) -> dict[str, Ed25519PublicKey]:
        if not self._is_address:
            return await asyncio.to_thread(keys.load_public, Path(self._place))
        async with client.stream("GET", self._place) as answer:
            answer.raise_for_status()
            content = b""
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > keys.SET_BYTES:
                    raise ValueError("the answer is too long")
        return keys.read_public(content)
