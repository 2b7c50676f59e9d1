"""The log of what a service has accepted: its record, its outbox and the place of every consumer.

Owns every query on the tables of `tables.py`. It never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from shared.database import Connection
from shared.events.catalogue import ERASING_TYPES, Posted
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX

CHANNEL: Final = "event_log"
MAX_PAGE: Final = 1_000
# The name of the relay's position; the others are named for the owners that are followed.
RELAY: Final = "relay"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the own log as JSON text: `{"sequence", "recorded", "event", "outcome"}`.

    `outcome` is what this service decided beyond the event itself, such as the shares of an expense. Where traces are
    kept, `traceparent` stands beside it. `erases` tells that earlier lines were rewritten for this one's sake.
    """

    sequence: int
    text: str
    erases: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of another service's log, decoded."""

    document: dict[str, Any]

    @property
    def sequence(self) -> int:
        """Give its place in the owner's log, from 1."""
        sequence: int = self.document["sequence"]
        return sequence

    @property
    def event(self) -> dict[str, Any]:
        """Give the CloudEvent as it was accepted."""
        event: dict[str, Any] = self.document["event"]
        return event

    @property
    def outcome(self) -> dict[str, Any] | None:
        """Give what its owner decided beyond the event itself."""
        outcome: dict[str, Any] | None = self.document.get("outcome")
        return outcome

    @property
    def recorded(self) -> str:
        """Give when its owner took it, as it stands in the log."""
        recorded: str = self.document["recorded"]
        return recorded

    @property
    def cause(self) -> str | None:
        """Give the trace context that it comes from: its sender's own, else that of its post; None without traces."""
        cause: str | None = self.event.get("traceparent") or self.document.get("traceparent")
        return cause

    @property
    def name(self) -> str:
        """Give the event's name, `area.registered` for `dk.helhedsnet.area.registered.v1`."""
        name: str = self.event["type"]
        return name.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)


class Accepted(NamedTuple):
    """An event that was decided and waits for its place in the log; `outcome` is JSON."""

    posted: Posted
    outcome: str | None


async def lookup(
    connection: Connection, identities: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Find which (source, id) are in the log already, with their sequence and digest."""
    rows = await connection.fetch(
        "SELECT source, id, sequence, digest FROM event_log"
        " JOIN unnest($1::text[], $2::text[]) AS wanted(source, id) USING (source, id)",
        [source for source, _ in identities],
        [identifier for _, identifier in identities],
    )
    return {(row["source"], row["id"]): (row["sequence"], row["digest"]) for row in rows}


async def append(connection: Connection, accepted: Sequence[Accepted], recorded: datetime) -> int:
    """Append events in order and wake the relay; give the sequence before the first of them.

    From here to the commit this transaction holds the log's one lock, the row of the head, so nothing but the
    insert should follow (ADR 3). A transaction that rolls back gives its numbers back.
    """
    before: int = await connection.fetchval(
        """
        WITH head AS (
            UPDATE event_log_head SET sequence = sequence + cardinality($1::text[])
            RETURNING sequence - cardinality($1::text[]) AS before
        ), logged AS (
            INSERT INTO event_log (sequence, source, id, type, recorded, digest, body, outcome)
            SELECT head.before + new.place, new.source, new.id, new.type, $7, new.digest, new.body, new.outcome
            FROM head, unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[])
                 WITH ORDINALITY AS new(source, id, type, digest, body, outcome, place)
        )
        SELECT head.before FROM head, pg_notify('event_log', '')
        """,
        [item.posted.event.source for item in accepted],
        [item.posted.event.id for item in accepted],
        [item.posted.event.type for item in accepted],
        [item.posted.digest for item in accepted],
        [item.posted.body for item in accepted],
        [item.outcome for item in accepted],
        recorded,
    )
    return before


async def note_causes(connection: Connection, before: int, causes: Sequence[str | None]) -> None:
    """Note with the events just appended, in their order, the trace context of each; their content stays as it is."""
    await connection.execute(
        "UPDATE event_log SET trace = cause FROM unnest($2::text[]) WITH ORDINALITY AS noted(cause, place)"
        " WHERE sequence = $1 + place",
        before,
        causes,
    )


async def head(connection: Connection) -> int:
    """Give the last sequence of the log, 0 when it is empty."""
    sequence: int = await connection.fetchval("SELECT sequence FROM event_log_head")
    return sequence


async def read(connection: Connection, after: int, limit: int) -> list[Line]:
    """Give up to `limit` entries that follow a sequence, in order."""
    rows = await connection.fetch(
        """
        SELECT sequence, type = ANY($3) AS erases,
               '{"sequence":' || sequence || ',"recorded":' || to_json(recorded) || ',"event":' || body
               || ',"outcome":' || coalesce(outcome, 'null') || coalesce(',"traceparent":"' || trace || '"', '')
               || '}' AS text
        FROM event_log WHERE sequence > $1 ORDER BY sequence LIMIT $2
        """,
        after,
        limit,
        ERASING_TYPES,
    )
    return [Line(row["sequence"], row["text"], row["erases"]) for row in rows]


async def position(connection: Connection, name: str, *, lock: bool = False) -> int:
    """Give how far a relay or consumer has come, 0 before its first; with `lock`, others wait until the commit."""
    query = f"SELECT sequence FROM position WHERE name = $1 {'FOR UPDATE' if lock else ''}"  # noqa: S608  no input
    sequence: int | None = await connection.fetchval(query, name)
    if sequence is None:
        await connection.execute("INSERT INTO position (name, sequence) VALUES ($1, 0) ON CONFLICT DO NOTHING", name)
        sequence = await connection.fetchval(query, name)
    return sequence or 0


async def positions(connection: Connection) -> dict[str, int]:
    """Give every position of this service by name."""
    rows = await connection.fetch("SELECT name, sequence FROM position ORDER BY name")
    return {row["name"]: row["sequence"] for row in rows}


async def set_position(connection: Connection, name: str, sequence: int) -> None:
    """Note how far a relay or consumer has come."""
    await connection.execute("UPDATE position SET sequence = $2 WHERE name = $1", name, sequence)


async def bury(connection: Connection, owner: str, entry: Entry, reason: str, at: datetime) -> None:
    """Keep an event that can never be applied, with the reason; said again, it is one dead letter."""
    await connection.execute(
        "INSERT INTO dead_letter (owner, sequence, reason, entry, dead_since) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        owner,
        entry.sequence,
        reason,
        orjson.dumps(entry.document).decode(),
        at,
    )
