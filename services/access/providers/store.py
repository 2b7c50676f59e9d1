"""The queries about sign-ins that were begun. It never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.database import Connection

# So many are held at once; whoever begins more has the oldest forgotten, so that nobody keeps others from beginning.
MAX_BEGUN: Final = 20_000
# So long it is known that one was used or too late.
KEPT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: with whom, and what binds the answer to it."""

    provider: str
    nonce: str
    verifier: str
    redirect_uri: str
    expires: datetime
    used: datetime | None


async def add(connection: Connection, state: bytes, browser: bytes, begun: Begun, now: datetime) -> None:
    """Add a sign-in, by the digests of its state and of what its browser holds, and forget what is old or too much."""
    await connection.execute("DELETE FROM sign_in WHERE expires < $1", now - KEPT)
    await connection.execute(
        "DELETE FROM sign_in WHERE state IN (SELECT state FROM sign_in ORDER BY expires DESC, state OFFSET $1)",
        MAX_BEGUN - 1,
    )
    await connection.execute(
        "INSERT INTO sign_in (state, browser, provider, nonce, verifier, redirect_uri, expires)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        state,
        browser,
        begun.provider,
        begun.nonce,
        begun.verifier,
        begun.redirect_uri,
        begun.expires,
    )


async def use(connection: Connection, state: bytes, browser: bytes, now: datetime) -> Begun | None:
    """Give the sign-in of a browser as it was before, and note that it is used; None where that began none."""
    found = await connection.fetchrow(
        "UPDATE sign_in SET used = $3 FROM (SELECT state, used FROM sign_in WHERE state = $1 FOR UPDATE) AS before"
        " WHERE sign_in.state = before.state AND browser = $2"
        " RETURNING provider, nonce, verifier, redirect_uri, expires, before.used AS used",
        state,
        browser,
        now,
    )
    return None if found is None else Begun(**dict(found))
