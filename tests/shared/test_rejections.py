"""What a service keeps of the events that it refused: numbers, and nothing of what they said."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from services.registry.service import RegistryUseCases
from shared import clock, database
from shared.backbone import rejections
from shared.backbone.rejections import KEPT_DAYS, WAITING_KINDS, Kind, Rejection, RejectionNotes, kinds
from shared.backbone.submissions import OnError
from shared.backbone.write_path import Writer
from shared.database import Pool
from shared.errors import EventsRefused, Fault
from shared.events.catalogue import CATALOGUES
from shared.http.state import state_in
from shared.metrics import Metrics
from shared.tokens import Identity
from tests.conftest import Bearer
from tests.support.builders import (
    AREA,
    OTHER_AREA,
    Json,
    a_pool,
    a_running_activity,
    a_start,
    an_area,
    an_attendance,
    an_enrolment,
    body,
)
from tests.support.running import in_process

DAY: Final = dt.date(2026, 3, 2)
ADMIN: Final = Identity("admin")
COORDINATOR: Final = Identity("coordinator", frozenset({AREA}))
OF_BOTH: Final = Identity("coordinator", frozenset({AREA, OTHER_AREA}))
ATTENDANCE: Final = "dk.helhedsnet.attendance.recorded.v1"
ENROLMENT: Final = "dk.helhedsnet.participant.enrolled.v1"
NUMBER: Final = "010190-1234"


class Bench:
    """A writer and its notes on a real database; nothing writes the notes but the test."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.notes = RejectionNotes(pool, "registry")
        self.writer = Writer(
            pool,
            CATALOGUES["registry"],
            RegistryUseCases(),
            Metrics("registry"),
            rejections=self.notes,
            waiting_limit=50_000,
        )

    async def refuse(self, *events: Json, sender: Identity = ADMIN, on_error: OnError = "refuse") -> None:
        """Post events of which at least one is refused."""
        try:
            results = await self.writer.post(body(list(events)), sender, on_error)
        except EventsRefused:
            return
        assert "rejected" in {result.status for result in results}

    async def noted(self) -> list[tuple[str, str, str, int]]:
        """Write what is noted, and give all that is kept: source, type, code and how many."""
        await self.notes.write()
        async with self.pool.acquire() as connection:
            kept = await rejections.latest(connection, "registry", 10_000)
        return sorted((each.source, each.type, each.code, each.events) for each in kept)


@pytest.fixture
async def bench(registry_pool: Pool) -> AsyncIterator[Bench]:
    """Give a writer on a registry in which an activity runs."""
    bench = Bench(registry_pool)
    await bench.writer.start()
    await bench.writer.post(body([a_pool(), *a_running_activity()]), ADMIN, "refuse")
    yield bench
    await bench.writer.close()


async def test_what_is_accepted_leaves_no_note(bench: Bench) -> None:
    """Nor does a duplicate."""
    event = an_enrolment()
    for _ in range(2):
        await bench.writer.post(body(event), COORDINATOR, "refuse")
    assert await bench.noted() == []


@pytest.mark.parametrize("on_error", ["refuse", "skip"])
async def test_refused_events_are_counted_by_whose_they_are_their_type_and_why(bench: Bench, on_error: OnError) -> None:
    """Whole requests and skipped events alike; the good ones beside them are not counted."""
    strangers = [an_attendance(f"s-{number}", participants=["stranger"]) for number in range(3)]
    await bench.refuse(*strangers, an_enrolment(), sender=COORDINATOR, on_error=on_error)
    await bench.refuse(strangers[0], sender=COORDINATOR, on_error=on_error)
    assert await bench.noted() == [(f"/areas/{AREA}", ATTENDANCE, "not_enrolled", 4)]


async def test_an_event_with_many_faults_counts_once_and_a_personal_number_comes_first(bench: Bench) -> None:
    """The sum over the codes is the number of events."""
    await bench.refuse(an_enrolment(NUMBER, age_band="none", more=1), sender=COORDINATOR)
    assert await bench.noted() == [(f"/areas/{AREA}", ENROLMENT, "personal_number", 1)]


