"""Reads over HTTP what another service owns: its log, where the stream has a gap or Redis forgot, and what it refused.

Owns no position.
"""

import asyncio
import collections
import functools
import ssl
from collections.abc import AsyncGenerator
from typing import Any, Final

import httpx
import orjson

from shared import background
from shared.backbone import pages, rejections
from shared.backbone.event_log import MAX_PAGE
from shared.backbone.pages import Page
from shared.backbone.rejections import Rejection
from shared.tokens import Credential

# How long an owner may be silent when it is asked whether its log goes on from here, which is a moment's work. It shows
# in the follower's health soon after it is away, and soon after it is back.
READ_SECONDS: Final = 3.0
# For what may take longer: entries, sums over a whole ledger, and an owner that has only just started. One that is
# silent is waited for so long each third time, in case it is there and has too much to do.
PATIENT_SECONDS: Final = 10.0
PATIENT_EACH: Final = 3
# A connection that a network swallows is tried anew.
CONNECT_SECONDS: Final = 3.0
# Pages that have come or are coming before the first of them is done with: what a rebuild folds at once.
PAGES_AHEAD: Final = 10
# Pages asked for at the same time; the owner has others to answer.
PAGES_AT_ONCE: Final = 3
MAX_SEQUENCE: Final = 2**63 - 1
REFUSED_HINT: Final = (
    "it takes our token for none: are the clocks of the two more than half a minute apart, or their keys not the same?"
)


def explained(error: Exception) -> dict[str, Any]:
    """Say in the fields of a log line what went wrong: of an answer its status, and of one that refuses us a hint."""
    if not isinstance(error, httpx.HTTPStatusError):
        return {"error": type(error).__name__}
    fields: dict[str, Any] = {"error": "refused", "status": error.response.status_code}
    if error.response.status_code == httpx.codes.UNAUTHORIZED:
        fields["hint"] = REFUSED_HINT
    return fields


@functools.cache
def trusted_authorities() -> ssl.SSLContext:
    """Read whom this machine trusts, which takes a while, once for all owners."""
    return httpx.create_ssl_context()


class OwnerLog:
    """The log of another service, and beside it what that service refused."""

    def __init__(self, owner: str, url: str, credential: Credential) -> None:
        self._owner = owner
        self._url = url
        self._credential = credential
        self._client = httpx.AsyncClient(verify=trusted_authorities())
        # How often in a row it was silent for too long; at first it may be starting.
        self._silences = PATIENT_EACH - 1

    async def after(self, sequence: int, limit: int = MAX_PAGE) -> Page:
        """Give the next page of entries after a sequence, and how far the log goes; empty at the head.

        Raises:
            httpx.HTTPError: the owner does not answer, refuses, or somebody else answers in its place.
        """
        is_patient = limit > 0 or self._silences % PATIENT_EACH == PATIENT_EACH - 1
        try:
            page = await self._page(sequence, limit, PATIENT_SECONDS if is_patient else READ_SECONDS)
        except httpx.ReadTimeout:
            self._silences += 1
            raise
        self._silences = 0
        return page

    async def head(self) -> int:
        """Give the last sequence of the log.

        Raises:
            httpx.HTTPError: as `after`.
        """
        return (await self.after(MAX_SEQUENCE, 0)).head or 0

    async def between(self, sequence: int, last: int) -> AsyncGenerator[Page, None]:
        """Give page after page up to a sequence that the log has, in order, a few of them asked for ahead.

        Raises:
            httpx.HTTPError: as `after`.
        """
        # The log has no gaps, so where a page begins is known before the one before it has come.
        starts = iter(range(sequence, last, MAX_PAGE))
        coming: collections.deque[asyncio.Task[Page]] = collections.deque()
        at_once = asyncio.Semaphore(PAGES_AT_ONCE)

        async def page_after(start: int) -> Page:
            async with at_once:
                return await self._page(start, MAX_PAGE, PATIENT_SECONDS)

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

    async def _page(self, sequence: int, limit: int, read_seconds: float) -> Page:
        answer = await self._get("events", {"after": sequence, "limit": limit}, read_seconds)
        try:
            page = pages.read(answer.content)
            (page.head or 0) + 0
        except (ValueError, TypeError) as error:
            raise httpx.DecodingError(str(error), request=answer.request) from error
        return page

    async def _get(self, path: str, query: dict[str, int], read_seconds: float = PATIENT_SECONDS) -> httpx.Response:
        answer = await self._client.get(
            f"{self._url}/{path}",
            params=query,
            headers={"Authorization": f"Bearer {self._credential.toward(self._owner)}"},
            timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS),
        )
        return answer.raise_for_status()
