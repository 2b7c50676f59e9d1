"""What is held of one person: all of it, nobody else, to the own area's coordinators alone, with every look-up."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from services.reporting.models import metadata
from services.reporting.person import store
from shared import pseudonyms
from shared.database import connect, service_url
from shared.events.people import only_of, people_in
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.samples import SAMPLES
from tests.support.whole import SERVICES, whole

KEY: Final = b"k" * pseudonyms.KEY_BYTES
ONE, *OTHERS = [pseudonyms.of_name(KEY, f"Kanarie {letter}", "2012-03-01") for letter in "abcdef"]
OWN: Final = f"/areas/{b.AREA}"
# Columns of reporting's tables that name people.
NAMING: Final = {"participant", "volunteer", "participants", "members", "person", "subjects"}
# The look-ups themselves are told of as such.
TOLD_OTHERWISE: Final = {"lookup_person"}


def _history() -> list[b.Json]:
    engaged = {"activity": b.ACTIVITY, "volunteer": ONE, "role": "volunteer", "date": "2025-09-02"}
    founded = {**SAMPLES["business.founded"], "activity": b.ACTIVITY, "members": [ONE, OTHERS[0]]}
    measured = {**SAMPLES["outcome.measured"], "activity": b.ACTIVITY, "participant": ONE}
    return [
        *b.a_running_activity(),
        *(b.an_enrolment(person) for person in (ONE, *OTHERS)),
        b.an_attendance("s-1", participants=[ONE, *OTHERS]),
        b.an_attendance("s-2", participants=OTHERS[1:], absent=[{"participant": ONE}, {"participant": OTHERS[0]}]),
        b.an_event("volunteer.engaged", engaged, source=OWN),
        b.an_event("business.founded", founded, source=OWN),
        b.an_event("outcome.measured", measured),
    ]


@pytest.fixture
async def client(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> AsyncIterator[httpx.AsyncClient]:
    """Run all services with a history of people."""
    for service in SERVICES:
        await make_database(service)
    async with whole(surroundings) as (client, _):
        await _posted(client, bearer, *_history())
        yield client


async def _posted(client: httpx.AsyncClient, bearer: Bearer, *events: b.Json) -> None:
    """Post events to the registry, and wait until reporting has folded them."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    answer = await client.post("/registry/events", content=b.body(list(events)), headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    at_least = {"at_least": answer.json()["cursor"]}
    (await client.get("/reporting/reports/network", params=at_least, headers=bearer("lead"))).raise_for_status()


async def test_all_that_is_held_of_somebody_is_told_and_nobody_else(client: httpx.AsyncClient, bearer: Bearer) -> None:
    """Events and rows in which the person stands, in both services; others who stand beside are left out."""
    asked = {"participant": ONE, "reason": "access_request"}
    path = f"/registry/activities/{b.ACTIVITY}/participants"
    (await client.get(path, headers=bearer("coordinator", b.AREA))).raise_for_status()
    answer = await client.post("/reporting/people/record", json=asked, headers=bearer("coordinator", b.AREA))
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert not [person for person in OTHERS if person in answer.text]
    told = answer.json()
    assert [event["event"] for event in told["events"]] == [
        *("participant.enrolled", "attendance.recorded", "attendance.recorded"),
        *("volunteer.engaged", "business.founded", "outcome.measured"),
    ]
    assert told["events"][1]["data"]["participants"] == [ONE]
    assert told["events"][2]["data"]["absent"] == [{"participant": ONE}]
    assert len(told["rows"]["session"]) == 2
    assert set(told["rows"]) == {
        *("enrolment", "latest_registration", "measurement", "presence", "session", "volunteering")
    }
    assert told["is_whole"]
    looked = [(line["route"], line["reason"]) for line in told["lookups"]]
    assert looked == [
        ("POST /reporting/people/record", "access_request"),
        ("POST /registry/people/record", "access_request"),
        ("GET /registry/activities/{activity}/participants", None),
    ]


async def test_the_record_is_of_all_pseudonyms_and_so_is_what_is_forgotten(
    client: httpx.AsyncClient, bearer: Bearer, postgresql_url: str
) -> None:
    """Two that were merged are one person's: whichever is named, all that was said and everybody who looked is told."""
    who = bearer("coordinator", b.AREA)
    for person in (ONE, OTHERS[0]):
        asked = {"participant": person, "reason": "access_request"}
        (await client.post("/reporting/people/record", json=asked, headers=who)).raise_for_status()
    merged = b.an_event("participant.merged", {"participant": ONE, "into": OTHERS[0]}, source="/network")
    await _posted(client, bearer, merged)
    records = []
    for person in (ONE, OTHERS[0]):
        asked = {"participant": person, "reason": "correction"}
        answer = await client.post("/reporting/people/record", json=asked, headers=who)
        records.append(answer.raise_for_status().json())
    assert records[0]["events"] == records[1]["events"]
    told = [event["event"] for event in records[1]["events"]]
    assert told.count("participant.enrolled") == 2
    assert told[-1] == "participant.merged"
    assert [row["absent"] for row in records[0]["rows"]["session"]] == [[], [{"participant": OTHERS[0]}]]
    assert [len(record["lookups"]) for record in records] == [6, 8]
    await _posted(client, bearer, b.an_event("consent.withdrawn", {"participant": ONE}, source=OWN))
    for service in ("registry", "reporting"):
        connection = await connect(service_url(postgresql_url, service))
        named = {row["person"] for row in await connection.fetch("SELECT person FROM lookup_person")}
        await connection.close()
        assert named == {None}


@pytest.mark.parametrize("who", [("coordinator", b.OTHER_AREA), ("lead",), ("auditor",), ("admin",)])
@pytest.mark.parametrize("service", ["registry", "reporting"])
async def test_nobody_but_the_own_area_is_told(
    client: httpx.AsyncClient, bearer: Bearer, service: str, who: tuple[Any, ...]
) -> None:
    """A coordinator of a different area hears of nobody; others may not ask. Nothing of it is a look-up."""
    asked = {"participant": ONE, "reason": "access_request"}
    answer = await client.post(f"/{service}/people/record", json=asked, headers=bearer(*who))
    assert answer.status_code in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}
    assert ONE not in answer.text
    told = await client.get(f"/{service}/log/lookups", headers=bearer("admin"))
    assert told.json() == {"lookups": []}


def test_every_table_of_reporting_that_names_people_is_read() -> None:
    """A new one that is forgotten here is a failure."""
    named = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in NAMING and table.name not in TOLD_OTHERWISE
    }
    assert named == {*store.SINGLE.items(), *((table, column) for table, (column, _) in store.LISTS.items())}


def test_of_lists_of_people_one_is_left() -> None:
    """Also of lists whose items name people, and whatever stands beside."""
    data = {"participants": [ONE, OTHERS[0]], "absent": [{"participant": OTHERS[0]}, {"participant": ONE}], "hours": 2}
    assert only_of([ONE], data) == {"participants": [ONE], "absent": [{"participant": ONE}], "hours": 2}
    assert people_in(data) == [ONE, OTHERS[0]]
