"""A consumer on a real stream: everything arrives once in effect, whatever is lost, repeated or killed on the way."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
import pytest
import redis.asyncio
from fastapi import FastAPI

from shared import background
from shared.backbone import event_log, streams
from shared.backbone.event_log import MAX_PAGE, Entry, Place
from shared.database import Connection, Pool
from shared.errors import Refused
from shared.http.state import state_in
from tests.shared.conftest import Follow, Post
from tests.support.following import POISON, following, insert_row, nothing_pending, reaches, seen, up_to
from tests.support.keyring import Keyring
from tests.support.running import Wire, on_a_port
from tests.support.streaming import logged, published

STREAM = streams.stream_name("registry")
FOUNDING = 3  # the pools, which the registry posts itself


async def test_what_was_sent_before_the_first_start_arrives(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """The group is made at the beginning of the stream, not at its end."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    async with follow() as consumer:
        await reaches(consumer, last)
        assert await seen(pool) == up_to(last)
        await nothing_pending(redis_client)


async def test_a_group_that_vanishes_as_reading_begins_is_made_at_the_beginning_again(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made at the end, it would count as done what nobody has committed."""
    create = redis.asyncio.Redis.xgroup_create
    made_at: list[str] = []

    async def create_and_lose_the_first(client: "redis.asyncio.Redis", **asked: Any) -> object:
        made_at.append(asked["id"])
        made: object = await create(client, **asked)
        if len(made_at) == 1:
            await redis_client.xgroup_destroy(STREAM, asked["groupname"])
        return made

    monkeypatch.setattr(redis.asyncio.Redis, "xgroup_create", create_and_lose_the_first)
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    async with follow() as consumer:
        await reaches(consumer, last)
        async with asyncio.timeout(10):
            while not consumer.running or len(made_at) == 1:  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.01)
    assert set(made_at) == {"0"}
    assert await seen(pool) == up_to(last)


async def test_what_is_sent_while_it_runs_arrives_once_and_in_order(post: Post, follow: Follow, pool: Pool) -> None:
    """Every event takes effect once, in the order of the log."""
    async with follow() as consumer:
        last = 0
        for turn in range(5):
            last = await post(*(f"area-{turn}-{number}" for number in range(40)))
        await reaches(consumer, last)
        assert consumer.healthy
    assert await seen(pool) == up_to(last)


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
    assert await seen(pool) == up_to(last)
    # At 500 and more, and when twice and 500 more of that are there: 1,500 and more, unless a page was a large one.
    assert 1 <= asked["DISCARD PLANS"] <= 2


async def test_it_goes_on_where_it_was(post: Post, follow: Follow, pool: Pool) -> None:
    """What was sent while it was away arrives when it is back."""
    for turn in range(3):
        last = await post(f"before-{turn}")
        async with follow() as consumer:
            await reaches(consumer, last)
            last = await post(f"during-{turn}")
            await reaches(consumer, last)
    assert await seen(pool) == up_to(last)


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
            while not await redis_client.exists(STREAM) or not await redis_client.xinfo_groups(STREAM):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.01)
    assert await seen(pool) == up_to(last)


async def test_the_log_alone_is_enough(
    post: Post, follow: Follow, pool: Pool, redis_client: "redis.asyncio.Redis"
) -> None:
    """Events that never reach the stream are read from the owner."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    await redis_client.xtrim(STREAM, maxlen=0, approximate=False)
    async with follow() as consumer:
        await reaches(consumer, last)
    assert await seen(pool) == up_to(last)


async def test_the_stream_alone_is_enough_once_the_owner_has_confirmed_the_place(
    post: Post, pool: Pool, owner_url: str, redis_url: str, keyring: Keyring, redis_client: "redis.asyncio.Redis"
) -> None:
    """Before the owner was reached nothing is applied; after that the stream does without it."""
    last = await post("one", "two")
    await published(redis_client, STREAM, last)
    wire = Wire(int(owner_url.rpartition(":")[2].partition("/")[0]))
    async with following(pool, redis_url, f"http://127.0.0.1:{wire.port}/registry", keyring) as consumer:
        async with asyncio.timeout(10):
            while consumer._retrying.failing_since is None:  # noqa: ASYNC110, SLF001  nothing tells
                await asyncio.sleep(0.01)
        assert await seen(pool) == []
        async with wire:
            await reaches(consumer, last)
        last = await post("three")
        await reaches(consumer, last)
    assert await seen(pool) == up_to(last)


async def test_it_is_well_as_soon_as_it_goes_on_however_much_there_is_to_catch_up_with(
    post: Post, pool: Pool, owner_url: str, redis_url: str, keyring: Keyring, registry_app: FastAPI
) -> None:
    """Its owner was away, and the stream brought nothing meanwhile: one page is applied, and more than that waits."""
    goes_on = asyncio.Event()
    wire = Wire(int(owner_url.rpartition(":")[2].partition("/")[0]))

    async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
        if entries[0].sequence > MAX_PAGE:
            await goes_on.wait()
        await insert_row(connection, owner, entries)

    through = f"http://127.0.0.1:{wire.port}/registry"
    async with following(pool, redis_url, through, keyring, apply) as consumer:
        async with wire:
            await reaches(consumer, await post("one"))
            async with asyncio.timeout(10):
                while consumer._position_at_last_tick != consumer.position:  # noqa: ASYNC110, SLF001  nothing tells
                    await asyncio.sleep(0.01)
        await background.end(state_in(registry_app).background)  # the relay
        for batch in range(3):
            last = await post(*(f"area-{batch}-{number}" for number in range(400)))
        async with asyncio.timeout(10):
            while consumer.healthy:  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.01)
        async with wire:
            async with asyncio.timeout(10):
                while not consumer.healthy:  # noqa: ASYNC110  as above
                    await asyncio.sleep(0.01)
            assert consumer.position < last
            goes_on.set()
            await reaches(consumer, last)
    assert await seen(pool) == up_to(last)


