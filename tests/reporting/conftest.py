"""Fixtures of reporting's tests: its database, and the service itself beside those that it follows."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import redis.asyncio

from services.embedded import free_port
from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from services.reporting.web.site import build_site
from shared import database
from shared.tokens import Identity
from tests.conftest import MakeDatabase, TemplateOf, execute
from tests.support.keyring import Keyring
from tests.support.running import on_a_port
from tests.support.systems import System

DEMO: Final = Path(__file__).parents[2] / "deploy" / "demo"
# A release is an entry of the log, which tests of other things do not wait for.
NEVER_MS: Final = 24 * 3_600_000
SERVICES: Final = ("registry", "funding", "reporting")
POSTED_SECONDS: Final = 60
READ_SECONDS: Final = 60


@pytest.fixture
async def reporting_pool(make_database: MakeDatabase) -> AsyncIterator[database.Pool]:
    """Give a pool of connections to a fresh reporting database."""
    pool = await database.open_pool(await make_database("reporting"), 4)
    yield pool
    await pool.close()


@pytest.fixture
async def system(make_database: MakeDatabase, surroundings: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """Run the three services on a real port, as they run embedded, and give a client of them."""
    for service in SERVICES:
        await make_database(service)
    async with running(surroundings) as client:
        yield client


@pytest.fixture(scope="session")
async def demo_templates(
    postgresql_url: str, redis_server_url: str, of_keys: dict[str, Any], keyring: Keyring, template_of: TemplateOf
) -> dict[str, str]:
    """Name for each service a database that holds the demo: posted and followed once, and copied for each test."""
    async with redis.asyncio.from_url(redis_server_url) as client:
        await client.flushall()
    for service in SERVICES:
        await execute(postgresql_url, f'CREATE DATABASE "helhedsnet_{service}" TEMPLATE "{await template_of(service)}"')
    told = {"database_url": postgresql_url, "redis_url": redis_server_url, **of_keys}
    admin = keyring.issue(Identity("admin"), valid_for=timedelta(minutes=5))
    async with running({**told, "log_level": "ERROR"}) as client:
        client.headers["Authorization"] = f"Bearer {admin}"
        await _post_demo(client)
    templates = {service: f"template_demo_{service}" for service in SERVICES}
    for service, template in templates.items():
        await execute(postgresql_url, f'ALTER DATABASE "helhedsnet_{service}" RENAME TO "{template}"')
    return templates


@pytest.fixture
async def demo_databases(make_database: MakeDatabase, demo_templates: dict[str, str]) -> dict[str, str]:
    """Give databases of the three services that hold the demo, followed to its last event."""
    return {service: await make_database(service, template=template) for service, template in demo_templates.items()}


@pytest.fixture
async def demo(demo_process: System) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the demo that runs, to read it."""
    async with httpx.AsyncClient(base_url=demo_process.address, timeout=READ_SECONDS) as client:
        yield client


async def _post_demo(client: httpx.AsyncClient) -> None:
    """Post the demo's files, and wait until reporting has read them to the last event."""
    reached = []
    for owner in ("registry", "funding"):
        lines = (DEMO / f"{owner}.jsonl").read_text(encoding="utf-8").splitlines()
        headers = {"content-type": "application/json"}
        async with asyncio.timeout(POSTED_SECONDS):
            # The plans may still be on their way to funding; then all of it is refused, and posted again.
            while True:
                answer = await client.post(f"/{owner}/events", content=f"[{','.join(lines)}]", headers=headers)
                if answer.status_code == httpx.codes.CREATED:
                    break
        reached.append(answer.json()["cursor"])
    answer = await client.get("/reporting/reports/network", params={"at_least": ",".join(reached)})
    assert answer.status_code == httpx.codes.OK, answer.text


@contextlib.asynccontextmanager
async def running(settings: dict[str, Any], **of_reporting: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Run the three services on a real port, as they run embedded, and give a client; some settings are reporting's."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    told = {**settings, "registry_url": f"{here}/registry", "funding_url": f"{here}/funding"}
    apps = {
        "registry": build_registry(RegistrySettings(**told)),
        "funding": build_funding(FundingSettings(**told)),
        "reporting": build_reporting(
            ReportingSettings(
                **told,
                at_least_wait_ms=5_000,
                feed_readers_limit=3,
                feed_readers_each_limit=2,
                feed_heartbeat_ms=300,
                rejections_every_ms=200,
                **{"release_every_ms": NEVER_MS, **of_reporting},
            )
        ),
    }
    pages = build_site(apps["reporting"])
    async with on_a_port(apps, port, front=pages), httpx.AsyncClient(base_url=here, timeout=20) as client:
        yield client
