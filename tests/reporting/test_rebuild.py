"""A rebuild gives the figures that following gave, without anybody missing a figure meanwhile."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import asyncpg
import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.embedded import free_port
from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.folding import second_tables
from services.reporting.settings import ReportingSettings
from shared import database, locks
from shared.backbone import event_log
from shared.backbone.rebuilding import open_alone
from tests.conftest import Bearer, MakeDatabase
from tests.oracles.histories import history
from tests.support import builders as b
from tests.support import filling
from tests.support.builders import Json
from tests.support.extent import long_but_for
from tests.support.running import on_a_port

DEMO: Final = Path(__file__).parents[2] / "deploy" / "demo"
HISTORIES: Final = 3
ROLLUPS: Final = {
    "position": 1,
    "activity_month": 2,
    "activity_day": 2,
    "presence": 3,
    "commitment_month": 2,
    "commitment_day": 2,
}
SPOIL: Final = "UPDATE activity_month SET attendances = attendances + 7"


Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class System:
    """The three services, a client of them, and the way into reporting's database."""

    client: httpx.AsyncClient
    reporting: FastAPI
    reporting_url: str
    bearer: Bearer

    async def report(self, at_least: str = "") -> Json:
        """Give the network report."""
        asked = {"at_least": at_least} if at_least else {}
        answer = await self.client.get("/reporting/reports/network", params=asked, headers=self.bearer("lead"))
        assert answer.status_code == 200, answer.text[:500]
        report: Json = answer.json()
        return report

    async def post(self, service: str, events: Sequence[Json]) -> str:
        """Post events and give the cursor."""
        answer = await self.client.post(
            f"/{service}/events",
            content=orjson.dumps(events),
            headers={**self.bearer("admin"), "content-type": "application/json"},
        )
        assert answer.is_success, answer.text[:500]
        cursor: str = answer.json()["cursor"]
        return cursor

    async def rebuild(self) -> Json:
        """Start a rebuild, and give what became of it."""
        await self.start()
        return await self.until("finished", "failed")

    async def start(self) -> None:
        """Start a rebuild."""
        answer = await self.client.post("/reporting/rebuild", headers=self.bearer("admin"))
        assert answer.status_code == 202, answer.text

    async def until(self, *states: str) -> Json:
        """Wait until a rebuild is in one of some states."""
        async with asyncio.timeout(30):
            while True:
                answer = await self.client.get("/reporting/rebuild", headers=self.bearer("admin"))
                progress: Json = answer.json()
                if progress["state"] in states:
                    return progress
                await asyncio.sleep(0.01)

    def database(self) -> contextlib.AbstractAsyncContextManager[Connection]:
        """Open a connection to reporting's database."""
        return _connected(self.reporting_url)


@pytest.fixture
async def databases(make_database: MakeDatabase) -> dict[str, str]:
    """Give the fresh databases of the three services."""
    return {service: await make_database(service) for service in ("registry", "funding", "reporting")}


@contextlib.asynccontextmanager
async def _running(databases: dict[str, str], surroundings: dict[str, Any], bearer: Bearer) -> AsyncIterator[System]:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    told = {**surroundings, "registry_url": f"{here}/registry", "funding_url": f"{here}/funding"}
    reporting = build_reporting(ReportingSettings(**told))
    apps = {
        "registry": build_registry(RegistrySettings(**told)),
        "funding": build_funding(FundingSettings(**told)),
        "reporting": reporting,
    }
    async with on_a_port(apps, port), httpx.AsyncClient(base_url=here, timeout=20) as client:
        yield System(client, reporting, databases["reporting"], bearer)


@pytest.fixture
async def system(databases: dict[str, str], surroundings: dict[str, Any], bearer: Bearer) -> AsyncIterator[System]:
    """Run the three services over empty logs."""
    async with _running(databases, surroundings, bearer) as system:
        yield system


@pytest.fixture
async def demo_system(
    demo_databases: dict[str, str], surroundings: dict[str, Any], bearer: Bearer
) -> AsyncIterator[System]:
    """Run the three services with the demo in them."""
    async with _running(demo_databases, surroundings, bearer) as system:
        yield system


async def test_the_demo_rebuilt_is_the_demo_followed(demo_system: System) -> None:
    """The digest is the same; and it is not so because nothing happened: spoilt figures are right again."""
    followed = await demo_system.report()
    assert followed["totals"]["sessions"] > 0
    async with demo_system.database() as connection:
        await connection.execute(SPOIL)
    progress = await demo_system.rebuild()
    assert (progress["state"], progress["dead_letters"]) == ("finished", 0)
    rebuilt = await demo_system.report()
    assert rebuilt["digest"] == followed["digest"]
    assert rebuilt["as_of"] == followed["as_of"]


