"""What operators did that no event says: decided on a dead letter, began a rebuild, accepted a log. It only grows.

Owns the queries on `deed`. Who did it is opaque, as in a log; access knows whose name it is.
"""

from datetime import datetime
from typing import Any, Final

from shared.database import Connection
from shared.tokens import Identity

LISTED: Final = 1_000


async def add(connection: Connection, sender: Identity, action: str, about: str, now: datetime) -> None:
    """Keep what an operator does, with what it does in one transaction where there is one."""
    await connection.execute(
        "INSERT INTO deed (done_at, action, about, authtype, authid) VALUES ($1, $2, $3, $4, $5)",
        now,
        action,
        about,
        sender.kind,
        sender.subject,
    )


async def latest(connection: Connection, before: int, limit: int) -> list[dict[str, Any]]:
    """Give what operators did, the newest first, from before a number."""
    rows = await connection.fetch(
        "SELECT number, done_at, action, about, authtype, authid FROM deed WHERE number < $1"
        " ORDER BY number DESC LIMIT $2",
        before,
        limit,
    )
    return [dict(row) for row in rows]
