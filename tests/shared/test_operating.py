"""What operators see and do: dead letters, how a service stands, and metrics that Prometheus can read."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from services.embedded import free_port
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared import database
from shared.database import Connection
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import a_plan, an_activity, an_area, body
from tests.support.keyring import Keyring
from tests.support.running import on_a_port
from tests.support.systems import helhedsnet

FOUNDING = 3
NAMES = {
    "helhedsnet_intake_events",
    "helhedsnet_commit_events",
    "helhedsnet_log_head",
    "helhedsnet_relay_lag_events",
    "helhedsnet_consumer_lag_events",
    "helhedsnet_consumer_lag_seconds",
    "helhedsnet_redelivered_events",
    "helhedsnet_dead_letters",
    "helhedsnet_newest_event_age_seconds",
}


@pytest.fixture
async def address(
    registry_app: FastAPI, make_database: MakeDatabase, surroundings: dict[str, Any]
) -> AsyncIterator[str]:
    """Run the registry and reporting on a port, with five events in them, and give the address."""
    await make_database("reporting")
    port = free_port()
    urls: dict[str, Any] = {f"{owner}_url": f"http://127.0.0.1:{port}/{owner}" for owner in ("registry", "funding")}
    reporting = build_reporting(ReportingSettings(**surroundings, **urls))
    async with on_a_port({"registry": registry_app, "reporting": reporting}, port) as address:
        yield address


@pytest.fixture
async def client(address: str, bearer: Bearer) -> AsyncIterator[httpx.AsyncClient]:
    """Give an administrator's client, after the services have done some work."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        events = [an_area(), a_plan(), an_activity()]
        answer = await client.post("/registry/events", content=body(events))
        assert answer.status_code == 201, answer.text
        answer = await client.get("/reporting/reports/network", params={"at_least": answer.json()["cursor"]})
        assert answer.status_code == 200, answer.text
        yield client


async def test_the_metrics_are_what_prometheus_reads(client: httpx.AsyncClient) -> None:
    """Every promised metric is there, and its text parses."""
    families: dict[str, Any] = {}
    for service in ("registry", "reporting"):
        text = (await client.get(f"/{service}/metrics")).text
        families |= {family.name: family for family in text_string_to_metric_families(text)}
    assert families.keys() >= NAMES
    consumed = {sample.labels["source"]: sample.value for sample in families["helhedsnet_consumed"].samples}
    assert consumed["registry"] == FOUNDING + 3


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on this machine")
async def test_promtool_finds_nothing_to_say(client: httpx.AsyncClient) -> None:
    """Names, units and help are as Prometheus' own linter wants them."""
    for service in ("registry", "reporting"):
        text = (await client.get(f"/{service}/metrics")).content
        promtool: str = shutil.which("promtool") or ""
        said = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, check=False)  # noqa: ASYNC221, S603  a program that answers at once, and our own command
        assert (said.returncode, said.stdout, said.stderr) == (0, b"", b"")


async def test_the_status_tells_how_far_everybody_has_come(client: httpx.AsyncClient, bearer: Bearer) -> None:
    """Operators see the log's head, the relay and the consumers; nobody else does."""
    registry = (await client.get("/registry/status")).json()
    assert registry["log"]["head"] == FOUNDING + 3
    assert registry["dead_letters"] == 0
    reporting = (await client.get("/reporting/status")).json()
    assert reporting["log"]["head"] == 0
    follows = {consumer["owner"]: consumer["position"] for consumer in reporting["consumers"]}
    assert follows["registry"] == FOUNDING + 3
    answer = await client.get("/registry/status", headers=bearer("lead"))
    assert answer.status_code == 403


