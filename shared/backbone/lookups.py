"""Who looked at data of single persons: a log of its own, which only grows, tied by a chain. It never commits.

Whoever shows a pseudonym or what is kept of one person appends a line in the transaction that reads it (ADR 116).
Each person that a line concerns stands there behind a salted digest, its commitment. To erase somebody takes away
pseudonym and salt: the chain still fits, and nobody can try pseudonyms on what is left.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import orjson

from shared.backbone import chain_walk, chains
from shared.backbone.chain_walk import Chained, Finding, Stretch, Wrong
from shared.codes import LookupReason
from shared.database import Connection
from shared.tokens import Identity

SALT_BYTES: Final = 16
COLUMNS: Final = "sequence, recorded, authtype, authid, route, collection, reason"
# What is asked for where it is no list.
ONE_PERSON: Final = "all that is held of one person"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a route is about to show: the route, which collection or person it was asked for, and who stands in it."""

    route: str
    collection: str
    people: Sequence[str]
    reason: LookupReason | None = None


@dataclass(frozen=True, slots=True)
class LookupStretch(Stretch):
    """Consecutive look-ups, with the chain that the head of them all knows."""

    head_chain: bytes


async def append(connection: Connection, sender: Identity, shown: Shown, now: datetime) -> int:
    """Note that somebody is shown these people; give the line's sequence. Others who look wait for the commit."""
    head = await connection.fetchrow("SELECT sequence, chain FROM lookup_head FOR UPDATE")
    if head is None:
        raise LookupError("the look-ups have one head")
    sequence: int = head["sequence"] + 1
    named = list(dict.fromkeys(shown.people))
    salts = [secrets.token_bytes(SALT_BYTES) for _ in named]
    commitments = [committed(salt, person) for salt, person in zip(salts, named, strict=True)]
    people = hashlib.sha256(b"".join(commitments)).digest()
    line = (sequence, now, sender.kind, sender.subject, shown.route, shown.collection, shown.reason)
    chain = chains.linked(head["chain"], content(line, people))
    await connection.execute(
        f"INSERT INTO lookup ({COLUMNS}, people, chain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",  # noqa: S608  constants
        *line,
        people,
        chain,
    )
    await connection.execute(
        "INSERT INTO lookup_person (sequence, place, commitment, salt, person)"
        " SELECT $1, place, commitment, salt, person"
        " FROM unnest($2::bytea[], $3::bytea[], $4::text[]) WITH ORDINALITY AS shown(commitment, salt, person, place)",
        sequence,
        commitments,
        salts,
        named,
    )
    await connection.execute("UPDATE lookup_head SET sequence = $1, chain = $2", sequence, chain)
    return sequence


async def latest(connection: Connection, before: int, limit: int) -> list[dict[str, Any]]:
    """Give who looked, the newest first, from before a sequence; never at whom."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM lookup WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2",  # noqa: S608  constants
        before,
        limit,
    )
    return [dict(row) for row in rows]


async def of_person(connection: Connection, names: Collection[str], limit: int) -> list[dict[str, Any]]:
    """Give who was shown the person with these pseudonyms, the newest first."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM lookup"  # noqa: S608  constants
        " WHERE sequence IN (SELECT sequence FROM lookup_person WHERE person = ANY($1))"
        " ORDER BY sequence DESC LIMIT $2",
        list(names),
        limit,
    )
    return [dict(row) for row in rows]


async def forget(connection: Connection, names: Collection[str]) -> None:
    """Take a person out of the look-ups: that somebody looked stays, at whom does not."""
    await connection.execute("UPDATE lookup_person SET person = NULL, salt = NULL WHERE person = ANY($1)", list(names))


async def forget_withdrawn(connection: Connection, outcomes: Sequence[Mapping[str, Any] | None]) -> None:
    """Take those out of the look-ups who withdrew; the outcomes of the registry's events tell their digests."""
    for outcome in filter(None, outcomes):
        # Lines of logs from before had one digest, without a salt.
        erased = outcome.get("erased", [{"digests": [outcome.get("participant_sha256")]}])
        await connection.execute(
            "UPDATE lookup_person SET person = NULL, salt = NULL"
            " WHERE encode(sha256($1 || convert_to(person, 'UTF8')), 'hex') = ANY($2)",
            bytes.fromhex(outcome.get("salt", "")),
            [digest for each in erased for digest in each["digests"]],
        )


async def read(connection: Connection, after: int, limit: int) -> LookupStretch:
    """Read up to `limit` look-ups that follow a sequence; the caller's transaction makes it one snapshot."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS}, people, chain,"  # noqa: S608  constants
        " ARRAY(SELECT commitment FROM lookup_person AS shown WHERE shown.sequence = lookup.sequence ORDER BY place)"
        " AS commitments,"
        " EXISTS (SELECT FROM lookup_person AS shown WHERE shown.sequence = lookup.sequence AND person IS NOT NULL"
        "  AND commitment <> sha256(salt || convert_to(person, 'UTF8'))) AS is_about_others"
        " FROM lookup WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        after,
        limit,
    )
    prior = (
        await connection.fetchval("SELECT chain FROM lookup WHERE sequence = $1", after)
        if after
        else chains.BEFORE_THE_FIRST
    )
    head = await connection.fetchrow("SELECT sequence, chain FROM lookup_head")
    if head is None:
        raise LookupError("the look-ups have one head")
    return LookupStretch(after, prior, rows, head["sequence"], len(rows) < limit, head["chain"])


def found_in(stretch: LookupStretch) -> list[Finding]:
    """Compute every line of a stretch again, and give what does not fit, the first of it; pure."""
    found = chain_walk.found_in(stretch, LOOKUPS)
    last, chain = stretch.after, stretch.prior
    if stretch.rows:
        last, chain = stretch.rows[-1]["sequence"], stretch.rows[-1]["chain"]
    if stretch.is_last and (last, chain) != (stretch.head, stretch.head_chain):
        detail = f"the head is at {stretch.head}, the last look-up at {last}"
        found.append(Finding("lookup_head_differs", stretch.head, detail))
    return found


def committed(salt: bytes, person: str) -> bytes:
    """Give the 32 bytes that stand for a person in one line."""
    return hashlib.sha256(salt + person.encode()).digest()


def content(line: tuple[int, datetime, str, str, str, str, str | None], people: bytes) -> bytes:
    """Give the 32 bytes that stand for a line: its columns in their order, and whom it is about."""
    sequence, recorded, *words = line
    told = [sequence, (recorded - chains.EPOCH_OF_TIME) // chains.MICROSECOND, *words, people.hex()]
    return hashlib.sha256(orjson.dumps(told)).digest()


def _judge(row: asyncpg.Record) -> tuple[bytes, Wrong | None]:
    """Give what stands for a look-up in the chain, and whether it is still about those whom it was about."""
    line = (row["sequence"], row["recorded"], *(row[name] for name in COLUMNS.split(", ")[2:]))
    is_whole = hashlib.sha256(b"".join(row["commitments"])).digest() == row["people"] and not row["is_about_others"]
    wrong: Wrong | None = None if is_whole else ("lookup_person_changed", "the look-up is about others than it was")
    return content(line, row["people"]), wrong


LOOKUPS: Final = Chained(
    "look-up",
    "lookup_missing",
    ("lookup_changed", "the look-up is not what was noted"),
    _judge,
)
