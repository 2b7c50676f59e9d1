"""Every query behind the shared feed. It never commits."""

from typing import Any

import orjson

from services.reporting.statements import statement
from shared.database import Connection


async def after(connection: Connection, sequence: int, limit: int, area: str | None) -> list[dict[str, Any]]:
    """Read the items that follow a place in the registry's log, the oldest first."""
    return await _read(connection, "feed", sequence, limit, area)


async def before(
    connection: Connection, sequence: int, limit: int, area: str | None, kind: str | None = None
) -> list[dict[str, Any]]:
    """Read the items that precede a place in the registry's log, the newest first; of one kind, or all."""
    return await _read(connection, "feed_before", sequence, limit, area, kind)


async def _read(connection: Connection, name: str, *asked: int | str | None) -> list[dict[str, Any]]:
    rows = await connection.fetch(statement("feed", name), *asked)
    return [{**dict(row), "data": orjson.loads(row["data"]), "areas": list(row["areas"])} for row in rows]
