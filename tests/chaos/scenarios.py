"""Faults that are chosen, not drawn: each falls into one bug for certain where it is planted, and else is harmless."""

import asyncio
import contextlib
import time
from typing import Final

from shared.backbone.streams import stream_name
from tests.chaos import forging, stalls
from tests.chaos.poster import Poster
from tests.chaos.processes import OWNERS
from tests.chaos.watch import AWAY
from tests.chaos.world import World

LOAD_SECONDS: Final = 1.0
LOOKED_SECONDS: Final = 4.0
START_SECONDS: Final = 60
FORGERIES: Final = 5
AHEAD_SECONDS: Final = 3 * 3_600


async def at_rest(_: World, __: Poster) -> None:
    """No fault at all."""


async def under_load(world: World, _: Poster) -> None:
    """No fault at all: the rules of the courier are looked at while events flow."""
    await _look(world, LOOKED_SECONDS)


async def consumer_killed(world: World, _: Poster) -> None:
    """Reporting is killed in the middle of its work, twice."""
    for _turn in range(2):
        await _restart(world, "reporting")


async def relay_killed(world: World, _: Poster) -> None:
    """The registry is killed in the middle of its work, twice, and its relay with it."""
    for _turn in range(2):
        await _restart(world, "registry")


async def first_start_late(world: World, _: Poster) -> None:
    """Reporting's group is gone, events were published since, and the log cannot be asked when reporting comes back."""
    (replica,) = world.system.of("reporting")
    await replica.kill()
    with contextlib.suppress(*AWAY):
        for owner in ("registry", "funding"):
            await world.system.redis.client.xgroup_destroy(stream_name(owner), "reporting")
    await asyncio.sleep(LOAD_SECONDS)
    away = [asyncio.create_task(wire.cut(2 * LOOKED_SECONDS)) for wire in world.system.logs.values()]
    await replica.start()
    await _look(world, 2 * LOOKED_SECONDS)
    await asyncio.gather(*away)
    await _ready(world, "reporting")


async def redis_failed_over(world: World, _: Poster) -> None:
    """Redis is lost, and the one that takes its place has nothing of what was published last."""
    world.watch.emptied()
    await world.system.redis.fail_over(LOOKED_SECONDS, 0)
    world.watch.emptied()


async def postgresql_failed_over(world: World, _: Poster) -> None:
    """PostgreSQL is lost with what its standby has not, and the standby is promoted."""
    await world.system.postgresql.gain_standby()
    await world.system.postgresql.fail_over(LOAD_SECONDS, 0)


async def no_connections(world: World, _: Poster) -> None:
    """Something else has every connection to PostgreSQL."""
    await stalls.take_connections(world)


async def clock_ahead(world: World, _: Poster) -> None:
    """Reporting's clock is hours ahead until it has noticed that the others refuse it, and is right again."""
    (replica,) = world.system.of("reporting")
    async with stalls.ahead(world, [replica.name], AHEAD_SECONDS), asyncio.timeout(START_SECONDS):
        while await replica.ready():
            await asyncio.sleep(LOAD_SECONDS / FORGERIES)
    await asyncio.sleep(LOAD_SECONDS)


async def forged(world: World, _: Poster) -> None:
    """Entries are forged and changed on both streams while events flow."""
    # What is changed on a stream is not there any more.
    world.watch.emptied()
    for _turn in range(FORGERIES):
        for owner in OWNERS:
            await forging.forge(world.system, owner)
            await forging.change(world.system, owner)
        await asyncio.sleep(LOAD_SECONDS / FORGERIES)
    world.watch.emptied()


async def _restart(world: World, service: str) -> None:
    await asyncio.sleep(LOAD_SECONDS)
    (replica,) = world.system.of(service)
    await replica.kill()
    await replica.start()
    await _ready(world, service)


async def _ready(world: World, service: str) -> None:
    (replica,) = world.system.of(service)
    async with asyncio.timeout(START_SECONDS):
        while not await replica.ready():
            await asyncio.sleep(0.1)


async def _look(world: World, seconds: float) -> None:
    # By the clock: a cancellation can be lost in redis-py, and a loop that only that ends would then go on for ever.
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await asyncio.sleep(0.05)
        with contextlib.suppress(*AWAY):
            await world.watch.look()
