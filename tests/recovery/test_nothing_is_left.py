"""Nothing is left of whoever withdrew: in no table, file, log, stream or answer of a whole installation.

In the history the person stands in every field of every event that stands for people, taken from the events' classes,
and was tried in all others; then everything that the installation has written is searched.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import redis.asyncio

from services import embedded
from shared import database, logs
from shared.backbone.compacting import Compactor
from shared.events import text_fields
from shared.events.every_event import EVENTS
from shared.events.people import people_in
from tests.conftest import Bearer
from tests.reporting.conftest import running
from tests.support import builders as b
from tests.support.installation import System
from tests.support.places import content_of, place
from tests.support.readable import readable
from tests.support.samples import SAMPLES
from tests.support.texts_in import replaced, texts_in

GONE: Final = b.person("svunden-i-alt")
FORMER: Final = b.person("svunden-foer")
# Whose enrolment reporting could not take: it waits as a dead letter, with all that it says.
UNTAKEN: Final = b.person("svunden-uden-for")
ALL_GONE: Final = (GONE, FORMER, UNTAKEN)
OTHERS: Final = [b.person(f"bliver-{number}") for number in range(5)]
SERVICES: Final = ("registry", "funding", "reporting")
OWN: Final = f"/areas/{b.AREA}"
LOOKS: Final = 20
# Tables and files, as anybody may fetch them; who may see what is tried elsewhere, for each route.
GIVEN_OUT: Final = (
    "/reporting/reports/network",
    "/reporting/reports/network.csv",
    "/reporting/reports/network.xlsx",
    "/reporting/reports/network.pdf",
    "/reporting/published/1",
    "/reporting/dead-letters",
    "/registry/log/lookups",
    "/funding/log/deeds",
)


def _told() -> list[b.Json]:
    """Give a history in which the person stands wherever an event may name people."""

    def of(name: str, **said: Any) -> b.Json:
        data = {**SAMPLES[name], **said}
        if "activity" in data:
            data["activity"] = b.ACTIVITY
        return b.an_event(name, data, source=OWN, identifier=f"{name}-{GONE}" if GONE in people_in(data) else None)

    volunteer = {"volunteer": GONE, "role": "volunteer"}
    return [
        *(b.an_enrolment(name) for name in (*ALL_GONE, *OTHERS)),
        b.an_attendance("came", participants=[GONE, *OTHERS[:4]], hours=2),
        b.an_attendance("few", participants=[GONE, OTHERS[0]], hours=2),
        b.an_attendance("away", participants=OTHERS[:1], absent=[{"participant": GONE, "reason": "school"}]),
        of("volunteer.engaged", date="2025-09-02", **volunteer),
        of("volunteer.hours", volunteer=GONE, date="2025-09-03"),
        of("volunteer.left", date="2025-12-01", **volunteer),
        of("business.founded", members=[GONE, OTHERS[0]], date="2025-10-03"),
        of("business.closed", members=[GONE, OTHERS[0]], date="2025-11-03"),
        of("outcome.measured", participant=GONE, date="2025-10-07"),
        of("participant.corrected", participant=GONE, age_band="18-24"),
        of("participant.merged", participant=FORMER, into=GONE),
        of("participant.left", participant=GONE, date="2025-12-01", reason="job"),
        of("followup.recorded", participant=GONE, date="2026-06-01", months_after=6, status="job"),
    ]


def _strays() -> Iterator[tuple[str, b.Json]]:
    """Give every event of every service with the person in each text that is no field for people."""
    for event in EVENTS:
        for steps in texts_in(event.example):
            if text_fields.PSEUDONYMS.isdisjoint(map(str, steps)) and event.said_by != "owner":
                yield event.event_owner, b.an_event(event.event_name, replaced(event.example, steps, f"hos {GONE}"))


async def _tables_with(server_url: str, text: str) -> list[tuple[str, str]]:
    """Give the tables, as a dump has them, in which a text stands."""
    found = []
    for service in SERVICES:
        connection = await database.connect(database.service_url(server_url, service))
        try:
            for (name,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                query = f'SELECT EXISTS (SELECT FROM "{name}" AS t WHERE strpos(t::text, $1) > 0)'  # noqa: S608  ours
                if await connection.fetchval(query, text):
                    found.append((service, name))
        finally:
            await connection.close()
    return sorted(found)


async def _streams(url: str) -> str:
    async with redis.asyncio.from_url(url) as client:
        names = [name async for name in client.scan_iter()]
        return str([await client.xrange(name) for name in names])


async def _compacted(server_url: str) -> None:
    for service in SERVICES:
        compactor = Compactor(database.service_url(server_url, service))
        for _ in range(LOOKS):
            if await compactor.look():
                break
            await asyncio.sleep(0.2)
        else:
            raise AssertionError(f"{service} was not compacted")


def _files_with(folder: Path, *texts: str) -> list[str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    held = ((path, readable(content_of(path))) for path in files)
    return [str(path.relative_to(folder)) for path, content in held if any(text.encode() in content for text in texts)]


async def _refused(system: System) -> None:
    """Try the person in every other text of every event, all events of a service at once."""
    for service in SERVICES:
        events = [event for owner, event in _strays() if owner == service]
        answer = await system.client.post(f"/{service}/events", params={"on_error": "skip"}, json=events)
        results = answer.json()["events"]
        assert len(results) == len(events)
        assert {result["status"] for result in results} == {"rejected"}, service
        assert GONE not in answer.text


@pytest.mark.long(beside="tests/shared/test_compacting.py::test_what_was_erased_is_in_no_file_of_the_database")
async def test_nothing_is_left_of_whoever_withdrew(
    of_keys: dict[str, Any], bearer: Bearer, capfd: pytest.CaptureFixture[str]
) -> None:
    """The named events are all that name people, so a new one that is not told here fails this test."""
    told = _told()
    named = {event["type"] for event in told if {GONE, FORMER} & set(people_in(event["data"]))}
    assert named | {"dk.helhedsnet.consent.withdrawn.v1"} == text_fields.TYPES_OF_PEOPLE
    with place("nothing-left") as name:
        folder = Path(name)
        with embedded.postgresql(folder / "postgresql") as server_url, embedded.redis(folder / "redis") as redis_url:
            settings = {"database_url": server_url, "redis_url": redis_url, **of_keys, "log_level": "DEBUG"}
            written = {"anchor_folder": folder / "anchors", "release_copies_folder": folder / "releases"}
            async with running({**settings, **written, "tick_ms": 100}) as client:
                system = System(client, bearer)
                client.headers.update(bearer("admin"))
                await _lived_and_withdrew(system, bearer, told, server_url, redis_url)
                await _compacted(server_url)
            for person in ALL_GONE:
                assert await _tables_with(server_url, person) == []
            assert await _tables_with(server_url, OTHERS[0])
            streams = await _streams(redis_url)
            assert not any(person in streams for person in ALL_GONE)
        logs.configure("ERROR")
        assert _files_with(folder, *ALL_GONE) == []
        assert _files_with(folder, OTHERS[0])
    said = capfd.readouterr()
    assert not any(person in said.out + said.err for person in ALL_GONE)


async def _refuse(server_url: str, person: str) -> None:
    """Let reporting take no enrolment of somebody, whom the table's rule does not name."""
    connection = await database.connect(database.service_url(server_url, "reporting"))
    try:
        digest = hashlib.md5(person.encode(), usedforsecurity=False).hexdigest()
        await connection.execute(f"ALTER TABLE enrolment ADD CHECK (md5(participant) <> '{digest}')")
    finally:
        await connection.close()


