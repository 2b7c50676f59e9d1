"""Every query of what reporting takes itself: figures about areas, and published reports. It never commits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from services.reporting.folding import folds
from services.reporting.publishing.rules import ReportMade
from shared.backbone import event_log
from shared.backbone.event_log import Entry
from shared.database import Connection


async def known_areas(connection: Connection, areas: Collection[str]) -> list[str]:
    """Give those of some areas that are known."""
    rows = await connection.fetch("SELECT area FROM area WHERE area = ANY ($1) ORDER BY area", sorted(areas))
    return [row["area"] for row in rows]


async def fold_own(connection: Connection, entries: Sequence[Entry]) -> None:
    """Fold entries of the own log where they were accepted, and note how far it is folded."""
    await folds.fold(connection, folds.OWN, folds.prepared(entries))
    await event_log.position(connection, folds.OWN, lock=True)
    await event_log.set_position(connection, folds.OWN, entries[-1].sequence)


async def publish(connection: Connection, published: Sequence[tuple[int, ReportMade]], at: datetime) -> None:
    """Keep reports as they were published."""
    await connection.executemany(
        "INSERT INTO published_report (sequence, report, cursor, digest, published, body)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        [(sequence, made.report, made.cursor, made.digest, at, made.body) for sequence, made in published],
    )


async def published(connection: Connection) -> list[dict[str, Any]]:
    """List what was published, the newest first, without the reports themselves."""
    rows = await connection.fetch(
        "SELECT sequence, report, cursor, digest, published FROM published_report ORDER BY sequence DESC"
    )
    return [dict(row) for row in rows]


async def published_report(connection: Connection, sequence: int) -> dict[str, Any] | None:
    """Give one published report; None when there is none."""
    row = await connection.fetchrow(
        "SELECT sequence, report, cursor, digest, published, body FROM published_report WHERE sequence = $1", sequence
    )
    return dict(row) if row else None
