"""How a leader is lost, and that it comes back. Owns each kind of loss, and how long nobody was answered meanwhile."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from shared import background
from tests.chaos.poster import Poster
from tests.chaos.processes import Replica, Running
from tests.chaos.watch import Watch
from tests.ha.machines import Machine
from tests.ha.servers import PROGRAMS, Servers

# What is promised to whoever posts, whichever leader is lost.
PAUSE_SECONDS: Final = 15.0
NEW_LEADER_SECONDS: Final = 90.0
WHOLE_SECONDS: Final = 180.0
# Events from before the next loss, so that it meets a system at work.
WORK_SECONDS: Final = 2.0
# What was lost stays away for so long after there is a new leader.
AWAY_SECONDS: Final = 3.0
POLL_SECONDS: Final = 0.1
EMPTIED_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Lost:
    """One loss: of which kind and where, after how long there was a new leader, and how long somebody waited."""

    kind: str
    machine: str
    new_leader: str
    new_leader_seconds: float
    longest_answer_seconds: float
    whole_seconds: float


@dataclass(slots=True)
class Losses:
    """Takes leaders away from a system under load, one after the other."""

    servers: Servers
    system: Running
    watch: Watch
    poster: Poster
    dice: random.Random
    done: list[Lost] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)

    async def inflict(self, kinds: Sequence[str]) -> None:
        """Lose a leader in each of these ways; the next when all is whole again.

        Raises:
            TimeoutError: there is no new leader, or what was lost does not come back, in bounded time.
        """
        for kind in kinds:
            await self.whole()
            await asyncio.sleep(WORK_SECONDS)
            self.done.append(await self._lose_one(kind))

    async def whole(self) -> None:
        """Wait until every server and every replica is there."""
        missing = ["nothing was looked at"]
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                while missing := await self.servers.missing():
                    await asyncio.sleep(POLL_SECONDS)
                missing = ["a replica that is not ready"]
                await self.system.all_ready()
        except TimeoutError:
            raise TimeoutError(f"not whole after {WHOLE_SECONDS} s: {'; '.join(missing)}") from None

    async def _lose_one(self, kind: str) -> Lost:
        promises = self.poster.promises
        longest, promises.longest_answer_seconds = promises.longest_answer_seconds, 0.0
        async with asyncio.timeout(NEW_LEADER_SECONDS):
            while (machine := await self.servers.leader()) is None:
                await asyncio.sleep(POLL_SECONDS)
        started = time.monotonic()
        async with self._redis_forgets(), KINDS[kind](self, machine):
            new_leader = await self._other_than(machine)
            elected = time.monotonic() - started
            await self._everybody_is_answered()
            await asyncio.sleep(AWAY_SECONDS)
        async with self._redis_forgets():
            await self.whole()
        waited = promises.longest_answer_seconds
        promises.longest_answer_seconds = max(longest, waited)
        if waited > PAUSE_SECONDS:
            self.breaches.append(f"{kind} at {machine.name}: somebody waited {waited:.1f} s for an answer")
        return Lost(kind, machine.name, new_leader.name, elected, waited, time.monotonic() - started)

    async def _other_than(self, lost: Machine) -> Machine:
        async with asyncio.timeout(NEW_LEADER_SECONDS):
            while (found := await self.servers.leader()) is None or found is lost:
                await asyncio.sleep(POLL_SECONDS)
        return found

    async def _everybody_is_answered(self) -> None:
        """Wait until every lane that was posting has had an answer since: a batch that waits counts as it ends."""
        async with asyncio.timeout(NEW_LEADER_SECONDS):
            since = time.monotonic()
            while self.poster.waiting_since() < since:
                await asyncio.sleep(POLL_SECONDS)

    @contextlib.asynccontextmanager
    async def _redis_forgets(self) -> AsyncIterator[None]:
        """Take note that a new master may lack what the old one had taken last."""

        async def note() -> None:
            while True:
                self.watch.emptied()
                await asyncio.sleep(EMPTIED_SECONDS)

        noting = asyncio.create_task(note(), name="Redis forgets")
        try:
            yield
        finally:
            await background.end([noting])

    def replicas_on(self, machine: Machine) -> list[Replica]:
        """Give the replicas of services that run on a machine."""
        return [replica for replica in self.system.replicas if replica.host == machine.host]


@contextlib.asynccontextmanager
async def _killed_leader(losses: Losses, machine: Machine) -> AsyncIterator[None]:
    """PostgreSQL and the Patroni that keeps it are killed, and a Redis that is the master."""
    await losses.servers.kill(machine, "patroni", "postgresql")
    if (master := await losses.servers.redis_master()) is not None:
        await losses.servers.kill(master, "redis")
    yield
    for each in (machine, master):
        if each is not None:
            losses.servers.start(each)


@contextlib.asynccontextmanager
async def _lost_machine(losses: Losses, machine: Machine) -> AsyncIterator[None]:
    """Nothing is heard of the machine any more, and whatever ran there is gone; it comes back and starts anew."""
    if machine.has_network:
        machine.part()
    await losses.servers.kill(machine, *PROGRAMS)
    for replica in losses.replicas_on(machine):
        await replica.kill()
    yield
    machine.rejoin()
    losses.servers.start(machine)
    for replica in losses.replicas_on(machine):
        await replica.start()


@contextlib.asynccontextmanager
async def _parted_machine(losses: Losses, machine: Machine) -> AsyncIterator[None]:
    """Nothing is heard of the machine any more, and there everything goes on, in vain."""
    del losses
    machine.part()
    try:
        yield
    finally:
        machine.rejoin()


Kind: TypeAlias = Callable[[Losses, Machine], contextlib.AbstractAsyncContextManager[None]]
KINDS: Final[dict[str, Kind]] = {
    "the leader is killed": _killed_leader,
    "its machine is lost": _lost_machine,
    "its machine is parted": _parted_machine,
}
NEEDS_NETWORK: Final = "its machine is parted"


def plan(seed: int, count: int, *, has_network: bool) -> list[str]:
    """Draw the kinds of a run's losses: each once as far as they go, in any order."""
    dice = random.Random(f"{seed} losses")
    kinds = [kind for kind in KINDS if has_network or kind != NEEDS_NETWORK]
    drawn = dice.sample(kinds, min(count, len(kinds)))
    return drawn + dice.choices(kinds, k=count - len(drawn))
