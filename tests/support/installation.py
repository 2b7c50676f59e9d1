"""An installation that is stopped, put back to earlier moments and started again, as an operator does it.

The three services run in this process, on a port; their databases are copied and put back by the server.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import pytest
import redis.asyncio

from services.command import recovering, verifying
from services.command.operating import SERVICES
from services.embedded import free_port
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting import handlers
from services.reporting.reader.wanted import Wanted
from shared import database
from shared.accounts import EVERY_PLANS
from shared.backbone import event_log
from shared.backbone.event_log import Entry
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase, TemplateOf, execute
from tests.reporting.conftest import running as running_services
from tests.support.builders import (
    AREA,
    Json,
    a_commitment,
    a_plan,
    an_activity,
    an_area,
    an_attendance,
    an_event,
    an_expense,
)
from tests.support.builders import a_start as a_beginning
from tests.support.keyring import Keyring
from tests.support.money import a_statement
from tests.support.reports_made import reports_of
from tests.support.running import in_process

NOTICED_SECONDS: Final = 2.0
SETTLED_SECONDS: Final = 90.0
POLL_SECONDS: Final = 0.02
GONE_MS: Final = 5_000
THRESHOLD: Final = 5
TICK_MS: Final = 100
SHORT: Final = "kortplan"
GONE: Final = "svunden"
# The moments that there are copies of.
BEGUN: Final = "begun"
GONE_ON: Final = "gone_on"


@dataclass(frozen=True)
class System:
    """A running system, and an administrator's client of it."""

    client: httpx.AsyncClient
    bearer: Bearer

    @property
    def url(self) -> str:
        """Give where it answers."""
        return str(self.client.base_url)

    def token(self, role: Any = "admin") -> str:  # noqa: ANN401  a role's name
        """Give a token."""
        return self.bearer(role)["Authorization"].removeprefix("Bearer ")

    async def try_to_post(self, service: str, *events: Json) -> httpx.Response:
        """Post events, whatever is answered."""
        headers = {"content-type": "application/json"}
        return await self.client.post(f"/{service}/events", content=orjson.dumps(events), headers=headers)

    async def post(self, service: str, *events: Json) -> str:
        """Post events until they are accepted, and give the cursor; what is not yet known is on its way."""
        async with asyncio.timeout(SETTLED_SECONDS):
            # Nothing tells when it has come.
            while (answer := await self.try_to_post(service, *events)).status_code == httpx.codes.CONFLICT:  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(POLL_SECONDS)
        assert answer.is_success, answer.text
        cursor: str = answer.json()["cursor"]
        return cursor

    async def get(self, path: str, **parameters: str) -> Json:
        """Read a document."""
        answer = await self.client.get(path, params=parameters)
        assert answer.is_success, answer.text
        document: Json = answer.json()
        return document

    async def until(self, holds: Callable[[], Awaitable[bool]], within_seconds: float = SETTLED_SECONDS) -> None:
        """Wait until something holds; of what others do nobody is told."""
        async with asyncio.timeout(within_seconds):
            while not await holds():  # noqa: ASYNC110  see above
                await asyncio.sleep(POLL_SECONDS)

    async def statuses(self) -> dict[str, Json]:
        """Give how each service stands."""
        return {service: await self.get(f"/{service}/status") for service in SERVICES}

    async def parted(self) -> dict[tuple[str, str], str]:
        """Give who has parted with whom, and how."""
        return {
            (service, consumer["owner"]): consumer["parted"]
            for service, status in (await self.statuses()).items()
            for consumer in status["consumers"]
            if consumer["parted"]
        }

    async def settled(self) -> None:
        """Wait until everybody has applied all that there is."""

        async def holds() -> bool:
            statuses = await self.statuses()
            heads = {service: status["log"]["head"] for service, status in statuses.items()}
            return all(
                consumer["position"] == heads[consumer["owner"]]
                for status in statuses.values()
                for consumer in status["consumers"]
            )

        await self.until(holds)

    async def report(self) -> Json:
        """Give the network report, once reporting has read all."""
        await self.settled()
        return await self.get("/reporting/reports/network")

    async def begin_to_rebuild(self, service: str) -> None:
        """Begin to make a service anew."""
        answer = await self.client.post(f"/{service}/rebuild")
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text

    async def until_rebuild(self, service: str, *states: str) -> Json:
        """Wait until that is in one of some states, and give how far it is."""
        progress: Json = {}

        async def holds() -> bool:
            progress.update(await self.get(f"/{service}/rebuild"))
            return progress["state"] in states

        await self.until(holds)
        return progress

    async def rebuild(self, service: str) -> Json:
        """Make a service anew."""
        await self.begin_to_rebuild(service)
        progress = await self.until_rebuild(service, "finished", "failed")
        assert progress["state"] == "finished", progress
        return progress

    async def recover(self) -> recovering.Recovery:
        """Do what `helhedsnet recover` does."""
        return await asyncio.to_thread(recovering.recover, self.url, self.token(), lambda _: None)

    async def verify(self) -> Json:
        """Do what `helhedsnet verify` does."""
        return await asyncio.to_thread(verifying.verify, self.url, self.token("auditor"))

    async def found(self) -> set[tuple[str, str]]:
        """Give (service, code) of all that a verification finds."""
        return {(finding["service"], finding["code"]) for finding in (await self.verify())["findings"]}


