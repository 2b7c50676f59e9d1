"""What all senders together, and each by itself, may have on its way into a service."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import TypeAlias

import httpx
import pytest
from fastapi import FastAPI

from services.registry.app import build_app
from services.registry.settings import RegistrySettings
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support.builders import AREA, OTHER_AREA, Json, an_area, body
from tests.support.running import in_process

EVENTS = "/registry/events"
MEGABYTE = 2**20

Content: TypeAlias = bytes | AsyncIterable[bytes]


@pytest.fixture
async def small(registry_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a registry that holds little: fifteen megabytes, six of one sender, and forty events, ten."""
    settings = state_in(registry_app).part(RegistrySettings)
    limits = {
        "bodies_limit_mb": 15,
        "sender_bodies_limit_mb": 6,
        "waiting_events_limit": 40,
        "sender_events_limit": 10,
    }
    async with in_process({"registry": build_app(settings.model_copy(update=limits))}) as client:
        yield client


class HalfSent:
    """A body that has come in part, until it is let go."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self.has_come = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._megabytes):
            yield b" " * MEGABYTE
        self.has_come.set()
        await self.goes_on.wait()
        yield body(an_area())


async def _post(client: httpx.AsyncClient, headers: dict[str, str], content: Content) -> httpx.Response:
    typed = {**headers, "content-type": "application/json"}
    return await client.post(EVENTS, content=content, headers=typed)


async def test_bodies_on_their_way_are_bounded_for_each_sender_and_for_all(
    small: httpx.AsyncClient, bearer: Bearer
) -> None:
    """Who sends too much at once is told so; others are served until all is taken, and again once it is free."""
    senders = [bearer("admin"), bearer("coordinator", AREA), bearer("coordinator", OTHER_AREA)]
    halves = [HalfSent(4) for _ in senders]
    posts = [asyncio.create_task(_post(small, who, half)) for who, half in zip(senders, halves, strict=True)]
    for half in halves:
        await half.has_come.wait()
    mine = await _post(small, senders[0], b" " * 3 * MEGABYTE)
    assert (mine.status_code, mine.json()["code"]) == (429, "too_many_requests")
    another = await _post(small, bearer("coordinator", "tredje"), b" " * 4 * MEGABYTE)
    assert (another.status_code, another.json()["code"]) == (503, "busy")
    assert mine.headers["retry-after"]
    assert another.headers["retry-after"]
    for half in halves:
        half.goes_on.set()
    assert [answer.status_code for answer in await asyncio.gather(*posts)] == [201, 403, 403]
    assert (await _post(small, senders[0], b" " * 3 * MEGABYTE + body(an_area("senere")))).status_code == 201


async def test_who_goes_away_in_the_middle_holds_nothing(small: httpx.AsyncClient, bearer: Bearer) -> None:
    """A hundred times, and the next is served."""
    for _ in range(20):
        half = HalfSent(5)
        post = asyncio.create_task(_post(small, bearer("admin"), half))
        await half.has_come.wait()
        post.cancel()
        await asyncio.gather(post, return_exceptions=True)
    assert (await _post(small, bearer("admin"), b" " * 4 * MEGABYTE + body(an_area()))).status_code == 201


async def test_events_on_their_way_are_bounded_for_each_sender(small: httpx.AsyncClient, bearer: Bearer) -> None:
    """Eleven at once are more than one sender may have; ten are not."""

    def areas(count: int) -> list[Json]:
        return [an_area(f"omraade-{number}") for number in range(count)]

    refused = await _post(small, bearer("admin"), body(areas(11)))
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert (await _post(small, bearer("admin"), body(areas(10)))).status_code == 201


@pytest.mark.parametrize("role", ["lead", "auditor", "service"])
async def test_who_may_not_post_is_told_before_its_body_is_read(
    small: httpx.AsyncClient, bearer: Bearer, role: str
) -> None:
    """Its first byte is never asked for."""
    half = HalfSent(0)
    answer = await _post(small, bearer(role), half)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_area")
