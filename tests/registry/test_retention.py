"""People of plans that are over for so long are removed, and nobody else; it is told beforehand for which plans."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Final

import asyncpg
import httpx
import pytest

from services.registry import retention_api
from shared import clock, pseudonyms
from shared.retention import TABLE, months_after, people_removed_on
from tests.conftest import Bearer
from tests.support import builders as b

KEY: Final = b"k" * pseudonyms.KEY_BYTES
DONE, GOES_ON, VOLUNTEER = [pseudonyms.of_name(KEY, f"Kanarie {letter}", "2012-03-01") for letter in "abc"]
OWN: Final = f"/areas/{b.AREA}"
# It ends a day after the first plan.
LATER: Final = "nyplan"


def _history() -> list[b.Json]:
    engaged = {"activity": b.ACTIVITY, "volunteer": VOLUNTEER, "role": "volunteer", "date": "2024-09-02"}
    dates = {"start": "2024-08-02", "end": "2025-06-30"}
    return [
        b.an_area(),
        b.a_plan(start="2021-08-01", end="2025-07-31"),
        b.a_plan(LATER, start="2021-08-02", end="2025-08-01"),
        b.an_activity(**dates),
        b.an_activity("sport", plan=LATER, **dates),
        *(b.a_start(activity, date="2024-09-01") for activity in (b.ACTIVITY, "sport")),
        *(b.an_enrolment(person, date="2024-09-10") for person in (DONE, GOES_ON)),
        b.an_enrolment(GOES_ON, "sport", date="2024-09-10"),
        b.an_event("volunteer.engaged", engaged, source=OWN),
        b.an_attendance("s-1", participants=[DONE, GOES_ON], date="2024-09-15"),
    ]


@pytest.fixture
async def client(registry: httpx.AsyncClient, bearer: Bearer) -> httpx.AsyncClient:
    """Give an administrator's client of a registry with people in two plans that end a day apart."""
    registry.headers.update(bearer("admin"))
    headers = {"content-type": "application/json"}
    answer = await registry.post("/registry/events", content=b.body(_history()), headers=headers)
    assert answer.is_success, answer.text
    return registry


async def _held(database: str) -> dict[str, int]:
    """Count in how many lines of the log each person stands."""
    connection = await asyncpg.connect(database)
    query = "SELECT count(*) FROM event_log WHERE strpos(body, $1) > 0"
    held = {name: await connection.fetchval(query, name) for name in (DONE, GOES_ON, VOLUNTEER)}
    held["plans"] = await connection.fetchval("SELECT count(*) FROM plan")
    await connection.close()
    return held


async def test_the_people_of_a_plan_go_a_year_after_its_end_and_not_before(
    client: httpx.AsyncClient, registry_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is in a later plan of the area stays until that is over too; everything but people stays."""

    def on(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        here = SimpleNamespace(now=lambda: moment, today=lambda: day, day_of=clock.day_of)
        monkeypatch.setattr(retention_api, "clock", here)

    before = await _held(registry_database)
    on(date(2026, 6, 1))
    assert (await client.get("/registry/retention", params={"days": 10})).json()["plans"] == []
    told = (await client.get("/registry/retention")).json()["plans"]
    assert [(plan["plan"], plan["removed_on"]) for plan in told] == [(b.PLAN, "2026-07-31")]
    on(date(2026, 7, 30))
    assert (await client.post("/registry/retention/removal")).json() == {"removed": False, "more": False}
    assert await _held(registry_database) == before
    on(date(2026, 7, 31))
    answer = await client.post("/registry/retention/removal")
    assert answer.json() == {"removed": True, "more": False}, answer.text
    held = await _held(registry_database)
    assert held == {**before, DONE: 0, VOLUNTEER: 0}
    on(date(2026, 8, 1))
    assert (await client.post("/registry/retention/removal")).json()["removed"]
    assert await _held(registry_database) == {DONE: 0, GOES_ON: 0, VOLUNTEER: 0, "plans": before["plans"]}
    assert (await client.get("/registry/retention")).json()["plans"] == []
    verified = (await client.get("/registry/log/verification")).json()
    assert verified["findings"] == []


def test_a_day_some_months_later_is_a_day_of_that_month() -> None:
    """Also where that month is shorter, and backwards."""
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert months_after(date(2026, 7, 31), -12) == date(2025, 7, 31)
    assert people_removed_on(date(2025, 7, 31)) == date(2026, 7, 31)


def test_each_kind_stands_once_with_its_basis() -> None:
    """In both languages."""
    assert len({kept.kind for kept in TABLE}) == len(TABLE)
    assert all(all(pair) for kept in TABLE for pair in (kept.what, kept.basis, kept.removed_by))
