"""Faults after which only one answer is right: come back later. Owns what is promised of them, and holds it against it.

Each is inflicted while nothing else is wrong. Every replica is asked again and again meanwhile.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import asyncpg
import httpx

from shared import background, database
from shared.tokens import Identity
from tests.chaos.processes import SERVICES, Replica
from tests.chaos.watch import connected
from tests.chaos.world import World

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]

ANSWER_SECONDS: Final = 10.0
BACK_SECONDS: Final = 5.0
# A fault that shows by an error is told by `ready` within this time, given that somebody writes.
NOTICED_SECONDS: Final = 10.0
# A database that is silent for longer than this is given up by everybody.
SILENCE_SECONDS: Final = 9.0
SHORT_SECONDS: Final = (1.0, 3.0)
SOME_SECONDS: Final = (1.0, 15.0)
LONG_SECONDS: Final = 60.0
# All of one: until everybody is well, while it lasts, until it is noticed, and until everybody is well again.
WHOLE_SECONDS: Final = 300.0
ASK_SECONDS: Final = 0.2
POLL_SECONDS: Final = 0.05
# However much is at work beside a run, nothing is waited for without end.
MOST_TIMES_LONGER: Final = 10.0
# What costs each service a question to its database.
ASKED: Final = {"registry": "areas?limit=1", "funding": "status", "reporting": "reports/network"}
# A commit that no standby has is not answered within this time, nor later.
LAG_SECONDS: Final = 0.5
END_OF_THE_SERVICES: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'helhedsnet%'"
JUMPS_SECONDS: Final = (60, 4 * 3_600)
READ_ONLY: Final = "default_transaction_read_only"


async def fill_disk(world: World) -> None:
    """Fill PostgreSQL's disk to its last byte, and make room when it was noticed."""
    postgresql = world.system.postgresql
    assert postgresql.disk is not None
    async with _witnessed(world, "fill the disk") as witness:
        await asyncio.to_thread(postgresql.disk.fill)
        try:
            await witness.notices(SERVICES)
            await asyncio.sleep(_lasts(world, witness.kind) if world.is_long else 0)
        finally:
            await asyncio.to_thread(postgresql.disk.free)
            await postgresql.revive()


async def make_read_only(world: World) -> None:
    """Let PostgreSQL take no writes: at once everywhere, or in one service's database for whoever connects anew."""
    service = world.dice.choice((*SERVICES, None))
    async with _witnessed(world, "read-only database") as witness:
        await _allow_writes(world, service, allowed=False)
        try:
            await witness.notices(SERVICES if service is None else (service,))
            await asyncio.sleep(_lasts(world, witness.kind) if world.is_long else 0)
        finally:
            await _allow_writes(world, service, allowed=True)


async def stop_database(world: World) -> None:
    """Let PostgreSQL stand still."""
    async with _witnessed(world, "stop the database") as witness:
        seconds = _lasts(world, witness.kind)
        stopped = asyncio.create_task(world.system.postgresql.pause(seconds))
        if seconds > SILENCE_SECONDS + NOTICED_SECONDS:
            await asyncio.sleep(SILENCE_SECONDS)
            await witness.notices(SERVICES)
        await stopped


async def fail_over(world: World) -> None:
    """Lose the PostgreSQL that leads, and what no standby has; a standby is promoted after a while."""
    await world.system.postgresql.gain_standby()
    async with _witnessed(world, "fail PostgreSQL over") as witness:
        await world.system.postgresql.fail_over(LAG_SECONDS, _lasts(world, witness.kind))


async def take_connections(world: World) -> None:
    """Let something else have every connection that PostgreSQL gives, also those that the services had."""
    async with _witnessed(world, "take all connections") as witness:
        taken: list[Connection] = []
        taking = asyncio.create_task(_take_all(world, taken), name="taking all connections")
        try:
            await witness.notices(SERVICES)
            await asyncio.sleep(_lasts(world, witness.kind))
        finally:
            await background.end([taking])
            for connection in taken:
                connection.terminate()


async def _take_all(world: World, taken: "list[Connection]") -> None:
    """Take one connection after the other until cancelled; where there is none left, end those of the services."""
    while True:
        try:
            taken.append(await database.connect(world.system.postgresql.url))
        except asyncpg.TooManyConnectionsError:
            await taken[0].execute(END_OF_THE_SERVICES)
            await asyncio.sleep(POLL_SECONDS)


async def set_clocks(world: World) -> None:
    """Let the clocks of one replica or of all jump ahead and back by minutes or hours, and be right again."""
    clocks, one = world.system.clocks, world.dice.choice([None, *sorted(world.system.clocks)])
    async with _witnessed(world, "set the clocks") as witness:
        for way in world.dice.sample((1, -1), 2):
            async with ahead(world, list(clocks) if one is None else [one], way * world.dice.randint(*JUMPS_SECONDS)):
                await asyncio.sleep(_lasts(world, witness.kind))


