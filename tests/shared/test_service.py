"""How a service starts, stops and tells how it is, whatever it does besides."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services import embedded
from services.registry.app import build_app
from services.registry.settings import RegistrySettings
from shared import background
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support.builders import an_area, body
from tests.support.running import in_process

STOPS_WITHIN_SECONDS = 10
BACK_WITHIN_SECONDS = 20


@pytest.mark.parametrize("_", range(8))
async def test_a_service_that_has_just_started_can_stop(registry_settings: RegistrySettings, _: int) -> None:
    """A stop is never lost, at whatever moment of the start-up it comes."""
    async with asyncio.timeout(STOPS_WITHIN_SECONDS), in_process({"registry": build_app(registry_settings)}) as client:
        await client.get("/registry/health/live")


async def test_a_service_can_start_again_on_its_data(registry_settings: RegistrySettings) -> None:
    """What is there from the start is there once, however often the service starts."""
    for _ in range(2):
        app = build_app(registry_settings)
        async with in_process({"registry": app}):
            assert await state_in(app).pool.fetchval("SELECT count(*) FROM event_log") == 3
            assert await state_in(app).pool.fetchval("SELECT count(*) FROM pool") == 3


async def test_a_healthy_service_says_so(registry: httpx.AsyncClient) -> None:
    """Live and ready are answered without a token."""
    assert (await registry.get("/registry/health/live")).json() == {"status": "live"}
    async with asyncio.timeout(10):
        # Its consumer starts after it; nothing tells when.
        while (await registry.get("/registry/health/ready")).status_code != 200:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.005)
    assert (await registry.get("/registry/health/ready")).json() == {"status": "ready"}


async def test_a_service_whose_background_has_ended_is_not_ready(
    registry: httpx.AsyncClient, registry_app: FastAPI
) -> None:
    """A relay that is gone shows, instead of a service that looks well and sends nothing."""
    await background.end(state_in(registry_app).background)
    answer = await registry.get("/registry/health/ready")
    assert answer.status_code == 503
    assert answer.json()["code"] == "not_ready"


async def test_reads_and_posts_without_a_database_ask_to_come_back(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Neither crashes: both answer 503 with a code and when to try again, and nothing is stored."""
    await state_in(registry_app).pool.close()
    await state_in(registry_app).writing_pool.close()
    headers = {**bearer("admin"), "content-type": "application/json"}
    for answer in (
        await registry.get("/registry/areas", headers=headers),
        await registry.post("/registry/events", content=body(an_area()), headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"]


async def test_a_database_server_that_goes_away_and_comes_back(
    server_folder: Path, surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """Without its database a service answers 503 and waits; with it again, it goes on, and nothing is lost."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    folder = server_folder / "short-lived-postgresql"
    with contextlib.ExitStack() as server:
        url = server.enter_context(embedded.postgresql(folder))
        settings = RegistrySettings(**{**surroundings, "database_url": url})
        async with in_process({"registry": build_app(settings)}) as client:
            for number in range(2):
                event = body(an_area(f"area-{number}"))
                async with asyncio.timeout(BACK_WITHIN_SECONDS):
                    # As a client does that is told to come back.
                    while (  # noqa: ASYNC110  as above
                        await client.post("/registry/events", content=event, headers=headers)
                    ).status_code == 503:
                        await asyncio.sleep(0.05)
                await asyncio.to_thread(server.close)
                for answer in (
                    await client.post("/registry/events", content=body(an_area("lost")), headers=headers),
                    await client.get("/registry/areas", headers=headers),
                    await client.get("/registry/health/ready"),
                ):
                    assert answer.status_code == 503, answer.text
                    assert answer.headers["retry-after"]
                assert (await client.get("/registry/health/live")).status_code == 200
                server.enter_context(embedded.postgresql(folder))
            async with asyncio.timeout(BACK_WITHIN_SECONDS):
                while (await client.get("/registry/health/ready")).status_code == 503:  # noqa: ASYNC110  as above
                    await asyncio.sleep(0.05)
            areas = (await client.get("/registry/areas", headers=headers)).json()["areas"]
            assert [item["area"] for item in areas] == ["area-0", "area-1"]


async def test_a_service_starts_without_its_courier(
    registry_database: str, surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """Events are taken while Redis is away: they wait in the log."""
    assert registry_database
    settings = RegistrySettings(**{**surroundings, "redis_url": f"redis://127.0.0.1:{embedded.free_port()}"})
    async with in_process({"registry": build_app(settings)}) as client:
        headers = {**bearer("admin"), "content-type": "application/json"}
        assert (await client.post("/registry/events", content=body(an_area()), headers=headers)).status_code == 201


@pytest.mark.parametrize("path", ["/nowhere", "/", "/registry", "/registry%0A", "/nowhere/a%0Ab", "/registry/a%0Ab"])
async def test_a_path_of_no_service_is_a_problem_like_any_other(registry: httpx.AsyncClient, path: str) -> None:
    """Whatever is asked for outside the services' paths, the answer has a code."""
    answer = await registry.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
