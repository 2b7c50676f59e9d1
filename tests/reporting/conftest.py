"""Fixtures of reporting's tests: its database, and the service itself beside those that it follows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared import database
from shared.embedded import free_port
from tests.conftest import Bearer, MakeDatabase
from tests.running import on_a_port

DEMO: Final = Path(__file__).parents[2] / "deploy" / "demo"
POSTED_SECONDS: Final = 20


@pytest.fixture
async def reporting_pool(make_database: MakeDatabase) -> AsyncIterator[database.Pool]:
    """Give a pool of connections to a fresh reporting database."""
    pool = await database.open_pool(await make_database("reporting"), 4)
    yield pool
    await pool.close()


@pytest.fixture
async def system(make_database: MakeDatabase, surroundings: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """Run the three services on a real port, as they run embedded, and give a client of them."""
    for service in ("registry", "funding", "reporting"):
        await make_database(service)
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    told = {**surroundings, "registry_url": f"{here}/registry", "funding_url": f"{here}/funding"}
    apps = {
        "registry": build_registry(RegistrySettings(**told)),
        "funding": build_funding(FundingSettings(**told)),
        "reporting": build_reporting(ReportingSettings(**told, at_least_wait_ms=5_000)),
    }
    async with on_a_port(apps, port), httpx.AsyncClient(base_url=here, timeout=20) as client:
        yield client


@pytest.fixture
async def demo(system: httpx.AsyncClient, bearer: Bearer) -> httpx.AsyncClient:
    """Give a client of the system that holds the demo, read by reporting to the last event."""
    reached = []
    for owner in ("registry", "funding"):
        lines = (DEMO / f"{owner}.jsonl").read_text(encoding="utf-8").splitlines()
        headers = {**bearer("admin"), "content-type": "application/json"}
        async with asyncio.timeout(POSTED_SECONDS):
            # The plans may still be on their way to funding; then all of it is refused, and posted again.
            while True:
                answer = await system.post(f"/{owner}/events", content=f"[{','.join(lines)}]", headers=headers)
                if answer.status_code == httpx.codes.CREATED:
                    break
        reached.append(answer.json()["cursor"])
    params = {"at_least": ",".join(reached)}
    answer = await system.get("/reporting/reports/network", params=params, headers=bearer("lead"))
    assert answer.status_code == httpx.codes.OK, answer.text
    return system
