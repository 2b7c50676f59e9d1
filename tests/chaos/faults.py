"""What is done to the system, from a seed. Owns every kind of fault; each heals by itself in bounded time."""

import asyncio
import contextlib
import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import psutil

from shared import background
from shared.backbone import streams
from tests.chaos import forging, stalls
from tests.chaos.processes import OWNERS, SERVICES
from tests.chaos.watch import AWAY, FOLLOWS, connected
from tests.chaos.wires import Wire
from tests.chaos.world import Fault, World

# How long until the next one begins; they overlap.
EVERY_SECONDS: Final = (0.2, 1.0)
HEALS_SECONDS: Final = 60
COPIED: Final = 200
# One step, so that nothing can empty the stream between the reading and the writing.
COPY_SCRIPT: Final = """
local held = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])
for place, entry in ipairs(held) do redis.call('XADD', KEYS[1], '*', unpack(entry[2])) end
return #held
"""
GARBAGE: Final = ({streams.PAGE: b"{\xff"}, {streams.PAGE: b'[{"sequence":"none"}]'}, {b"other": b"1"})


async def kill_service(world: World) -> None:
    """Kill a process of a service, and start it again after a while."""
    replica, seconds = world.dice.choice(world.system.replicas), world.lasts()
    async with world.alone(replica.name):
        await replica.kill()
        await asyncio.sleep(seconds)
        await replica.start()


async def stop_service(world: World) -> None:
    """Ask a process of a service to end, see that it does in bounded time, and start it again."""
    replica = world.dice.choice(world.system.replicas)
    async with world.alone(replica.name):
        await replica.stop()
        await replica.start()


async def pause_service(world: World) -> None:
    """Let a process of a service stand still for a while."""
    await world.dice.choice(world.system.replicas).pause(world.lasts())


async def kill_postgresql(world: World) -> None:
    """Kill every process of PostgreSQL, and start it again: it recovers from its log."""
    seconds = world.lasts()
    async with world.alone("postgresql"):
        await world.system.postgresql.kill()
        await asyncio.sleep(seconds)
        await world.system.postgresql.start()


async def kill_backend(world: World) -> None:
    """Kill one process of PostgreSQL that serves a service: the server then ends all others and recovers."""
    number = world.dice.random()
    async with world.alone("postgresql"):
        if found := world.system.postgresql.backends():
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(found[int(number * len(found))]).kill()


async def end_connections(world: World) -> None:
    """End every connection to one service's database, as an operator or a failover does."""
    service = world.dice.choice(SERVICES)
    async with connected(world.system, service) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def kill_redis(world: World) -> None:
    """Kill Redis; it comes back with what it had written."""
    seconds = world.lasts()
    async with world.alone("redis"):
        await world.system.redis.kill()
        await asyncio.sleep(seconds)
        await world.system.redis.start(empty=False)


async def empty_redis(world: World) -> None:
    """Kill Redis; it comes back with nothing."""
    seconds = world.lasts()
    async with world.alone("redis"):
        await world.system.redis.kill()
        await asyncio.sleep(seconds)
        with _emptying(world):
            await world.system.redis.start(empty=True)


async def fail_redis_over(world: World) -> None:
    """Lose Redis for good; another one that followed it takes its place, and lacks what the first took last."""
    lag, away = world.lasts(), world.lasts()
    async with world.alone("redis"):
        with _emptying(world):
            await world.system.redis.fail_over(lag, away)


async def flush_redis(world: World) -> None:
    """Let Redis forget everything."""
    with _emptying(world):
        await world.system.redis.client.flushall()


async def trim_stream(world: World) -> None:
    """Take every entry off a stream; its groups stay."""
    stream = streams.stream_name(world.dice.choice(OWNERS))
    with _emptying(world):
        await world.system.redis.client.xtrim(stream, maxlen=0, approximate=False)


async def destroy_group(world: World) -> None:
    """Take a group away from its stream."""
    service = world.dice.choice(SERVICES)
    owner = world.dice.choice(FOLLOWS[service])
    await world.system.redis.client.xgroup_destroy(streams.stream_name(owner), service)


async def repeat_entries(world: World) -> None:
    """Put copies of the last entries on a stream once more, the last one first."""
    client: Any = world.system.redis.client
    stream, count = streams.stream_name(world.dice.choice(OWNERS)), world.dice.randint(2, COPIED)
    await client.eval(COPY_SCRIPT, 1, stream, count)


async def add_garbage(world: World) -> None:
    """Put entries on a stream that are none of ours."""
    client: Any = world.system.redis.client
    for fields in GARBAGE:
        await client.xadd(streams.stream_name(world.dice.choice(OWNERS)), fields)


