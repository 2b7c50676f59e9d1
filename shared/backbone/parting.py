"""With whom a service has parted: whose log is not the one any more that it has followed. It never commits.

That happens where a database was put back to an earlier moment. Nothing more is applied until the owner's log is again
the one that was followed, or this service has learnt anew (ADR 17).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from shared.backbone.event_log import Place
from shared.backbone.pages import Page
from shared.database import Connection

Code: TypeAlias = Literal["log_replaced", "log_shorter", "log_differs"]
# What each code says, for whoever has to act on it.
MEANINGS: Final[dict[str, str]] = {
    "log_replaced": "the log of {owner} was put back, or is of another installation",
    "log_shorter": "the log of {owner} ends before what {follower} has applied of it",
    "log_differs": "the log of {owner} is not the one that {follower} has applied",
}


class Parted(Exception):
    """The owner's log is not the one that this service has followed."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


@dataclass(frozen=True, slots=True)
class Parting:
    """Which service applies nothing more of whose log, in which way the log is another, and since when."""

    follower: str
    owner: str
    code: str
    since: datetime

    @property
    def meaning(self) -> str:
        """Say what has happened, in English."""
        return MEANINGS.get(self.code, "{follower} does not follow {owner}").format(
            owner=self.owner, follower=self.follower
        )


def check(place: Place, page: Page) -> None:
    """Check that a page of an owner's log, asked for after a place, goes on from there.

    Raises:
        Parted: it does not.
    """
    if place.epoch is not None and page.epoch != place.epoch:
        raise Parted("log_replaced")
    if page.prior is None:
        raise Parted("log_shorter")
    if place.chain is not None and page.prior != place.chain:
        raise Parted("log_differs")


async def note(connection: Connection, follower: str, owner: str, code: str | None, at: datetime) -> None:
    """Note that a service has parted with an owner, or with None that it has not any more."""
    if code is None:
        await connection.execute("DELETE FROM parting WHERE follower = $1 AND owner = $2", follower, owner)
        return
    await connection.execute(
        "INSERT INTO parting (follower, owner, code, since) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (follower, owner) DO UPDATE SET code = excluded.code",
        follower,
        owner,
        code,
        at,
    )


async def note_told(connection: Connection, follower: str, told: dict[str, str], at: datetime) -> None:
    """Note with whom another service says that it has parted; nobody else it has."""
    await connection.execute("DELETE FROM parting WHERE follower = $1 AND owner <> ALL ($2)", follower, list(told))
    for owner, code in told.items():
        await note(connection, follower, owner, code, at)


async def all_of(connection: Connection) -> list[Parting]:
    """Give all that this service knows of."""
    rows = await connection.fetch("SELECT follower, owner, code, since FROM parting ORDER BY follower, owner")
    return [Parting(**row) for row in rows]
