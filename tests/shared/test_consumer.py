"""A consumer on a real stream: everything arrives once in effect, whatever is lost, repeated or killed on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import asyncpg
import httpx
import orjson
import pytest
import redis.asyncio
from fastapi import FastAPI

from shared import background, database
from shared.backbone import streams
from shared.backbone.consumer import Consumer
from shared.backbone.event_log import Entry
from shared.backbone.signatures import Signer
from shared.database import Connection, Pool
from shared.embedded import free_port
from shared.errors import Refused
from shared.tokens import TokenKey
from tests.builders import Json, an_area, body
from tests.conftest import Bearer, MakeDatabase
from tests.running import as_process, on_a_port
from tests.shared.following import POISON, following, insert_row, make_table, reaches, seen
from tests.shared.streaming import lines, message, published

STREAM = streams.stream_name("registry")
GROUP = "follower"
FOUNDING = 3  # the pools, which the registry posts itself

Post: TypeAlias = Callable[..., Awaitable[int]]
FollowApart: TypeAlias = Callable[..., contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]]
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
def follow(pool: Pool, redis_url: str, owner_url: str, token_key: TokenKey) -> Follow:
    """Give a function that follows the registry until its context ends."""

    def follow(**options: Any) -> contextlib.AbstractAsyncContextManager[Consumer]:
        return following(pool, redis_url, owner_url, token_key, **options)

    return follow


async def _nothing_pending(client: "redis.asyncio.Redis") -> None:
    """Wait until every delivered entry is acknowledged."""
    async with asyncio.timeout(10):
        while (await client.xpending(STREAM, GROUP))["pending"]:  # noqa: ASYNC110  nor can acknowledgements
            await asyncio.sleep(0.005)


def _up_to(sequence: int) -> list[int]:
    return list(range(1, sequence + 1))


async def test_what_was_sent_before_the_first_start_arrives(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """The group is made at the beginning of the stream, not at its end."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    async with follow() as consumer:
        await reaches(consumer, last)
        assert await seen(pool) == _up_to(last)
        await _nothing_pending(redis_client)


async def test_what_is_sent_while_it_runs_arrives_once_and_in_order(post: Post, follow: Follow, pool: Pool) -> None:
    """Every event takes effect once, in the order of the log."""
    async with follow() as consumer:
        last = 0
        for turn in range(5):
            last = await post(*(f"area-{turn}-{number}" for number in range(40)))
        await reaches(consumer, last)
        assert consumer.healthy
    assert await seen(pool) == _up_to(last)


async def test_plans_are_made_anew_as_there_is_more(post: Post, follow: Follow, pool: Pool) -> None:
    """What PostgreSQL planned while a table was small is not kept for a large one; nor is it planned each time."""
    asked: dict[str, int] = {}

    def keep(query: asyncpg.connection.LoggedQuery) -> None:
        asked[query.query] = asked.get(query.query, 0) + 1

    async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
        connection.add_query_logger(keep)
        await insert_row(connection, owner, entries)

    async with follow(apply=apply) as consumer:
        for turn in range(40):
            last = await post(*(f"area-{turn}-{number}" for number in range(50)))
            await reaches(consumer, last)
    assert await seen(pool) == _up_to(last)
    # At 500 and more, and when twice and 500 more of that are there: 1,500 and more.
    assert asked["DISCARD PLANS"] == 2


async def test_it_goes_on_where_it_was(post: Post, follow: Follow, pool: Pool) -> None:
    """What was sent while it was away arrives when it is back."""
    for turn in range(3):
        last = await post(f"before-{turn}")
        async with follow() as consumer:
            await reaches(consumer, last)
            last = await post(f"during-{turn}")
            await reaches(consumer, last)
    assert await seen(pool) == _up_to(last)


