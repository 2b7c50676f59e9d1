"""The journal as it was written, and all that was derived from it. It never writes."""

from typing import Final

from services.funding.domain.auditing import JournalEvent
from services.funding.domain.rows import Account, Commitment, Entry, Plan
from services.funding.store.commitments import COMMITMENTS
from services.funding.store.journal import ENTRIES
from services.funding.store.plans import ACCOUNTS, PLAN_QUERY, read_plan
from shared.database import Connection
from shared.shape import load_all

PAGE: Final = 2_000


async def journal(
    connection: Connection, *, plan: str | None = None, after: int = 0, limit: int = PAGE
) -> list[JournalEvent]:
    """Give up to `limit` events that follow a sequence, of one plan or of all, with their seals and entries."""
    rows = await connection.fetch(
        "SELECT sequence, type, source, id, body, event_log.digest AS posted_digest, outcome, plan, number,"
        " ledger_seal.digest AS seal FROM event_log LEFT JOIN ledger_seal USING (sequence)"
        " WHERE sequence > $1 AND ($2::text IS NULL OR plan = $2) ORDER BY sequence LIMIT $3",
        after,
        plan,
        limit,
    )
    if not rows:
        return []
    entries: dict[int, list[Entry]] = {}
    for row in await connection.fetch(
        f"SELECT sequence, {ENTRIES.names} FROM ledger_entry WHERE sequence > $1 AND sequence <= $2"  # noqa: S608  constant
        " AND ($3::text IS NULL OR plan = $3) ORDER BY sequence, place",
        after,
        rows[-1]["sequence"],
        plan,
    ):
        entries.setdefault(row["sequence"], []).append(ENTRIES.read(row))
    return [JournalEvent(**row, entries=entries.get(row["sequence"], ())) for row in rows]


async def stray_entries(connection: Connection, limit: int = PAGE) -> list[int]:
    """Give the sequences under which there are entries and no seal, the first of them."""
    rows = await connection.fetch(
        "SELECT DISTINCT sequence FROM ledger_entry LEFT JOIN ledger_seal USING (sequence)"
        " WHERE ledger_seal.sequence IS NULL ORDER BY sequence LIMIT $1",
        limit,
    )
    return [row["sequence"] for row in rows]


async def all_plans(connection: Connection) -> list[Plan]:
    """Give every plan."""
    return [read_plan(row) for row in await connection.fetch(f"{PLAN_QUERY} ORDER BY plan")]


async def all_accounts(connection: Connection) -> list[Account]:
    """Give every account."""
    return await load_all(connection, ACCOUNTS)


async def all_commitments(connection: Connection) -> list[Commitment]:
    """Give every commitment."""
    return await load_all(connection, COMMITMENTS)


async def whole_journal(connection: Connection, plan: str) -> list[JournalEvent]:
    """Give all events of a plan, page by page put together."""
    events: list[JournalEvent] = []
    while page := await journal(connection, plan=plan, after=events[-1].sequence if events else 0):
        events.extend(page)
    return events
