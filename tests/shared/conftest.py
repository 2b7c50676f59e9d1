"""What tests of the backbone share: an owner on a port and what follows it, and writers on one database."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest
from fastapi import FastAPI

from services.registry.service import RegistryUseCases
from shared import database
from shared.backbone.consumer import Consumer
from shared.backbone.write_path import UseCases
from shared.database import Pool
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import Json, a_pool, an_area, body
from tests.support.following import following, make_table
from tests.support.keyring import Keyring
from tests.support.running import on_a_port
from tests.support.writing import LIMIT, Bench, MakeBench

Post: TypeAlias = Callable[..., Awaitable[int]]
Follow: TypeAlias = Callable[..., contextlib.AbstractAsyncContextManager[Consumer]]


@pytest.fixture
async def owner_url(registry_app: FastAPI) -> AsyncIterator[str]:
    """Run the registry on a port, with its relay, and give its address."""
    async with on_a_port({"registry": registry_app}) as address:
        yield f"{address}/registry"


@pytest.fixture
async def post(owner_url: str, bearer: Bearer) -> AsyncIterator[Post]:
    """Give a function that posts areas, one event each, and tells the last sequence."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with httpx.AsyncClient(headers=headers) as client:

        async def post(*names: str) -> int:
            events: list[Json] = [an_area(name) for name in names]
            answer = await client.post(f"{owner_url}/events", content=body(events))
            assert answer.status_code == 201, answer.text
            return int(answer.json()["cursor"].removeprefix("registry:"))

        yield post


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    """Give the consuming service's database."""
    pool = await database.open_pool(await make_database("follower", like="registry"), 4)
    await make_table(pool)
    yield pool
    await pool.close()


@pytest.fixture
def follow(pool: Pool, redis_url: str, owner_url: str, keyring: Keyring) -> Follow:
    """Give a function that follows the registry until its context ends."""

    def follow(**options: Any) -> contextlib.AbstractAsyncContextManager[Consumer]:
        return following(pool, redis_url, owner_url, keyring, **options)

    return follow


@pytest.fixture
async def make_bench(registry_database: str) -> AsyncIterator[MakeBench]:
    """Give a function that makes writers on one database, each with a pool of its own, as processes have."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(use_cases: UseCases | None = None, waiting_limit: int = LIMIT) -> Bench:
            pool = await database.open_pool(registry_database, 4)
            stack.push_async_callback(pool.close)
            bench = Bench(pool, use_cases or RegistryUseCases(), waiting_limit)
            await bench.writer.start()
            stack.push_async_callback(bench.writer.close)
            return bench

        yield make


@pytest.fixture
async def bench(make_bench: MakeBench) -> Bench:
    """Give one writer, in a network that knows the pool."""
    bench = await make_bench()
    await bench.post(a_pool())
    return bench
