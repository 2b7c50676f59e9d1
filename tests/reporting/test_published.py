"""What reporting takes itself: figures about areas, and reports that stay as they were published."""

from typing import Final

import httpx
import orjson
import pytest

from services.reporting import digest
from services.reporting.publishing.service import Publishing
from services.reporting.reports import store
from shared import database
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.reports_made import reports_of

PEOPLE: Final = [f"person-{number}" for number in range(8)]


def _history(people: list[str]) -> list[Json]:
    return [
        *b.a_running_activity(),
        *(b.an_enrolment(person) for person in people),
        b.an_attendance(participants=people, hours=2) if people else b.an_attendance(headcount=0, hours=2),
    ]


def _context(value: float, date: str, **changes: str) -> Json:
    figure = {"area": b.AREA, "indicator": "income_pct", "value": value, "date": date, "source": "Listen", **changes}
    return b.an_event("context.imported", figure)


class Reporting:
    """The system, as whoever publishes meets it."""

    def __init__(self, system: httpx.AsyncClient, bearer: Bearer) -> None:
        self._system = system
        self._bearer = bearer

    async def post(self, service: str, *events: Json) -> httpx.Response:
        """Post events as the network does."""
        headers = {**self._bearer("admin"), "content-type": "application/json"}
        return await self._system.post(f"/{service}/events", content=b.body(list(events)), headers=headers)

    async def posted(self, service: str, *events: Json) -> str:
        """Post events, which must be taken, and give the cursor."""
        answer = await self.post(service, *events)
        assert answer.status_code == 201, answer.text[:500]
        return str(answer.json()["cursor"])

    async def get(self, path: str, role: str = "lead", *areas: str) -> Json:
        """Read a document of reporting."""
        answer = await self._system.get(f"/reporting/{path}", headers=self._bearer(role, *areas))
        assert answer.status_code == 200, answer.text[:500]
        document: Json = answer.json()
        return document

    async def raw(self, path: str) -> bytes:
        """Read a document of reporting as its bytes."""
        return (await self._system.get(f"/reporting/{path}", headers=self._bearer("lead"))).content

    async def publish(self, report: Json, name: str = "network", **changes: str) -> httpx.Response:
        """Publish a report that was read."""
        cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding", "reporting"))
        data = {"report": name, "cursor": cursor, "digest": report["digest"], **changes}
        return await self.post("reporting", b.an_event("report.published", data))