@pytest.mark.parametrize("seed", long_but_for(range(HISTORIES), [0]))
async def test_any_history_rebuilt_is_that_history_followed(
    databases: dict[str, str], surroundings: dict[str, Any], bearer: Bearer, seed: int
) -> None:
    """Whatever was logged: every table has the rows that following gave it, and the digest is the same."""
    logs = history(random.Random(seed))  # noqa: S311  a seed, no secret
    for owner, entries in logs.items():
        await _fill(databases[owner], [filling.line(entry) for entry in entries])
    async with _running(databases, surroundings, bearer) as system:
        heads = await _heads(databases)
        followed = await system.report(heads)
        async with system.database() as connection:
            rows = await _rows(connection)
        assert (await system.rebuild())["state"] == "finished"
        assert (await system.report(heads))["digest"] == followed["digest"]
        async with system.database() as connection:
            assert await _rows(connection) == rows


@pytest.mark.long(beside="test_broken_off_it_leaves_the_figures_as_they_were")
async def test_old_figures_are_read_and_new_events_come_while_it_is_built(demo_system: System) -> None:
    """Reports go on from the tables in use until the swap; what comes meanwhile is in them, and in the new ones."""
    before = await demo_system.report()
    async with demo_system.database() as other:
        reading = other.transaction()
        await reading.start()
        # Whoever reads a table keeps it from being swapped.
        await other.fetchval("SELECT count(*) FROM area")
        await demo_system.start()
        await demo_system.until("replacing")
        assert (await demo_system.report())["digest"] == before["digest"]
        cursor = await demo_system.post("registry", [b.an_area("mjoelnerparken")])
        meanwhile = await demo_system.report(cursor)
        assert meanwhile["digest"] != before["digest"]
        await reading.rollback()
    assert (await demo_system.until("finished", "failed"))["state"] == "finished"
    assert (await demo_system.report())["digest"] == meanwhile["digest"]
    cursor = await demo_system.post("registry", [b.an_area("vollsmose")])
    assert "vollsmose" in [area["area"] for area in (await demo_system.report(cursor))["areas"]]


async def test_a_consent_withdrawn_while_it_is_built_is_withdrawn_in_what_is_built(system: System) -> None:
    """The new tables hold the person, whom only the withdrawal takes out of them: nobody is brought back."""
    person = "p-forlader"
    events = [*b.a_running_activity(), b.an_enrolment(person), b.an_attendance(participants=[person])]
    await system.report(await system.post("registry", events))
    async with system.database() as other:
        reading = other.transaction()
        await reading.start()
        await other.fetchval("SELECT count(*) FROM area")
        await system.start()
        await system.until("replacing")
        built = await other.fetchval(f"SELECT count(*) FROM {second_tables.BUILT}.enrolment")  # noqa: S608  a constant
        assert built == 1
        withdrawal = b.an_event("consent.withdrawn", {"participant": person}, source=f"/areas/{b.AREA}")
        await system.report(await system.post("registry", [withdrawal]))
        await reading.rollback()
    assert (await system.until("finished", "failed"))["state"] == "finished"
    async with system.database() as connection:
        assert person not in str(await _rows(connection))


@pytest.mark.long(beside="test_the_demo_rebuilt_is_the_demo_followed")
async def test_what_reporting_takes_itself_is_rebuilt_from_its_own_log(demo_system: System) -> None:
    """Figures about areas are folded anew, and published reports are as they were."""
    before = await demo_system.report()
    figure = {"area": "urbanplanen", "indicator": "income_pct", "value": 55, "date": "2025-01-01", "source": "Listen"}
    at = ",".join(f"{owner}:{before['as_of'][owner]}" for owner in ("registry", "funding", "reporting"))
    published = {"report": "network", "cursor": at, "digest": before["digest"]}
    events = [b.an_event("report.published", published), b.an_event("context.imported", figure)]
    followed = await demo_system.report(await demo_system.post("reporting", events))
    assert followed["context"]
    async with demo_system.database() as connection:
        await connection.execute("UPDATE context SET value = 0")
    progress = await demo_system.rebuild()
    assert progress["owners"]["reporting"] == {"read": 2, "head": 2}
    rebuilt = await demo_system.report()
    assert (rebuilt["digest"], rebuilt["as_of"]) == (followed["digest"], followed["as_of"])
    answer = await demo_system.client.get("/reporting/published/1", headers=demo_system.bearer("lead"))
    assert answer.json() == before


async def test_a_second_one_is_refused(system: System) -> None:
    """One at a time: the other is told so, and does no harm."""
    async with system.database() as other:
        # Whoever has just started holds it for a moment, to clear what was left.
        await other.execute("SELECT pg_advisory_lock($1)", locks.REBUILD)
        answer = await system.client.post("/reporting/rebuild", headers=system.bearer("admin"))
        assert (answer.status_code, answer.json()["code"]) == (409, "already_running")
    assert (await system.rebuild())["state"] == "finished"


async def test_only_an_administrator_may(system: System) -> None:
    """Nobody else starts it or looks at it."""
    for role in ("lead", "auditor", "service"):
        for method in ("POST", "GET"):
            answer = await system.client.request(method, "/reporting/rebuild", headers=system.bearer(role))
            assert answer.status_code == 403


