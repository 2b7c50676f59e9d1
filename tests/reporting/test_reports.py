"""The reports over HTTP: freshness, tags, digests, periods, and who sees what."""

import hashlib
import json
import time
from typing import Any

import httpx
import pytest

from shared import database
from tests.conftest import Bearer, Headers
from tests.support.builders import (
    AREA,
    OTHER_AREA,
    Json,
    a_commitment,
    a_running_activity,
    an_area,
    an_attendance,
    an_enrolment,
    an_expense,
    body,
)

NETWORK = "/reporting/reports/network"
# Far below the five seconds for which a report waits.
AT_ONCE_SECONDS = 3
PEOPLE = ("f3a9c2d4e1b7", "a07bd9e44c31", "c5e8f1a2b6d0")


async def _post(system: httpx.AsyncClient, headers: Headers, events: list[Json]) -> str:
    """Post events of one owner, and give the cursor."""
    owner = "funding" if ".funding." in events[0]["type"] or ".expense." in events[0]["type"] else "registry"
    while True:
        answer = await system.post(
            f"/{owner}/events", content=body(events), headers={**headers, "content-type": "application/json"}
        )
        # The plan may still be on its way to funding.
        if answer.status_code != httpx.codes.CONFLICT:
            assert answer.status_code == httpx.codes.CREATED, answer.text
            return str(answer.json()["cursor"])


async def _small_world(system: httpx.AsyncClient, headers: Headers) -> str:
    """Three people in one activity, one session, one commitment and one expense; give the cursor of it all."""
    people = [an_enrolment(participant=person) for person in PEOPLE]
    session = an_attendance(participants=list(PEOPLE[:2]), hours=1.5, date="2025-09-15")
    registry = await _post(system, headers, [*a_running_activity(), an_area(OTHER_AREA), *people, session])
    funding = await _post(system, headers, [a_commitment(), an_expense(amount_ore=1_000)])
    return f"{registry},{funding}"


