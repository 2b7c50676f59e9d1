"""Reads over HTTP what another service owns: its log, where the stream has a gap or Redis forgot, and what it refused.

Owns no position.
"""

import asyncio
import collections
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta
from typing import Any, Final

import httpx
import orjson

from shared import background
from shared.backbone import rejections
from shared.backbone.event_log import MAX_PAGE, Entry
from shared.backbone.rejections import Rejection
from shared.tokens import Identity, TokenKey

TIMEOUT_SECONDS: Final = 10.0
TOKEN_LIFE: Final = timedelta(minutes=5)
# Pages that have come or are coming before the first of them is done with: what a rebuild folds at once.
PAGES_AHEAD: Final = 10
# Pages asked for at the same time; the owner has others to answer.
PAGES_AT_ONCE: Final = 3
MAX_SEQUENCE: Final = 2**63 - 1


class OwnerLog:
    """The log of another service, and beside it what that service refused."""

    def __init__(self, url: str, token_key: TokenKey) -> None:
        self._url = url
        self._token_key = token_key
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)

    async def after(self, sequence: int) -> list[Entry]:
        """Give the next page of entries after a sequence; empty at the head.

        Raises:
            httpx.HTTPError: the owner does not answer, refuses, or somebody else answers in its place.
        """
        return [Entry(document) for document in (await self._page(sequence, MAX_PAGE))["events"]]

    async def head(self) -> int:
        """Give the last sequence of the log.

        Raises:
            httpx.HTTPError: as `after`.
        """
        head: int = (await self._page(MAX_SEQUENCE, 1))["head"]
        return head

    async def between(self, sequence: int, last: int) -> AsyncGenerator[list[Entry], None]:
        """Give page after page up to a sequence that the log has, in order, a few of them asked for ahead.

        Raises:
            httpx.HTTPError: as `after`.
        """
        # The log has no gaps, so where a page begins is known before the one before it has come.
        starts = iter(range(sequence, last, MAX_PAGE))
        coming: collections.deque[asyncio.Task[list[Entry]]] = collections.deque()
        at_once = asyncio.Semaphore(PAGES_AT_ONCE)

        async def page_after(start: int) -> list[Entry]:
            async with at_once:
                return await self.after(start)

        try:
            while True:
                while len(coming) < PAGES_AHEAD and (start := next(starts, None)) is not None:
                    coming.append(asyncio.create_task(page_after(start), name=f"page after {start}"))
                if not coming:
                    return
                yield await coming[0]
                coming.popleft()
        finally:
            await background.end(coming)

    async def all_after(self, sequence: int) -> AsyncIterator[list[Entry]]:
        """Give page after page up to the head, as it is when the last page is read."""
        while page := await self.after(sequence):
            yield page
            sequence = page[-1].sequence

    async def rejections(self) -> list[Rejection]:
        """Give what the owner refused, the latest of it.

        Raises:
            httpx.HTTPError: as `after`.
        """
        answer = await self._get("rejections", {"limit": rejections.LISTED})
        try:
            return [rejections.from_json(document) for document in orjson.loads(answer.content)["rejections"]]
        except (ValueError, LookupError, TypeError) as error:
            raise httpx.DecodingError("this is no list of rejections", request=answer.request) from error

    async def sums(self) -> dict[str, Any]:
        """Give what the owner's books come to, with the head of its log that they stand at; funding alone has books.

        Raises:
            httpx.HTTPError: as `after`.
        """
        answer = await self._get("sums", {})
        try:
            told: dict[str, Any] = orjson.loads(answer.content)
            told["head"] + 0
        except (ValueError, LookupError, TypeError) as error:
            raise httpx.DecodingError("these are no sums", request=answer.request) from error
        return told

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _page(self, sequence: int, limit: int) -> dict[str, Any]:
        answer = await self._get("events", {"after": sequence, "limit": limit})
        try:
            page: dict[str, Any] = orjson.loads(answer.content)
            for document in page["events"]:
                document["sequence"] + 0
            page["head"] + 0
        except (ValueError, LookupError, TypeError) as error:
            raise httpx.DecodingError("this is no page of a log", request=answer.request) from error
        return page

    async def _get(self, path: str, query: dict[str, int]) -> httpx.Response:
        token = self._token_key.issue(Identity("service"), valid_for=TOKEN_LIFE)
        answer = await self._client.get(
            f"{self._url}/{path}", params=query, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.raise_for_status()