async def test_nothing_of_a_refused_event_is_kept(bench: Bench) -> None:
    """Wherever its text stands: no type, source, id or value of a sender's own invention gets into the table."""
    event = an_enrolment("p-1") | {"id": NUMBER}
    for told in (
        event,
        event | {"type": NUMBER},
        event | {"type": {NUMBER: NUMBER}},
        event | {"source": f"/areas/{NUMBER}"},
        event | {"source": NUMBER},
        an_enrolment("p-1") | {"source": f"/areas/{NUMBER}", "data": {NUMBER: NUMBER}},
    ):
        await bench.refuse(told)
        await bench.refuse(told, sender=COORDINATOR)
    assert await bench.noted()
    rows = await bench.pool.fetch("SELECT rejection::text AS said FROM rejection ORDER BY 1")
    assert not any(NUMBER in row["said"] for row in rows)


async def test_who_speaks_for_another_area_gives_it_no_bad_name(bench: Bench) -> None:
    """It falls back on the sender's own area where that is one, else on the network."""
    foreign = an_enrolment(area=OTHER_AREA)
    await bench.refuse(foreign, sender=COORDINATOR)
    await bench.refuse(foreign, sender=Identity("lead"))
    await bench.refuse(an_area(), sender=OF_BOTH)
    await bench.refuse(foreign, sender=Identity("service", frozenset({OTHER_AREA})))
    assert await bench.noted() == [
        (f"/areas/{AREA}", ENROLMENT, "foreign_area", 1),
        ("/network", "dk.helhedsnet.area.registered.v1", "foreign_area", 1),
        ("/network", ENROLMENT, "foreign_area", 2),
    ]


async def test_an_administrators_word_for_an_area_counts_where_the_area_has_spoken(bench: Bench) -> None:
    """An administrator may name any area, so one that nobody has heard of is not kept."""
    await bench.refuse(a_start("no-such"), a_start("no-such", area="invented"))
    assert await bench.noted() == [
        (f"/areas/{AREA}", "dk.helhedsnet.activity.started.v1", "unknown_activity", 1),
        ("/network", "dk.helhedsnet.activity.started.v1", "unknown_activity", 1),
    ]


def test_what_passes_by_itself_is_not_told() -> None:
    """A request that waits for another service is posted again whole; of one in parts, the others stay refused."""
    faults = [Fault(0, "", "not_yet_known", ""), Fault(1, "", "unknown_commitment", "")]
    assert list(kinds([], faults, ADMIN, DAY, is_whole=True)) == []
    (kind,) = kinds([], faults, ADMIN, DAY, is_whole=False)
    assert (kind.type, kind.code) == ("unreadable", "unknown_commitment")
    assert list(kinds([], faults[:1], ADMIN, DAY, is_whole=False)) == []


def test_no_code_is_kept_but_those_that_are_documented() -> None:
    """Whatever a rule may say one day, the table holds a closed set."""
    (kind,) = kinds([], [Fault(0, "", NUMBER, "")], ADMIN, DAY, is_whole=True)
    assert kind.code == "unreadable"


async def test_what_is_old_is_forgotten(bench: Bench) -> None:
    """After four weeks, without anything new being refused."""
    today = clock.today()
    for days in (KEPT_DAYS - 1, KEPT_DAYS):
        told = Rejection("/network", "unreadable", f"{days}", today - dt.timedelta(days), 1, clock.now(), clock.now())
        async with bench.pool.acquire() as connection:
            await rejections.take_over(connection, "registry", [told])
    assert await bench.noted() == [("/network", "unreadable", f"{KEPT_DAYS - 1}", 1)]


async def test_a_flood_of_kinds_is_bounded(bench: Bench) -> None:
    """Nobody can fill memory or table: areas that an administrator invents are the network's, and few wait at once."""
    batch = [a_start("no-such", area=f"invented-{number}") for number in range(WAITING_KINDS + 200)]
    await bench.refuse(*batch)
    assert len(bench.notes._waiting) == WAITING_KINDS  # noqa: SLF001  what is bounded
    started = "dk.helhedsnet.activity.started.v1"
    assert await bench.noted() == [("/network", started, "unknown_activity", WAITING_KINDS)]


