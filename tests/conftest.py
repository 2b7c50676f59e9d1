"""The test bed: one real PostgreSQL and one real Redis for the session, fresh for every test.

A service's tables are migrated once, into a template; each test then gets a copy of it. After each test nothing may
be left: no task on the event loop, no connection to a database.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

import asyncpg
import httpx
import hypothesis
import pytest
import redis.asyncio
import structlog
from fastapi import FastAPI

from services import embedded
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from shared import database, logs, memory, migrations
from shared.tokens import Identity, Role
from tests.support import extent, scheduling
from tests.support.keyring import Keyring
from tests.support.places import place
from tests.support.running import ROOT, in_process
from tests.support.signing_in import Hosts, hosting
from tests.support.systems import System, running

CONNECTIONS_GONE_SECONDS: Final = 30
# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")
# What is collected stays, and so do the modules: half the time of a full collection goes into looking through them.
memory.collect_seldom()
# A release is an entry of reporting's log: on a slow machine one would come into tests of something else by itself.
os.environ.setdefault("HELHEDSNET_RELEASE_EVERY_MS", str(24 * 3_600_000))

Headers: TypeAlias = dict[str, str]
Bearer: TypeAlias = Callable[..., Headers]
TemplateOf: TypeAlias = Callable[[str], Awaitable[str]]
MakeDatabase: TypeAlias = Callable[..., Awaitable[str]]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:  # noqa: ARG001  pytest's own signature
    """Give one worker more than there are cores: many tests wait for processes that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> scheduling.ByGroup:  # noqa: ANN401  untyped there
    """Give each worker whole groups of tests."""
    return scheduling.ByGroup(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """See that whatever is long has a short run beside it, and sort into groups what was put in random order."""
    if config.args == config.getini("testpaths"):
        extent.see_that_nothing_is_long_alone(items)
    yield
    scheduling.sort(items)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Give a folder for the servers' data, with a path as short as they come."""
    with place("tests") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
async def postgresql_url(server_folder: Path) -> AsyncIterator[str]:
    """Run PostgreSQL for the session, without the waiting for disks that tests do not need."""
    with embedded.postgresql(server_folder / "postgresql") as url:
        connection = await database.connect(url)
        for setting in ("fsync", "full_page_writes"):
            await connection.execute(f"ALTER SYSTEM SET {setting} = off")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()
        yield url


@pytest.fixture(scope="session")
def redis_server_url(server_folder: Path) -> Iterator[str]:
    """Run Redis for the session."""
    with embedded.redis(server_folder / "redis") as url:
        yield url


@pytest.fixture(scope="session")
async def template_of(postgresql_url: str) -> TemplateOf:
    """Give a function that names the database to copy for a service, migrated when it is first asked for."""
    made: set[str] = set()

    async def template(service: str) -> str:
        name = f"template_{service}"
        if service not in made:
            await migrations.migrate(postgresql_url, service, ROOT / "services" / service / "migrations")
            # The first visitor after a change of tables reads the whole catalogue and writes it down, for copies too.
            await execute(database.service_url(postgresql_url, service), "SELECT 1")
            await execute(postgresql_url, f'ALTER DATABASE "helhedsnet_{service}" RENAME TO "{name}"')
            made.add(service)
        return name

    return template


@pytest.fixture(scope="session")
async def administrator(postgresql_url: str) -> AsyncIterator[Connection]:
    """Give the connection that makes and drops databases: to open one for each takes as long as to drop it."""
    connection = await database.connect(postgresql_url)
    yield connection
    await connection.close()


@pytest.fixture
async def make_database(
    administrator: Connection, postgresql_url: str, template_of: TemplateOf
) -> AsyncIterator[MakeDatabase]:
    """Give a function that makes a fresh database of a service, and drop what it made.

    `like` names the service whose tables it has, where that is another, and `template` the database to copy, where
    that is one which holds something. A connection that somebody still holds at the end is a leak, and fails the test.
    """
    made: list[str] = []

    async def make(service: str, *, like: str | None = None, template: str | None = None) -> str:
        template = template or await template_of(like or service)
        name = f"helhedsnet_{service}"
        made.append(name)
        await administrator.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return database.service_url(postgresql_url, service)

    yield make
    left_open = [name for name in made if not await _is_left_alone(administrator, name)]
    for name in made:
        await administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert not left_open, f"connections were left open to {left_open}"


@pytest.fixture
async def registry_database(make_database: MakeDatabase) -> str:
    """Give a fresh database of the registry: its tables, and nothing in them."""
    return await make_database("registry")


@pytest.fixture
async def registry_pool(registry_database: str) -> AsyncIterator[database.Pool]:
    """Give a pool of connections to a fresh registry database."""
    pool = await database.open_pool(registry_database, 8)
    yield pool
    await pool.close()


@pytest.fixture
async def redis_url(redis_server_url: str) -> str:
    """Give a Redis that holds nothing."""
    async with redis.asyncio.from_url(redis_server_url) as client:
        await client.flushall()
    return redis_server_url


@pytest.fixture
async def redis_client(redis_url: str) -> AsyncIterator["redis.asyncio.Redis"]:
    """Give a client of that Redis, to look at it and to disturb it."""
    async with redis.asyncio.from_url(redis_url) as client:
        yield client


@pytest.fixture(scope="session")
def keyring(server_folder: Path) -> Keyring:
    """Give the keys of the installation: those of the services, and those that sign tokens."""
    return Keyring(server_folder / "keys")


@pytest.fixture(scope="session")
def of_keys(keyring: Keyring) -> dict[str, Any]:
    """Give the settings of every service that say where keys are, and where access answers if it runs."""
    return {**keyring.settings, "access_url": f"http://127.0.0.1:{embedded.free_port()}/access"}


@pytest.fixture(scope="session")
def bearer(keyring: Keyring) -> Bearer:
    """Give a function that makes the headers of a role, for areas: `bearer("coordinator", "urbanplanen")`."""

    def headers(role: Role, *areas: str) -> Headers:
        token = keyring.issue(Identity(role, frozenset(areas)), valid_for=timedelta(minutes=30))
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture(scope="session")
def demo_process(keyring: Keyring) -> Iterator[System]:
    """Run the demo as a process for the session, with the test bed's key.

    Tests read it, and post only what is there already or is refused. Those who take it stand in one group of
    `scheduling`.
    """
    with place("demo") as made:
        shutil.copytree(keyring.folder, Path(made) / "keys")
        with running("demo", data=Path(made)) as system:
            yield system


@pytest.fixture
def surroundings(postgresql_url: str, redis_url: str, of_keys: dict[str, Any]) -> dict[str, Any]:
    """Give the settings under which any service runs against the test bed; its database must have been made."""
    return {
        "database_url": postgresql_url,
        "redis_url": redis_url,
        **of_keys,
        "log_level": "ERROR",
    }


@pytest.fixture
async def hosts(make_database: MakeDatabase, surroundings: dict[str, Any]) -> AsyncIterator[Hosts]:
    """Run access beside what is tested, and give who invites and signs in there."""
    await make_database("access")
    async with hosting(surroundings) as found:
        yield found


@pytest.fixture
def registry_settings(registry_database: str, surroundings: dict[str, Any]) -> RegistrySettings:
    """Give settings under which the registry runs against the test bed."""
    assert registry_database.partition("?")[0].endswith("/helhedsnet_registry")
    return RegistrySettings(**surroundings)


@pytest.fixture
def registry_app(registry_settings: RegistrySettings) -> FastAPI:
    """Give the registry's real application, not yet started."""
    return build_registry(registry_settings)


@pytest.fixture
async def registry(registry_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Run the registry, and give a client of it; its paths begin with `/registry`."""
    async with in_process({"registry": registry_app}) as client:
        yield client


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """Log as a service does, not as structlog does for a developer."""
    logs.configure("ERROR")


@pytest.fixture
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """Log warnings too, and give what is logged."""
    logs.configure("WARNING")
    with structlog.testing.capture_logs() as lines:
        yield lines
    logs.configure("ERROR")


@pytest.fixture(autouse=True)
async def _nothing_is_left_running() -> AsyncIterator[None]:
    """Fail a test that leaves a task behind. First of all fixtures to start, so it is the last to look."""
    before = asyncio.all_tasks()
    yield
    # The look itself is a task, of the fixture's end.
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert not left, f"tasks were left running: {left}"


async def execute(url: str, statement: str) -> None:
    """Run one statement on a server, apart from any pool."""
    connection = await database.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _is_left_alone(administrator: Connection, name: str) -> bool:
    """Tell whether nobody is connected to a database; a backend needs a moment to go after its client has."""
    try:
        async with asyncio.timeout(CONNECTIONS_GONE_SECONDS):
            # PostgreSQL tells nobody when a backend has gone.
            while await administrator.fetchval(  # noqa: ASYNC110  nothing tells
                "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", name
            ):
                await asyncio.sleep(0.005)
    except TimeoutError:
        return False
    return True
