"""Starts what is measured: each service its own uvicorn, as in a container, over embedded PostgreSQL and Redis."""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson

from services import embedded
from shared import database
from shared.tokens import Identity, Role
from tests.benchmarks.load import HOST, Connection, get
from tests.support.keyring import Keyring

ROOT: Final = Path(__file__).parent.parent.parent
START_SECONDS: Final = 60
STOP_SECONDS: Final = 30
PAGE: Final = 1_000
TUTORIAL: Final = "tutorial"
LIMIT: Final = "limit"
BARE: Final = "bare"
FACTORIES: Final = {
    "registry": "services.registry.app:from_environment",
    "funding": "services.funding.app:from_environment",
    "reporting": "services.reporting.app:from_environment",
    TUTORIAL: "tests.benchmarks.tutorial_way:from_environment",
    LIMIT: "tests.benchmarks.limits:from_environment",
    BARE: "tests.benchmarks.bare:from_environment",
}


@dataclass(frozen=True, slots=True)
class System:
    """Processes that run, by name, and how to reach them."""

    servers: embedded.Servers
    ports: Mapping[str, int]
    keyring: Keyring
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    def token(self, role: Role, *areas: str) -> str:
        """Sign a token for some areas, or for all."""
        return self.keyring.issue(Identity(role, frozenset(areas)), valid_for=timedelta(hours=1))

    async def ask(self, name: str, path: str, role: Role = "admin", *areas: str) -> Any:  # noqa: ANN401  any JSON
        """Read one document from a service, as somebody of some areas or of all."""
        connection = await Connection.open(self.ports[name])
        answer = await connection.send(get(f"/{name}{path}", self.token(role, *areas)))
        connection.close()
        assert answer.status == 200, f"{name}{path}: {answer.status} {answer.body[:500]!r}"
        return orjson.loads(answer.body)

    async def log(self, owner: str, after: int) -> AsyncIterator[dict[str, Any]]:
        """Read a service's log, entry by entry, over HTTP as another service would."""
        while page := (await self.ask(owner, f"/events?after={after}&limit={PAGE}", "service"))["events"]:
            for entry in page:
                yield entry
            after = page[-1]["sequence"]

    async def connect(self, service: str) -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection to a service's database, for a limit that is measured in it."""
        return await database.connect(database.service_url(self.servers.database_url, service))


async def reports_of_areas(system: System) -> list[dict[str, Any]]:
    """Read each area's report as its own coordinator does, to whom people are shown as they are now."""
    names = [row["area"] for row in (await system.ask("reporting", "/reports/network"))["areas"]]
    return [await system.ask("reporting", f"/reports/areas/{name}", "coordinator", name) for name in names]


@contextlib.asynccontextmanager
async def running(*names: str) -> AsyncIterator[System]:
    """Run the named processes over fresh servers until the context ends; all are ready when it begins."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helhedsnet-benchmarks-")))
        servers = stack.enter_context(embedded.servers(folder))
        ports = {name: embedded.free_port() for name in FACTORIES}
        system = System(servers, ports, Keyring(folder / "keys"))
        try:
            for name in names:
                await start(system, name)
            for name in names:
                await ready(system.ports[name], f"/{name}/health/ready")
            yield system
        finally:
            await stop(system, *system.processes)


async def start(system: System, name: str) -> None:
    """Start one process the way its container does."""
    if name == TUTORIAL:
        connection = await database.connect(system.servers.database_url)
        await connection.execute(f"CREATE DATABASE helhedsnet_{TUTORIAL}")
        await connection.close()
    addresses = {
        f"HELHEDSNET_{owner.upper()}_URL": f"http://{HOST}:{system.ports[owner]}/{owner}"
        for owner in ("registry", "funding")
    }
    options = ("--log-level", "warning", "--no-access-log", "--no-server-header", "--timeout-keep-alive", "75")
    system.processes[name] = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "--host", HOST, "--port", str(system.ports[name])),
        *options,
        FACTORIES[name],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HELHEDSNET_DATABASE_URL": system.servers.database_url,
            "HELHEDSNET_REDIS_URL": system.servers.redis_url,
            **system.keyring.environment,
            "HELHEDSNET_LOG_LEVEL": "ERROR",
            **addresses,
        },
    )


async def ready(port: int, path: str) -> None:
    """Wait until a process says that it is ready."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            connection = await Connection.open(port)
            answer = await connection.send(get(path, host=f"{HOST}:{port}"))
            connection.close()
            if answer.status == 200:
                return
        await asyncio.sleep(0.01)
    raise TimeoutError(f"{path} was not ready after {START_SECONDS} s")


async def stop(system: System, *names: str) -> None:
    """End some processes, and wait until they have ended."""
    processes = [system.processes[name] for name in names]
    for process in processes:
        if process.returncode is None:
            process.terminate()
    for process in processes:
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
