"""An owner whose log cannot be asked while Redis is well: its follower says so soon, and waits for one that is slow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

import pytest
import redis.asyncio
from fastapi import FastAPI

from shared import database
from shared.backbone import catch_up
from shared.backbone.consumer import Consumer
from shared.database import Pool
from tests.chaos.wires import Wire, wire
from tests.conftest import MakeDatabase
from tests.support.following import following, make_table, reaches
from tests.support.keyring import Keyring
from tests.support.running import on_a_port

FOUNDING: Final = 3
# Instead of three.
READ_SECONDS: Final = 0.4
NOTICED_WITHIN_SECONDS: Final = 1.5
BACK_WITHIN_SECONDS: Final = 5.0


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "READ_SECONDS", READ_SECONDS)


@pytest.fixture
async def log_wire(registry_app: FastAPI, redis_client: "redis.asyncio.Redis") -> AsyncIterator[Wire]:
    """Run the registry behind a wire, with nothing on its stream, so that only its log tells anything."""
    async with (
        on_a_port({"registry": registry_app}) as address,
        wire("log of the registry", lambda: [int(address.rpartition(":")[2])]) as through,
    ):
        await redis_client.flushall()
        yield through


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    """Give the following service's database."""
    pool = await database.open_pool(await make_database("follower", like="registry"), 4)
    await make_table(pool)
    yield pool
    await pool.close()


async def _until(holds: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        # Nothing tells.
        while not holds():  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.01)


async def test_a_silent_owner_shows_soon_and_passes(
    log_wire: Wire, pool: Pool, redis_url: str, keyring: Keyring
) -> None:
    """Its follower is not healthy after one wait, and is again when the owner speaks."""
    async with following(pool, redis_url, f"http://127.0.0.1:{log_wire.port}/registry", keyring) as consumer:
        await reaches(consumer, FOUNDING)
        await _until(lambda: consumer.healthy, BACK_WITHIN_SECONDS)
        held = asyncio.create_task(log_wire.hold(2 * NOTICED_WITHIN_SECONDS))
        await _until(lambda: not consumer.healthy, NOTICED_WITHIN_SECONDS)
        await held
        await _until(lambda: consumer.healthy, BACK_WITHIN_SECONDS)


async def test_a_slow_owner_is_given_longer(log_wire: Wire, pool: Pool, redis_url: str, keyring: Keyring) -> None:
    """One that always needs more than a moment is followed all the same."""
    slow = asyncio.create_task(log_wire.slow(60, 0.75 * READ_SECONDS))
    consumer: Consumer
    async with following(pool, redis_url, f"http://127.0.0.1:{log_wire.port}/registry", keyring) as consumer:
        await reaches(consumer, FOUNDING)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
