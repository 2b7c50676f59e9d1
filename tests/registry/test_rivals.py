"""Two processes of the registry on one database: what only one may do, one does, however they race."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.embedded import free_port
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.running import as_process

START_SECONDS = 90
ROUNDS = 8


@contextlib.asynccontextmanager
async def _two_registries(
    surroundings: dict[str, Any], headers: dict[str, str]
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Run two processes of the registry, and give a client of each."""
    environment = {f"HELHEDSNET_{name.upper()}": str(value) for name, value in surroundings.items()}
    async with contextlib.AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            port = str(free_port())
            arguments = (
                "-m",
                "uvicorn",
                "--factory",
                "services.registry.app:from_environment",
                "--log-level",
                "critical",
            )
            await stack.enter_async_context(as_process(*arguments, "--port", port, environment=environment))
            client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/registry", headers=headers, timeout=30)
            clients.append(await stack.enter_async_context(client))
        for client in clients:
            await _answers(client)
        yield clients


async def _answers(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            # A process tells nobody that it listens.
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/health/live")).status_code == 200:
                    return
            await asyncio.sleep(0.02)


async def _post(client: httpx.AsyncClient, *events: Json) -> tuple[int, str]:
    answer = await client.post("/events", content=b.body(list(events)), headers={"content-type": "application/json"})
    return answer.status_code, answer.json().get("code", "")


async def _race(clients: list[httpx.AsyncClient], events: list[Json]) -> list[tuple[int, str]]:
    """Post events at once, by turns to each process."""
    return await asyncio.gather(*(_post(clients[place % 2], event) for place, event in enumerate(events)))


@pytest.mark.timeout(180)
async def test_what_two_requests_would_break_together_never_both_pass(
    registry_database: str, surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """Capacity, double enrolment, two starts, one slug in two plans, an instrument's scale, a cycle of adoptions."""
    assert registry_database
    async with _two_registries(surroundings, bearer("admin")) as clients:
        network = [b.an_area(), b.a_plan(), b.a_plan("anden-plan")]
        assert (await _post(clients[0], *network))[0] == 201
        for number in range(ROUNDS):
            await _one_round(clients, number)


async def _one_round(clients: list[httpx.AsyncClient], number: int) -> None:
    activity, other = f"a-{number}", f"b-{number}"
    source = f"/areas/{b.AREA}"
    same_slug = [b.an_activity(activity, capacity=2), b.an_activity(activity, plan="anden-plan", capacity=2)]
    _one_passes(await _race(clients, same_slug), "activity_exists")
    assert (await _post(clients[0], b.an_activity(other), b.a_start(other)))[0] == 201
    _one_passes(await _race(clients, [b.a_start(activity) for _ in range(4)]), "activity_already_started")
    _one_passes(await _race(clients, [b.an_enrolment("p-0", activity) for _ in range(4)]), "already_enrolled")
    enrolments = [b.an_enrolment(f"p-{place}", activity) for place in range(1, 7)]
    _one_passes(await _race(clients, enrolments), "capacity_reached")
    scores: Json = {"activity": activity, "participant": "p-0", "wave": "before", "lens": "self_perception"}
    scores |= {"respondent": "self", "instrument": f"i-{number}", "score": 2, "scale_min": 1, "date": "2025-09-20"}
    measured = [
        b.an_event("outcome.measured", {**scores, "scale_max": top, "wave": wave}, source=source)
        for top, wave in ((5, "before"), (7, "after"))
    ]
    _one_passes(await _race(clients, measured), "scale_changed")
    shared = [
        b.an_event("practice.shared", {"activity": name, "summary": "S", "what_works": "V"}, source=source)
        for name in (activity, other)
    ]
    assert {status for status, _ in await _race(clients, shared)} == {201}
    adopted = [
        b.an_event("practice.adopted", {"activity": one, "source_activity": two}, source=source)
        for one, two in ((activity, other), (other, activity))
    ]
    _one_passes(await _race(clients, adopted), "practice_cycle")


def _one_passes(answers: list[tuple[int, str]], code: str) -> None:
    assert sorted(answers) == [(201, ""), *[(422, code)] * (len(answers) - 1)]
