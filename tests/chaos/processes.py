"""The services as processes of their own, each behind wires of its own. Owns their start and their end.

A process is what a container runs: the server and one service's factory. A planted bug is put in by a launcher of the
tests; without one, nothing of the tests is in the process.
"""

import abc
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from services import embedded
from shared.events.envelope import Owner
from tests.chaos.clocks import Clock
from tests.chaos.servers import PostgreSQL, Redis
from tests.chaos.wires import HOST, Target, Wire, wire
from tests.support.keyring import Keyring
from tests.support.running import ROOT

SERVICES: Final[tuple[Owner, ...]] = ("registry", "funding", "reporting")
OWNERS: Final[tuple[Owner, ...]] = ("registry", "funding")
READY_SECONDS: Final = 60
STOP_SECONDS: Final = 45
POLL_SECONDS: Final = 0.05
# Soon enough that what a fault leaves behind is settled within a run, seldom enough to be no poll.
TICK_MS: Final = 500
PENDING_IDLE_MS: Final = 2_000


@dataclass(slots=True)
class Replica:
    """One process of one service, and what it reaches its surroundings through."""

    service: Owner
    number: int
    port: int
    environment: Mapping[str, str]
    log: Path
    planted: str | None = None
    host: str = HOST
    # What stands before its command: the way into the machine that it runs on.
    enter: tuple[str, ...] = ()
    process: asyncio.subprocess.Process | None = None
    starts: int = 0

    @property
    def name(self) -> str:
        """Name it."""
        return f"{self.service}-{self.number}"

    @property
    def address(self) -> str:
        """Give its address."""
        return f"http://{self.host}:{self.port}/{self.service}"

    @property
    def target(self) -> Target:
        """Give where a wire to it ends."""
        return self.port if self.host == HOST else (self.host, self.port)

    @property
    def runs(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start it; one that runs is left alone."""
        if self.runs:
            return
        run = ("-m", "tests.chaos.planted", self.planted) if self.planted else ("-m", "shared.http.serving")
        options = ("--host", self.host, "--port", str(self.port))
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(*self.enter, sys.executable, *run, *options, f"services.{self.service}.app:from_environment"),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment},
                stdout=log,
                stderr=log,
            )
        self.starts += 1

    async def kill(self) -> None:
        """Kill it."""
        await self._end(signal.SIGKILL, STOP_SECONDS)

    async def stop(self) -> None:
        """Ask it to end.

        Raises:
            TimeoutError: it does not, within `STOP_SECONDS`.
        """
        await self._end(signal.SIGTERM, STOP_SECONDS)

    async def pause(self, seconds: float) -> None:
        """Let it stand still, as a machine does that is short of something."""
        self._signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._signal(signal.SIGCONT)

    async def ready(self) -> bool:
        """Tell whether it says that it is ready."""
        if not self.runs:
            return False
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                answer = await client.get(f"{self.address}/health/ready")
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def _end(self, number: signal.Signals, seconds: float) -> None:
        if self.process is not None and self.process.returncode is None:
            self._signal(number)
            await asyncio.wait_for(self.process.wait(), seconds)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)


@dataclass(slots=True)
class Running(abc.ABC):
    """What runs of the services: the wires, the replicas and the gateway of each service, on some servers or others."""

    folder: Path
    keyring: Keyring
    replicas: list[Replica] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    gateways: dict[str, Wire] = field(default_factory=dict)
    # By the names of the replicas, where they can be set; and whether one of them is not right just now.
    clocks: dict[str, Clock] = field(default_factory=dict)
    has_wrong_clocks: bool = False
    logs: dict[str, Wire] = field(default_factory=dict)
    # Where a gateway listens, as the machines of the services call it.
    host: str = HOST

    @property
    @abc.abstractmethod
    def database_url(self) -> str:
        """Give the address of PostgreSQL, past the wires."""

    @property
    @abc.abstractmethod
    def redis_client(self) -> Any:  # noqa: ANN401  what Redis answers has no types of its own in redis-py
        """Give a client of Redis, past the wires."""

    def address(self, service: str) -> str:
        """Give the address of a service as its clients see it."""
        return f"http://{self.host}:{self.gateways[service].port}/{service}"

    def of(self, service: str) -> list[Replica]:
        """Give the replicas of a service."""
        return [replica for replica in self.replicas if replica.service == service]

    async def all_ready(self) -> None:
        """Wait until every replica is ready; the caller bounds it."""
        for replica in self.replicas:
            while not await replica.ready():
                await asyncio.sleep(POLL_SECONDS)


@dataclass(slots=True, kw_only=True)
class System(Running):
    """What runs on one PostgreSQL and one Redis."""

    postgresql: PostgreSQL
    redis: Redis

    @property
    def database_url(self) -> str:
        """Give the address of PostgreSQL, past the wires."""
        return self.postgresql.url

    @property
    def redis_client(self) -> Any:  # noqa: ANN401  as above
        """Give a client of Redis, past the wires."""
        return self.redis.client


async def add_gateways(system: Running, stack: contextlib.AsyncExitStack) -> None:
    """Put a gateway before each service, and one for its log; the replicas behind them come later."""
    for service in SERVICES:

        def replicas(service: str = service) -> list[Target]:
            return [replica.target for replica in system.of(service) if replica.runs]

        system.gateways[service] = await stack.enter_async_context(wire(f"gateway of {service}", replicas, system.host))
        system.wires.append(system.gateways[service])
        if service in OWNERS:
            system.logs[service] = await stack.enter_async_context(wire(f"log of {service}", replicas, system.host))
            system.wires.append(system.logs[service])


async def add_replica(
    system: System, stack: contextlib.AsyncExitStack, service: Owner, planted: str | None = None
) -> Replica:
    """Add a replica of a service, behind wires of its own, and start it."""
    number = len(system.of(service)) + 1
    # Where each leads is asked for each connection: both servers may come to be on a different host.
    ends: dict[str, Callable[[], Sequence[Target]]] = {
        "PostgreSQL 1": lambda: system.postgresql.targets(0),
        "PostgreSQL 2": lambda: system.postgresql.targets(1),
        "Redis": lambda: [system.redis.port],
    }
    made = [
        await stack.enter_async_context(wire(f"{service}-{number} to {far}", targets)) for far, targets in ends.items()
    ]
    system.wires.extend(made)
    clock = system.clocks[f"{service}-{number}"] = Clock(system.folder / f"{service}-{number}.clock")
    *to_postgresql, to_redis = (each.port for each in made)
    replica = Replica(
        service,
        number,
        embedded.free_port(),
        {
            **environment(system, system.postgresql.url_through(to_postgresql), f"redis://{HOST}:{to_redis}"),
            **clock.environment,
        },
        system.folder / f"{service}-{number}.log",
        planted,
    )
    system.replicas.append(replica)
    await replica.start()
    return replica


def environment(system: Running, database_url: str, redis_url: str) -> dict[str, str]:
    """Give the environment of a replica that reaches its servers at these addresses, and the owners by their wires."""
    return {
        "HELHEDSNET_DATABASE_URL": database_url,
        "HELHEDSNET_REDIS_URL": redis_url,
        **system.keyring.environment,
        **{
            f"HELHEDSNET_{owner.upper()}_URL": f"http://{system.host}:{log.port}/{owner}"
            for owner, log in system.logs.items()
        },
        "HELHEDSNET_TICK_MS": str(TICK_MS),
        "HELHEDSNET_PENDING_IDLE_MS": str(PENDING_IDLE_MS),
        "HELHEDSNET_DATABASE_CONNECTIONS": "7",
        "HELHEDSNET_LOG_LEVEL": "INFO",
        # A release is an entry of reporting's log, and a clean rebuild of the owners' logs has none.
        "HELHEDSNET_RELEASE_EVERY_MS": str(24 * 3_600_000),
    }


@contextlib.asynccontextmanager
async def ended(system: Running) -> AsyncIterator[None]:
    """End every replica with the context, whatever state it is in."""
    try:
        yield
    finally:
        for replica in system.replicas:
            await replica.kill()
