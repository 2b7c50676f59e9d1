"""The queries on what areas share: stories and practices."""

from collections.abc import Collection, Sequence
from typing import Final

from services.registry.domain import Lineage, Practice, Story
from services.registry.store.shape import SLUGS, Shape
from shared.database import Connection, columns

# Any number does, as long as it is ours: it lets one transaction at a time look at who adopted from whom.
ADOPTION_LOCK: Final = 7_204_013
PRACTICES: Final = Shape(Practice, "practice", {"activity": "text"}, {"summary": "text", "what_works": "text"})
STORIES: Final = Shape(
    Story,
    "story",
    {"story": "text"},
    {
        "area": "text",
        "title": "text",
        "text": "text",
        "activity": "text",
        "lenses": SLUGS,
        "consent_reference": "text",
        "published_in": "text",
        "published": "timestamptz",
        "withdrawn": "boolean",
    },
)


async def lock_adoptions(connection: Connection) -> None:
    """Let no other transaction adopt before this one ends: two that together close a cycle must see one another."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", ADOPTION_LOCK)


async def lineages(connection: Connection, activities: Collection[str]) -> list[Lineage]:
    """Load what activities took home, and what those took home that they took it from, up to the first."""
    if not activities:
        return []
    rows = await connection.fetch(
        "WITH RECURSIVE stem(activity) AS ("
        " SELECT unnest($1::text[]) UNION"
        " SELECT adoption.source_activity FROM adoption JOIN stem USING (activity))"
        " SELECT activity, array_agg(source_activity ORDER BY source_activity) AS sources,"
        " array_agg(adaptation ORDER BY source_activity) AS adaptations"
        " FROM adoption JOIN stem USING (activity) GROUP BY activity ORDER BY activity",
        list(activities),
    )
    return [Lineage(row["activity"], dict(zip(row["sources"], row["adaptations"], strict=True))) for row in rows]


async def save_lineages(connection: Connection, rows: Sequence[Lineage]) -> None:
    """Insert adoptions, or replace how they were adapted."""
    if rows:
        await connection.execute(
            "INSERT INTO adoption (activity, source_activity, adaptation)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[])"
            " ON CONFLICT (activity, source_activity) DO UPDATE SET adaptation = excluded.adaptation",
            *columns(
                ((row.activity, source, adapted) for row in rows for source, adapted in sorted(row.sources.items())),
                3,
            ),
        )
