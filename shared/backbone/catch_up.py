"""Reads an owner's log over HTTP, where the stream has a gap or Redis forgot. Owns no position."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import httpx
import orjson

from shared.backbone.event_log import MAX_PAGE, Entry
from shared.tokens import Identity, TokenKey

TIMEOUT_SECONDS: Final = 10.0
TOKEN_LIFE: Final = timedelta(minutes=5)


class OwnerLog:
    """The log of another service."""

    def __init__(self, url: str, token_key: TokenKey) -> None:
        self._url = url
        self._token_key = token_key
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)

    async def after(self, sequence: int) -> list[Entry]:
        """Give the next page of entries after a sequence; empty at the head.

        Raises:
            httpx.HTTPError: the owner does not answer, refuses, or somebody else answers in its place.
        """
        token = self._token_key.issue(Identity("service"), valid_for=TOKEN_LIFE)
        answer = await self._client.get(
            f"{self._url}/events",
            params={"after": sequence, "limit": MAX_PAGE},
            headers={"Authorization": f"Bearer {token}"},
        )
        answer.raise_for_status()
        try:
            return [Entry(document) for document in orjson.loads(answer.content)["events"]]
        except (ValueError, LookupError, TypeError) as error:
            raise httpx.DecodingError("this is no page of a log", request=answer.request) from error

    async def all_after(self, sequence: int) -> AsyncIterator[list[Entry]]:
        """Give page after page up to the head, as it is when the last page is read."""
        while page := await self.after(sequence):
            yield page
            sequence = page[-1].sequence

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()
