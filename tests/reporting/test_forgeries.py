"""Forged messages, as reporting and those who operate it are told of them."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
import redis.asyncio
from fastapi import FastAPI

from services.command import operating
from services.embedded import free_port
from services.reporting.app import build_app as build_reporting
from services.reporting.reports.attention import Watched, attention
from services.reporting.settings import ReportingSettings
from services.reporting.web.language import languages
from services.reporting.web.site import build_site
from services.reporting.web.visitor import COOKIE
from services.reporting.web.wording import Wording
from services.reporting.web.writing import Code
from shared import database
from shared.backbone import forgeries, streams
from shared.backbone.forgeries import ALARM_DAYS, Forgery
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import an_area, body
from tests.support.running import on_a_port
from tests.support.signing_in import Hosts

SECONDS: Final = 90
MONDAY: Final = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
TUESDAY: Final = dt.datetime(2026, 3, 3, 8, tzinfo=dt.UTC)
FORGED: Final = Forgery("registry", 3, MONDAY, TUESDAY)
SAID: Final[dict[Code, str]] = {
    "da": "Aktiviteter: beskeder i strømmen var ikke kildens egne, senest 3. marts 2026. Ingen af dem fik virkning.",
    "en": (
        "Activities: messages on the stream were not the source's own, the last on 3 March 2026."
        " None of them took effect."
    ),
}


@pytest.mark.parametrize(("code", "said"), SAID.items(), ids=SAID)
def test_it_stands_on_the_list_in_both_languages(code: Code, said: str) -> None:
    """It is urgent, and says whose stream it was and when."""
    (item,) = attention(Watched(TUESDAY.date(), [], [], [], [], [], {}, 0, [FORGED]))
    assert (item["code"], item["severity"], item["since"]) == ("messages_forged", "high", "2026-03-02")
    assert Wording(languages()[code]).detail(item) == said


@pytest.mark.parametrize(("days", "listed"), [(ALARM_DAYS, 1), (ALARM_DAYS + 1, 0)])
async def test_it_stands_there_for_two_weeks_after_the_last_one(
    make_database: MakeDatabase, days: int, listed: int
) -> None:
    """What was found before and after is one alarm, counted together."""
    connection = await database.connect(await make_database("reporting"))
    await forgeries.note(connection, "registry", 2, MONDAY)
    await forgeries.note(connection, "registry", 1, TUESDAY)
    found = await forgeries.lately(connection, TUESDAY.date() + dt.timedelta(days=days))
    await connection.close()
    assert found == [FORGED] * listed


@pytest.fixture
async def reporting(make_database: MakeDatabase, surroundings: dict[str, Any], port: int) -> FastAPI:
    """Give reporting's application, not yet started."""
    await make_database("reporting")
    owners: dict[str, Any] = {f"{owner}_url": f"http://127.0.0.1:{port}/{owner}" for owner in ("registry", "funding")}
    return build_reporting(ReportingSettings(**surroundings, **owners))


@pytest.fixture
def port() -> int:
    """Give the port of the whole."""
    return free_port()


@pytest.fixture
async def client(
    registry_app: FastAPI, reporting: FastAPI, port: int, bearer: Bearer
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the registry and reporting, and give an administrator's client."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with (
        on_a_port({"registry": registry_app, "reporting": reporting}, port) as address,
        httpx.AsyncClient(base_url=address, headers=headers, timeout=SECONDS) as client,
    ):
        yield client


async def _status_page(reporting: FastAPI, hosts: Hosts) -> str:
    session = await hosts.session(Identity("lead"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=build_site(reporting)),
        base_url="http://helhedsnet.test",
        cookies={COOKIE: session},
    ) as visitor:
        answer = await visitor.get("/status")
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.text


async def test_a_forgery_is_seen_wherever_somebody_looks(
    client: httpx.AsyncClient, reporting: FastAPI, redis_client: "redis.asyncio.Redis", hosts: Hosts
) -> None:
    """The status, the pages, the list, the report that was made before, and the metrics; the figures are the same."""
    cursor = (await client.post("/registry/events", content=body(an_area()))).json()["cursor"]
    report = "/reporting/reports/network"
    before = (await client.get(report, params={"at_least": cursor})).json()
    assert "forfalskede" not in await _status_page(reporting, hosts)
    status = (await client.get("/reporting/status")).json()
    assert _forged(status) is None
    assert _needs_nobody(status)

    await redis_client.xadd(streams.stream_name("registry"), {streams.PAGE: b"[]", streams.SIGNATURE: b"no"})
    async with asyncio.timeout(SECONDS):
        while not (forged := _forged(status)):
            await asyncio.sleep(0.02)
            status = (await client.get("/reporting/status")).json()
    assert forged["messages"] == 1
    assert not _needs_nobody(status)
    after = (await client.get(report)).json()
    assert "messages_forged" in {item["code"] for item in after["attention"]}
    assert {**after, "attention": before["attention"]} == before
    listed = (await client.get("/reporting/attention")).json()["attention"]
    assert "messages_forged" in {item["code"] for item in listed}
    metrics = (await client.get("/reporting/metrics")).text
    assert 'helhedsnet_forged_messages_total{source="registry"} 1.0' in metrics
    assert "forfalskede" in await _status_page(reporting, hosts)


def _needs_nobody(status: dict[str, Any]) -> bool:
    """Tell whether `helhedsnet status --once` would be content, were funding there too."""
    consumers = [{**consumer, "healthy": True} for consumer in status["consumers"]]
    return operating.well({"reporting": {**status, "consumers": consumers}})


def _forged(status: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, dict[str, Any] | None] = {each["owner"]: each["forged"] for each in status["consumers"]}
    assert found["funding"] is None
    return found["registry"]