@contextlib.asynccontextmanager
async def ahead(world: World, names: Sequence[str], seconds: int) -> AsyncIterator[None]:
    """Let the clocks of some replicas be ahead, or behind; what they refuse meanwhile is refused rightly."""
    world.system.has_wrong_clocks = True
    try:
        for name in names:
            world.system.clocks[name].set(seconds)
        yield
    finally:
        for name in names:
            world.system.clocks[name].set(0)
        world.system.has_wrong_clocks = False


async def part_services(world: World) -> None:
    """Let no service read another's log, while Redis goes on: whatever is posted is followed by the streams."""
    async with _witnessed(world, "part the services") as witness:
        seconds = _lasts(world, witness.kind)
        await asyncio.gather(*(wire.hold(seconds) for wire in world.system.logs.values()))


def _lasts(world: World, kind: str) -> float:
    """Draw how long it lasts: a minute where it is the first of its kind in a long run, else some seconds."""
    if world.is_long and not world.done[kind]:
        return LONG_SECONDS
    return world.dice.uniform(*(SOME_SECONDS if world.is_long else SHORT_SECONDS))


async def _allow_writes(world: World, service: str | None, *, allowed: bool) -> None:
    """Change it as an operator does, whose own session stays as it is."""
    operator = await database.connect(world.system.postgresql.url, {READ_ONLY: "off"})
    try:
        if service is None:
            await operator.execute(
                f"ALTER SYSTEM {'RESET' if allowed else 'SET'} {READ_ONLY}{'' if allowed else ' = on'}"
            )
            await operator.execute("SELECT pg_reload_conf()")
            return
        change = f"RESET {READ_ONLY}" if allowed else f"SET {READ_ONLY} = on"
        await operator.execute(f'ALTER DATABASE "helhedsnet_{service}" {change}')
    finally:
        await operator.close()
    if not allowed:
        async with connected(world.system, service) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


class _Witness:
    """Asks every replica for something again and again, and notes what should not have been answered."""

    def __init__(self, world: World, kind: str) -> None:
        self._world = world
        self.kind = kind
        token = world.system.keyring.issue(Identity("admin"), valid_for=timedelta(hours=1))
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"}, timeout=_allowed(ANSWER_SECONDS) + BACK_SECONDS
        )

    async def watch(self) -> None:
        """Ask until cancelled; a question that is on its way is answered first."""
        async with asyncio.TaskGroup() as group:
            for replica in self._world.system.replicas:
                group.create_task(self._ask(replica))

    async def close(self) -> None:
        """Ask nothing any more."""
        await self._client.aclose()

    async def notices(self, services: tuple[str, ...]) -> None:
        """Wait until every replica of some services says that it is not ready; a breach where one does not."""
        for replica in self._world.system.replicas:
            if replica.service in services and not await self._becomes(
                replica, time.monotonic() + _allowed(NOTICED_SECONDS), ready=False
            ):
                self._breach(f"{replica.name} went on saying that it is ready")

    async def comes_back(self) -> None:
        """Wait until every replica is ready; a breach where one is late."""
        ended = time.monotonic()
        for replica in self._world.system.replicas:
            if not await self._becomes(replica, ended + _allowed(BACK_SECONDS), ready=True):
                self._breach(f"{replica.name} was not ready {time.monotonic() - ended:.1f} s after")

    async def _becomes(self, replica: Replica, until: float, *, ready: bool) -> bool:
        while await replica.ready() != ready:
            if time.monotonic() > until:
                return False
            await asyncio.sleep(POLL_SECONDS)
        return True

    async def _ask(self, replica: Replica) -> None:
        address = f"{replica.address}/{ASKED[replica.service]}"
        while True:
            started, had_wrong_clocks = time.monotonic(), self._world.system.has_wrong_clocks
            try:
                answer = await self._client.get(address)
            except httpx.HTTPError as error:
                self._breach(f"{replica.name} did not answer: {type(error).__name__}")
            else:
                is_put_off = answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in answer.headers
                is_unknown = answer.status_code == httpx.codes.UNAUTHORIZED
                is_refused = is_unknown and (had_wrong_clocks or self._world.system.has_wrong_clocks)
                if answer.status_code != httpx.codes.OK and not is_put_off and not is_refused:
                    self._breach(f"{replica.name} answered {answer.status_code}: {answer.text[:200]}")
            if (seconds := time.monotonic() - started) > _allowed(ANSWER_SECONDS):
                self._breach(f"{replica.name} answered after {seconds:.1f} s")
            await asyncio.sleep(ASK_SECONDS)

    def _breach(self, said: str) -> None:
        self._world.breaches.append(f"{self.kind}: {said}")


@contextlib.asynccontextmanager
async def _witnessed(world: World, kind: str) -> AsyncIterator[_Witness]:
    """Begin with a system that is well, watch it during a fault, and see that it is well again soon after."""
    await world.system.all_ready()
    witness = _Witness(world, kind)
    watching = asyncio.create_task(witness.watch(), name=f"watching: {kind}")
    try:
        yield witness
        await witness.comes_back()
    finally:
        await background.end([watching])
        await witness.close()


def _allowed(seconds: float) -> float:
    """Give how long something may take on this machine just now: longer, where more is at work than it has cores."""
    return seconds * min(MOST_TIMES_LONGER, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
