"""All services with their pages in this process, on a port, as they run embedded; with or without a Redis."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import FastAPI

from services.access.app import build_app as build_access
from services.access.settings import AccessSettings
from services.embedded import free_port
from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from services.reporting.web.site import build_site
from tests.support.running import on_a_port

SERVICES = ("access", "registry", "funding", "reporting")


@contextlib.asynccontextmanager
async def whole(surroundings: dict[str, Any]) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, FastAPI]]]:
    """Run them until the context ends, and give a client and the applications; the pages are under no name."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    told = {**surroundings, **{f"{service}_url": f"{here}/{service}" for service in SERVICES}}
    apps = {
        "access": build_access(AccessSettings(**told)),
        "registry": build_registry(RegistrySettings(**told)),
        "funding": build_funding(FundingSettings(**told)),
        "reporting": build_reporting(ReportingSettings(**told)),
    }
    site = build_site(apps["reporting"])
    async with on_a_port(apps, port, front=site), httpx.AsyncClient(base_url=here, timeout=30) as client:
        yield client, {**apps, "": site}
