"""Releases as they are asked for: who may have one made, what is answered, and that they outlast a rebuild."""

import asyncio
from typing import Final

import httpx
import pytest
from prometheus_client import CollectorRegistry

from services.reporting.releases.schedule import ReleaseSchedule
from services.reporting.releases.service import ReleaseFailed, ReleaseMaker
from shared import database
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.release_worker import heads, with_history

PEOPLE: Final = [f"person-{number}" for number in range(8)]
MADE_SECONDS: Final = 240


def _history() -> list[Json]:
    """Tell of eight people, who came in September, and of a session in October."""
    return [
        *b.a_running_activity(),
        *(b.an_enrolment(person) for person in PEOPLE),
        b.an_attendance(participants=PEOPLE, hours=2),
        b.an_attendance("session-2", participants=PEOPLE[:6], date="2025-10-06", hours=2),
    ]


class Network:
    """The system, as its leads meet it."""

    def __init__(self, client: httpx.AsyncClient, bearer: Bearer) -> None:
        self._client = client
        self._bearer = bearer

    async def post_events(self, *events: Json) -> None:
        """Post events to the registry, and wait until reporting has read them."""
        headers = {**self._bearer("admin"), "content-type": "application/json"}
        answer = await self._client.post("/registry/events", content=b.body(list(events)), headers=headers)
        assert answer.status_code == 201, answer.text
        at_least = answer.json()["cursor"]
        read = await self._client.get(f"/reporting/feed?at_least={at_least}", headers=self._bearer("lead"))
        assert read.status_code == 200, read.text

    async def get(self, path: str = "", role: str = "lead") -> httpx.Response:
        """Read something of releases."""
        return await self._client.get(f"/reporting/releases{path}", headers=self._bearer(role))

    async def order(self, month: str | None = None, role: str = "lead") -> httpx.Response:
        """Ask for a release now."""
        told = {"month": month} if month else {}
        return await self._client.post("/reporting/releases", json=told, headers=self._bearer(role))

    async def released(self, month: str | None = None) -> Json:
        """Have one made, and wait for it."""
        async with asyncio.timeout(MADE_SECONDS):
            # Who made the one before may not have ended yet, though what it made is there.
            while (answer := await self.order(month)).status_code == 409:  # noqa: ASYNC110  over HTTP
                await asyncio.sleep(0.05)
        assert answer.status_code == 202, answer.text
        wanted = answer.json()["months"][-1]
        async with asyncio.timeout(MADE_SECONDS):
            while True:
                found = (await self.get()).json()["releases"]
                if found and found[0]["month"] == wanted:
                    newest: Json = found[0]
                    return newest
                await asyncio.sleep(0.05)


@pytest.fixture
async def network(system: httpx.AsyncClient, bearer: Bearer) -> Network:
    """Give a network of one area, which has told of two months."""
    made = Network(system, bearer)
    await made.post_events(*_history())
    return made


