"""Fixtures of reporting's tests: its database, and the service itself beside those that it follows."""

from collections.abc import AsyncIterator
from typing import Any

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
from tests.conftest import MakeDatabase
from tests.running import on_a_port


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