async def _files_given_out(system: System) -> bytes:
    """Give all that readers take with them, once it is read: tables, workbooks with their sheets, books, documents."""
    given = []
    for path in GIVEN_OUT:
        answer = await system.client.get(path)
        assert answer.is_success, (path, answer.text)
        given.append(readable(answer.content))
    return b"\n".join(given)


async def _lived_and_withdrew(
    system: System, bearer: Bearer, told: list[b.Json], server_url: str, redis_url: str
) -> None:
    await _refuse(server_url, UNTAKEN)
    await system.post("registry", *b.a_running_activity(), *told)
    await _refused(system)
    await system.settled()
    report = await system.report()
    cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in SERVICES)
    published = {"report": "network", "cursor": cursor, "digest": report["digest"]}
    await system.post("reporting", b.an_event("report.published", published))
    assert ("reporting", "dead_letter") in await _tables_with(server_url, UNTAKEN)
    asked = {"participant": GONE, "reason": "access_request"}
    coordinator = bearer("coordinator", b.AREA)
    shown = await system.client.post("/reporting/people/record", json=asked, headers=coordinator)
    assert shown.status_code == httpx.codes.OK, shown.text
    await system.report()
    assert len(await _tables_with(server_url, GONE)) > len(SERVICES)
    assert GONE in await _streams(redis_url)
    withdrawal = b.an_event("consent.withdrawn", {"participant": FORMER}, source=OWN, identifier=f"gone-{GONE}")
    refused = await system.try_to_post("registry", withdrawal)
    assert refused.is_client_error, refused.text
    untaken = b.an_event("consent.withdrawn", {"participant": UNTAKEN}, source=OWN)
    await system.post("registry", {**withdrawal, "id": f"gone-{FORMER}"}, untaken)
    await system.settled()
    given = await _files_given_out(system)
    assert not any(person.encode() in given for person in ALL_GONE)
    again = await system.client.post("/reporting/people/record", json=asked, headers=coordinator)
    assert again.status_code == httpx.codes.NOT_FOUND
