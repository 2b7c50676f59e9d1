"""The three services on a real port, on a real PostgreSQL and a real Redis, and what is posted to them.

What may stand in this folder: ten tests that a newcomer reads first. Each shows one promise of the whole in the
plainest way, from outside, over HTTP, and takes about a second. What a promise means in every detail stands in the
folders of the services.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest

from tests.conftest import Bearer
from tests.reporting.conftest import system
from tests.support.builders import body

__all__ = ["system"]

Json: TypeAlias = dict[str, Any]
Post: TypeAlias = Callable[..., Awaitable[httpx.Response]]
Report: TypeAlias = Callable[..., Awaitable[Json]]


@pytest.fixture
def post(system: httpx.AsyncClient, bearer: Bearer) -> Post:
    """Give a function that posts events to a service, as an administrator or whoever is named."""

    async def post(service: str, *events: Json, role: str = "admin", area: str | None = None) -> httpx.Response:
        headers = bearer(role, *([area] if area else [])) | {"content-type": "application/json"}
        return await system.post(f"/{service}/events", content=body(list(events)), headers=headers)

    return post


@pytest.fixture
def report(system: httpx.AsyncClient, bearer: Bearer) -> Report:
    """Give a function that reads a report, at a cursor that intake answered, as a lead or whoever is named."""

    async def report(path: str, at_least: str, role: str = "lead", area: str | None = None) -> Json:
        headers = bearer(role, *([area] if area else []))
        answer = await system.get(f"/reporting/reports/{path}", params={"at_least": at_least}, headers=headers)
        assert answer.status_code == httpx.codes.OK, answer.text
        told: Json = answer.json()
        return told

    return report
