"""The queries about invitations and sessions that are good no more. It never commits."""

from datetime import datetime

from shared.database import Connection


async def spend(connection: Connection, identifier: str, expires: datetime, now: datetime) -> bool:
    """Remember that an invitation or a session is spent; give whether it was not before. What expired is forgotten."""
    await connection.execute("DELETE FROM spent_pass WHERE expires < $1", now)
    status: str = await connection.execute(
        "INSERT INTO spent_pass (identifier, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING", identifier, expires
    )
    return status.endswith(" 1")


async def is_spent(connection: Connection, identifier: str) -> bool:
    """Tell whether an invitation or a session is spent."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM spent_pass WHERE identifier = $1)", identifier)
    return found
