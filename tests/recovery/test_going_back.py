"""Whatever was put back to an earlier moment is noticed, told, and brought to agreement by one command."""

import asyncio
import importlib.util
import itertools
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
import redis.asyncio

from services.command import operating
from services.command.operating import SERVICES
from services.embedded import wheels
from shared.backbone import streams
from tests.conftest import execute
from tests.support.builders import a_commitment, a_plan, an_expense
from tests.support.installation import (
    BEGUN,
    GONE,
    NOTICED_SECONDS,
    Installation,
    System,
    expenses,
    figures,
    sessions,
    the_closing,
)

OLD = range(120, 140)
NEW = range(200, 207)
EXPENSE_ORE = an_expense()["data"]["amount_ore"]


async def _is_told(system: System, *parted: tuple[str, str]) -> None:
    """See that it is noticed in time who has parted with whom, and told in every place."""

    async def noticed() -> bool:
        return (await system.parted()).keys() >= set(parted)

    await _in_time(system, noticed)
    assert (await system.parted()).keys() == set(parted)
    assert not operating.well(await system.statuses())
    for service, owner in parted:
        ready = await system.client.get(f"/{service}/health/ready")
        assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert f"follows_{owner}" in ready.json()["detail"]
        metrics = (await system.client.get(f"/{service}/metrics")).text
        assert f'helhedsnet_parted{{source="{owner}"}} 1.0' in metrics

    async def on_the_list() -> bool:
        listed = (await system.get("/reporting/attention"))["attention"]
        return any(item["code"] == "log_parted" for item in listed)

    await system.until(on_the_list)