async def test_a_place_that_was_read_late_takes_nothing_back(
    post: Post, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was applied between the reading and its arrival is no sign that the database was put back."""
    async with follow(tick_ms=60_000) as consumer:
        await reaches(consumer, await post("one"))
        applier = consumer._applier  # noqa: SLF001  the moment cannot be hit from outside
        read_place = event_log.place

        async def late(connection: Connection, owner: str, *, lock: bool = False) -> Place:
            found = await read_place(connection, owner, lock=lock)
            applier.place = replace(found, sequence=found.sequence + 1)
            return found

        monkeypatch.setattr(event_log, "place", late)
        before = applier.place.sequence
        assert (await applier.read_place()).sequence == before + 1


async def test_a_gap_within_a_delivery_is_never_skipped(
    post: Post,
    follow: Follow,
    pool: Pool,
    registry_app: FastAPI,
    keyring: Keyring,
    redis_client: "redis.asyncio.Redis",
) -> None:
    """A gap is filled from the owner's log before anything behind it is applied or acknowledged."""
    await published(redis_client, STREAM, FOUNDING)
    # The relay: from here on the test decides what is published.
    await background.end(state_in(registry_app).background)
    signer = keyring.signer("registry")
    # So long between two looks at the log that only the stream can bring anything.
    async with follow(tick_ms=60_000) as consumer:
        await reaches(consumer, FOUNDING)
        last = await post(*(f"area-{number}" for number in range(6)))
        log = await logged(state_in(registry_app).pool)
        pipeline = redis_client.pipeline()
        for sequence in (4, 5, 8):
            pipeline.xadd(STREAM, log.message(signer, sequence, sequence))
        await pipeline.execute()
        await reaches(consumer, last)
        await nothing_pending(redis_client)
        assert await seen(pool) == up_to(last)


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
    keyring: Keyring,
    redis_client: "redis.asyncio.Redis",
    disturb: Callable[[list[Any]], list[Any]],
    of_a_page: int,
) -> None:
    """Whatever the stream leaves out, repeats or mixes up: each event takes effect once, in order, without an alarm."""
    last = await post(*(f"area-{number}" for number in range(5)))
    await published(redis_client, STREAM, last)
    log, signer = await logged(state_in(registry_app).pool), keyring.signer("registry")
    # Each begins with the entry behind the one before, so that those of several entries overlap.
    pages = [log.message(signer, first, min(first + of_a_page - 1, last)) for first in range(1, last + 1)]
    await redis_client.delete(STREAM)
    for fields in disturb(pages):
        await redis_client.xadd(STREAM, fields)
    async with follow() as consumer:
        await reaches(consumer, last)
        after = await post("one-more")
        await reaches(consumer, after)
        await nothing_pending(redis_client)
        assert consumer.healthy
    assert await seen(pool) == up_to(after)
    assert await pool.fetchval("SELECT count(*) FROM forgery") == 0