async def test_a_report_shows_what_was_posted_when_asked_for_the_cursor(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """With `at_least`, one's own writes are in the report."""
    cursor = await _small_world(system, bearer("admin"))
    answer = await system.get(NETWORK, params={"at_least": cursor}, headers=bearer("lead"))
    assert answer.status_code == httpx.codes.OK
    report = answer.json()
    assert report["period"] == {"from": "2025-08-01", "to": "2025-09-30"}
    assert report["totals"]["sessions"] == 1
    assert report["totals"]["participant_hours"] == {"value": None, "suppressed": True, "hidden": "not_released"}
    assert report["totals"]["funding"]["spent_ore"] == 1_000
    assert f"registry:{report['as_of']['registry']},funding:{report['as_of']['funding']}" == cursor
    (plan,) = report["plans"]
    # 61 of the plan's 1461 days.
    assert plan["elapsed_pct"] == 4.2


async def test_a_cursor_that_is_not_there_yet_says_so(
    system: httpx.AsyncClient, bearer: Bearer, postgresql_url: str
) -> None:
    """After five seconds of waiting, 504 with a code and when to come again."""
    connection: Any = await database.connect(database.service_url(postgresql_url, "reporting"))
    try:
        # Nothing is folded while somebody else holds the positions.
        async with connection.transaction():
            await connection.execute("LOCK TABLE position IN EXCLUSIVE MODE")
            cursor = await _post(system, bearer("admin"), [an_area()])
            answer = await system.get(NETWORK, params={"at_least": cursor}, headers=bearer("lead"))
    finally:
        await connection.close()
    assert answer.status_code == httpx.codes.GATEWAY_TIMEOUT
    assert answer.json()["code"] == "not_there_yet"
    assert answer.headers["retry-after"]
    # Once it is folded, the same question is answered.
    answer = await system.get(NETWORK, params={"at_least": cursor}, headers=bearer("lead"))
    assert answer.status_code == httpx.codes.OK


@pytest.mark.parametrize("owner", ["registry", "funding", "reporting"])
async def test_a_cursor_that_nobody_was_answered_is_refused_at_once(
    system: httpx.AsyncClient, bearer: Bearer, owner: str
) -> None:
    """The owner's log ends before it, so there is nothing to wait for; beyond what a number can be there is less."""
    for place in ("99999", "9" * 18, str(2**63 - 1), str(2**63), "9" * 40):
        started = time.monotonic()
        answer = await system.get(NETWORK, params={"at_least": f"{owner}:{place}"}, headers=bearer("lead"))
        assert (answer.status_code, answer.json()["code"]) == (httpx.codes.BAD_REQUEST, "invalid_cursor")
        assert time.monotonic() - started < AT_ONCE_SECONDS


@pytest.mark.parametrize("cursor", ["registry", "registry:x", "somewhere:1", "registry:1;funding:2", "registry:\u0663"])
async def test_a_cursor_that_cannot_be_read_is_refused(system: httpx.AsyncClient, bearer: Bearer, cursor: str) -> None:
    """A cursor of another shape is an error, not a wait."""
    answer = await system.get(NETWORK, params={"at_least": cursor}, headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.BAD_REQUEST, "invalid_cursor")


async def test_the_same_cursor_and_question_are_the_same_report(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """The entity tag answers 304 until an event moves the cursor; another period has another tag."""
    cursor = await _small_world(system, bearer("admin"))
    first = await system.get(NETWORK, params={"at_least": cursor}, headers=bearer("lead"))
    tagged = {**bearer("auditor"), "If-None-Match": first.headers["etag"]}
    assert (await system.get(NETWORK, headers=tagged)).status_code == httpx.codes.NOT_MODIFIED
    assert (await system.get(NETWORK, params={"to": "2026-01-01"}, headers=tagged)).status_code == httpx.codes.OK
    later = await _post(system, bearer("admin"), [an_attendance("session-2", date="2025-09-16")])
    moved = await system.get(NETWORK, params={"at_least": later}, headers=tagged)
    assert moved.status_code == httpx.codes.OK
    assert moved.json()["digest"] != first.json()["digest"]


async def test_the_digest_can_be_computed_by_anyone(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """It is the SHA-256 of the canonical JSON of all but `as_of`, `attention`, `names`, `rules` and itself."""
    cursor = await _small_world(system, bearer("admin"))
    report = (await system.get(NETWORK, params={"at_least": cursor}, headers=bearer("lead"))).json()
    said = report.pop("digest")
    del report["as_of"], report["attention"], report["names"], report["rules"]
    canonical = json.dumps(report, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said == hashlib.sha256(canonical.encode()).hexdigest()


async def test_only_an_areas_own_coordinators_see_its_small_counts(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Everybody else is told of people once they are released, in the area's report and in the network's."""
    cursor = await _small_world(system, bearer("admin"))
    path = f"/reporting/reports/areas/{AREA}"
    own = await system.get(path, params={"at_least": cursor}, headers=bearer("coordinator", AREA))
    assert own.json()["totals"]["participants"] == {"value": 3, "suppressed": False}
    for outsider in (
        bearer("coordinator", OTHER_AREA),
        bearer("lead"),
        bearer("auditor"),
        bearer("admin"),
    ):
        report = (await system.get(path, headers=outsider)).json()
        assert report["totals"]["participants"] == {"value": None, "suppressed": True, "hidden": "not_released"}
    for anybody in (bearer("coordinator", AREA), bearer("lead")):
        network = (await system.get(NETWORK, headers=anybody)).json()
        assert [row["participants"]["suppressed"] for row in network["areas"]] == [True, True]
        assert network["totals"]["participants"]["suppressed"]


async def test_no_report_shows_a_pseudonym(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Not to the network, and not to the area itself."""
    cursor = await _small_world(system, bearer("admin"))
    for path, headers in (
        (NETWORK, bearer("lead")),
        (f"/reporting/reports/areas/{AREA}", bearer("coordinator", AREA)),
    ):
        text = (await system.get(path, params={"at_least": cursor}, headers=headers)).text
        assert not [person for person in PEOPLE if person in text]


async def test_a_period_holds_both_its_ends(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """A session on the first or the last day counts; one day outside it does not."""
    cursor = await _small_world(system, bearer("admin"))
    for first, last, sessions in (
        ("2025-09-15", "2025-09-15", 1),
        ("2025-09-01", "2025-09-30", 1),
        ("2025-09-16", "2025-09-30", 0),
        ("2025-09-01", "2025-09-14", 0),
    ):
        answer = await system.get(
            NETWORK, params={"from": first, "to": last, "at_least": cursor}, headers=bearer("lead")
        )
        assert answer.json()["totals"]["sessions"] == sessions, (first, last)


async def test_a_network_without_plans_has_an_empty_report(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Before the first plan there is no period, and every figure is 0."""
    report = (await system.get(NETWORK, headers=bearer("lead"))).json()
    assert report["period"] == {"from": None, "to": None}
    assert report["totals"]["participants"] == {"value": 0, "suppressed": False}
    assert report["areas"] == report["plans"] == report["months"] == []


async def test_a_report_that_cannot_be_made_says_why(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """An unknown area, a period that ends before it begins, a day that is none, no token, a service's token."""
    lead = bearer("lead")
    for path, headers, status, code in (
        ("/reporting/reports/areas/nowhere", lead, 404, "not_found"),
        (f"{NETWORK}?from=2026-02-01&to=2026-01-01", lead, 422, "dates_reversed"),
        (f"{NETWORK}?from=2026-02-30", lead, 422, "invalid_parameter"),
        (f"{NETWORK}?from=0001-01-01", lead, 422, "invalid_parameter"),
        (NETWORK, {}, 401, "unauthenticated"),
        (NETWORK, bearer("service"), 403, "forbidden"),
        ("/reporting/nothing", lead, 404, "not_found"),
    ):
        answer = await system.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
        assert answer.headers["content-type"] == "application/problem+json"