@pytest.mark.timeout(600)
async def test_a_lead_has_a_release_made_and_everybody_reads_it(
    network: Network, system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """The newest month after which something is registered; it is answered, listed, told cell by cell, and logged."""
    outlook = (await network.get("/next")).json()
    assert (outlook["month"], outlook["due"], outlook["can_be_made"]) == ("2025-09", "2025-10-10", ["2025-09"])
    assert outlook["late"] == ["2025-09"]
    assert outlook["silent_areas"] == []
    made = await network.released()
    assert (made["number"], made["month"], made["made_by"], made["changed"]) == (1, "2025-09", "lead", None)
    assert made["cursor"]["registry"]["sequence"] > 10
    assert (await network.get("/1", role="auditor")).json() == made
    cells = (await network.get("/1/cells?limit=50")).json()
    assert cells["next"] is None
    assert {cell["area"] for cell in cells["cells"]} == {None, b.AREA}
    told = [
        cell
        for cell in cells["cells"]
        if (cell["area"], cell["name"], cell["from"], cell["of"]) == (b.AREA, "participants", "2025-09-01", [])
    ]
    assert [(cell["value"], cell["withheld"]) for cell in told] == [(8, None)]
    first = (await network.get("/1/cells?limit=1")).json()
    rest = (await network.get(f"/1/cells?limit=1&cursor={first['next']}")).json()
    assert first["cells"] + rest["cells"] == cells["cells"]
    assert (await network.get(f"/1/cells?area={b.AREA}")).json()["cells"] == rest["cells"]
    log = await system.get("/reporting/events", headers=bearer("service"))
    assert f'"digest":"{made["digest"]}"' in log.text
    outlook = (await network.get("/next")).json()
    assert (outlook["month"], outlook["can_be_made"], outlook["late"]) == ("2025-10", [], [])


@pytest.mark.timeout(600)
async def test_releases_outlast_a_rebuild(network: Network, system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Folded anew from all logs, its own among them, reporting says the same; the next one follows."""
    await network.released()
    before = (await network.get()).json(), (await network.get("/1/cells?limit=50")).json()
    assert (await system.post("/reporting/rebuild", headers=bearer("admin"))).status_code == 202
    async with asyncio.timeout(MADE_SECONDS):
        while (state := await _state_of_rebuild(system, bearer)) in ("reading", "replacing"):  # noqa: ASYNC110  over HTTP
            await asyncio.sleep(0.1)
    assert state == "finished"
    assert ((await network.get()).json(), (await network.get("/1/cells?limit=50")).json()) == before
    second = await network.released("2025-12")
    assert (second["number"], second["month"]) == (4, "2025-12")


@pytest.mark.timeout(300)
async def test_what_cannot_be_had_is_said_with_a_code(
    network: Network, system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """Those who may not, and what cannot be; and nobody says `release.made` but reporting itself."""
    for role in ("coordinator", "auditor", "service"):
        assert (await network.order(role=role)).status_code == 403
    assert (await network.get(role="service")).status_code == 403
    for month, status, code in (
        ("2099-01", 409, "month_not_over"),
        ("2001-01", 409, "nothing_to_release"),
        ("2025-13", 422, "invalid_body"),
    ):
        answer = await network.order(month)
        assert answer.status_code == status, answer.text
        assert answer.json()["code"] == code or status == 422
    for path in ("/1", "/1/cells"):
        assert (await network.get(path)).status_code == 404
    said = b.an_event(
        "release.made",
        {"number": 1, "month": "2025-09", "cursor": "registry:1,funding:0,reporting:0", "digest": "0" * 64},
    )
    headers = {**bearer("admin"), "content-type": "application/json"}
    answer = await system.post("/reporting/events", content=b.body(said), headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_event_type")


@pytest.mark.timeout(600)
async def test_what_is_due_is_made_by_itself(make_database: MakeDatabase) -> None:
    """The look finds what is due and has it made, says what is late, and tries again after what went wrong."""
    url = await make_database("reporting")
    pool = await database.open_pool(url, 4)
    await with_history(pool)
    registry = CollectorRegistry()
    releases = ReleaseMaker(pool, url, 10)
    schedule = ReleaseSchedule(releases, (), 60_000, registry)
    (due,) = await releases.due()
    await schedule.look()
    (made,) = await heads(pool)
    assert (made.month, made.made_by) == (due, "schedule")
    assert registry.get_sample_value("helhedsnet_late_releases") == 0
    assert registry.get_sample_value("helhedsnet_release_made_timestamp_seconds") == made.made.timestamp()
    await schedule.look()
    assert await heads(pool) == [made]
    await pool.execute("ALTER TABLE released_cells ADD CONSTRAINT nothing_more CHECK (number = 1)")
    with pytest.raises(ReleaseFailed, match="nothing_more"):
        await releases.make([made.period.last_day.replace(month=12, year=2027)], "schedule")
    assert await heads(pool) == [made]
    await pool.close()


async def _state_of_rebuild(system: httpx.AsyncClient, bearer: Bearer) -> str:
    answer = await system.get("/reporting/rebuild", headers=bearer("admin"))
    state: str = answer.json()["state"]
    return state
