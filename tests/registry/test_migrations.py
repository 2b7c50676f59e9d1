"""The migrations of every service say what its models say."""

import asyncio
from importlib import import_module

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared import database, migrations
from shared.alembic_environment import configuration
from shared.backbone import chains
from shared.errors import CannotServe
from tests.conftest import MakeDatabase
from tests.support.running import ROOT

SERVICES = pytest.mark.parametrize("service", ["registry", "funding", "reporting", "access"])


@SERVICES
async def test_the_tables_are_those_of_the_models(make_database: MakeDatabase, service: str) -> None:
    """A comparison of what was migrated with what is declared finds no difference."""
    url = await make_database(service)
    metadata = import_module(f"services.{service}.models").metadata
    assert metadata.tables

    def difference(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_server_default": True}), metadata)

    async def connect() -> object:
        return await asyncpg.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await engine.dispose()


@SERVICES
def test_the_newest_revision_is_alembics_head(service: str) -> None:
    """A service that starts knows without Alembic whether there is something to migrate."""
    folder = ROOT / "services" / service / "migrations"
    script = ScriptDirectory.from_config(configuration(folder, ""))
    assert script.get_heads() == [migrations.newest_revision(folder)]


async def test_what_was_registered_before_belongs_to_whoever_said_it_first(
    postgresql_url: str, make_database: MakeDatabase
) -> None:
    """Organisations by the first such event, scales by who measured, plans to all of their areas; the log is tied."""
    url, folder = await make_database("registry"), ROOT / "services" / "registry" / "migrations"
    await asyncio.to_thread(command.downgrade, configuration(folder, url), "0004")
    connection = await database.connect(url)
    await connection.execute("SET session_replication_role = replica")
    for sequence, (source, organisation) in enumerate(
        [("/areas/a", "shop"), ("/areas/b", "shop"), ("/network", "fund"), ("/areas/a", "fund")], start=1
    ):
        await connection.execute(
            "INSERT INTO event_log (sequence, source, id, type, recorded, digest, body)"
            " VALUES ($1, $2, $1::bigint::text, 'dk.helhedsnet.organisation.registered.v1', now(), '', $3)",
            sequence,
            source,
            f'{{"data": {{"organisation": "{organisation}"}}}}',
        )
    await connection.execute(
        """
        INSERT INTO organisation (organisation, name, kind)
        VALUES ('shop', 'S', 'company'), ('fund', 'F', 'foundation');
        INSERT INTO area (area, name, municipality, departments) VALUES ('a', 'A', 'M', '{}'), ('b', 'B', 'M', '{}');
        INSERT INTO plan (plan, name, pool, areas, start_on, end_on, approval_reference)
        VALUES ('p', 'P', '2019-26', '{a,b}', '2025-08-01', '2029-07-31', '1');
        INSERT INTO activity (activity, plan, area, name, kind, effort_area, start_on, end_on, fixed, enrolled)
        VALUES ('of-a', 'p', 'a', 'A', 'k', 'e', '2025-08-01', '2026-07-31', false, 0);
        INSERT INTO instrument (instrument, scale_min, scale_max) VALUES ('used', 1, 5), ('erased', 1, 7);
        INSERT INTO measurement (activity, participant, course, wave, lens, respondent, instrument, score, measured_on)
        VALUES ('of-a', 'p-1', '', 'before', 'self_perception', 'self', 'used', 2, '2025-10-01');
        """
    )
    await migrations.migrate(postgresql_url, "registry", folder)
    organisations = await connection.fetch("SELECT organisation, registered_by FROM organisation ORDER BY organisation")
    assert [tuple(row) for row in organisations] == [("fund", None), ("shop", "a")]
    scales = await connection.fetch("SELECT instrument, area FROM instrument ORDER BY instrument, area")
    assert [tuple(row) for row in scales] == [("erased", "a"), ("erased", "b"), ("used", "a")]
    assert tuple(await connection.fetchrow("SELECT areas, invited FROM plan") or ()) == (["a", "b"], [])
    await _check_chain(connection)
    await connection.close()


async def _check_chain(connection: database.Connection) -> None:
    chain = chains.BEFORE_THE_FIRST
    for line in await connection.fetch("SELECT digest, recorded, outcome, chain FROM event_log ORDER BY sequence"):
        chain = chains.linked(chain, chains.content(line["digest"], line["recorded"], line["outcome"]))
        assert line["chain"] == chain
    assert await connection.fetchval("SELECT chain FROM event_log_head") == chain


async def test_replicas_that_start_together_migrate_once(postgresql_url: str, make_database: MakeDatabase) -> None:
    """Services that find no tables wait for the one that makes them; no one fails."""
    url = await make_database("registry")
    connection = await database.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    folder = ROOT / "services" / "registry" / "migrations"
    await asyncio.gather(*(migrations.migrate(postgresql_url, "registry", folder) for _ in range(3)))
    assert await connection.fetchval("SELECT sequence FROM event_log_head") == 0
    await connection.close()


@SERVICES
async def test_tables_of_a_newer_version_are_refused(
    postgresql_url: str, make_database: MakeDatabase, service: str
) -> None:
    """They are left as they are, and the way out is named."""
    url, folder = await make_database(service), ROOT / "services" / service / "migrations"
    connection = await database.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newest = migrations.newest_revision(folder)
    with pytest.raises(CannotServe, match=f"^tables_newer: .*helhedsnet_{service} is at revision 9999.*{newest}.*run"):
        await migrations.migrate(postgresql_url, service, folder)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "9999"
    await connection.close()


@pytest.mark.parametrize(
    ("like", "change"),
    [
        ("registry", "DROP TABLE alembic_version"),
        ("registry", "UPDATE alembic_version SET version_num = 'f00ba4'"),
        ("reporting", "SELECT 1"),
        ("registry", "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE orders (number int)"),
    ],
    ids=["tables without a revision", "a revision of others", "a service's in the place of another's", "none of ours"],
)
async def test_a_database_of_something_else_is_refused(
    postgresql_url: str, make_database: MakeDatabase, like: str, change: str
) -> None:
    """Nothing is made in it: whoever it belongs to finds it as it was."""
    url = await make_database("funding", like=like)
    connection = await database.connect(url)
    await connection.execute(change)
    tables = "SELECT array_agg(tablename ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"
    before = await connection.fetchval(tables)
    with pytest.raises(CannotServe, match=r"^foreign_database: .*helhedsnet_funding holds .*HELHEDSNET_DATABASE_URL"):
        await migrations.migrate(postgresql_url, "funding", ROOT / "services/funding/migrations")
    assert await connection.fetchval(tables) == before
    await connection.close()
