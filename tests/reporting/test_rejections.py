"""Which events were refused, on the Monday list: from every service, and told to those whom it concerns."""

import asyncio
import datetime as dt
from typing import Any, Final

import httpx
import orjson
import pytest

from services.embedded import free_port
from services.reporting.app import build_app as build_reporting
from services.reporting.reader.wanted import NOBODY, Wanted
from services.reporting.reports.attention import NAMED_REJECTIONS, REJECTED_DAYS, events_rejected
from services.reporting.settings import ReportingSettings
from services.reporting.web.language import languages
from services.reporting.web.print.attention import attention as printed_attention
from services.reporting.web.print.blocks import Speech
from services.reporting.web.wording import Wording
from services.reporting.web.writing import Code
from shared import clock
from shared.accounts import EVERY_PLANS
from shared.backbone import event_log, rejections
from shared.backbone.rejections import Rejection
from shared.database import Pool
from shared.events.findings import TYPES
from shared.http.state import state_in
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import (
    AREA,
    OTHER_AREA,
    PLAN,
    Json,
    a_commitment,
    a_running_activity,
    an_area,
    an_attendance,
    an_event,
    an_expense,
    body,
)
from tests.support.reports_made import reports_of
from tests.support.running import in_process

SECONDS: Final = 90
ATTENDANCE: Final = "dk.helhedsnet.attendance.recorded.v1"
MONDAY: Final = dt.date(2026, 3, 2)
SUNDAY: Final = dt.date(2026, 3, 8)


def _row(source: str, events: int, kind: str = ATTENDANCE, code: str = "not_enrolled") -> dict[str, Any]:
    return {"source": source, "type": kind, "code": code, "events": events, "since": MONDAY, "last": SUNDAY}


def test_a_lead_reads_how_many_of_what_and_why() -> None:
    """One item for an area, with what to ring its coordinator up about."""
    rows = [_row(f"/areas/{AREA}", 27), _row("/network", 3), _row(f"/areas/{AREA}", 1, "unreadable", "malformed_json")]
    own, network = events_rejected(rows, None)
    assert (own["code"], own["severity"], own["area"], own["since"]) == (
        "events_rejected",
        "medium",
        AREA,
        "2026-03-02",
    )
    assert own["detail"] == (
        "28 events were rejected, the last on 2026-03-08: 27 attendance.recorded (not_enrolled),"
        " 1 unreadable (malformed_json)"
    )
    assert own["values"] == {
        "events": 28,
        "last": "2026-03-08",
        "kinds": [
            {"type": ATTENDANCE, "code": "not_enrolled", "events": 27},
            {"type": "unreadable", "code": "malformed_json", "events": 1},
        ],
        "others": 0,
    }
    assert (network["area"], network["values"]["events"]) == (None, 3)


def test_a_flood_stays_one_line() -> None:
    """Of many kinds the most frequent are named, and the rest is a number."""
    rows = [_row(f"/areas/{AREA}", 1, kind) for kind in sorted(TYPES)]
    (item,) = events_rejected(rows, None)
    assert len(item["values"]["kinds"]) == NAMED_REJECTIONS
    assert item["values"]["others"] == len(TYPES) - NAMED_REJECTIONS


def test_a_coordinator_is_told_of_its_own_area() -> None:
    """Neither of another's, nor of the network's; a published report, which everybody reads, tells of none."""
    rows = [_row(f"/areas/{AREA}", 1), _row(f"/areas/{OTHER_AREA}", 1), _row("/network", 1)]
    assert [item["area"] for item in events_rejected(rows, frozenset({AREA}))] == [AREA]
    assert events_rejected(rows, NOBODY) == []


SAID: Final[dict[Code, str]] = {
    "da": (
        "Afviste registreringer: 28, senest 8. marts 2026."
        " 27 x Fremmøde registreret: Deltageren var ikke indskrevet den dag."
        " 1 x Kan ikke læses: Indholdet er ikke JSON."
    ),
    "en": (
        "Events rejected: 28, the last on 8 March 2026."
        " 27 x Attendance recorded: The participant was not enrolled on that day."
        " 1 x Cannot be read: The body is not JSON."
    ),
}