async def test_a_figure_about_an_area_is_in_the_reports_beside_the_year_before(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """The newest figure counts, with the newest that is a year older; said again for a day, the later word counts."""
    reporting = Reporting(system, bearer)
    at_least = await reporting.posted("registry", *_history([]))
    await reporting.get(f"reports/network?at_least={at_least}")
    figures = [_context(50, "2023-01-01"), _context(52, "2024-01-01"), _context(99, "2025-01-01")]
    cursor = await reporting.posted("reporting", *figures, _context(54.5, "2025-01-01"))
    assert cursor == "reporting:4"
    for report in (f"reports/network?at_least={cursor}", f"reports/areas/{b.AREA}"):
        assert (await reporting.get(report))["context"] == [
            {
                "area": b.AREA,
                "indicator": "income_pct",
                "date": "2025-01-01",
                "value": 54.5,
                "unit": "per cent",
                "source": "Listen",
                "before": {"date": "2024-01-01", "value": 52},
            }
        ]


async def test_a_figure_about_an_area_that_nobody_has_heard_of_waits(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """The area may be on its way from the registry."""
    answer = await Reporting(system, bearer).post("reporting", _context(50, "2025-01-01", area="nowhere"))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    assert "Retry-After" in answer.headers


async def test_a_published_report_stays_as_it_was_and_tells_what_has_changed(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """Byte for byte, whatever comes later; what comes later is listed, figure by figure."""
    reporting = Reporting(system, bearer)
    at_least = await reporting.posted("registry", *_history(PEOPLE[:6]))
    body = await reporting.raw(f"reports/network?at_least={at_least}")
    report = await reporting.get("reports/network")
    assert (await reporting.publish(report)).status_code == 201
    (published,) = (await reporting.get("published"))["published"]
    assert (published["id"], published["report"], published["digest"]) == (1, "network", report["digest"])
    assert await reporting.raw("published/1") == body
    assert (await reporting.get("published/1/changes"))["changed"] == []
    again = b.an_attendance("session-2", participants=PEOPLE[:5], date="2025-09-15", hours=2)
    at_least = await reporting.posted("registry", again)
    await reporting.get(f"reports/network?at_least={at_least}")
    changed = {row["figure"]: row for row in (await reporting.get("published/1/changes"))["changed"]}
    assert changed["/totals/sessions"] == {"figure": "/totals/sessions", "then": 1, "now": 2}
    assert changed[f"/areas/{b.AREA}/sessions"]["now"] == 2
    assert not [figure for figure in changed if "attendances" in figure or "participants" in figure]
    assert await reporting.raw("published/1") == body


@pytest.mark.parametrize("then", [digest.RULES - 1, None])
async def test_a_report_that_other_rules_made_is_told_apart(
    system: httpx.AsyncClient, bearer: Bearer, postgresql_url: str, then: int | None
) -> None:
    """It keeps the number that it was made with; one from before there were numbers says none."""
    reporting = Reporting(system, bearer)
    at_least = await reporting.posted("registry", *_history(PEOPLE[:6]))
    report = await reporting.get(f"reports/network?at_least={at_least}")
    assert report["rules"] == digest.RULES
    assert (await reporting.publish(report)).status_code == 201
    told = (await reporting.get("published/1/changes"))["rules"]
    assert told == {"then": digest.RULES, "now": digest.RULES}
    older = {name: value for name, value in report.items() if name != "rules"} | (
        {"rules": then} if then is not None else {}
    )
    connection = await database.connect(database.service_url(postgresql_url, "reporting"))
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE published_report SET body = $1", orjson.dumps(older))
    await connection.close()
    assert (await reporting.get("published/1")).get("rules") == then
    told = await reporting.get("published/1/changes")
    assert (told["rules"], told["changed"]) == ({"then": then, "now": digest.RULES}, [])


async def test_a_report_that_was_read_can_be_published_though_more_has_come(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """What was made lately at that cursor is published as it was, not as it would be now."""
    reporting = Reporting(system, bearer)
    at_least = await reporting.posted("registry", *_history(PEOPLE[:6]))
    body = await reporting.raw(f"reports/network?at_least={at_least}")
    report = await reporting.get("reports/network")
    at_least = await reporting.posted("registry", b.an_area("mjoelnerparken"))
    assert (await reporting.get(f"reports/network?at_least={at_least}"))["digest"] != report["digest"]
    assert (await reporting.publish(report)).status_code == 201
    assert await reporting.raw("published/1") == body


async def test_what_one_replica_made_is_published_by_another(
    system: httpx.AsyncClient, bearer: Bearer, postgresql_url: str
) -> None:
    """A gateway sends whoever publishes to either; more has come meanwhile, and the other one never made it."""
    reporting = Reporting(system, bearer)
    at_least = await reporting.posted("registry", *_history(PEOPLE[:6]))
    name = f"areas/{b.AREA}"
    body = await reporting.raw(f"reports/{name}?at_least={at_least}")
    report = orjson.loads(body)
    at_least = await reporting.posted("registry", b.an_area("mjoelnerparken"))
    await reporting.get(f"reports/network?at_least={at_least}")
    cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding", "reporting"))
    pool = await database.open_pool(database.service_url(postgresql_url, "reporting"), 2)
    try:
        other = Publishing(pool, reports_of(pool))
        made = await other.made(name, cursor)
        assert made is not None
        assert (made.digest, made.body) == (report["digest"], body)
        assert await other.made("network", cursor) is None
    finally:
        await pool.close()


async def test_what_was_made_long_ago_is_handed_on_no_more(
    system: httpx.AsyncClient, bearer: Bearer, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of reports that were made only the newest are kept, however many are read."""
    monkeypatch.setattr(store, "HANDED_ON", 2)
    reporting = Reporting(system, bearer)
    for number in range(4):
        at_least = await reporting.posted("registry", b.an_area(f"area-{number}"))
        await reporting.get(f"reports/network?at_least={at_least}")
    connection = await database.connect(database.service_url(postgresql_url, "reporting"))
    assert await connection.fetchval("SELECT count(*) FROM made_report") == 2
    await connection.close()


async def test_another_digest_than_that_of_the_report_is_refused(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Neither a made-up digest, nor a cursor that never was, nor an area's inside view can be published."""
    reporting = Reporting(system, bearer)
    at_least = await reporting.posted("registry", *_history(PEOPLE[:3]))
    report = await reporting.get(f"reports/network?at_least={at_least}")
    inside = await reporting.get(f"reports/areas/{b.AREA}", "coordinator", b.AREA)
    assert inside["totals"]["participants"]["value"] == 3
    refused = [
        await reporting.publish(report, digest="0" * 64),
        await reporting.publish(report, cursor="registry:1,funding:0"),
        await reporting.publish(inside, f"areas/{b.AREA}"),
        await reporting.publish(report, "areas/nowhere"),
    ]
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_differs"), answer.text[:300]
    assert (await reporting.get("published"))["published"] == []
    outside = await reporting.get(f"reports/areas/{b.AREA}")
    assert (await reporting.publish(outside, f"areas/{b.AREA}")).status_code == 201
    assert (await reporting.get("published/1"))["totals"]["participants"]["value"] is None


async def test_what_there_is_not_is_not_found(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """A number that published nothing, as a report and as changes."""
    for path in ("published/7", "published/7/changes"):
        answer = await system.get(f"/reporting/{path}", headers=bearer("lead"))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
