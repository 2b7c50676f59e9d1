"""Fills the owners' logs directly, as if they had accepted it: what a rebuild reads, but without the time of posting.

Owns no rule; what is written need not have passed any.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import asyncpg
import orjson

from shared.backbone.event_log import Entry

Line = tuple[int, str, str, str, datetime, bytes, str, str | None]
COLUMNS = ("sequence", "source", "id", "type", "recorded", "digest", "body", "outcome")


def line(entry: Entry) -> Line:
    """Write an entry as its owner logs it."""
    event, outcome = entry.event, entry.document["outcome"]
    body = orjson.dumps(event)
    recorded = datetime.fromisoformat(entry.document["recorded"])
    said = None if outcome is None else orjson.dumps(outcome).decode()
    digest = hashlib.sha256(body).digest()
    return (entry.sequence, event["source"], event["id"], event["type"], recorded, digest, body.decode(), said)


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", lines: Iterable[Line]) -> int:
    """Append lines, whose sequences follow the head, to an owner's log; give the new head."""
    async with connection.transaction():
        await connection.copy_records_to_table("event_log", records=lines, columns=COLUMNS)
        head: int = await connection.fetchval(
            "UPDATE event_log_head SET sequence = (SELECT coalesce(max(sequence), 0) FROM event_log) RETURNING sequence"
        )
    return head
