"""How lines come to the end of a log: numbered, tied to those before them, under the log's one lock.

Owns the statements that append. It never commits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import asyncpg

from shared import database
from shared.backbone import chains
from shared.backbone.event_log import Accepted
from shared.database import Connection

# That the head is still the one from which new lines go on.
GOES_ON: Final = "sequence = $8 AND chain = $9 AND recorded IS NOT DISTINCT FROM $10"
# Digests travel in a row, each as long as the next.
PLACED: Final = "(32 * (place - 1) + 1)::int, 32"


class Head(NamedTuple):
    """Where a log ends: its last sequence, the chain up to it, and its time, None before its first line."""

    sequence: int
    chain: bytes
    recorded: datetime | None


class Tail:
    """The end of a log as its writer last left it, from which the next lines go on unless somebody else wrote.

    It may be of what is not committed yet, or never will be: the database holds it against its own (`append`).
    """

    __slots__ = ("head",)

    def __init__(self) -> None:
        self.head: Head | None = None


async def append(
    connection: Connection, accepted: Sequence[Accepted], recorded: datetime, tail: Tail | None = None
) -> int:
    """Append events in order and wake the relay; give the sequence before the first of them.

    From here to the commit this transaction holds the log's one lock, the row of the head, so nothing but the
    insert should follow (ADR 3). A transaction that rolls back gives its numbers back. Time does not go backwards in
    the log, though it does on a clock. Whoever appends often keeps a `tail`, which saves asking for the head.
    """
    tail = tail or Tail()
    if tail.head is None:
        row = await connection.fetchrow("SELECT sequence, chain, recorded FROM event_log_head FOR UPDATE")
        tail.head = _head_in(row)
    while True:
        before = tail.head
        after, tied = _tied(before, accepted, recorded)
        # Who appends beside this one goes on from here, though this is not stored yet.
        tail.head = after
        found = await _insert(connection, before, after, tied, accepted)
        if found == after:
            return before.sequence
        # Another process wrote. What is found now is locked, so that what goes on from it fits.
        tail.head = found


def _tied(before: Head, accepted: Sequence[Accepted], recorded: datetime) -> tuple[Head, list[bytes]]:
    """Give where a log ends with more lines, and the chain after each of them."""
    recorded = recorded if before.recorded is None else max(before.recorded, recorded)
    told = chains.told(recorded)
    tied: list[bytes] = []
    chain = before.chain
    authored: dict[tuple[str | None, str | None], bytes] = {}
    for item in accepted:
        sender = item.authtype, item.authid
        if (by := authored.get(sender)) is None:
            by = authored[sender] = chains.authored(item.author)
        chain = chains.linked(chain, chains.content_at(item.posted.digest, told, item.outcome, by))
        tied.append(chain)
    return Head(before.sequence + len(tied), chain, recorded), tied


async def _insert(
    connection: Connection, before: Head, after: Head, tied: Sequence[bytes], accepted: Sequence[Accepted]
) -> Head:
    """Insert lines that go on from a head, and give the head: it is `after`, or another was found and nothing is done.

    The row of the head is locked either way, and it alone says where the log ends: what this waits for may move it.
    """
    row = await connection.fetchrow(
        f"""
        WITH head AS (
            UPDATE event_log_head SET
                sequence = CASE WHEN {GOES_ON} THEN $11 ELSE sequence END,
                chain = CASE WHEN {GOES_ON} THEN $12 ELSE chain END,
                recorded = CASE WHEN {GOES_ON} THEN $13 ELSE recorded END
            RETURNING sequence, chain, recorded
        ), logged AS (
            INSERT INTO event_log (sequence, source, id, type, recorded, digest, chain, body, outcome, authtype, authid)
            SELECT
                $8 + place, source, id, type, recorded,
                substr($14::bytea, {PLACED}), substr($15::bytea, {PLACED}), body, outcome, authtype, authid
            FROM head, unnest({database.parted(*range(1, 8))})
                WITH ORDINALITY AS new(source, id, type, body, outcome, authtype, authid, place)
            WHERE head.chain = $12
        )
        SELECT sequence, chain, recorded FROM head, pg_notify('event_log', '')
        """,  # noqa: S608  constants
        database.joined([item.posted.event.source for item in accepted]),
        database.joined([item.posted.event.id for item in accepted]),
        database.joined([item.posted.event.type for item in accepted]),
        database.joined([item.posted.body for item in accepted]),
        database.joined([item.outcome for item in accepted]),
        database.joined([item.authtype for item in accepted]),
        database.joined([item.authid for item in accepted]),
        *before,
        *after,
        b"".join([item.posted.digest for item in accepted]),
        b"".join(tied),
    )
    return _head_in(row)


def _head_in(row: "asyncpg.Record | None") -> Head:
    if row is None:
        raise LookupError("a log has one head")
    return Head(*row)