async def _refuse(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.event["data"].get("area") == POISON:
            raise Refused("unknown_plan", "there is no such plan")
    await insert_row(connection, owner, entries)


async def _crash(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.event["data"].get("area") == POISON:
            raise KeyError("surprise")
    await insert_row(connection, owner, entries)


async def test_no_event_is_put_aside_for_what_the_database_lacks(post: Post, follow: Follow, pool: Pool) -> None:
    """A full disk, a server that is read-only or short of memory: however long it lasts, it is waited for."""
    lacking = [
        asyncpg.DiskFullError("no space left on device"),
        asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
        asyncpg.OutOfMemoryError("out of memory"),
        asyncpg.PostgresIOError("could not read block"),
        asyncpg.PostgresSystemError("could not open file"),
    ]

    async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
        await insert_row(connection, owner, entries)
        if lacking:
            raise lacking.pop(0)

    last = await post("a-1")
    async with follow(apply=apply) as consumer:
        await reaches(consumer, last)
    assert lacking == []
    assert await seen(pool) == list(range(1, last + 1))
    assert await pool.fetchval("SELECT count(*) FROM dead_letter") == 0


@pytest.mark.parametrize(
    ("apply", "reason"),
    [(insert_row, "NotNullViolationError"), (_refuse, "unknown_plan"), (_crash, "KeyError")],
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
    assert await seen(pool) == [sequence for sequence in up_to(last) if sequence != poisoned]
    rows = await pool.fetch("SELECT owner, sequence, reason, entry FROM dead_letter")
    assert [(row["owner"], row["sequence"]) for row in rows] == [("registry", poisoned)]
    assert rows[0]["reason"].startswith(reason)
    assert orjson.loads(rows[0]["entry"])["event"]["data"]["area"] == POISON


async def test_an_owner_that_is_away_shows_and_passes(
    registry_app: FastAPI, pool: Pool, redis_url: str, keyring: Keyring, redis_client: "redis.asyncio.Redis"
) -> None:
    """A consumer that cannot reach the log it needs is not healthy, and goes on when the owner is back."""
    async with on_a_port({"registry": registry_app}) as address:
        port = int(address.rpartition(":")[2])
        await published(redis_client, STREAM, FOUNDING)
    await redis_client.flushall()
    async with following(pool, redis_url, f"{address}/registry", keyring) as consumer:
        async with asyncio.timeout(10):
            while consumer.healthy or consumer._retrying.failing_since is None:  # noqa: ASYNC110, SLF001  nothing tells
                await asyncio.sleep(0.01)
        async with on_a_port({"registry": registry_app}, port):
            await reaches(consumer, FOUNDING)
            async with asyncio.timeout(10):
                while not consumer.healthy:  # noqa: ASYNC110  as above
                    await asyncio.sleep(0.01)
    assert await seen(pool) == up_to(FOUNDING)
