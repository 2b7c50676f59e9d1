"""Signing in and out: an invitation is good once, and a session until it is ended. Owns which are spent."""

import collections
from datetime import timedelta
from typing import Final

from services.reporting.reader import store as passes
from shared import clock
from shared.database import Pool
from shared.errors import Unauthenticated
from shared.tokens import Identity, Pass, TokenKey

SESSION_LIFE: Final = timedelta(hours=12)
# The sessions ended last, for those who follow by them; the database knows all.
REMEMBERED: Final = 1_024


class Passes:
    """Takes invitations, and knows which sessions have ended."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._ended: collections.OrderedDict[str, None] = collections.OrderedDict()

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

    async def held(self, key: TokenKey, session: str) -> Pass:
        """Give what a session says that has not ended.

        Raises:
            Unauthenticated: it is not ours, has expired or was ended.
        """
        held = key.verify_pass("session", session)
        if not await self.holds(held):
            raise Unauthenticated("this session was ended")
        return held

    async def holds(self, held: Pass) -> bool:
        """Tell whether a token or a session that was taken is good still: it has neither expired nor been ended."""
        async with self._pool.acquire() as connection:
            return clock.now() < held.expires and not await passes.is_spent(connection, held.identifier)

    def has_ended(self, held: Pass) -> bool:
        """Tell without a query whether a token or a session has expired, or was ended by this process.

        An answer that goes on for long asks this often, and `holds` before it tells anything new.
        """
        return held.expires <= clock.now() or held.identifier in self._ended

    async def end(self, key: TokenKey, session: str) -> None:
        """End a session for good, wherever else its cookie may be.

        Raises:
            Unauthenticated: it is not ours or has expired.
        """
        held = key.verify_pass("session", session)
        async with self._pool.acquire() as connection, connection.transaction():
            await passes.spend(connection, held.identifier, held.expires, clock.now())
        self._ended[held.identifier] = None
        if len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)


def open_session(key: TokenKey, identity: Identity) -> str:
    """Sign a session."""
    return key.issue_pass("session", identity, valid_for=SESSION_LIFE)