async def _in_time(system: System, noticed: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is noticed, and see that it did not take longer than it may.

    Who asks and who is asked are one busy process: where others have the machine, its own time counts.
    """
    began, used = time.monotonic(), time.process_time()
    await system.until(noticed)
    assert min(time.monotonic() - began, time.process_time() - used) < NOTICED_SECONDS


async def _agrees(installation: Installation, system: System) -> None:
    """Recover, and see that all agrees and goes on: the plan closes, the report is a clean fold of the logs."""
    recovery = await system.recover()
    assert recovery.left == []
    assert await system.parted() == {}
    assert operating.well(await system.statuses())
    for service in SERVICES:
        ready = await system.client.get(f"/{service}/health/ready")
        assert ready.is_success, ready.text
    accounts, closing = the_closing()
    await system.post("funding", *accounts)
    await system.post("registry", closing)
    await system.settled()
    assert (await system.report())["digest"] == await installation.clean_digest()
    assert await system.found() == set()


async def test_an_older_backup_of_funding_alone(installation: Installation) -> None:
    """Reporting and registry are ahead of it; what it takes from then on is in the report, and nothing else."""
    await installation.put_back("funding", BEGUN)
    async with installation.running() as system:
        await _is_told(system, ("registry", "funding"), ("reporting", "funding"))
        await system.post("funding", *expenses(*NEW))
        await _agrees(installation, system)
        assert (await system.report())["totals"]["funding"]["spent_ore"] == len(NEW) * EXPENSE_ORE


async def test_an_older_backup_of_reporting_alone(installation: Installation) -> None:
    """What it had read it reads again from the logs: nobody has parted, and the report is a clean fold of them."""
    await installation.put_back("reporting", BEGUN)
    async with installation.running() as system:
        await system.post("funding", *expenses(*NEW))
        await system.settled()
        assert await system.parted() == {}
        assert operating.well(await system.statuses())
        assert (await system.report())["digest"] == await installation.clean_digest()
        assert await system.found() == set()


@pytest.mark.long(beside="test_an_older_backup_of_reporting_alone")
async def test_reporting_without_events_of_its_own_that_were_answered(installation: Installation) -> None:
    """Nobody follows its log, so its status tells; recovered, the report is a clean fold of what there is."""
    await installation.keep("reporting", "before")
    async with installation.running() as system:
        await system.post("reporting", *figures(24))
        await system.settled()
    await installation.put_back("reporting", "before")
    async with installation.running() as system:
        await system.settled()
        assert await system.found() == {("reporting", "log_cut")}
        statuses = await system.statuses()
        assert {service: status["log"]["went_back"] for service, status in statuses.items()} == {
            "registry": None,
            "funding": None,
            "reporting": "went_back",
        }
        assert not operating.well(statuses)
        assert "helhedsnet_log_went_back 1.0" in (await system.client.get("/reporting/metrics")).text
        await _agrees(installation, system)


async def test_posts_that_go_on_meanwhile_keep_no_recovery_from_its_end(installation: Installation) -> None:
    """Whoever recovers need not stop the sources: what was there when it began is what has to agree."""
    await installation.put_back("funding", BEGUN)
    async with installation.running() as system:
        posting = asyncio.create_task(_post_on(system))
        try:
            assert (await system.recover()).left == []
        finally:
            posting.cancel()


@pytest.mark.long(beside="test_an_older_backup_of_funding_alone")
async def test_two_who_recover_at_once_wait_for_each_other(installation: Installation) -> None:
    """Neither is told that anything is left, and nothing was done twice in effect."""
    await installation.put_back("funding", BEGUN)
    async with installation.running() as system:
        for recovery in await asyncio.gather(system.recover(), system.recover()):
            assert recovery.left == []
        await _agrees(installation, system)


@pytest.mark.long(beside="test_an_older_backup_of_funding_alone")
async def test_an_older_backup_of_the_registry_alone(installation: Installation) -> None:
    """Funding forgets a plan that is in no log any more, and knows one that was approved since."""
    await installation.put_back("registry", BEGUN)
    async with installation.running() as system:
        await _is_told(system, ("funding", "registry"), ("reporting", "registry"))
        await system.post("registry", a_plan("ny"), *sessions(*NEW))
        refused = await system.try_to_post("funding", a_commitment("tilsagn-nyt", plan="ny"))
        assert refused.json()["code"] == "not_yet_known"
        await _agrees(installation, system)
        await system.post("funding", a_commitment("tilsagn-nyt", plan="ny"))
        refused = await system.try_to_post("funding", a_commitment("tilsagn-svundet", plan=GONE))
        assert refused.json()["code"] == "not_yet_known"
        assert (await system.report())["totals"]["sessions"] == len(NEW)


async def test_all_put_back_while_redis_goes_on_and_a_group_is_made_again(
    installation: Installation, redis_client: "redis.asyncio.Redis"
) -> None:
    """What the stream still holds of the abandoned past is in no log, and is never applied."""
    async with installation.running() as system:
        await system.post("registry", *sessions(*OLD))
        await system.settled()
    for service in SERVICES:
        await installation.put_back(service, BEGUN)
    async with installation.running() as system:
        # Nothing was said to funding meanwhile, so its log is what everybody outside of its database knows.
        await _is_told(system, ("funding", "registry"), ("reporting", "registry"))
        await system.post("registry", *sessions(*NEW))
        await redis_client.xgroup_destroy(streams.stream_name("registry"), "reporting")
        await _agrees(installation, system)
        assert (await system.report())["totals"]["sessions"] == len(NEW)
        await redis_client.xgroup_destroy(streams.stream_name("registry"), "reporting")
        await system.post("registry", *sessions(300))
        await system.settled()
        assert (await system.report())["totals"]["sessions"] == len(NEW) + 1


@pytest.mark.long(beside="test_all_put_back_while_redis_goes_on_and_a_group_is_made_again")
async def test_dumps_taken_one_after_the_other_under_load(installation: Installation, tmp_path: Path) -> None:
    """The registry follows funding and is dumped after it: restored, it is ahead, until it has learnt anew."""
    async with installation.running() as system:
        for number, service in enumerate(("reporting", "funding", "registry")):
            loaded = asyncio.create_task(_load(system, 10 * number))
            await _program("pg_dump", "--format", "custom", "--file", tmp_path / service, installation.url(service))
            await loaded
            await system.settled()
    for service in SERVICES:
        name = f"helhedsnet_{service}"
        await execute(installation.server_url, f'DROP DATABASE "{name}" WITH (FORCE)')
        await execute(installation.server_url, f'CREATE DATABASE "{name}"')
        await _program("pg_restore", "--no-owner", "--dbname", installation.url(service), tmp_path / service)
    async with installation.running() as system:

        async def noticed() -> bool:
            return ("registry", "funding") in await system.parted()

        await _in_time(system, noticed)
        await _agrees(installation, system)


async def _load(system: System, first: int) -> None:
    for number in range(first, first + 10):
        await system.post("registry", *sessions(number))
        await system.post("funding", *expenses(number))


async def _post_on(system: System) -> None:
    """Post without end, so that the log never ends where it was last looked at."""
    for number in itertools.count(1_000):
        await system.post("funding", *expenses(number))


async def _program(name: str, *said: object) -> None:
    """Run a program of PostgreSQL."""
    found = importlib.util.find_spec(wheels.POSTGRESQL)
    assert found is not None
    assert found.submodule_search_locations
    path = Path(found.submodule_search_locations[0]) / f"pginstall{wheels.MAJOR_VERSION}" / "bin" / name
    process = await asyncio.create_subprocess_exec(path, *map(str, said), stderr=subprocess.PIPE)
    _, complaints = await process.communicate()
    assert process.returncode == 0, complaints
