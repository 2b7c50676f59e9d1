"""Fills the owners' logs directly, as if they had accepted it: what a rebuild reads, but without the time of posting.

Owns no rule; what is written need not have passed any.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from shared.backbone import chains
from shared.backbone.event_log import Entry

Line = tuple[int, str, str, str, datetime, bytes, str, str | None]
COLUMNS = ("sequence", "source", "id", "type", "recorded", "digest", "body", "outcome", "chain")


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
        before = await connection.fetchval("SELECT chain FROM event_log_head")
        await connection.copy_records_to_table("event_log", records=chained(lines, before), columns=COLUMNS)
        return await end_with_the_last(connection)


def chained(lines: Iterable[Line], chain: bytes = chains.BEFORE_THE_FIRST) -> Iterator[tuple[Any, ...]]:
    """Give lines with the chain over them."""
    for told in lines:
        _, _, _, _, recorded, digest, _, outcome = told
        chain = chains.linked(chain, chains.content(digest, recorded, outcome))
        yield (*told, chain)


async def end_with_the_last(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Put the head of a log where its last line is, and give it."""
    head: int = await connection.fetchval(
        "UPDATE event_log_head SET sequence = last.sequence, chain = last.chain, recorded = last.recorded"
        " FROM (SELECT * FROM event_log ORDER BY sequence DESC LIMIT 1) AS last RETURNING event_log_head.sequence"
    )
    return head
