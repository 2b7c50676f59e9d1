"""What this service found on the streams that it follows, and no owner signed: how often and when. It never commits.

Nothing of what such a message says is kept.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from shared.database import Connection

# A forgery that was noticed stays an alarm for so long after the last one; it stands on two Mondays' lists.
ALARM_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Forgery:
    """How many forged messages were found on an owner's stream, and when the first and the last of them."""

    owner: str
    messages: int
    first_at: datetime
    last_at: datetime


async def note(connection: Connection, owner: str, messages: int, at: datetime) -> None:
    """Note that forged messages were found on an owner's stream."""
    await connection.execute(
        "INSERT INTO forgery (owner, messages, first_at, last_at) VALUES ($1, $2, $3, $3) ON CONFLICT (owner)"
        " DO UPDATE SET messages = forgery.messages + excluded.messages, last_at = excluded.last_at",
        owner,
        messages,
        at,
    )


async def lately(connection: Connection, today: date) -> list[Forgery]:
    """Give what was found on each owner's stream that had a forged message within `ALARM_DAYS` of a day."""
    first = datetime.combine(today - timedelta(days=ALARM_DAYS), time.min, UTC)
    rows = await connection.fetch(
        "SELECT owner, messages, first_at, last_at FROM forgery WHERE last_at >= $1 ORDER BY owner", first
    )
    return [Forgery(**row) for row in rows]
