"""Every query behind the shared feed. It never commits."""

from typing import Any

import orjson

from services.reporting.store.statements import statement
from shared.database import Connection


async def after(connection: Connection, sequence: int, limit: int, area: str | None) -> list[dict[str, Any]]:
    """Read the items that follow a place in the registry's log, the oldest first."""
    return await _read(connection, "feed", sequence, limit, area)


async def before(connection: Connection, sequence: int, limit: int, area: str | None) -> list[dict[str, Any]]:
    """Read the items that precede a place in the registry's log, the newest first."""
    return await _read(connection, "feed_before", sequence, limit, area)


async def _read(connection: Connection, name: str, sequence: int, limit: int, area: str | None) -> list[dict[str, Any]]:
    rows = await connection.fetch(statement("queries", name), sequence, limit, area)
    return [{**dict(row), "data": orjson.loads(row["data"]), "areas": list(row["areas"])} for row in rows]
