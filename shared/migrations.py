"""Brings a service's database to the newest revision. Owns no revision: each service has its own, numbered in a line.

Alembic and SQLAlchemy are loaded only when there is something to migrate: a service that runs needs neither, and
they would be a third of its start and its memory.
"""

import asyncio
import re
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from shared import database, locks
from shared.errors import CannotServe

OWNED: Final = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
RUN_BY_ANOTHER: Final = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolname <> current_user)"
# The tables of a database, by which it is known whose it is. What comes to a service stays: these are of its first.
TABLES: Final = """
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1
"""
MARKS: Final = {"registry": "pool", "funding": "ledger_entry", "reporting": "activity_month", "access": "program_key"}
REVISION: Final = re.compile(r"\d{4}")
NAMED: Final = 5

log = structlog.get_logger()


class NotMigrated(Exception):
    """The database is at an older revision than is needed, and belongs to another role, which brings it there."""


async def migrate(server_url: str, service: str, folder: Path) -> None:
    """Create the service's database if it is missing, and bring it to the newest revision; safe to say again.

    Whoever does not own the database only looks whether it is there (ADR 49).

    Raises:
        CannotServe: it is at a revision that this version does not know (`tables_newer`), or is none of ours
            (`foreign_database`).
        NotMigrated: it is at an older one, and its owner has to bring it on.
    """
    await _create_database(server_url, service)
    url = database.service_url(server_url, service)
    connection = await database.connect(url)
    try:
        newest = newest_revision(folder)
        if not await connection.fetchval(OWNED):
            await _check(connection, service, newest)
            return
        await connection.execute("SELECT pg_advisory_lock($1)", locks.MIGRATION)
        found = await _revision(connection)
        await _refuse_what_is_not_ours(connection, service, found, newest)
        if found != newest:
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

    from shared.alembic_environment import configuration  # noqa: PLC0415  as above

    command.upgrade(configuration(folder, url), "head")


async def _check(connection: "asyncpg.Connection[asyncpg.Record]", service: str, newest: str) -> None:
    """Check that the database is at a revision, and that whoever migrates it is done."""
    await connection.execute("SELECT pg_advisory_lock_shared($1)", locks.MIGRATION)
    try:
        found = await _revision(connection)
    except asyncpg.InsufficientPrivilegeError:
        raise NotMigrated(
            "the database grants this role nothing yet; its owner does, by `helhedsnet migrate`"
        ) from None
    await _refuse_what_is_not_ours(connection, service, found, newest)
    if found != newest:
        raise NotMigrated(f"the database is at revision {found}, and {newest} is needed")


async def _refuse_what_is_not_ours(
    connection: "asyncpg.Connection[asyncpg.Record]", service: str, found: str | None, newest: str
) -> None:
    """Refuse tables that a newer version has made, and those of anything but this service.

    Raises:
        CannotServe: they are such (`tables_newer`, `foreign_database`).
    """
    database_name = running_role(service)
    tables = [row["name"] for row in await connection.fetch(TABLES)]
    if tables and (found is None or not REVISION.fullmatch(found) or MARKS[service] not in tables):
        raise CannotServe(
            "foreign_database",
            f"the database {database_name} holds tables that are not those of {service} ({', '.join(tables[:NAMED])});"
            " name another server in HELHEDSNET_DATABASE_URL, or restore this service's own",
        )
    if found is not None and found > newest:
        raise CannotServe(
            "tables_newer",
            f"the database {database_name} is at revision {found}, and this version knows none beyond {newest};"
            " run the version that has migrated it, or restore a backup of this one",
        )


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
        connection = await database.connect(database.maintenance_url(server_url))
        try:
            await connection.execute(f'CREATE DATABASE "helhedsnet_{service}"')
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            log.info("database.created_by_another", service=service)
    await connection.close()
