"""The log of what a service has accepted: its record, its outbox and the place of every consumer.

Owns the queries on the log, its head and its epochs, and on positions, but for those that append. It never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from shared import database
from shared.backbone import chains
from shared.database import Connection
from shared.events.catalogue import ERASING_TYPES, Posted
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX

CHANNEL: Final = "event_log"
MAX_PAGE: Final = 1_000
# The name of the relay's position; the others are named for the owners that are followed.
RELAY: Final = "relay"
# What stands for a line in the chain, as `chains.content` says it too.
MICROSECONDS: Final = "int8send((extract(epoch FROM recorded) * 1000000)::bigint)"
AUTHOR: Final = "authtype || ' ' || authid"
BEYOND: Final = f"{MICROSECONDS} || convert_to(coalesce(outcome, '') || coalesce(chr(10) || {AUTHOR}, ''), 'UTF8')"
CONTENT: Final = f"sha256(digest || {BEYOND})"
# The same of a line that was rewritten, of which the digest is left as it was.
CONTENT_NOW: Final = f"sha256(sha256(convert_to(body, 'UTF8')) || {BEYOND})"
# How a line is told: `{"sequence", "recorded", "event", "outcome", "chain"}`, with `traceparent` where traces are kept,
# and `authtype` and `authid` where the author is noted. Source: CloudEvents, auth context extension.
TEXT: Final = (
    """'{"sequence":' || sequence || ',"recorded":' || to_json(recorded) || ',"event":' || body"""
    """ || ',"outcome":' || coalesce(outcome, 'null') || coalesce(',"traceparent":"' || trace || '"', '')"""
    """ || coalesce(',"authtype":"' || authtype || '","authid":"' || authid || '"', '')"""
    """ || ',"chain":"' || encode(chain, 'base64') || '"}'"""
)


class Line(NamedTuple):
    """One entry of the own log as JSON text, see `TEXT`.

    `outcome` is what this service decided beyond the event itself, such as the shares of an expense. `erases` tells
    that earlier lines were rewritten for this one's sake.
    """

    sequence: int
    chain: bytes
    text: bytes
    erases: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A run of lines that follow a place; `prior` is the chain at that place, None where the log ends before it."""

    prior: bytes | None
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a log as somebody knew it: which log it was, how far, and what was there up to it."""

    epoch: str
    sequence: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """How far a consumer has come in an owner's log. `epoch` and `chain` are None before the owner was first asked."""

    sequence: int
    epoch: str | None = None
    chain: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of another service's log, decoded; `prior` is the chain before it, where that is known."""

    document: dict[str, Any]
    prior: str | None = None

    @property
    def sequence(self) -> int:
        """Give its place in the owner's log, from 1."""
        sequence: int = self.document["sequence"]
        return sequence

    @property
    def chain(self) -> str:
        """Give the digest over the owner's log up to this entry."""
        chain: str = self.document["chain"]
        return chain

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
    """An event that was decided and waits for its place in the log; `outcome` is JSON.

    `authtype` and `authid` say who sent it: what kind of sender, and under which opaque name; both are None where that
    is not known.
    """

    posted: Posted
    outcome: str | None
    authtype: str | None = None
    authid: str | None = None

    @property
    def author(self) -> str | None:
        """Give who sent it as the chain holds it, None where that is not known."""
        return None if self.authtype is None or self.authid is None else f"{self.authtype} {self.authid}"


