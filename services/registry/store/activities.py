"""The queries on activities: their life, anchoring, courses, mentors and micro-businesses."""

from collections.abc import Collection
from typing import Final

from services.registry.domain.rows import Activity, Anchoring, Business, Course, Mentoring, Plan
from services.registry.store import corrections, people, plans
from services.registry.store.shapes import Shapes
from services.registry.store.spans import SpanShape
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.naming import Naming
from shared.events.registry.activities import ActivityStarted, CourseClosed, MentorEngaged, MentorReleased
from shared.events.registry.people import AttendanceRecorded, SessionCancelled, VolunteerHours
from shared.events.registry.plans import PlanClosed
from shared.shape import SLUGS, Shape, load, load_by

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
MENTORINGS: Final = SpanShape(Mentoring, "mentoring", ("activity", "organisation"), "engaged_on", "released_on")
BUSINESSES: Final = Shape(
    Business,
    "business",
    {"activity": "text", "business": "text"},
    {"name": "text", "members": SLUGS, "founded_on": "date", "closed_on": "date"},
)
SHAPES: Final = Shapes(once=(ACTIVITIES, COURSES, BUSINESSES), replaced=(ANCHORINGS,), spans=(MENTORINGS,))
# What is recorded of an activity, and leaves its row and its people's as they are.
READING: Final = (AttendanceRecorded, SessionCancelled, VolunteerHours)


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> dict[str, int]:
    """Lock the activities that events are about, and load what is theirs; give the versions of their rows.

    The plans of `PlanClosed` are locked already.
    """
    names = naming.named("activity")
    names |= await activities_of_courses(connection, naming.of(CourseClosed).named("course"))
    names |= await people.activities_of_people(connection, corrections.people_revised(state, naming))
    closing = naming.of(PlanClosed).named("plan")
    to_change = bool(naming.all_but(*READING))
    versioned = await lock_activities(connection, names, closing, to_change=to_change)
    locked = [activity for activity, _ in versioned]
    state.add(*locked)
    # Only after the activity is locked: whoever closes the plan holds that lock as well.
    starting = naming.of(ActivityStarted).named("activity")
    unlocked = {row.plan for row in locked if row.activity in starting and state.get(Plan, row.plan) is None}
    state.add(*await load_by(connection, plans.PLANS, "plan", unlocked))
    state.add(*await load(connection, COURSES, ("course",), naming.keys("course")))
    mentors = naming.of(MentorEngaged, MentorReleased).keys("activity", "organisation")
    state.add(*await MENTORINGS.load(connection, MENTORINGS.key, mentors))
    businesses = naming.keys("activity", "business")
    state.add(*await load(connection, BUSINESSES, ("activity", "business"), businesses))
    return {activity.activity: version for activity, version in versioned}


async def lock_activities(
    connection: Connection, names: Collection[str], closing_plans: Collection[str], *, to_change: bool
) -> list[tuple[Activity, int]]:
    """Load activities, and all those of plans that close, locked until the end of the transaction.

    With each comes the version of its row, which changes with every transaction that writes it.

    Enrolments in one activity wait for one another, and closing a plan waits for starts in it. Events that only read a
    row, such as a recorded session, wait for those who change it and not for one another.
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