async def forge_entry(world: World) -> None:
    """Put an entry on a stream that its owner never took."""
    await forging.forge(world.system, world.dice.choice(OWNERS))


async def change_entry(world: World) -> None:
    """Change what stands on a stream."""
    with _emptying(world):
        await forging.change(world.system, world.dice.choice(OWNERS))


async def cut_wire(world: World) -> None:
    """End all connections on a wire, and refuse new ones for a while."""
    await _a_wire(world).cut(world.lasts())


async def hold_wire(world: World) -> None:
    """Let nothing pass on a wire for a while."""
    await _a_wire(world).hold(world.lasts())


async def slow_wire(world: World) -> None:
    """Let everything on a wire arrive late for a while."""
    await _a_wire(world).slow(2 * world.lasts(), world.dice.uniform(0.005, 0.05))


def _a_wire(world: World) -> Wire:
    return world.dice.choice([wire for wire in world.system.wires if wire.leads_somewhere])


# Each kind with its weight. What takes a process of ours or the database away costs most, and comes often enough.
FAULTS: Final[dict[str, tuple[float, Fault]]] = {
    "kill a service": (4, kill_service),
    "stop a service": (2, stop_service),
    "pause a service": (2, pause_service),
    "kill PostgreSQL": (1.5, kill_postgresql),
    "kill a backend": (1, kill_backend),
    "end connections": (1.5, end_connections),
    "kill Redis": (1.5, kill_redis),
    "empty Redis": (1.5, empty_redis),
    "fail Redis over": (1, fail_redis_over),
    "FLUSHALL": (2, flush_redis),
    "trim a stream": (2, trim_stream),
    "destroy a group": (1, destroy_group),
    "repeat, reversed": (3, repeat_entries),
    "garbage": (1, add_garbage),
    "forge an entry": (2, forge_entry),
    "change an entry": (2, change_entry),
    "cut a wire": (4, cut_wire),
    "hold a wire": (2, hold_wire),
    "slow a wire": (2, slow_wire),
    "fill the disk": (1, stalls.fill_disk),
    "read-only database": (1, stalls.make_read_only),
    "stop the database": (0.5, stalls.stop_database),
    "fail PostgreSQL over": (0.5, stalls.fail_over),
    "take all connections": (0.5, stalls.take_connections),
    "set the clocks": (0.5, stalls.set_clocks),
    "part the services": (1, stalls.part_services),
}
# What is promised of these holds where nothing else is wrong, so each is inflicted alone.
ALONE: Final = frozenset(
    {
        *("fill the disk", "read-only database", "stop the database", "part the services"),
        *("fail PostgreSQL over", "take all connections", "set the clocks"),
    }
)


def plan(seed: int, count: int, left_out: Collection[str] = ()) -> list[str]:
    """Draw the kinds of a run's faults: every kind once as far as they go, the others by weight, in any order."""
    dice = random.Random(f"{seed} faults")
    kinds = [kind for kind in FAULTS if kind not in left_out]
    weights = [FAULTS[kind][0] for kind in kinds]
    drawn = dice.sample(kinds, min(count, len(kinds)))
    drawn += dice.choices(kinds, weights, k=count - len(drawn))
    dice.shuffle(drawn)
    return drawn


async def inflict(world: World, kinds: Sequence[str]) -> None:
    """Begin one fault after the other, and return when the last one has healed."""
    running: set[asyncio.Task[None]] = set()
    try:
        for kind in kinds:
            if kind in ALONE:
                await asyncio.gather(*running)
                running.clear()
                await _inflict_one(world, kind)
            else:
                running.add(asyncio.create_task(_inflict_one(world, kind), name=kind))
            await asyncio.sleep(world.dice.uniform(*EVERY_SECONDS))
        await asyncio.gather(*running)
    finally:
        await background.end(list(running))


async def _inflict_one(world: World, kind: str) -> None:
    _, fault = FAULTS[kind]
    limit = asyncio.timeout(HEALS_SECONDS + (stalls.WHOLE_SECONDS if kind in ALONE else 0))
    try:
        async with limit:
            await fault(world)
        world.done[kind] += 1
    except AWAY as error:
        if limit.expired():
            world.breaches.append(f"{kind}: what was killed or stopped did not end or come back")
        elif kind in ALONE:
            world.breaches.append(f"{kind}: nothing else was wrong, and yet {type(error).__name__}: {error}")
        # Another fault has taken away what this one meant; PostgreSQL that is away has no connections to end.
        world.done[f"{kind} (in vain)"] += 1


@contextlib.contextmanager
def _emptying(world: World) -> Iterator[None]:
    world.watch.emptied()
    try:
        yield
    finally:
        world.watch.emptied()
