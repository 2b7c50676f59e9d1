"""Signing in and out: an invitation is good once, and a session until it is ended. Owns which are spent."""

from datetime import timedelta
from typing import Final

from services.reporting.store import passes
from shared import clock
from shared.database import Pool
from shared.errors import Unauthenticated
from shared.tokens import Identity, TokenKey

SESSION_LIFE: Final = timedelta(hours=12)


class Passes:
    """Takes invitations, and knows which sessions have ended."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def take(self, key: TokenKey, invitation: str) -> str:
        """Give a session for an invitation that nobody has taken before.

        Raises:
            Unauthenticated: the invitation is not ours, has expired or was taken.
        """
        invited = key.verify_pass("invitation", invitation)
        async with self._pool.acquire() as connection, connection.transaction():
            if not await passes.spend(connection, invited.identifier, invited.expires, clock.now()):
                raise Unauthenticated("this invitation was taken before")
        return open_session(key, invited.identity)

    async def identity(self, key: TokenKey, session: str) -> Identity:
        """Give who holds a session that has not ended.

        Raises:
            Unauthenticated: it is not ours, has expired or was ended.
        """
        held = key.verify_pass("session", session)
        async with self._pool.acquire() as connection:
            if await passes.is_spent(connection, held.identifier):
                raise Unauthenticated("this session was ended")
        return held.identity

    async def end(self, key: TokenKey, session: str) -> None:
        """End a session for good, wherever else its cookie may be.

        Raises:
            Unauthenticated: it is not ours or has expired.
        """
        held = key.verify_pass("session", session)
        async with self._pool.acquire() as connection, connection.transaction():
            await passes.spend(connection, held.identifier, held.expires, clock.now())


def open_session(key: TokenKey, identity: Identity) -> str:
    """Sign a session."""
    return key.issue_pass("session", identity, valid_for=SESSION_LIFE)
