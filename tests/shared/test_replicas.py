"""Consumers of one service in several processes: they share a stream, and one that is killed loses nothing."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import redis.asyncio

from shared import database
from shared.backbone import lease, streams
from shared.database import Pool
from tests.shared.conftest import Follow, Post
from tests.support.following import following, nothing_pending, reaches, seen, up_to
from tests.support.keyring import Keyring
from tests.support.running import Wire, as_process
from tests.support.streaming import published

STREAM = streams.stream_name("registry")

FollowApart: TypeAlias = Callable[..., contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]]


async def _says(process: asyncio.subprocess.Process, word: str) -> None:
    assert process.stdout
    async with asyncio.timeout(15):
        while (line := (await process.stdout.readline()).decode().strip()) != word:
            assert line or process.returncode is None, "the process ended"


@pytest.fixture
def follow_apart(pool: Pool, surroundings: dict[str, Any], owner_url: str) -> FollowApart:
    """Give a function that follows the registry in a process of its own, which stops for good at a point if told."""
    settings = {
        "DATABASE_URL": database.service_url(surroundings["database_url"], "follower"),
        "REDIS_URL": surroundings["redis_url"],
        "OWNER_URL": owner_url,
        "KEYS_FOLDER": str(surroundings["keys_folder"]),
    }
    assert not pool.is_closing()

    def follow_apart(stop_at: str = "") -> contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]:
        return as_process("-m", "tests.support.following", environment={**settings, "STOP_AT": stop_at})

    return follow_apart


@pytest.mark.parametrize("stop_at", ["before commit", "before acknowledging"])
async def test_a_killed_consumer_loses_and_doubles_nothing(
    post: Post, follow: Follow, follow_apart: FollowApart, pool: Pool, redis_client: "redis.asyncio.Redis", stop_at: str
) -> None:
    """Killed with its effect half done, or done and not acknowledged: its successor takes over, once in effect."""
    await post("one", "two")
    async with follow_apart(stop_at) as process:
        await _says(process, "stopped")
        process.kill()
        await process.wait()
    async with follow() as consumer:
        last = await post("three")
        await reaches(consumer, last)
        await nothing_pending(redis_client)
        assert await seen(pool) == up_to(last)


async def test_replicas_share_the_work_and_double_nothing(
    post: Post, follow: Follow, follow_apart: FollowApart, pool: Pool
) -> None:
    """Two processes of one service follow the same stream; each event takes effect once, in order."""
    async with follow_apart() as process, follow() as consumer:
        await _says(process, "started")
        for turn in range(15):
            last = await post(*(f"area-{turn}-{number}" for number in range(7)))
        await reaches(consumer, last)
        assert await seen(pool) == up_to(last)
        process.kill()
        last = await post("after-the-other-was-killed")
        await reaches(consumer, last)
    assert await seen(pool) == up_to(last)


async def test_replicas_that_share_a_stream_do_without_the_owner_too(
    post: Post, pool: Pool, owner_url: str, redis_url: str, keyring: Keyring, redis_client: "redis.asyncio.Redis"
) -> None:
    """What one of them has goes on from what another one has just applied, and that is no gap in the stream."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    wire = Wire(int(owner_url.rpartition(":")[2].partition("/")[0]))
    through = f"http://127.0.0.1:{wire.port}/registry"
    async with (
        following(pool, redis_url, through, keyring, tick_ms=60_000) as one,
        following(pool, redis_url, through, keyring, tick_ms=60_000) as other,
    ):
        async with wire:
            async with asyncio.timeout(10):
                while not (one.running or other.running):  # noqa: ASYNC110  nothing tells
                    await asyncio.sleep(0.01)
        for number in range(40):
            last = await post(f"area-{number}")
        async with asyncio.timeout(10):
            # Either of them applies the last one, and tells nobody else.
            while await seen(pool) != up_to(last):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.01)


async def test_one_replica_follows_and_the_others_stand_by(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """Nothing is read twice, everybody knows how far it has come, and whoever stands by is well and takes over."""
    async with follow(tick_ms=60_000) as other:
        async with follow(tick_ms=60_000) as one:
            async with asyncio.timeout(10):
                while not (one.running or other.running):  # noqa: ASYNC110  nothing tells
                    await asyncio.sleep(0.01)
            for turn in range(10):
                last = await post(f"area-{turn}")
            await reaches(one, last)
            await reaches(other, last)
            assert [one.running, other.running].count(True) == 1
            assert [one.stands_by, other.stands_by].count(True) == 1
            assert one.healthy
            assert other.healthy
            groups = await redis_client.xinfo_consumers(STREAM, "follower")
            assert len(groups) == 1
        last = await post("alone")
        await reaches(other, last)
        assert other.running
    assert await seen(pool) == up_to(last)


async def test_a_replica_that_follows_and_stands_still_is_passed_by(
    post: Post, follow: Follow, follow_apart: FollowApart, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection is open, so that its lease does not end; who stands by reads the owner's log meanwhile."""
    monkeypatch.setattr(lease, "STUCK_SECONDS", 0.5)
    async with follow_apart() as process:
        last = await post("before")
        await _says(process, str(last))
        async with follow() as other:
            await reaches(other, last)
            assert other.stands_by
            process.send_signal(signal.SIGSTOP)
            last = await post("meanwhile")
            await reaches(other, last)
            assert other.stands_by
            process.send_signal(signal.SIGCONT)
            last = await post("after")
            await reaches(other, last)
    assert await seen(pool) == up_to(last)
