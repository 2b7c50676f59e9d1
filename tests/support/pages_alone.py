"""The pages of a reporting that runs alone, in this process, with settings of a test's own."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx

from services.embedded import free_port
from services.reporting.app import build_app
from services.reporting.settings import ReportingSettings
from services.reporting.web.site import build_site
from shared.http.mounting import Mounted
from tests.conftest import MakeDatabase


@contextlib.asynccontextmanager
async def pages_alone(
    make_database: MakeDatabase, surroundings: dict[str, Any], scheme: str, **more: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the pages, reached over a scheme, and give a client of them."""
    await make_database("reporting")
    nobody = f"http://127.0.0.1:{free_port()}"
    app = build_app(ReportingSettings(**surroundings, registry_url=nobody, funding_url=nobody, **more))
    mounted = Mounted({"reporting": app}, build_site(app))
    address = f"{scheme}://helhedsnet.test"
    async with (
        mounted.router.lifespan_context(mounted),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=mounted),
            base_url=address,
            headers={"accept": "text/html", "origin": address},
        ) as client,
    ):
        yield client
