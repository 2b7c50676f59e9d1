"""The migrations of every service say what its models say."""

import asyncio
from importlib import import_module

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared import database, migrations
from shared.alembic_environment import configuration
from tests.conftest import MakeDatabase
from tests.running import ROOT

SERVICES = pytest.mark.parametrize("service", ["registry", "funding", "reporting"])


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


async def test_replicas_that_start_together_migrate_once(postgresql_url: str, make_database: MakeDatabase) -> None:
    """Services that find no tables wait for the one that makes them; no one fails."""
    url = await make_database("registry")
    connection = await database.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    folder = ROOT / "services" / "registry" / "migrations"
    await asyncio.gather(*(migrations.migrate(postgresql_url, "registry", folder) for _ in range(3)))
    assert await connection.fetchval("SELECT sequence FROM event_log_head") == 0
    await connection.close()