async def test_no_request_waits_for_a_note_and_none_is_lost_while_the_database_is_away(bench: Bench) -> None:
    """A write that fails is tried again, with what was refused meanwhile."""
    async with bench.pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE rejection IN ACCESS EXCLUSIVE MODE")
        await bench.refuse(a_start("no-such"))
        writing = asyncio.create_task(bench.notes.write())
        async with asyncio.timeout(10):
            while not await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.005)
        await bench.refuse(a_start("no-such"))
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
        with pytest.raises(database.UNAVAILABLE):
            await writing
    started = "dk.helhedsnet.activity.started.v1"
    assert await bench.noted() == [(f"/areas/{AREA}", started, "unknown_activity", 2)]


async def test_what_another_says_again_or_late_changes_nothing(registry_pool: Pool) -> None:
    """Counts of a day only grow, so the largest is the newest."""
    now = clock.now()
    kind = Kind("/network", is_vouched=True, type="unreadable", code="malformed_json", day=clock.day_of(now))
    for events in (2, 5, 5, 3):
        async with registry_pool.acquire() as connection:
            told = Rejection(kind.source, kind.type, kind.code, kind.day, events, now, now)
            await rejections.take_over(connection, "funding", [told])
    assert await registry_pool.fetchval("SELECT events FROM rejection") == 5
    assert await registry_pool.fetchval("SELECT sequence FROM position WHERE name = $1", rejections.CHANGES) == 2


async def test_a_service_tells_its_operators_and_the_other_services(
    registry: httpx.AsyncClient, bearer: Bearer, registry_app: FastAPI
) -> None:
    """What cannot be read at all is counted too; nobody else is told here."""
    headers = {**bearer("coordinator", AREA), "content-type": "application/json"}
    assert (await registry.post("/registry/events", content=b"{", headers=headers)).status_code == 400
    assert (await registry.post("/registry/events", content=b"[1]", headers=headers)).status_code == 422
    await state_in(registry_app).rejections.write()
    for role in ("admin", "service"):
        answer = await registry.get("/registry/rejections", headers=bearer(role))
        told = answer.json()["rejections"]
        assert sorted((each["source"], each["type"], each["code"], each["events"]) for each in told) == [
            (f"/areas/{AREA}", "unreadable", "malformed_json", 1),
            (f"/areas/{AREA}", "unreadable", "wrong_type", 1),
        ]
    assert (await registry.get("/registry/rejections", headers=bearer("lead"))).status_code == 403


async def test_what_is_refused_is_counted_on_its_danish_day(
    monkeypatch: pytest.MonkeyPatch, registry: httpx.AsyncClient, bearer: Bearer, registry_app: FastAPI
) -> None:
    """Just after midnight here, where UTC has the day before, and whenever the test is run."""
    now = clock.now()
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time.min, dt.UTC)
    monkeypatch.setattr(clock, "DENMARK", dt.timezone(midnight - now))
    headers = {**bearer("coordinator", AREA), "content-type": "application/json"}
    assert (await registry.post("/registry/events", content=b"{", headers=headers)).status_code == 400
    await state_in(registry_app).rejections.write()
    answer = await registry.get("/registry/rejections", headers=bearer("admin"))
    assert [each["day"] for each in answer.json()["rejections"]] == [midnight.date().isoformat()]


async def test_a_service_writes_its_notes_by_itself_and_when_it_ends(
    registry_app: FastAPI, bearer: Bearer, registry_pool: Pool
) -> None:
    """A stop loses none."""
    headers = {**bearer("admin"), "content-type": "application/json"}

    async def count() -> int:
        noted: int | None = await registry_pool.fetchval("SELECT sum(events) FROM rejection")
        return noted or 0

    async with in_process({"registry": registry_app}) as client:
        await client.post("/registry/events", content=b"{", headers=headers)
        async with asyncio.timeout(10):
            # Nothing tells that it is written.
            while await count() < 1:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)
        await client.post("/registry/events", content=b"{", headers=headers)
    assert await count() == 2
