"""Reads a service's own log again, a stretch at a time, and tells what is not as it was accepted. It never writes.

The walk is that of every chain (`chain_walk`). Of what was erased, `erasure` vouches for what was accepted and what
stands there now (ADR 21).
"""

import hashlib
from typing import Any, Final

import asyncpg
import orjson

from shared.backbone import chain_walk, chains, event_log
from shared.backbone.chain_walk import Chained, Finding, Stretch, Wrong
from shared.backbone.event_log import Mark
from shared.database import Connection
from shared.events.catalogue import ERASING_TYPES

HAS_ERASURES: Final = "SELECT to_regclass('public.erasure') IS NOT NULL"
LINE: Final = ", ".join(
    f"line.{name}" for name in ("sequence", "source", "id", "type", "recorded", "digest", "chain", "body", "outcome")
)
AUTHOR: Final = "line.authtype || ' ' || line.authid AS author"
LINES: Final = (
    f"SELECT {LINE}, {AUTHOR}, NULL::bytea AS content, NULL::bytea AS rewritten, NULL::text AS erased_by"  # noqa: S608  constant
    " FROM event_log AS line WHERE line.sequence > $1 ORDER BY line.sequence LIMIT $2"
)
LINES_WITH_ERASURES: Final = (
    f"SELECT {LINE}, {AUTHOR}, erasure.content, erasure.rewritten, coalesce(eraser.type, '') AS erased_by"  # noqa: S608  constant
    " FROM event_log AS line LEFT JOIN erasure ON erasure.sequence = line.sequence"
    " LEFT JOIN event_log AS eraser ON eraser.sequence = erasure.erased_by"
    " WHERE line.sequence > $1 ORDER BY line.sequence LIMIT $2"
)


async def read(connection: Connection, after: int, limit: int) -> Stretch:
    """Read up to `limit` lines that follow a sequence; the caller's transaction makes it one snapshot."""
    query = LINES_WITH_ERASURES if await connection.fetchval(HAS_ERASURES) else LINES
    rows = await connection.fetch(query, after, limit)
    prior = await event_log.chain_at(connection, after)
    return Stretch(after, prior, rows, await event_log.head(connection), len(rows) < limit)


def found_in(stretch: Stretch) -> list[Finding]:
    """Compute every line of a stretch again, and give what does not fit, the first of it; pure."""
    return chain_walk.found_in(stretch, LINES_OF_A_LOG)


async def found_at_the_end(connection: Connection, anchored: Mark | None) -> list[Finding]:
    """Hold the end of the log against its head, its anchor, and what the service itself has noticed of it."""
    return [
        *await _head(connection),
        *(await _anchor(connection, anchored) if anchored else ()),
        *await _epochs(connection),
    ]


def _judge(row: asyncpg.Record) -> tuple[bytes, Wrong | None]:
    """Give what stands for a line in the chain, and whether it is what was accepted, or what erasing left of that."""
    digest_now = hashlib.sha256(row["body"].encode()).digest()
    if row["content"] is None:
        content = chains.content(row["digest"], row["recorded"], row["outcome"], row["author"])
        is_whole = digest_now == row["digest"] and _fits(row)
        return content, None if is_whole else ("line_changed", "the line is not what was accepted")
    stands = chains.content(digest_now, row["recorded"], row["outcome"], row["author"])
    is_whole = stands == row["rewritten"] and row["erased_by"] in ERASING_TYPES and _fits(row)
    return row["content"], None if is_whole else ("rewritten_changed", "the line is not what erasing left of it")


def _fits(row: asyncpg.Record) -> bool:
    """Tell whether the columns of a line are what its body says."""
    try:
        event: Any = orjson.loads(row["body"])
        return all(event[name] == row[name] for name in ("source", "id", "type"))
    except (ValueError, LookupError, TypeError):
        return False


LINES_OF_A_LOG: Final = Chained(
    "line",
    "line_missing",
    ("chain_broken", "the line, its time or its outcome is not what was chained"),
    _judge,
)


async def _head(connection: Connection) -> list[Finding]:
    row = await connection.fetchrow(
        "SELECT head.sequence, head.chain, coalesce(line.sequence, 0) AS last, coalesce(line.chain, '') AS last_chain"
        " FROM event_log_head AS head LEFT JOIN"
        " (SELECT sequence, chain FROM event_log ORDER BY sequence DESC LIMIT 1) AS line ON true"
    )
    if row is None:
        return [Finding("head_differs", 0, "the log has no head")]
    if (row["sequence"], row["chain"]) == (row["last"], row["last_chain"]):
        return []
    return [
        Finding("head_differs", row["sequence"], f"the head is at {row['sequence']}, the last line at {row['last']}")
    ]


async def _anchor(connection: Connection, anchored: Mark) -> list[Finding]:
    if anchored.epoch != (await event_log.mark(connection)).epoch:
        # What was known of an epoch that is past, `_epochs` tells.
        return []
    chain = await event_log.chain_at(connection, anchored.sequence)
    if chain is None:
        return [Finding("log_cut", anchored.sequence, "the anchor knows a longer log")]
    if chain != anchored.chain:
        return [Finding("anchor_differs", anchored.sequence, "the anchor knows a different log")]
    return []


async def _epochs(connection: Connection) -> list[Finding]:
    """Tell that the log went back, until an administrator has accepted it as it is (`event_log.accept`)."""
    told = await event_log.went_back(connection)
    if told is None:
        return []
    sequence, reason = told
    if reason == "another_installation":
        return [Finding("another_installation", sequence, "the log is one that a different key has signed")]
    return [Finding("log_cut", sequence, "more was known of the log than it holds, or something different")]
