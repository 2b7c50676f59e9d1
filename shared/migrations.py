"""Brings a service's database to the newest revision. Owns no revision: each service has its own, numbered in a line.

Alembic and SQLAlchemy are loaded only when there is something to migrate: a service that runs needs neither, and
they would be a third of its start and its memory.
"""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import asyncpg
import structlog

from shared import database

# Any number does, as long as it is ours: it keeps replicas that start together from migrating at once.
MIGRATION_LOCK: Final = 7_204_011

OWNED: Final = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
RUN_BY_ANOTHER: Final = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolname <> current_user)"

log = structlog.get_logger()


class NotMigrated(Exception):
    """The database is not at the revision that is needed, and belongs to another role, which brings it there."""


async def migrate(server_url: str, service: str, folder: Path) -> None:
    """Create the service's database if it is missing, and bring it to the newest revision; safe to say again.

    Whoever does not own the database only looks whether it is there (ADR 49).

    Raises:
        NotMigrated: it is not, and its owner has to bring it there.
    """
    await _create_database(server_url, service)
    url = database.service_url(server_url, service)
    connection = await database.connect(url)
    try:
        newest = newest_revision(folder)
        if not await connection.fetchval(OWNED):
            await _check(connection, newest)
            return
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        if await _revision(connection) != newest:
            # Alembic is synchronous and brings an event loop of its own.
            await asyncio.to_thread(_upgrade, folder, url)
            log.info("database.migrated", service=service, revision=newest)
        if await connection.fetchval(RUN_BY_ANOTHER, running_role(service)):
            rights = (folder / "rights.sql").read_text()
            await connection.execute(rights.replace(":role", f'"{running_role(service)}"'))
    finally:
        await connection.close()


def running_role(service: str) -> str:
    """Give the role that a service runs as where another owns its tables."""
    return f"helhedsnet_{service}"


def newest_revision(folder: Path) -> str:
    """Give the newest revision of a folder of migrations, whose files are named `NNNN_what.py`."""
    return max(path.name.partition("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py"))


def _upgrade(folder: Path, url: str) -> None:
    from alembic import command  # noqa: PLC0415  see the module's docstring

    from shared.alembic_environment import configuration  # noqa: PLC0415

    command.upgrade(configuration(folder, url), "head")


async def _check(connection: "asyncpg.Connection[asyncpg.Record]", newest: str) -> None:
    """Check that the database is at a revision, and that whoever migrates it is done."""
    await connection.execute("SELECT pg_advisory_lock_shared($1)", MIGRATION_LOCK)
    try:
        found = await _revision(connection)
    except asyncpg.InsufficientPrivilegeError:
        raise NotMigrated("the database grants this role nothing yet") from None
    if found != newest:
        raise NotMigrated(f"the database is at revision {found}, and {newest} is needed")


async def _revision(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


async def _create_database(server_url: str, service: str) -> None:
    """Create the service's database where it is missing; only then does the role need the right to."""
    try:
        connection = await database.connect(database.service_url(server_url, service))
    except asyncpg.InvalidCatalogNameError:
        maintenance_url = server_url if urlsplit(server_url).path.strip("/") else f"{server_url.rstrip('/')}/postgres"
        connection = await database.connect(maintenance_url)
        try:
            await connection.execute(f'CREATE DATABASE "helhedsnet_{service}"')
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            log.info("database.created_by_another", service=service)
    await connection.close()
