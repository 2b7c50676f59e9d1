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

log = structlog.get_logger()


async def migrate(server_url: str, service: str, folder: Path) -> None:
    """Create the service's database if it is missing, and bring it to the newest revision; safe to say again."""
    await _create_database(server_url, service)
    url = database.service_url(server_url, service)
    connection = await database.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        newest = newest_revision(folder)
        if await _revision(connection) != newest:
            # Alembic is synchronous and brings an event loop of its own.
            await asyncio.to_thread(_upgrade, folder, url)
            log.info("database.migrated", service=service, revision=newest)
    finally:
        await connection.close()


def newest_revision(folder: Path) -> str:
    """Give the newest revision of a folder of migrations, whose files are named `NNNN_what.py`."""
    return max(path.name.partition("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py"))


def _upgrade(folder: Path, url: str) -> None:
    from alembic import command  # noqa: PLC0415  see the module's docstring

    from shared.alembic_environment import configuration  # noqa: PLC0415

    command.upgrade(configuration(folder, url), "head")


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