async def test_broken_off_it_leaves_the_figures_as_they_were(demo_system: System) -> None:
    """Its connection dies before the swap: nothing changes, nothing is left, and the next one succeeds."""
    before = await demo_system.report()
    async with demo_system.database() as other:
        reading = other.transaction()
        await reading.start()
        await other.fetchval("SELECT count(*) FROM area")
        await demo_system.start()
        await demo_system.until("replacing")
        async with demo_system.database() as killer:
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1",
                locks.REBUILD,
            )
        failed = await demo_system.until("finished", "failed")
        assert failed["state"] == "failed"
        assert failed["detail"]
        await reading.rollback()
        # What it left holds pseudonyms, so it does not wait for the next rebuild.
        async with asyncio.timeout(10):
            while await _schemas(other):  # noqa: ASYNC110  PostgreSQL tells nobody what another has dropped
                await asyncio.sleep(0.01)
    assert (await demo_system.report())["digest"] == before["digest"]
    assert (await demo_system.rebuild())["state"] == "finished"
    assert (await demo_system.report())["digest"] == before["digest"]
    async with demo_system.database() as connection:
        assert not await _schemas(connection)


async def test_what_a_killed_one_left_is_cleared_at_the_next_start(
    databases: dict[str, str], surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """Half-built tables hold pseudonyms, so they do not wait for the next rebuild."""
    connection = await open_alone(databases["reporting"])
    assert connection is not None
    await second_tables.begin(connection)
    await connection.close()
    async with _running(databases, surroundings, bearer) as system, system.database() as connection:
        async with asyncio.timeout(10):
            # PostgreSQL tells nobody what another has dropped.
            while await _schemas(connection):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.01)


async def test_an_entry_that_cannot_be_folded_is_a_dead_letter_alone(
    databases: dict[str, str], surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """It is set aside as following would, with all others folded; where a later rebuild can fold it, it is none."""
    entries = history(random.Random(1))["registry"]  # noqa: S311  a seed, no secret
    lines = [filling.line(entry) for entry in entries]
    place = next(number for number, entry in enumerate(entries) if entry.name == "activity.started")
    right = lines[place]
    lines[place] = (*right[:6], right[6].replace('"date":"', '"date":"not a day, '), right[7])
    await _fill(databases["registry"], lines)
    async with _running(databases, surroundings, bearer) as system:
        followed = await system.report(await _heads(databases))
        assert (await system.rebuild())["dead_letters"] == 1
        assert (await system.report())["digest"] == followed["digest"]
        async with system.database() as connection:
            assert await connection.fetchval("SELECT sequence FROM dead_letter") == right[0]
            async with _connected(databases["registry"]) as owner:
                await owner.execute("UPDATE event_log SET body = $2 WHERE sequence = $1", right[0], right[6])
            assert (await system.rebuild())["dead_letters"] == 0
            assert await connection.fetchval("SELECT count(*) FROM dead_letter") == 0
        assert (await system.report())["digest"] != followed["digest"]


async def test_the_new_tables_are_made_like_the_old_ones(system: System) -> None:
    """Columns, constraints and indexes keep their names: the next migration finds what it expects."""
    async with system.database() as connection:
        before = await _shape(connection)
        assert (await system.rebuild())["state"] == "finished"
        assert await _shape(connection) == before
        assert not await _schemas(connection)


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    connection = await database.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def _fill(url: str, lines: Sequence[filling.Line]) -> None:
    async with _connected(url) as connection:
        await filling.fill(connection, lines)


async def _heads(databases: dict[str, str]) -> str:
    """Give how far both logs have come; the registry's own first events follow what was there before its start."""
    heads = []
    for owner in ("registry", "funding"):
        async with _connected(databases[owner]) as connection:
            heads.append(f"{owner}:{await event_log.head(connection)}")
    return ",".join(heads)


async def _shape(connection: Connection) -> list[Any]:
    queries = (
        (
            "SELECT table_name, column_name, data_type, is_nullable, column_default, ordinal_position"
            " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        ),
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        (
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        ),
        (
            "SELECT relname, relpersistence, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " ORDER BY 1"
        ),
    )
    return [[tuple(row) for row in await connection.fetch(query)] for query in queries]


async def _schemas(connection: Connection) -> list[str]:
    rows = await connection.fetch(
        "SELECT nspname FROM pg_namespace WHERE nspname = ANY ($1)", [second_tables.BUILT, second_tables.REPLACED]
    )
    return [row["nspname"] for row in rows]


async def _rows(connection: Connection) -> dict[str, list[Any]]:
    """Give what every table holds, but rollups of nothing, which are left where something was replaced.

    Not what was found when the figures were compared with the ledger, for the histories are of logs without one, nor
    that an operator began the rebuild, nor which reports were made meanwhile.
    """
    found = {}
    for (name,) in await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND relname NOT IN ('agreement', 'deed', 'made_report') ORDER BY 1"
    ):
        rows = [tuple(row) for row in await connection.fetch(f'SELECT * FROM "{name}"')]  # noqa: S608  a table of ours
        # A rollup's row begins with what it is about, the last of which is a month, and ends with what is added up.
        found[name] = sorted((row for row in rows if name not in ROLLUPS or any(row[ROLLUPS[name] :])), key=str)
    return found
