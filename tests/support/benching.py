"""The registry alone on a PostgreSQL that is disturbed, and somebody who asks it for everything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
from fastapi import FastAPI

from services.registry.app import build_app
from services.registry.settings import RegistrySettings
from tests.conftest import Bearer
from tests.support.builders import an_area, body
from tests.support.running import in_process

READY_WITHIN_SECONDS: Final = 5.0


class Bench:
    """The registry on that server, and somebody who asks it for everything."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.app = app
        self.client = client

    async def post(self, area: str) -> httpx.Response:
        """Post one event."""
        return await self.client.post("/registry/events", content=body(an_area(area)))

    async def ready(self) -> bool:
        """Tell whether the registry says that its database is well; it follows nobody here."""
        return "database" not in (await self.client.get("/registry/health/ready")).text

    async def everything(self, area: str) -> list[httpx.Response]:
        """Post, and ask for a page of data, of the log, and of how it stands, all at once."""
        paths = ("areas", "activities", "status", "dead-letters", "rejections")
        return await asyncio.gather(self.post(area), *(self.client.get(f"/registry/{path}") for path in paths))

    async def areas(self) -> list[str]:
        """Give the areas that it knows."""
        listed = (await self.client.get("/registry/areas")).json()["areas"]
        return [item["area"] for item in listed]

    async def comes_back(self, within_seconds: float = READY_WITHIN_SECONDS) -> None:
        """Wait until the database is said to be well."""
        async with asyncio.timeout(within_seconds):
            # Nothing tells.
            while not await self.ready():  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.02)

    async def is_unwell(self) -> None:
        """Wait until it is said not to be."""
        async with asyncio.timeout(READY_WITHIN_SECONDS):
            while await self.ready():  # noqa: ASYNC110  as above
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def benched(url: str, surroundings: dict[str, Any], bearer: Bearer) -> AsyncIterator[Bench]:
    """Run the registry on a server, and give who asks it."""
    app = build_app(RegistrySettings(**{**surroundings, "database_url": url, "log_level": "WARNING"}))
    async with in_process({"registry": app}) as client:
        client.headers.update({**bearer("admin"), "content-type": "application/json"})
        yield Bench(app, client)


def are_put_off(answers: list[httpx.Response]) -> bool:
    """Tell whether everybody was told to come back."""
    return all(answer.status_code == 503 and answer.headers["retry-after"] for answer in answers)