async def test_a_redis_that_forgets_everything_loses_nothing(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """After FLUSHALL, with stream and group gone, all still arrives once, and the group is made again."""
    async with follow() as consumer:
        for turn in range(3):
            last = await post(f"area-{turn}-a", f"area-{turn}-b")
            await redis_client.flushall()
            last = await post(f"area-{turn}-c")
            await reaches(consumer, last)
        async with asyncio.timeout(10):
            # Nothing tells when a group is made.
            while not await redis_client.exists(STREAM) or not await redis_client.xinfo_groups(STREAM):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert await seen(pool) == _up_to(last)


async def test_the_log_alone_is_enough(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """Events that never reach the stream are read from the owner."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    await redis_client.xtrim(STREAM, maxlen=0, approximate=False)
    async with follow() as consumer:
        await reaches(consumer, last)
    assert await seen(pool) == _up_to(last)


async def test_the_stream_alone_is_enough(
    post: Post, pool: Pool, redis_url: str, token_key: TokenKey, redis_client: "redis.asyncio.Redis"
) -> None:
    """Nobody needs to ask the owner for what the stream holds, from its first entry on."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    nobody = f"http://127.0.0.1:{free_port()}/registry"
    async with following(pool, redis_url, nobody, token_key) as consumer:
        await reaches(consumer, last)
        last = await post("three")
        await reaches(consumer, last)
    assert await seen(pool) == _up_to(last)


async def test_a_gap_within_a_delivery_is_never_skipped(
    post: Post,
    follow: Follow,
    pool: Pool,
    registry_app: FastAPI,
    token_key: TokenKey,
    redis_client: "redis.asyncio.Redis",
) -> None:
    """A gap is filled from the owner's log before anything behind it is applied or acknowledged."""
    await published(redis_client, STREAM, FOUNDING)
    await background.end(registry_app.state.background)  # the relay: from here on the test decides what is published
    signer = Signer.of(token_key, "registry")
    # So long between two looks at the log that only the stream can bring anything.
    async with follow(tick_ms=60_000) as consumer:
        await reaches(consumer, FOUNDING)
        last = await post(*(f"area-{number}" for number in range(6)))
        texts = await lines(registry_app.state.pool)
        pipeline = redis_client.pipeline()
        for sequence in (4, 5, 8):
            pipeline.xadd(STREAM, message(signer, [texts[sequence - 1]]))
        await pipeline.execute()
        await reaches(consumer, last)
        await _nothing_pending(redis_client)
        assert await seen(pool) == _up_to(last)


DISTURBANCES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "a gap": lambda entries: entries[:2] + entries[4:],
    "the beginning is missing": lambda entries: entries[3:],
    "the end is missing": lambda entries: entries[:-2],
    "everything twice": lambda entries: entries + entries,
    "each one twice": lambda entries: [entry for entry in entries for _ in range(2)],
    "the wrong order": lambda entries: entries[::-1],
}


@pytest.mark.parametrize("of_a_page", [1, 3])
@pytest.mark.parametrize("disturb", DISTURBANCES.values(), ids=DISTURBANCES)
async def test_a_disturbed_stream_changes_nothing(
    post: Post,
    follow: Follow,
    pool: Pool,
    registry_app: FastAPI,
    token_key: TokenKey,
    redis_client: "redis.asyncio.Redis",
    disturb: Callable[[list[Any]], list[Any]],
    of_a_page: int,
) -> None:
    """Whatever the stream leaves out, repeats or mixes up: each event takes effect once, in order, without an alarm."""
    last = await post(*(f"area-{number}" for number in range(5)))
    await published(redis_client, STREAM, last)
    texts, signer = await lines(registry_app.state.pool), Signer.of(token_key, "registry")
    # Each begins with the entry behind the one before, so that those of several entries overlap.
    pages = [message(signer, texts[first : first + of_a_page]) for first in range(last)]
    await redis_client.delete(STREAM)
    for fields in disturb(pages):
        await redis_client.xadd(STREAM, fields)
    async with follow() as consumer:
        await reaches(consumer, last)
        after = await post("one-more")
        await reaches(consumer, after)
        await _nothing_pending(redis_client)
        assert consumer.healthy
    assert await seen(pool) == _up_to(after)
    assert await pool.fetchval("SELECT count(*) FROM forgery") == 0


async def _refuse(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.event["data"].get("area") == POISON:
            raise Refused("plan_unknown", "there is no such plan")
    await insert_row(connection, owner, entries)


async def _crash(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.event["data"].get("area") == POISON:
            raise KeyError("surprise")
    await insert_row(connection, owner, entries)


@pytest.mark.parametrize(
    ("apply", "reason"),
    [(insert_row, "NotNullViolationError"), (_refuse, "plan_unknown"), (_crash, "KeyError")],
    ids=["the database refuses it", "a rule refuses it", "the handler crashes"],
)
async def test_a_poisoned_event_is_put_aside_and_those_behind_it_go_on(
    post: Post, follow: Follow, pool: Pool, apply: object, reason: str
) -> None:
    """An event that can never be applied becomes a dead letter with its reason; nothing waits for it."""
    async with follow(apply=apply) as consumer:
        poisoned = await post("before", POISON)
        last = await post("after", "and-after")
        await reaches(consumer, last)
    assert await seen(pool) == [sequence for sequence in _up_to(last) if sequence != poisoned]
    rows = await pool.fetch("SELECT owner, sequence, reason, entry FROM dead_letter")
    assert [(row["owner"], row["sequence"]) for row in rows] == [("registry", poisoned)]
    assert rows[0]["reason"].startswith(reason)
    assert orjson.loads(rows[0]["entry"])["event"]["data"]["area"] == POISON


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
        "TOKEN_KEY_FILE": str(surroundings["token_key_file"]),
    }
    assert not pool.is_closing()

    def follow_apart(stop_at: str = "") -> contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]:
        return as_process("-m", "tests.shared.following", environment={**settings, "STOP_AT": stop_at})

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
        await _nothing_pending(redis_client)
        assert await seen(pool) == _up_to(last)


async def test_replicas_share_the_work_and_double_nothing(
    post: Post, follow: Follow, follow_apart: FollowApart, pool: Pool
) -> None:
    """Two processes of one service follow the same stream; each event takes effect once, in order."""
    async with follow_apart() as process, follow() as consumer:
        await _says(process, "started")
        for turn in range(15):
            last = await post(*(f"area-{turn}-{number}" for number in range(7)))
        await reaches(consumer, last)
        assert await seen(pool) == _up_to(last)
        process.kill()
        last = await post("after-the-other-was-killed")
        await reaches(consumer, last)
    assert await seen(pool) == _up_to(last)


async def test_an_owner_that_is_away_shows_and_passes(
    registry_app: FastAPI, pool: Pool, redis_url: str, token_key: TokenKey, redis_client: "redis.asyncio.Redis"
) -> None:
    """A consumer that cannot reach the log it needs is not healthy, and goes on when the owner is back."""
    async with on_a_port({"registry": registry_app}) as address:
        port = int(address.rpartition(":")[2])
        await published(redis_client, STREAM, FOUNDING)
    await redis_client.flushall()
    async with following(pool, redis_url, f"{address}/registry", token_key) as consumer:
        async with asyncio.timeout(10):
            while consumer.healthy or consumer._failing_since is None:  # noqa: ASYNC110, SLF001  nothing tells
                await asyncio.sleep(0.01)
        async with on_a_port({"registry": registry_app}, port):
            await reaches(consumer, FOUNDING)
            async with asyncio.timeout(10):
                while not consumer.healthy:  # noqa: ASYNC110  as above
                    await asyncio.sleep(0.01)
    assert await seen(pool) == _up_to(FOUNDING)
