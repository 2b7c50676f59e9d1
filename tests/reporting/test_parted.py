"""What is told where reporting has parted with an owner: to readers, to operators, and on the Monday list."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from services.command import operating
from services.embedded import free_port
from services.reporting.app import build_app as build_reporting
from services.reporting.reader.waiting import Cursor, check_epoch
from services.reporting.reports.attention import Watched, attention
from services.reporting.settings import ReportingSettings
from services.reporting.web.language import languages
from services.reporting.web.wording import Wording
from shared.backbone.parting import MEANINGS, Parting
from shared.errors import BadRequest
from shared.http.state import state_in
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import OTHER_AREA, an_area, body
from tests.support.running import on_a_port

MONDAY: Final = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
NOTICED_SECONDS: Final = 2.0
SECONDS: Final = 90


@pytest.mark.parametrize("code", MEANINGS)
def test_it_stands_on_the_list_in_both_languages(code: str) -> None:
    """It is urgent, says between whom and since when, and what to do."""
    parting = Parting("funding", "registry", code, MONDAY)
    (item,) = attention(Watched(MONDAY.date(), [], [], [], [], [], {}, 0, [], [parting]))
    assert (item["code"], item["severity"], item["since"]) == ("log_parted", "high", "2026-03-02")
    said = {name: Wording(language).detail(item) for name, language in languages().items()}
    assert all("helhedsnet recover" in text for text in said.values())
    assert said["da"].startswith("Kilden ")
    assert said["en"].startswith("The source ")


@pytest.fixture
async def client(
    registry_app: FastAPI, make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the registry and reporting, and give an administrator's client."""
    await make_database("reporting")
    port = free_port()
    owners: dict[str, Any] = {f"{owner}_url": f"http://127.0.0.1:{port}/{owner}" for owner in ("registry", "funding")}
    reporting = build_reporting(ReportingSettings(**surroundings, **owners))
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with (
        on_a_port({"registry": registry_app, "reporting": reporting}, port) as address,
        httpx.AsyncClient(base_url=address, headers=headers, timeout=SECONDS) as client,
    ):
        yield client


async def test_it_is_told_wherever_somebody_looks(client: httpx.AsyncClient, registry_app: FastAPI) -> None:
    """Readiness, status, metrics, list and report tell of it within two seconds; who waits for the log is told why."""
    first = (await client.post("/registry/events", content=body(an_area()))).json()["cursor"]
    second = (await client.post("/registry/events", content=body(an_area(OTHER_AREA)))).json()["cursor"]
    await client.get("/reporting/reports/network", params={"at_least": second})
    await _forget_the_last(registry_app)
    async with asyncio.timeout(NOTICED_SECONDS):
        while (status := await _status(client))["parted"] is None:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.02)
    assert status["parted"] == "log_replaced"
    assert not operating.well({"reporting": (await client.get("/reporting/status")).json()})
    ready = await client.get("/reporting/health/ready")
    assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "follows_registry" in ready.json()["detail"]
    assert 'helhedsnet_parted{source="registry"} 1.0' in (await client.get("/reporting/metrics")).text
    report = await client.get("/reporting/reports/network")
    for found in (report, await client.get("/reporting/attention")):
        assert "log_parted" in {item["code"] for item in found.json()["attention"]}
    waiting = await client.get("/reporting/reports/network", params={"at_least": first})
    assert (waiting.status_code, waiting.json()["code"]) == (httpx.codes.SERVICE_UNAVAILABLE, "log_parted")
    assert int(waiting.headers["retry-after"]) > 0


async def test_a_cursor_of_before_is_told_from_one_of_the_log_as_it_is_now(
    client: httpx.AsyncClient, registry_app: FastAPI
) -> None:
    """What was answered before the log was put back is not waited for; what is answered since is."""
    before = (await client.post("/registry/events", content=body(an_area(OTHER_AREA)))).json()["cursor"]
    await _forget_the_last(registry_app)
    async with state_in(registry_app).pool.acquire() as connection:
        await state_in(registry_app).continuity.confirmed(connection)
    since = (await client.post("/registry/events", content=body(an_area()))).json()["cursor"]
    assert since.partition("@")[0] == before
    with pytest.raises(BadRequest) as refused:
        check_epoch("registry", _cursor(before), f"@{since.partition('@')[2]}")
    assert refused.value.code == "log_replaced"
    check_epoch("registry", _cursor(since), f"@{since.partition('@')[2]}")


def _cursor(text: str) -> Cursor:
    place, at, epoch = text.removeprefix("registry:").partition("@")
    return Cursor(int(place), at + epoch)


async def _status(client: httpx.AsyncClient) -> dict[str, Any]:
    status: dict[str, Any] = (await client.get("/reporting/status")).json()
    return next(consumer for consumer in status["consumers"] if consumer["owner"] == "registry")


async def _forget_the_last(app: FastAPI) -> None:
    """Put the registry back to before its last event, as a restore does."""
    async with state_in(app).pool.acquire() as connection, connection.transaction():
        head: int = await connection.fetchval("SELECT sequence FROM event_log_head")
        await connection.execute("DELETE FROM area WHERE area = $1", OTHER_AREA)
        await connection.execute("DELETE FROM event_log WHERE sequence = $1", head)
        await connection.execute(
            "UPDATE event_log_head SET sequence = last.sequence, chain = last.chain FROM ("
            " SELECT sequence, chain FROM event_log ORDER BY sequence DESC LIMIT 1) AS last"
        )
        await connection.execute("UPDATE position SET sequence = $1 WHERE name = 'relay'", head - 1)
