"""What the rollups come to at a place of funding's log, and what the last comparison found. It never commits."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.reporting.agreement.rules import Sums, sums_of
from services.reporting.statements import statement
from shared.backbone import event_log
from shared.database import Connection


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the last comparison found: at which sequence of funding's log, which plans differed, and since when."""

    compared: datetime
    sequence: int
    plans: Sequence[str]
    since: datetime | None


async def sums_until(connection: Connection, sequence: int) -> list[Sums] | None:
    """Give the sums of each rollup as they were at a sequence; None when reporting has not come so far.

    The caller's transaction makes it one snapshot.
    """
    if (await event_log.positions(connection)).get("funding", 0) < sequence:
        return None
    plans = [dict(row) for row in await connection.fetch(statement("agreement", "spent_until"), sequence)]
    rows = [dict(row) for row in await connection.fetch(statement("agreement", "moved_until"), sequence)]
    by_rollup = {name: list(group) for name, group in itertools.groupby(rows, lambda row: row["rollup"])}
    return [sums_of(by_rollup.get(name, ()), plans) for name in ("commitment_day", "commitment_month")]


async def note(connection: Connection, found: Comparison) -> None:
    """Note what a comparison found, in the place of what the one before found."""
    await connection.execute(
        "INSERT INTO agreement (only_row, compared, sequence, plans, since) VALUES (true, $1, $2, $3, $4)"
        " ON CONFLICT (only_row) DO UPDATE SET compared = excluded.compared, sequence = excluded.sequence,"
        " plans = excluded.plans, since = excluded.since",
        found.compared,
        found.sequence,
        list(found.plans),
        found.since,
    )


async def last(connection: Connection) -> Comparison | None:
    """Give what the last comparison found; None before the first."""
    row = await connection.fetchrow("SELECT compared, sequence, plans, since FROM agreement")
    return Comparison(**row) if row else None
