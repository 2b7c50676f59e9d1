"""A stream of the feed ends with the session or the token that it was opened with, and tells nothing after that."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import httpx
import pytest

from services.command import access
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.invitations import invite
from tests.support.systems import System

AREA: Final = "stroemmen"
# It ends within a second; the rest is for a machine that has more to do.
ENDS_WITHIN_SECONDS: Final = 5
PATIENCE_SECONDS: Final = 30
TOKEN_SECONDS: Final = 3


def _story(story: str) -> Json:
    consent = {"reference": "Samtykke 3", "guardian": True}
    data = {"story": story, "area": AREA, "title": story, "text": "Der var lys i alle vinduer.", "consent": consent}
    return b.an_event("story.published", data, source=f"/areas/{AREA}")


@contextlib.asynccontextmanager
async def _client(system: System) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"origin": system.address}
    async with httpx.AsyncClient(base_url=system.address, headers=headers, timeout=PATIENCE_SECONDS) as client:
        yield client


async def _post(system: System, *events: Json) -> None:
    """Post events, and wait until the feed has them."""
    async with _client(system) as client:
        client.headers["authorization"] = f"Bearer {system.token('admin')}"
        answer = await client.post("/registry/events", json=list(events))
        assert answer.is_success, answer.text
        at_least = {"at_least": answer.json()["cursor"]}
        assert (await client.get("/reporting/feed", params=at_least)).status_code == httpx.codes.OK


async def _until(lines: AsyncIterator[str], text: str) -> None:
    """Read a stream up to a line that holds a text."""
    async for line in lines:
        if text in line:
            return
    pytest.fail(f"the stream ended before it said {text}")


async def _rest(lines: AsyncIterator[str]) -> str:
    """Read a stream to its end, which must come soon."""
    async with asyncio.timeout(ENDS_WITHIN_SECONDS):
        return "\n".join([line async for line in lines])


@pytest.mark.parametrize("posts_first", [True, False])
async def test_a_stream_ends_when_its_session_signs_out(plain_system: System, posts_first: bool) -> None:  # noqa: FBT001  a case
    """What is posted after that is not in it, whether it comes at once or the stream is quiet."""
    first, later = f"foer-{posts_first}".lower(), f"efter-{posts_first}".lower()
    await _post(plain_system, b.an_area(AREA), _story(first))
    async with _client(plain_system) as client, _client(plain_system) as copy:
        await client.post("/sign-in", data={"invitation": invite(plain_system, "--role", "lead")})
        copy.cookies.update(client.cookies)
        async with copy.stream("GET", "/feed/stream", params={"area": AREA}) as stream:
            lines = stream.aiter_lines()
            await _until(lines, first)
            assert (await client.post("/sign-out")).status_code == httpx.codes.SEE_OTHER
            if posts_first:
                await _post(plain_system, _story(later))
            assert later not in await _rest(lines)
        assert (await copy.get("/feed/stream")).status_code == httpx.codes.UNAUTHORIZED


async def test_a_stream_goes_on_when_another_session_of_the_same_kind_signs_out(plain_system: System) -> None:
    """Only the session that ended is told nothing more."""
    await _post(plain_system, b.an_area(AREA), _story("begge"))
    async with _client(plain_system) as client, _client(plain_system) as other:
        for each in (client, other):
            await each.post("/sign-in", data={"invitation": invite(plain_system, "--role", "lead")})
        async with other.stream("GET", "/feed/stream", params={"area": AREA}) as stream:
            lines = stream.aiter_lines()
            await _until(lines, "begge")
            await client.post("/sign-out")
            await _post(plain_system, _story("videre"))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await _until(lines, "videre")


async def test_a_stream_ends_when_its_token_does(plain_system: System) -> None:
    """Without any grace: neither is the stream told what comes later, nor the token taken again."""
    await _post(plain_system, b.an_area(AREA), _story("kort"))
    token = access.issue_token(plain_system.data, "lead", frozenset(), timedelta(seconds=TOKEN_SECONDS))
    async with _client(plain_system) as client:
        client.headers["authorization"] = f"Bearer {token}"
        async with client.stream("GET", "/reporting/feed/stream", params={"area": AREA}) as stream:
            lines = stream.aiter_lines()
            await _until(lines, "kort")
            await _rest(lines)
        answer = await client.get("/reporting/feed")
        assert (answer.status_code, answer.json()["code"]) == (httpx.codes.UNAUTHORIZED, "unauthenticated")
