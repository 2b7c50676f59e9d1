"""How Alembic reaches a service's database. Loaded only to migrate, or to compare the tables with the models."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import context
from alembic.config import Config
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared import leader


def configuration(folder: Path, url: str) -> Config:
    """Give Alembic's configuration for a service's folder of migrations."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def run_environment(metadata: MetaData) -> None:
    """Do what a service's `env.py` is for: run the migrations that Alembic asks for."""
    asyncio.run(_run(context.config.attributes["url"], metadata))


async def _run(url: str, metadata: MetaData) -> None:
    async def connect() -> Any:  # noqa: ANN401  SQLAlchemy takes what the driver gives
        return await leader.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run_on, metadata)
        await connection.commit()
    await engine.dispose()


def _run_on(connection: Connection, metadata: MetaData) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()
