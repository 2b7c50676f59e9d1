"""Which of a service's replicas follows an owner: whichever holds an advisory lock. Owns no promise (ADR 163).

What is applied is right without it, since the place is written with the effects. It spares the others the same work.
"""

import time
from typing import Final

from shared import locks
from shared.database import Pool

LOCKS: Final = {"registry": locks.FOLLOW_REGISTRY, "funding": locks.FOLLOW_FUNDING}
TAKE: Final = "SELECT CASE WHEN pg_try_advisory_lock($1) THEN pg_backend_pid() END"
# The lock is that of a session. Which connection of the pool asks for it does not matter, nor which one has it.
STILL_HELD: Final = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 0 AND objid = $1::bigint::oid AND objsubid = 1 AND granted
          AND pid = $2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""
# Whoever has it and yet comes no further may stand still with its connection open.
STUCK_SECONDS: Final = 5.0


class Lease:
    """The right of one replica to follow an owner, which ends with the connection that has it."""

    def __init__(self, pool: Pool, owner: str) -> None:
        self._pool = pool
        self._lock = LOCKS[owner]
        self._session: int | None = None
        self._moved_at = time.monotonic()

    @property
    def is_stuck(self) -> bool:
        """Tell whether whoever has it has come no further for so long that somebody else should follow too."""
        return time.monotonic() > self._moved_at + STUCK_SECONDS

    def moves(self) -> None:
        """Note that whoever has it has come further, or has nothing before it."""
        self._moved_at = time.monotonic()

    async def hold(self) -> bool:
        """Tell whether this process has it, after taking it where nobody has.

        Raises:
            database.UNAVAILABLE: the database is away.
        """
        async with self._pool.acquire() as connection:
            if self._session is not None and await connection.fetchval(STILL_HELD, self._lock, self._session):
                return True
            self._session = await connection.fetchval(TAKE, self._lock)
        return self._session is not None
