"""The events that a service could not apply: listed, looked at, tried again, or given up. It never commits.

They are rows beside the positions (ADR 7). One that is tried again is read anew from its owner's log, so that what
was erased there since does not come back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.database import Connection


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One event that could not be applied, and why; `type` is what its owner called it when it died."""

    owner: str
    sequence: int
    type: str
    reason: str
    dead_since: datetime


async def all_of(connection: Connection, limit: int) -> list[DeadLetter]:
    """List the dead letters, the oldest first."""
    rows = await connection.fetch(
        "SELECT owner, sequence, entry::jsonb -> 'event' ->> 'type' AS type, reason, dead_since FROM dead_letter"
        " ORDER BY dead_since, owner, sequence LIMIT $1",
        limit,
    )
    return [DeadLetter(**row) for row in rows]


async def entry_of(connection: Connection, owner: str, sequence: int) -> dict[str, Any] | None:
    """Give the entry of a dead letter as it came; None when there is no such dead letter."""
    entry: str | None = await connection.fetchval(
        "SELECT entry FROM dead_letter WHERE owner = $1 AND sequence = $2", owner, sequence
    )
    return None if entry is None else orjson.loads(entry)


async def take_out(connection: Connection, owner: str, sequence: int) -> bool:
    """Delete a dead letter; tell whether there was one. Others who try the same one wait for the commit."""
    deleted: int | None = await connection.fetchval(
        "DELETE FROM dead_letter WHERE owner = $1 AND sequence = $2 RETURNING 1", owner, sequence
    )
    return deleted is not None


async def count(connection: Connection) -> dict[str, int]:
    """Count the dead letters by owner; an owner without any is not in it."""
    rows = await connection.fetch("SELECT owner, count(*) FROM dead_letter GROUP BY owner ORDER BY owner")
    return {row["owner"]: row["count"] for row in rows}


async def forget(connection: Connection, owner: str) -> None:
    """Delete all dead letters of an owner, whose log is read again from its beginning."""
    await connection.execute("DELETE FROM dead_letter WHERE owner = $1", owner)