@pytest.mark.parametrize(("code", "said"), SAID.items(), ids=SAID)
def test_it_is_said_in_both_languages(code: Code, said: str) -> None:
    """The page and the document name events and reasons as the documentation does."""
    rows = [_row(f"/areas/{AREA}", 27), _row(f"/areas/{AREA}", 1, "unreadable", "malformed_json")]
    (item,) = events_rejected(rows, None)
    assert Wording(languages()[code]).detail(item).replace("\N{MULTIPLICATION SIGN}", "x") == said
    report = {"areas": [{"area": AREA, "name": "Urbanplanen"}], "plans": [], "attention": [item]}
    printed = str(printed_attention(report, Speech(code))).replace("\N{MULTIPLICATION SIGN}", "x")
    for sentence in said.split(". ")[-2:]:
        assert sentence.removesuffix(".") in printed


async def _rejected(system: httpx.AsyncClient, headers: dict[str, str], area: str | None = None) -> list[Json]:
    query = {} if area is None else {"area": area}
    answer = await system.get("/reporting/attention", params=query, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return [item for item in answer.json()["attention"] if item["code"] == "events_rejected"]


async def _until_told(system: httpx.AsyncClient, headers: dict[str, str], events: int) -> list[Json]:
    """Wait until so many refused events stand on the list."""
    async with asyncio.timeout(SECONDS):
        # Nothing is followed, so nothing tells that it is there.
        while True:
            told = await _rejected(system, headers)
            if sum(item["values"]["events"] for item in told) >= events:
                return told
            await asyncio.sleep(0.02)


async def _refused_by_each_service(system: httpx.AsyncClient, sender: dict[str, str]) -> None:
    """Post one event to each service that it refuses."""
    posting = {**sender, "content-type": "application/json"}
    stranger = an_attendance(participants=["stranger"])
    assert (await system.post("/registry/events?on_error=skip", content=body(stranger), headers=posting)).is_success
    assert (
        await system.post("/funding/events", content=body(an_expense(hidden=1)), headers=posting)
    ).status_code == 422
    context = {"area": AREA, "indicator": "income_pct", "date": "2025-01-01", "value": "much", "source": "DST"}
    imported = an_event("context.imported", context, source=f"/areas/{AREA}")
    assert (await system.post("/reporting/events", content=body(imported), headers=posting)).status_code == 422


async def test_what_any_service_refused_is_told_to_those_whom_it_concerns(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """The registry's, funding's and reporting's own, in the list and in the reports, under another entity tag."""
    admin = {**bearer("admin"), "content-type": "application/json"}
    world = body([*a_running_activity(), an_area(OTHER_AREA)])
    cursor = (await system.post("/registry/events", content=world, headers=admin)).json()["cursor"]
    lead, own, other = bearer("lead"), bearer("coordinator", AREA), bearer("coordinator", OTHER_AREA)
    before = await system.get("/reporting/reports/network", params={"at_least": cursor}, headers=lead)
    assert await _rejected(system, lead) == []

    await _refused_by_each_service(system, own)
    (item,) = await _until_told(system, lead, 3)
    assert (item["area"], item["values"]["events"]) == (AREA, 3)
    assert {kind["type"].split(".")[2] for kind in item["values"]["kinds"]} == {"attendance", "expense", "context"}
    assert await _rejected(system, own) == await _rejected(system, lead, AREA) == [item]
    assert await _rejected(system, other) == await _rejected(system, other, AREA) == []
    assert await _rejected(system, lead, OTHER_AREA) == []

    after = await system.get("/reporting/reports/network", headers={**lead, "If-None-Match": before.headers["etag"]})
    assert after.status_code == httpx.codes.OK
    assert item in after.json()["attention"]
    assert after.json()["digest"] == before.json()["digest"]
    again = await system.get("/reporting/reports/network", headers={**lead, "If-None-Match": after.headers["etag"]})
    assert again.status_code == httpx.codes.NOT_MODIFIED
    for path, seen in ((f"areas/{AREA}", True), (f"areas/{OTHER_AREA}", False), (f"plans/{PLAN}", True)):
        report = (await system.get(f"/reporting/reports/{path}", headers=lead)).json()
        assert (item in report["attention"]) == seen, path
        unseen = (await system.get(f"/reporting/reports/{path}", headers=other)).json()
        assert item not in unseen["attention"], path
    written = await system.get("/reporting/reports/network.csv", params={"table": "attention"}, headers=lead)
    assert "indskrevet den dag" in written.text
    assert "indskrevet den dag" not in (await system.get("/reporting/reports/network.csv", headers=other)).text


async def test_what_waits_for_another_service_is_no_news(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """A commitment that comes before its plan is refused, and posted again; nobody is bothered with it."""
    admin = {**bearer("admin"), "content-type": "application/json"}
    early = await system.post("/funding/events", content=body(a_commitment()), headers=admin)
    assert early.json()["code"] == "not_yet_known"
    assert (await system.post("/funding/events", content=b"{", headers=admin)).status_code == 400
    (item,) = await _until_told(system, bearer("lead"), 1)
    assert item["values"]["kinds"] == [{"type": "unreadable", "code": "malformed_json", "events": 1}]


async def test_what_was_told_stands_while_its_owner_is_away(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """Reporting starts again without the others, and still tells what they had refused; what is old is told no more."""
    await make_database("reporting")
    nobody = f"http://127.0.0.1:{free_port()}"
    settings = ReportingSettings(**surroundings, registry_url=nobody, funding_url=nobody, rejections_every_ms=50)
    app = build_reporting(settings)
    async with in_process({"reporting": app}) as client:
        assert await _rejected(client, bearer("lead")) == []
        now = clock.now()
        told = [
            Rejection("/network", ATTENDANCE, "not_enrolled", clock.day_of(now) - dt.timedelta(days), 1, now, now)
            for days in (0, REJECTED_DAYS - 1, REJECTED_DAYS)
        ]
        async with state_in(app).pool.acquire() as connection, connection.transaction():
            await rejections.take_over(connection, "registry", told)
    async with in_process({"reporting": build_reporting(settings)}) as client:
        (item,) = await _rejected(client, bearer("lead"))
        assert item["values"]["events"] == 2
        assert item["since"] == (clock.day_of(now) - dt.timedelta(REJECTED_DAYS - 1)).isoformat()


async def test_a_report_is_not_made_again_for_what_was_refused(reporting_pool: Pool) -> None:
    """The report that everybody reads stays what it was, so that it can still be published; only the list is new."""
    async with reporting_pool.acquire() as connection:
        await event_log.position(connection, "registry")
    reports, wanted = reports_of(reporting_pool), Wanted(None, None, None, accounts=EVERY_PLANS)
    made = await reports.report(wanted)
    assert await reports.report(wanted, None) is made
    now = clock.now()
    for area in (AREA, OTHER_AREA):
        told = Rejection(f"/areas/{area}", ATTENDANCE, "not_enrolled", clock.day_of(now), 1, now, now)
        async with reporting_pool.acquire() as connection, connection.transaction():
            await rejections.take_over(connection, "registry", [told])
    assert await reports.report(wanted) is made
    told_all, told_one = await reports.report(wanted, None), await reports.report(wanted, frozenset({AREA}))
    assert [item["area"] for item in orjson.loads(told_all.body)["attention"]] == [OTHER_AREA, AREA]
    assert [item["area"] for item in orjson.loads(told_one.body)["attention"]] == [AREA]
    assert len({made.etag, told_all.etag, told_one.etag}) == 3
    assert await reports.report(wanted, frozenset({AREA})) is told_one
