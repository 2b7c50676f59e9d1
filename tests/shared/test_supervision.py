"""What shall never end is started again, and what Redis refuses is not asked for in a hot loop."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

import httpx
import pytest
import redis.asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from shared import background, database
from shared.backbone import relay
from shared.backbone.catch_up import OwnerLog, explained
from shared.backbone.streams import stream_name
from shared.background import Kept
from shared.database import Pool
from shared.http.state import state_in
from shared.tokens import Credential
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import an_area, body
from tests.support.following import following, make_table, reaches, seen
from tests.support.keyring import Keyring
from tests.support.running import on_a_port

FOUNDING = 3
# A hot loop makes thousands in the time in which three events are followed.
MOST_COMMANDS = 500

Command: TypeAlias = tuple[str, ...]

# What makes Redis refuse, and what takes that back.
REFUSALS: dict[str, tuple[list[Command], Command]] = {
    "READONLY, as during a failover": ([("REPLICAOF", "127.0.0.1", "1")], ("REPLICAOF", "NO", "ONE")),
    "NOPERM": (
        [("ACL", "SETUSER", "default", "-xreadgroup")],
        ("ACL", "SETUSER", "default", "+xreadgroup"),
    ),
    "OOM, with the group gone": (
        [("CONFIG", "SET", "maxmemory", "1"), ("XGROUP", "DESTROY", stream_name("registry"), "follower")],
        ("CONFIG", "SET", "maxmemory", "512mb"),
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_what_redis_refuses_is_tried_ever_later_and_the_log_followed_meanwhile(
    refusal: tuple[list[Command], Command],
    registry_app: FastAPI,
    make_database: MakeDatabase,
    redis_url: str,
    redis_client: "redis.asyncio.Redis",
    keyring: Keyring,
    bearer: Bearer,
) -> None:
    """Events arrive while the stream cannot be read, with few commands; when it can be again, it is."""
    refuse, allow = refusal
    pool = await database.open_pool(await make_database("follower", like="registry"), 4)
    await make_table(pool)
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with (
        on_a_port({"registry": registry_app}) as address,
        httpx.AsyncClient(headers=headers) as client,
        following(pool, redis_url, f"{address}/registry", keyring) as consumer,
    ):
        await reaches(consumer, FOUNDING)
        try:
            for command in refuse:
                await _say(redis_client, command)
            before = await _commands(redis_client)
            for number in range(1, 4):
                answer = await client.post(f"{address}/registry/events", content=body(an_area(f"a-{number}")))
                assert answer.status_code == 201
                await reaches(consumer, FOUNDING + number)
            async with asyncio.timeout(15):
                while consumer.running:  # noqa: ASYNC110  nothing tells
                    await asyncio.sleep(0.01)
            assert not consumer.healthy
            assert await _commands(redis_client) - before < MOST_COMMANDS
        finally:
            await _say(redis_client, allow)
        async with asyncio.timeout(15):
            while not consumer.healthy:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)
        assert await seen(pool) == list(range(1, FOUNDING + 4))
    await pool.close()


async def test_an_owner_whose_events_reach_no_stream_is_not_ready(
    registry: httpx.AsyncClient, redis_client: "redis.asyncio.Redis", bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis without memory still answers whoever reads; what the owner logs goes nowhere, and `ready` says that."""
    monkeypatch.setattr(relay, "FAILING_SECONDS", 0.2)
    refuse, allow = REFUSALS["OOM, with the group gone"]
    headers = {**bearer("admin"), "content-type": "application/json"}
    await _until_ready(registry, lambda answer: answer.status_code == httpx.codes.OK)
    try:
        await _say(redis_client, refuse[0])
        assert (await registry.post("/registry/events", content=body(an_area()), headers=headers)).status_code == 201
        await _until_ready(registry, lambda answer: "relay" in answer.json().get("detail", ""))
    finally:
        await _say(redis_client, allow)
    await _until_ready(registry, lambda answer: answer.status_code == httpx.codes.OK)


async def _until_ready(client: httpx.AsyncClient, is_so: Callable[[httpx.Response], bool]) -> None:
    """Ask until health says so; nothing else tells."""
    async with asyncio.timeout(15):
        while not is_so(await client.get("/registry/health/ready")):  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.01)


async def test_an_owner_that_refuses_us_is_told_with_what_may_be_wrong(registry_app: FastAPI) -> None:
    """A token that is none there, as from a clock that is ahead, is not said to be an error of HTTP."""
    async with on_a_port({"registry": registry_app}) as address:
        owner_log = OwnerLog("registry", f"{address}/registry", Credential("reporting", Ed25519PrivateKey.generate()))
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await owner_log.head()
        await owner_log.close()
    told = explained(refused.value)
    assert (told["error"], told["status"]) == ("refused", 401)
    assert "clocks" in told["hint"]
    assert explained(TimeoutError()) == {"error": "TimeoutError"}


async def _say(client: Any, command: Command) -> None:  # noqa: ANN401  redis-py has no types for this
    await client.execute_command(*command)


async def _commands(client: "redis.asyncio.Redis") -> int:
    return int((await client.info("stats"))["total_commands_processed"])


async def test_what_fails_is_started_again_later_each_time() -> None:
    """An error that nobody foresaw ends a task once; it is started again, and says that it is unwell meanwhile."""
    running = asyncio.Event()
    failures: list[str] = []

    async def run() -> None:
        if len(failures) < 2:
            raise KeyError("surprise")
        running.set()
        await asyncio.Event().wait()

    kept = Kept("fragile", run, lambda: failures.append("fragile"))
    assert kept.well
    async with asyncio.timeout(10):
        await running.wait()
    assert not kept.well
    assert failures == ["fragile", "fragile"]
    await background.end([kept.task])


async def test_a_relay_that_meets_the_unforeseen_goes_on_afterwards(
    registry: httpx.AsyncClient, registry_app: FastAPI, registry_pool: Pool, bearer: Bearer
) -> None:
    """A relay whose table is gone for a while fails, shows it, is started again, and publishes what waited."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    await registry_pool.execute("ALTER TABLE position RENAME TO away")
    try:
        answer = await registry.post("/registry/events", content=body(an_area()), headers=headers)
        assert answer.status_code == 201
        async with asyncio.timeout(20):
            # Not over HTTP: what a scrape reads from the database is away too.
            counted = state_in(registry_app).metrics.registry
            # It is there from the start, at none.
            while not counted.get_sample_value("helhedsnet_background_restarts_total", {"task": "relay"}):  # noqa: ASYNC110  as above
                await asyncio.sleep(0.05)
        ready = await registry.get("/registry/health/ready")
        assert ready.status_code == 503
        assert "background" in ready.json()["detail"]
    finally:
        await registry_pool.execute("ALTER TABLE away RENAME TO position")
    async with asyncio.timeout(30):
        while await registry_pool.fetchval("SELECT sequence FROM position WHERE name = 'relay'") != FOUNDING + 1:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.05)
    assert all(not task.done() for task in state_in(registry_app).background)
