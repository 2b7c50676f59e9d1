"""One run on three machines: the same load, book and judge as under chaos, while leaders are lost. Owns its order."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from services import embedded
from tests.chaos import checks, processes
from tests.chaos.poster import Poster
from tests.chaos.processes import SERVICES, Replica, Running
from tests.chaos.run import START_SECONDS, Outcome, Wanted, folder_of_a_run, load, not_brought_to_its_end
from tests.chaos.watch import Watch
from tests.ha.losses import Losses, Lost, plan
from tests.ha.machines import Machine, host_of_the_hub, machines, why_no_network
from tests.ha.servers import Servers
from tests.support.keyring import Keyring

REPLICAS: Final = 2
LEASE_SECONDS: Final = 7


@dataclass(slots=True, kw_only=True)
class Whole(Running):
    """What runs on several machines."""

    servers: Servers

    @property
    def database_url(self) -> str:
        """Give the address that names all hosts of PostgreSQL."""
        return self.servers.database_url

    @property
    def redis_client(self) -> Any:  # noqa: ANN401  what Redis answers has no types of its own in redis-py
        """Give a client of whichever Redis is the master."""
        return self.servers.client


@dataclass(slots=True)
class Told:
    """What a run came to, and each loss in it."""

    outcome: Outcome
    lost: list[Lost] = field(default_factory=list)


async def run(wanted: Wanted, lease_seconds: int = LEASE_SECONDS, keep_logs: Path | None = None) -> Told:
    """Do one run; `wanted.faults` is how many leaders are lost."""
    told, started = Told(Outcome(wanted)), time.monotonic()
    outcome = told.outcome
    with folder_of_a_run(keep_logs) as folder, machines(folder) as found:
        if not found[0].has_network:
            outcome.left_out["its machine is parted"] = why_no_network() or "this process has no network of its own"
        try:
            async with _started(folder, found, lease_seconds) as system:

                async def meanwhile(watch: Watch, poster: Poster) -> None:
                    dice = random.Random(f"{wanted.seed} choices")
                    losses = Losses(system.servers, system, watch, poster, dice, told.lost, outcome.findings.breaches)
                    try:
                        await losses.inflict(plan(wanted.seed, wanted.faults, has_network=found[0].has_network))
                    finally:
                        outcome.faults.update(lost.kind for lost in told.lost)
                    await losses.whole()

                try:
                    await load(system, system.keyring, outcome, meanwhile)
                    await checks.check(system, outcome.promises, system.keyring, outcome.findings)
                finally:
                    outcome.starts = sum(replica.starts for replica in system.replicas)
        except Exception as error:  # noqa: BLE001  whatever ends a run early, what it came to until then is told
            outcome.findings.breaches.append(not_brought_to_its_end(error))
    outcome.seconds = time.monotonic() - started
    return told


@contextlib.asynccontextmanager
async def _started(folder: Path, found: list[Machine], lease_seconds: int) -> AsyncIterator[Whole]:
    """Start everything a run needs, and end it with the context."""
    async with contextlib.AsyncExitStack() as stack:
        servers = Servers(found, lease_seconds)
        stack.push_async_callback(servers.stop)
        system = Whole(folder, Keyring(folder / "keys"), host=host_of_the_hub(), servers=servers)
        async with asyncio.timeout(START_SECONDS):
            for machine in found:
                servers.start(machine)
            while missing := await servers.missing():
                await asyncio.sleep(checks.POLL_SECONDS)
            assert not missing
            await checks.prepare(system.database_url)
            await processes.add_gateways(system, stack)
            await stack.enter_async_context(processes.ended(system))
            for number in range(REPLICAS):
                for place, service in enumerate(SERVICES):
                    await _add_replica(system, service, found[(place + number) % len(found)])
            await system.all_ready()
        yield system


async def _add_replica(system: Whole, service: Any, machine: Machine) -> None:  # noqa: ANN401  a service's name
    replica = Replica(
        service,
        len(system.of(service)) + 1,
        embedded.free_port(),
        processes.environment(system, system.servers.database_url, system.servers.redis_url),
        system.folder / f"{service}-{len(system.of(service)) + 1}.log",
        host=machine.host,
        enter=machine.enter,
    )
    system.replicas.append(replica)
    await replica.start()