async def lookup(
    connection: Connection, identities: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Find which (source, id) are in the log already, with their sequence and digest."""
    rows = await connection.fetch(
        "SELECT source, id, sequence, digest FROM event_log"  # noqa: S608  constants
        f" JOIN unnest({database.parted(1, 2)}) AS wanted(source, id) USING (source, id)",
        database.joined([source for source, _ in identities]),
        database.joined([identifier for _, identifier in identities]),
    )
    return {(row["source"], row["id"]): (row["sequence"], row["digest"]) for row in rows}


async def note_causes(connection: Connection, before: int, causes: Sequence[str | None]) -> None:
    """Note with the events just appended, in their order, the trace context of each; their content stays as it is."""
    await connection.execute(
        "UPDATE event_log SET trace = cause FROM unnest($2::text[]) WITH ORDINALITY AS noted(cause, place)"
        " WHERE sequence = $1 + place",
        before,
        causes,
    )


async def authors(connection: Connection, before: int, limit: int) -> list[dict[str, Any]]:
    """Give who sent what, the newest first, from before a sequence; never what it says."""
    rows = await connection.fetch(
        "SELECT sequence, recorded, type, source, id, authtype, authid FROM event_log WHERE sequence < $1"
        " ORDER BY sequence DESC LIMIT $2",
        before,
        limit,
    )
    return [dict(row) for row in rows]


async def head(connection: Connection) -> int:
    """Give the last sequence of the log, 0 when it is empty."""
    sequence: int = await connection.fetchval("SELECT sequence FROM event_log_head")
    return sequence


async def read(connection: Connection, after: int, limit: int) -> Page:
    """Give up to `limit` entries that follow a sequence, in order, with the chain that they go on from."""
    rows = await connection.fetch(
        f"""
        SELECT sequence, chain, CASE WHEN sequence > $1 THEN convert_to({TEXT}, 'UTF8') END AS text,
               type = ANY($3) AS erases
        FROM event_log WHERE sequence >= $1 ORDER BY sequence LIMIT $2
        """,  # noqa: S608  a constant
        after,
        # The line at the place itself comes along for its chain: to ask for it takes as long as to ask for all.
        limit + 1 if after else limit,
        ERASING_TYPES,
    )
    # The columns stand in the order of the fields of a line, so that none has to be named for each row.
    lines = list(map(Line._make, rows))
    if after == 0:
        return Page(chains.BEFORE_THE_FIRST, lines)
    if not lines or lines[0].sequence != after:
        return Page(None, lines[:limit])
    return Page(lines[0].chain, lines[1:])


async def read_text(connection: Connection, after: int, limit: int) -> tuple[bytes | None, bytes]:
    """Give the same as `read` for who hands it on as it is: the chain, and the texts with commas between them."""
    rows = await connection.fetch(
        f"""
        SELECT (SELECT chain FROM event_log WHERE sequence = $1) AS prior,
               convert_to(coalesce(string_agg(text, ',' ORDER BY sequence), ''), 'UTF8') AS texts
        FROM (SELECT sequence, {TEXT} AS text FROM event_log WHERE sequence > $1 ORDER BY sequence LIMIT $2) AS line
        """,  # noqa: S608  a constant
        after,
        limit,
    )
    ((prior, texts),) = rows
    return (chains.BEFORE_THE_FIRST if after == 0 else prior), texts


async def chain_at(connection: Connection, sequence: int) -> bytes | None:
    """Give the chain up to a place, None where the log ends before it."""
    if sequence == 0:
        return chains.BEFORE_THE_FIRST
    chain: bytes | None = await connection.fetchval("SELECT chain FROM event_log WHERE sequence = $1", sequence)
    return chain


async def mark(connection: Connection) -> Mark:
    """Give the end of the log as it is now."""
    end, _ = await held_against(connection, ())
    return end


async def held_against(connection: Connection, known: Sequence[Mark]) -> tuple[Mark, list[bool]]:
    """Give the end of the log, and of each place that somebody knew whether the log still holds it, at one moment.

    What was known of an earlier epoch is past, and held. So is where the present one began, though its line be missing:
    a log of which the last line is gone and the head stands would else begin epochs without end.
    """
    # One statement sees one moment: what is cut between two would pass for the end, and what was seen be forgotten.
    row = await connection.fetchrow(
        """
        WITH current AS (SELECT number, epoch, sequence AS begun_at FROM log_epoch ORDER BY number DESC LIMIT 1)
        SELECT current.epoch::text, head.sequence, head.chain, ARRAY(
            SELECT EXISTS (
                SELECT FROM log_epoch WHERE log_epoch.epoch::text = mark.epoch AND (
                    number < current.number
                    OR (mark.sequence, mark.sequence, mark.chain) = (begun_at, head.sequence, head.chain)
                    OR CASE mark.sequence WHEN 0 THEN mark.chain = ''
                       ELSE mark.chain = (SELECT chain FROM event_log WHERE sequence = mark.sequence) END
                )
            )
            FROM unnest($1::text[], $2::bigint[], $3::bytea[]) WITH ORDINALITY AS mark(epoch, sequence, chain, place)
            ORDER BY place
        ) AS held
        FROM event_log_head AS head, current
        """,
        [mark.epoch for mark in known],
        [mark.sequence for mark in known],
        [mark.chain for mark in known],
    )
    if row is None:
        raise LookupError("a log has one head and at least one epoch")
    return Mark(row["epoch"], row["sequence"], row["chain"]), row["held"]


async def position(connection: Connection, name: str, *, lock: bool = False) -> int:
    """Give how far a relay or consumer has come, 0 before its first; with `lock`, others wait until the commit."""
    query = f"SELECT sequence FROM position WHERE name = $1 {'FOR UPDATE' if lock else ''}"  # noqa: S608  no input
    sequence: int | None = await connection.fetchval(query, name)
    if sequence is None:
        await connection.execute("INSERT INTO position (name, sequence) VALUES ($1, 0) ON CONFLICT DO NOTHING", name)
        sequence = await connection.fetchval(query, name)
    return sequence or 0


async def place(connection: Connection, owner: str, *, lock: bool = False) -> Place:
    """Give how far a consumer has come in an owner's log; with `lock`, others wait until the commit."""
    query = (
        "SELECT sequence, epoch::text, encode(chain, 'base64') AS chain FROM position"  # noqa: S608  no input
        f" WHERE name = $1 {'FOR UPDATE' if lock else ''}"
    )
    row = await connection.fetchrow(query, owner)
    if row is None:
        await connection.execute("INSERT INTO position (name, sequence) VALUES ($1, 0) ON CONFLICT DO NOTHING", owner)
        row = await connection.fetchrow(query, owner)
    return Place(0) if row is None else Place(**row)


async def set_place(connection: Connection, owner: str, place: Place) -> None:
    """Note how far a consumer has come in an owner's log."""
    await connection.execute(
        "UPDATE position SET sequence = $2, epoch = $3, chain = decode($4, 'base64') WHERE name = $1",
        owner,
        place.sequence,
        place.epoch,
        place.chain,
    )


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


async def epochs(connection: Connection) -> list[dict[str, Any]]:
    """Give the identities that the log has had, the first first; the last is its own."""
    rows = await connection.fetch(
        "SELECT number, epoch::text, begun, sequence, reason, accepted FROM log_epoch ORDER BY number"
    )
    return [dict(row) for row in rows]


async def went_back(connection: Connection) -> tuple[int, str] | None:
    """Give where the log went back or changed its signer, and why; None where it was accepted, or never was."""
    row = await connection.fetchrow(
        "SELECT sequence, reason FROM log_epoch WHERE accepted IS NULL AND reason <> 'founded'"
        " ORDER BY number DESC LIMIT 1"
    )
    return None if row is None else (row["sequence"], row["reason"])


async def accept(connection: Connection, at: datetime) -> None:
    """Note that the log is the right one as it is, though it went back."""
    await connection.execute("UPDATE log_epoch SET accepted = $1 WHERE accepted IS NULL", at)
