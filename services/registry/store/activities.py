"""The queries on activities: their life, anchoring, courses, mentors and micro-businesses."""

from collections.abc import Collection
from typing import Final

from services.registry.domain import Activity, Anchoring, Business, Course
from services.registry.store.shape import SLUGS, Shape, SpanShape
from shared.database import Connection

ACTIVITIES: Final = Shape(
    Activity,
    "activity",
    {"activity": "text"},
    {
        "plan": "text",
        "area": "text",
        "name": "text",
        "kind": "text",
        "effort_area": "text",
        "start_on": "date",
        "end_on": "date",
        "fixed": "boolean",
        "capacity": "int",
        "target_group": "text",
        "started_on": "date",
        "ended_on": "date",
        "enrolled": "int",
    },
)
ANCHORINGS: Final = Shape(
    Anchoring,
    "anchoring",
    {"activity": "text"},
    {"organisation": "text", "from_on": "date", "funding_note": "text"},
)
COURSES: Final = Shape(
    Course,
    "course",
    {"course": "text"},
    {"activity": "text", "start_on": "date", "end_on": "date", "closed_on": "date"},
)
MENTORINGS: Final = SpanShape("mentoring", ("activity", "organisation"), "engaged_on", "released_on")
BUSINESSES: Final = Shape(
    Business,
    "business",
    {"activity": "text", "business": "text"},
    {"name": "text", "members": SLUGS, "founded_on": "date", "closed_on": "date"},
)


async def lock_activities(
    connection: Connection, names: Collection[str], closing_plans: Collection[str], *, to_change: bool
) -> list[tuple[Activity, int]]:
    """Load activities, and all those of plans that close, locked until the end of the transaction.

    With each comes the version of its row, which is another after every transaction that wrote it.

    Who enrols waits for who enrolled just before, and who closes a plan for who starts an activity of it. Those who
    only read them, such as a session that is recorded, wait for those who change them and not for one another.
    """
    if not names and not closing_plans:
        return []
    rows = await connection.fetch(
        f"SELECT {ACTIVITIES.names}, xmin FROM activity WHERE activity = ANY($1) OR plan = ANY($2)"  # noqa: S608  constant
        f" ORDER BY activity FOR {'NO KEY UPDATE' if to_change else 'SHARE'}",
        list(names),
        list(closing_plans),
    )
    return [(ACTIVITIES.read(row), row["xmin"]) for row in rows]


async def activities_of_courses(connection: Connection, courses: Collection[str]) -> set[str]:
    """Give the activities of courses."""
    if not courses:
        return set()
    rows = await connection.fetch("SELECT activity FROM course WHERE course = ANY($1)", list(courses))
    return {row["activity"] for row in rows}
