"""The queries on what areas share: stories and practices."""

from collections.abc import Collection, Sequence
from typing import Final

from services.registry.domain.rows import Lineage, Practice, Story
from services.registry.store.shapes import Shapes
from shared import locks
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, columns
from shared.events.naming import Naming
from shared.events.registry.activities import PracticeAdopted
from shared.shape import SLUGS, Shape, load

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
SHAPES: Final = Shapes(once=(STORIES,), replaced=(PRACTICES,))


async def lock_adoptions(connection: Connection, naming: Naming) -> None:
    """Let no other transaction adopt before this one ends: two that together close a cycle must see one another."""
    if naming.of(PracticeAdopted):
        await connection.execute("SELECT pg_advisory_xact_lock($1)", locks.ADOPTION)


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load the stories that events name, and the practices that are adopted with all that they stem from."""
    state.add(*await load(connection, STORIES, ("story",), naming.keys("story")))
    adopted = naming.of(PracticeAdopted)
    state.add(*await load(connection, PRACTICES, ("activity",), adopted.keys("source_activity")))
    state.add(*await lineages(connection, adopted.named("activity", "source_activity")))


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
