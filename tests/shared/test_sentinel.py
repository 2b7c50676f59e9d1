"""Redis behind Sentinels: an address names them, and services go on with whichever Redis is the master."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis.asyncio

from shared.backbone import streams
from shared.backbone.streams import Sentinels
from shared.database import Pool
from tests.shared.conftest import Post
from tests.support.following import following, nothing_pending, reaches, seen, up_to
from tests.support.keyring import Keyring
from tests.support.sentinels import Watched, watched
from tests.support.streaming import published

STREAM = streams.stream_name("registry")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("redis://user:secret@redis:6379", None),
        ("redis+sentinel://a", Sentinels([("a", 26_379)], "mymaster", "redis://master")),
        (
            "redis+sentinel://user:se%40cret@a:1,b/main?db=0",
            Sentinels([("a", 1), ("b", 26_379)], "main", "redis://user:se%40cret@master?db=0"),
        ),
    ],
)
def test_an_address_names_a_redis_or_sentinels(url: str, found: Sentinels | None) -> None:
    """User and password are those of the Redis; ports and the master's name have Sentinel's own defaults."""
    assert streams.sentinels_in(url) == found


@pytest.fixture
async def three() -> AsyncIterator[Watched]:
    """Run two Redis and a Sentinel."""
    async with watched() as three:
        yield three


@pytest.fixture
def redis_url(three: Watched) -> str:
    """Give the address that names the Sentinel, to everything that these tests run."""
    return three.url


async def test_streams_go_on_when_another_redis_is_the_master(
    three: Watched, post: Post, pool: Pool, owner_url: str, keyring: Keyring
) -> None:
    """The relay publishes on the new one, the consumer reads there, and each event takes effect once, in order."""
    async with following(pool, three.url, owner_url, keyring) as consumer:
        await reaches(consumer, last := await post("one"))
        three.kill(three.ports[0])
        # Meanwhile the owner's log is followed.
        await reaches(consumer, last := await post("two"))
        second: Any = redis.asyncio.Redis(port=three.ports[1])
        async with second:
            await published(second, STREAM, last)
            last = await post("three")
            await published(second, STREAM, last)
            await reaches(consumer, last)
            await nothing_pending(second)
        assert consumer.running
    assert await seen(pool) == up_to(last)