class Installation:
    """The databases of the three services, copies of them, and the way to run them."""

    def __init__(self, surroundings: dict[str, Any], bearer: Bearer, make_database: MakeDatabase) -> None:
        self.server_url = surroundings["database_url"]
        self._told = {**surroundings, "tick_ms": TICK_MS}
        self._bearer = bearer
        self._make_database = make_database

    @contextlib.asynccontextmanager
    async def running(self, **told: Any) -> AsyncIterator[System]:
        """Run the three services until the context ends."""
        async with running_services({**self._told, **told}) as client:
            client.headers.update(self._bearer("admin"))
            yield System(client, self._bearer)

    @contextlib.asynccontextmanager
    async def registry_alone(self, **told: Any) -> AsyncIterator[System]:
        """Run the registry alone until the context ends."""
        nobody = f"http://127.0.0.1:{free_port()}"
        settings = RegistrySettings(**{**self._told, "registry_url": nobody, "funding_url": nobody, **told})
        async with in_process({"registry": build_registry(settings)}) as client:
            key = Keyring(settings.keys_folder)
            token = key.issue(Identity("admin"), valid_for=timedelta(minutes=5))
            client.headers["Authorization"] = f"Bearer {token}"
            yield System(client, self._bearer)

    def url(self, service: str) -> str:
        """Give the address of a service's database."""
        return database.service_url(self.server_url, service)

    async def keep(self, service: str, name: str) -> None:
        """Copy a database, which nobody uses; in place of an earlier copy of that name."""
        await self._replace(f"{name}_{service}", f"helhedsnet_{service}")

    async def empty(self, service: str) -> None:
        """Put an empty database in the place of a service's."""
        await self._replace(f"helhedsnet_{service}", f"template_{service}")

    async def put_back(self, service: str, name: str) -> None:
        """Put a copy in the place of a database."""
        await self._replace(f"helhedsnet_{service}", f"{name}_{service}")

    async def execute(self, service: str, statement: str) -> None:
        """Run a statement in a service's database, past all rules, as who owns the server can."""
        connection = await database.connect(self.url(service))
        try:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(statement)
        finally:
            await connection.close()

    async def clean_digest(self) -> str:
        """Fold the logs, as they are, into a database that holds nothing, and give the digest of its report."""
        pool = await database.open_pool(await self._make_database("clean", like="reporting"), 2)
        try:
            for owner in SERVICES:
                await self._fold(pool, owner)
            wanted = Wanted(None, None, None, accounts=EVERY_PLANS)
            report: Json = orjson.loads((await reports_of(pool).report(wanted)).body)
        finally:
            await pool.close()
        digest: str = report["digest"]
        return digest

    async def _fold(self, pool: database.Pool, owner: str) -> None:
        log = await database.connect(self.url(owner))
        try:
            lines = (await event_log.read(log, 0, event_log.MAX_PAGE)).lines
        finally:
            await log.close()
        assert len(lines) < event_log.MAX_PAGE
        entries = [Entry(orjson.loads(line.text)) for line in lines]
        async with pool.acquire() as connection, connection.transaction():
            await handlers.apply(connection, owner, entries)

    async def _replace(self, name: str, by: str) -> None:
        await execute(self.server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # A backend needs a moment to go after its client has.
        await execute(
            self.server_url,
            f"SELECT pg_terminate_backend(pid, {GONE_MS}) FROM pg_stat_activity WHERE datname = '{by}'",  # noqa: S608  ours
        )
        await execute(self.server_url, f'CREATE DATABASE "{name}" TEMPLATE "{by}"')


@pytest.fixture(scope="session")
async def moments(
    postgresql_url: str, redis_server_url: str, of_keys: dict[str, Any], template_of: TemplateOf, bearer: Bearer
) -> None:
    """Make copies of the three databases at two moments, `BEGUN` and `GONE_ON`: once, to be copied for each test."""
    async with redis.asyncio.from_url(redis_server_url) as client:
        await client.flushall()
    for service in SERVICES:
        await execute(postgresql_url, f'CREATE DATABASE "helhedsnet_{service}" TEMPLATE "{await template_of(service)}"')
    told = {"database_url": postgresql_url, "redis_url": redis_server_url, **of_keys}

    async def no_more(*_: object, **__: object) -> str:
        raise AssertionError("a copy is made of what is there")

    made = Installation({**told, "log_level": "ERROR"}, bearer, no_more)
    for moment, more in ((BEGUN, the_beginning()), (GONE_ON, what_followed())):
        async with made.running() as system:
            for service, events in more.items():
                await system.post(service, *events)
            await system.settled()
        for service in SERVICES:
            await made.keep(service, moment)
    for service in SERVICES:
        await execute(postgresql_url, f'DROP DATABASE "helhedsnet_{service}" WITH (FORCE)')


@pytest.fixture
async def installation(
    moments: None,  # noqa: ARG001  what is copied
    surroundings: dict[str, Any],
    bearer: Bearer,
    make_database: MakeDatabase,
    tmp_path: Path,
) -> Installation:
    """Give an installation that is stopped, after it has gone on; `put_back` brings its databases to a moment."""
    made = Installation({**surroundings, "anchor_folder": tmp_path / "anchors"}, bearer, make_database)
    for service in SERVICES:
        await make_database(service)
        await made.put_back(service, GONE_ON)
    return made


def the_beginning() -> dict[str, list[Json]]:
    """Give what each service is told first: of an area, a plan with an activity that runs, and a plan that is over."""
    short = a_plan(SHORT, start="2025-01-01", end="2025-12-31")
    return {
        "registry": [an_area(), a_plan(), an_activity(), a_beginning(), short],
        "funding": [a_commitment(), a_commitment("tilsagn-kort", plan=SHORT, date="2025-01-01")],
        "reporting": figures(20),
    }


def what_followed() -> dict[str, list[Json]]:
    """Give what each service was told since."""
    return {
        "registry": [a_plan(GONE), an_activity("svundet", plan=GONE), *sessions(*range(100, 120))],
        "funding": expenses(*range(100, 120)),
        "reporting": figures(21, 22),
    }


def sessions(*numbers: int) -> list[Json]:
    """Give sessions of the activity."""
    return [an_attendance(f"session-{number}") for number in numbers]


def expenses(*numbers: int) -> list[Json]:
    """Give expenses of the plan."""
    return [an_expense(f"udgift-{number}") for number in numbers]


def the_closing() -> tuple[list[Json], Json]:
    """Give the accounts of the plan that is over, and its closing."""
    accounts = [a_statement(word, plan=SHORT) for word in ("submitted", "accepted")]
    closing = an_event("plan.closed", {"plan": SHORT, "date": "2025-12-31"}, source=f"/areas/{AREA}")
    return accounts, closing


def figures(*years: int) -> list[Json]:
    """Give figures about the area, which reporting takes itself."""
    data = {"area": AREA, "indicator": "income_pct", "value": 55, "source": "Listen"}
    return [an_event("context.imported", {**data, "date": f"20{year:02}-01-01"}) for year in years]