async def _are_told(client: httpx.AsyncClient, first: int, second: int) -> None:
    """Two dead letters stand on their list with their reasons, among the metrics, and on the Monday list."""
    listed = (await client.get("/reporting/dead-letters")).json()["dead_letters"]
    assert [(letter["owner"], letter["sequence"]) for letter in listed] == [("registry", first), ("registry", second)]
    assert listed[0]["reason"].startswith("CheckViolationError")
    assert listed[0]["type"] == "dk.helhedsnet.area.registered.v1"
    shown = await client.get(f"/reporting/dead-letters/registry/{first}")
    assert shown.json()["event"]["data"]["area"] == "poison-1"
    assert 'helhedsnet_dead_letters{source="registry"} 2.0' in (await client.get("/reporting/metrics")).text
    attention = (await client.get("/reporting/attention")).json()["attention"]
    assert "dead_letters" in {item["code"] for item in attention}


async def _stand_in_the_list_of_deeds(
    client: httpx.AsyncClient, bearer: Bearer, connection: Connection, tried: list[int]
) -> None:
    """Who tried and who dropped is kept for good, and auditors see it."""
    deeds = (await client.get("/reporting/log/deeds", headers=bearer("auditor"))).json()["deeds"]
    done = [(deed["action"], deed["about"]) for deed in reversed(deeds)]
    retried = [("dead_letter.retry", f"registry {sequence}") for sequence in tried[:-1]]
    assert done == [*retried, ("dead_letter.drop", f"registry {tried[-1]}")]
    assert all(deed["authid"] and deed["authtype"] for deed in deeds)
    assert len((await client.get("/reporting/log/deeds?limit=1", headers=bearer("auditor"))).json()["deeds"]) == 1
    with pytest.raises(asyncpg.RaiseError, match="only grows"):
        await connection.execute("DELETE FROM deed")


async def test_a_dead_letter_is_listed_tried_again_and_given_up(
    client: httpx.AsyncClient, surroundings: dict[str, Any], bearer: Bearer, keyring: Keyring, address: str
) -> None:
    """It waits with its reason; tried too early it stays, tried when its cause is gone it takes effect."""
    connection = await database.connect(database.service_url(surroundings["database_url"], "reporting"))
    await connection.execute("ALTER TABLE area ADD CONSTRAINT poisoned CHECK (area NOT LIKE 'poison%')")
    answer = await client.post("/registry/events", content=body([an_area("poison-1"), an_area("poison-2")]))
    cursor = answer.json()["cursor"]
    assert (await client.get("/reporting/reports/network", params={"at_least": cursor})).status_code == 200
    first, second = FOUNDING + 4, FOUNDING + 5
    await _are_told(client, first, second)

    again = (await client.post(f"/reporting/dead-letters/registry/{first}/retry")).json()
    assert again["status"] == "dead"
    assert again["reason"].startswith("CheckViolationError")
    await connection.execute("ALTER TABLE area DROP CONSTRAINT poisoned")
    again = (await client.post(f"/reporting/dead-letters/registry/{first}/retry")).json()
    assert again == {"status": "applied", "reason": None}
    assert await connection.fetchval("SELECT count(*) FROM area WHERE area = 'poison-1'") == 1
    assert (await client.post(f"/reporting/dead-letters/registry/{first}/retry")).status_code == 404

    refused = await client.delete(f"/reporting/dead-letters/registry/{second}", headers=bearer("lead"))
    assert refused.status_code == 403
    variables = keyring.environment

    async def command(*said: str) -> "subprocess.CompletedProcess[str]":
        return await asyncio.to_thread(helhedsnet, *said, "--url", address, variables=variables)

    assert "CheckViolation" in (await command("dead-letters", "list", "--json")).stdout
    dropped = await command("dead-letters", "drop", "reporting", "registry", str(second))
    assert (dropped.returncode, dropped.stderr) == (0, "")
    assert (await command("dead-letters", "drop", "reporting", "registry", str(second))).returncode == 1
    assert await connection.fetchval("SELECT count(*) FROM dead_letter") == 0
    await _stand_in_the_list_of_deeds(client, bearer, connection, [first, first, first, second])
    status = await command("status", "--once")
    assert "reporting" in status.stdout
    # Funding does not run here, and status says so by its exit code.
    assert status.returncode == 1
    await connection.close()
