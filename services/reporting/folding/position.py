"""How far the logs are folded, and what else an answer depends on. It never commits."""

from collections.abc import Mapping
from typing import Final

from services.reporting.folding.folds import OWN
from shared.backbone import event_log, rejections
from shared.database import Connection

OWNERS: Final = ("registry", "funding", OWN)


async def cursor(connection: Connection) -> dict[str, int]:
    """Give the last sequence folded of each owner, 0 before the first."""
    return _cursor(await event_log.positions(connection))


def _cursor(positions: Mapping[str, int]) -> dict[str, int]:
    return {owner: positions.get(owner, 0) for owner in OWNERS}


async def cursor_and_generation(connection: Connection) -> tuple[dict[str, int], str]:
    """Give the cursor and the generation, which changes when a report at the same cursor may say something different.

    The generation is made of the number of the table `position`, which a rebuild replaces; the count of dead letters;
    the plans that differ from the ledger; who has parted with whom; the last day of a forgery; and the newest release.
    It holds no count of forged messages, with which a forger could let reports be made again and again.
    """
    (cursor, generation), _ = await standing(connection)
    return cursor, generation


async def standing(connection: Connection) -> tuple[tuple[dict[str, int], str], int]:
    """Give the cursor with its generation, and how often the rejections have changed, which no figure depends on."""
    rows = await connection.fetch(
        "SELECT name, sequence, tableoid || '-' || (SELECT count(*) FROM dead_letter) || '-' || (SELECT count(*) || '-'"
        " || coalesce((max(last_at) AT TIME ZONE 'UTC')::date::text, '') FROM forgery)"
        " || coalesce((SELECT '-' || md5(plans::text || since) FROM agreement), '')"
        " || coalesce((SELECT '-' || md5(string_agg(follower || owner || code, ',')) FROM parting), '')"
        " || coalesce((SELECT '-' || max(number) FROM release), '') AS generation"
        " FROM position ORDER BY name"
    )
    positions = {row["name"]: row["sequence"] for row in rows}
    generation = rows[0]["generation"] if rows else ""
    return (_cursor(positions), generation), positions.get(rejections.CHANGES, 0)
