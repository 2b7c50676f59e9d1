"""One run: everything is started, loaded, disturbed, left to settle, and checked. Owns the order of that."""

import asyncio
import contextlib
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shared import background
from tests.chaos import checks, clocks, faults, forging, processes, servers
from tests.chaos.checks import Findings
from tests.chaos.poster import Poster, Promises
from tests.chaos.processes import SERVICES, Running, System
from tests.chaos.story import lanes
from tests.chaos.watch import Seen, Watch
from tests.chaos.world import World
from tests.support.keyring import Keyring
from tests.support.small_disk import why_not

AREAS: Final = 2
# So much is posted before the first fault, so that each meets a system at work.
BEGUN_EVENTS: Final = 50
START_SECONDS: Final = 300
POST_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to be: the same seed gives the same events and the same faults."""

    seed: int
    faults: int
    replicas: int = 2
    areas: int = AREAS
    planted: str | None = None
    settle_seconds: float = checks.SETTLE_SECONDS


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    wanted: Wanted
    promises: Promises = field(default_factory=Promises)
    faults: Counter[str] = field(default_factory=Counter)
    seen: Seen = field(default_factory=Seen)
    findings: Findings = field(default_factory=Findings)
    starts: int = 0
    seconds: float = 0.0
    # The kinds of fault that cannot be had on this machine, and why.
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def breaches(self) -> list[str]:
        """List everything that should not have been."""
        return [*self.promises.breaches, *self.seen.breaches, *self.findings.breaches]


Disturb = Callable[[World, Poster], Awaitable[None]]
# What is done while events are posted, whatever it is done to.
Meanwhile = Callable[[Watch, Poster], Awaitable[None]]


async def run(wanted: Wanted, disturb: Disturb | None = None, keep_logs: Path | None = None) -> Outcome:
    """Do one run; `disturb` takes the place of the seed's faults."""
    outcome, started = Outcome(wanted), time.monotonic()
    for kind, reason in (("fill the disk", why_not()), ("set the clocks", clocks.why_not())):
        if reason is not None:
            outcome.left_out[kind] = reason
    with folder_of_a_run(keep_logs) as folder:
        # Whatever ends a run early, what it came to until then is told.
        try:
            async with started_system(folder, wanted) as (system, keyring):
                try:
                    await load(system, keyring, outcome, _in_a_world(system, outcome, disturb or _by_seed(outcome)))
                    await checks.check(system, outcome.promises, keyring, outcome.findings)
                finally:
                    outcome.starts = sum(replica.starts for replica in system.replicas)
        except Exception as error:  # noqa: BLE001  as above
            outcome.findings.breaches.append(not_brought_to_its_end(error))
    outcome.seconds = time.monotonic() - started
    return outcome


def not_brought_to_its_end(error: BaseException) -> str:
    """Say what broke a run and where, on one line."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"the run was not brought to its end: {type(error).__name__}: {error}{where}"


@contextlib.contextmanager
def folder_of_a_run(keep_logs: Path | None) -> Iterator[Path]:
    """Give a folder for the run, and keep its logs where they are wanted."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-chaos-") as name:
        try:
            yield Path(name)
        finally:
            if keep_logs is not None:
                keep_logs.mkdir(parents=True, exist_ok=True)
                for log in Path(name).glob("*.log"):
                    (keep_logs / log.name).write_bytes(log.read_bytes())


@contextlib.asynccontextmanager
async def started_system(folder: Path, wanted: Wanted) -> AsyncIterator[tuple[System, Keyring]]:
    """Start everything a run needs, and end it with the context."""
    async with contextlib.AsyncExitStack() as stack:
        disk = stack.enter_context(servers.disk())
        postgresql = await stack.enter_async_context(servers.postgresql(folder, disk))
        await checks.prepare(postgresql.url)
        redis = await stack.enter_async_context(servers.redis_server(folder / "redis"))
        keyring = Keyring(folder / "keys")
        system = System(folder, keyring, postgresql=postgresql, redis=redis)
        await processes.add_gateways(system, stack)
        await stack.enter_async_context(processes.ended(system))
        async with asyncio.timeout(START_SECONDS):
            for _ in range(wanted.replicas):
                for service in SERVICES:
                    await processes.add_replica(system, stack, service, wanted.planted)
            await system.all_ready()
        yield system, keyring


def _in_a_world(system: System, outcome: Outcome, disturb: Disturb) -> Meanwhile:
    async def meanwhile(watch: Watch, poster: Poster) -> None:
        wanted = outcome.wanted
        world = World(system, watch, random.Random(f"{wanted.seed} choices"), wanted.faults)
        outcome.faults = world.done
        try:
            await disturb(world, poster)
        finally:
            outcome.findings.breaches.extend(world.breaches)

    return meanwhile


async def load(system: Running, keyring: Keyring, outcome: Outcome, meanwhile: Meanwhile) -> None:
    """Post and watch, while something else is done; then let everything settle."""
    wanted = outcome.wanted
    poster = Poster(system, keyring, wanted.seed)
    watch = Watch(system, poster.promises)
    outcome.promises, outcome.seen = poster.promises, watch.seen
    watching = asyncio.create_task(watch.run(), name="watching")
    posting = asyncio.create_task(poster.post(lanes(wanted.seed, wanted.areas)), name="posting")
    try:
        await _begun(poster, posting)
        await meanwhile(watch, poster)
        poster.stop()
        await _finish(posting, outcome)
        await checks.settle(system, watch, outcome.findings, wanted.settle_seconds)
        if not outcome.findings.breaches:
            # Under faults a forged message may be gone before anybody reads it; at rest everybody notices.
            outcome.findings.breaches.extend(await forging.unnoticed(system))
        if watching.done():
            # It looks until it is cancelled; what ended it is a fault of this harness.
            watching.result()
    finally:
        await background.end([watching, posting])


def _by_seed(outcome: Outcome) -> Disturb:
    async def disturb(world: World, _: Poster) -> None:
        wanted = outcome.wanted
        await faults.inflict(world, faults.plan(wanted.seed, wanted.faults, outcome.left_out))

    return disturb


async def _begun(poster: Poster, posting: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(POST_SECONDS):
        while poster.promises.events < BEGUN_EVENTS and not posting.done():
            await asyncio.sleep(0.02)


async def _finish(posting: "asyncio.Task[None]", outcome: Outcome) -> None:
    """Wait until what was begun is answered; bounded."""
    done, _ = await asyncio.wait([posting], timeout=POST_SECONDS)
    if not done:
        outcome.findings.breaches.append(f"the poster still waits for an answer after {POST_SECONDS} s")
    elif error := posting.exception():
        outcome.findings.breaches.append(f"the poster failed: {error!r}")
