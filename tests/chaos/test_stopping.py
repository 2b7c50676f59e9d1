"""SIGTERM under load, and FLUSHALL in the middle of many events, on real processes."""

import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from shared.tokens import Identity
from tests.chaos.flushing import flush_in_the_middle
from tests.chaos.run import Wanted, started_system
from tests.chaos.watch import connected
from tests.support.builders import an_area, body

STOPS_WITHIN_SECONDS = 30


async def _post_until_it_ends(
    address: str, headers: dict[str, str], lane: int, stored: list[str], refused: asyncio.Event
) -> None:
    """Post one event after the other until the process takes no more, and note the ids of those that it stored."""
    async with httpx.AsyncClient(headers=headers, timeout=STOPS_WITHIN_SECONDS) as client:
        for number in range(10_000):
            event = an_area(f"area-{lane}-{number}")
            try:
                answer = await client.post(address, content=body(event))
            except httpx.TransportError:
                # Refused, or taken by the kernel for a process that then closed its door. The gateway
                # sends such a request again; here it is enough that nobody was told that it is stored.
                refused.set()
                return
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                assert answer.headers["retry-after"]
                return
            assert answer.status_code == httpx.codes.CREATED, answer.text
            stored.append(event["id"])


@pytest.mark.long(beside="tests/chaos/test_chaos.py::test_nothing_is_lost_or_doubled_whatever_fails")
async def test_sigterm_answers_all_that_was_taken_and_ends_in_bounded_time() -> None:
    """No request ends in an error of ours, what was answered is stored, and the process is gone soon after."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-stopping-") as folder:
        async with started_system(Path(folder), Wanted(seed=0, faults=0, replicas=1)) as (system, keyring):
            (replica,) = system.of("registry")
            token = keyring.issue(Identity("admin"), valid_for=timedelta(hours=1))
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                # A gateway knows when a connection is no longer good; a new one for each request stands in for that.
                "Connection": "close",
            }
            stored: list[str] = []
            refused = asyncio.Event()
            address = f"http://127.0.0.1:{replica.port}/registry/events"
            async with asyncio.TaskGroup() as group:
                for lane in range(8):
                    group.create_task(_post_until_it_ends(address, headers, lane, stored, refused))
                async with asyncio.timeout(STOPS_WITHIN_SECONDS):
                    while len(stored) < 50:
                        await asyncio.sleep(0.01)
                started = time.monotonic()
                await replica.stop()
                assert time.monotonic() - started < STOPS_WITHIN_SECONDS
            assert refused.is_set()
            async with connected(system, "registry") as connection:
                logged = {row["id"] for row in await connection.fetch("SELECT id FROM event_log")}
            assert set(stored) <= logged
            assert replica.process is not None
            assert replica.process.returncode in {0, -15}


@pytest.mark.long(beside="tests/chaos/test_chaos.py::test_nothing_is_lost_or_doubled_whatever_fails")
async def test_what_is_about_to_end_says_so_and_answers_until_it_does() -> None:
    """A gateway that looks is told before a request fails; a stream that would go on for ever ends whole."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-stopping-") as folder:
        async with started_system(Path(folder), Wanted(seed=0, faults=0, replicas=1)) as (system, keyring):
            (replica,) = system.of("reporting")
            token = keyring.issue(Identity("lead"), valid_for=timedelta(hours=1))
            address = f"http://127.0.0.1:{replica.port}/reporting"
            async with httpx.AsyncClient(
                headers={"Authorization": f"Bearer {token}"}, timeout=STOPS_WITHIN_SECONDS
            ) as client:
                assert (await client.get(f"{address}/health/serving")).status_code == httpx.codes.OK
                async with client.stream("GET", f"{address}/feed/stream") as feed:
                    lines = feed.aiter_lines()
                    assert await anext(lines) == ": the feed"
                    stopping = asyncio.create_task(replica.stop())
                    while (await client.get(f"{address}/health/serving")).status_code == httpx.codes.OK:
                        pass
                    assert (await client.get(f"{address}/health/ready")).status_code == httpx.codes.SERVICE_UNAVAILABLE
                    assert (await client.get(f"{address}/reports/network")).status_code == httpx.codes.OK
                    async for line in lines:
                        assert not line.startswith("data")
                assert not stopping.done()
                await stopping


@pytest.mark.long(beside="tests/chaos/test_chaos.py::test_nothing_is_lost_or_doubled_whatever_fails")
async def test_flushall_in_the_middle_loses_nothing_and_is_soon_made_good() -> None:
    """A smaller one than the command's: every event is there once, and what was there before it within ten seconds."""
    flushed = await flush_in_the_middle(10_000)
    assert flushed.findings.breaches == []
    assert flushed.events == 10_004
    assert flushed.recovery_seconds < 10
