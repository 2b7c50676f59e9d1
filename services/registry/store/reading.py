"""The queries of the read routes: one thing by its name, or a page that follows a key."""

from dataclasses import dataclass
from typing import Any, Final

from services.registry.domain.people_rows import Enrolment
from services.registry.domain.rows import (
    Activity,
    Anchoring,
    Area,
    Assessment,
    Goal,
    Milestone,
    Organisation,
    Plan,
    Pool,
    SharedPractice,
    Story,
)
from services.registry.store import activities, network, people, plans, sharing
from shared.database import Connection
from shared.shape import load, load_by

# SQL that narrows a page: a condition whose parameter is None holds for every row.
NAMED: Final = "({0}::text IS NULL OR strpos(lower(name), lower({0})) > 0)"
IS: Final = "({1}::text IS NULL OR {0} = {1})"


async def area(connection: Connection, name: str) -> Area | None:
    """Give one area."""
    found = await network.areas(connection, [name])
    return found[0] if found else None


async def plan(connection: Connection, name: str) -> Plan | None:
    """Give one plan."""
    found = await load_by(connection, plans.PLANS, "plan", [name])
    return found[0] if found else None


async def activity(connection: Connection, name: str) -> Activity | None:
    """Give one activity."""
    found = await load(connection, activities.ACTIVITIES, ("activity",), [(name,)])
    return found[0] if found else None


async def anchoring(connection: Connection, name: str) -> Anchoring | None:
    """Give who carries an activity on."""
    found = await load(connection, activities.ANCHORINGS, ("activity",), [(name,)])
    return found[0] if found else None


async def goals(connection: Connection, name: str) -> list[tuple[Goal, list[Assessment]]]:
    """Give the goals of a plan, each with its assessments by year."""
    assessed = await load(connection, plans.ASSESSMENTS, ("plan",), [(name,)])
    return [
        (goal, [assessment for assessment in assessed if assessment.goal == goal.goal])
        for goal in await load(connection, plans.GOALS, ("plan",), [(name,)])
    ]


async def partners(connection: Connection, name: str) -> list[tuple[str, str, Any, Any]]:
    """Give who had which role in a plan: the organisation, the role, and the days of joining and leaving."""
    return [
        (row.organisation, row.role, span.start_on, span.end_on)
        for row in await plans.PARTNERSHIPS.load(connection, ("plan",), [(name,)])
        for span in row.spans
    ]


async def page_of_areas(connection: Connection, *, after: str, limit: int, text: str | None) -> list[Area]:
    """Give the areas that follow a slug, by slug; `text` narrows by what the name holds."""
    rows = await connection.fetch(
        "SELECT area, name, municipality, residents, departments FROM area"  # noqa: S608  constants
        f" WHERE area > $1 AND {NAMED.format('$2')} ORDER BY area LIMIT $3",
        after,
        text,
        limit,
    )
    return [network.read_area(row) for row in rows]


async def page_of_plans(
    connection: Connection, *, after: str, limit: int, text: str | None, area: str | None
) -> list[Plan]:
    """Give the plans that follow a slug, by slug."""
    rows = await connection.fetch(
        f"SELECT {plans.PLANS.names} FROM plan WHERE plan > $1 AND {NAMED.format('$2')}"  # noqa: S608  constants
        " AND ($3::text IS NULL OR areas @> ARRAY[$3]) ORDER BY plan LIMIT $4",
        after,
        text,
        area,
        limit,
    )
    return plans.PLANS.read_all(rows)


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What narrows a page of activities; `status` is planned, started or ended."""

    text: str | None = None
    area: str | None = None
    plan: str | None = None
    effort_area: str | None = None
    status: str | None = None


async def page_of_activities(
    connection: Connection, *, after: str, limit: int, narrow: ActivityFilter
) -> list[Activity]:
    """Give the activities that follow a slug, by slug."""
    rows = await connection.fetch(
        f"SELECT {activities.ACTIVITIES.names} FROM activity WHERE activity > $1"  # noqa: S608  constants
        f" AND {NAMED.format('$2')} AND {IS.format('area', '$3')} AND {IS.format('plan', '$4')}"
        f" AND {IS.format('effort_area', '$5')}"
        " AND ($6::text IS NULL OR $6 = CASE WHEN ended_on IS NOT NULL THEN 'ended'"
        "      WHEN started_on IS NOT NULL THEN 'started' ELSE 'planned' END)"
        " ORDER BY activity LIMIT $7",
        after,
        narrow.text,
        narrow.area,
        narrow.plan,
        narrow.effort_area,
        narrow.status,
        limit,
    )
    return activities.ACTIVITIES.read_all(rows)


async def page_of_participants(connection: Connection, activity: str, *, after: str, limit: int) -> list[Enrolment]:
    """Give the participants of an activity that follow a pseudonym."""
    rows = await connection.fetch(
        f"{people.ENROLMENTS} WHERE activity = $1 AND participant IN ("  # noqa: S608  constants
        "SELECT DISTINCT participant FROM enrolment WHERE activity = $1 AND participant > $2"
        f" ORDER BY participant LIMIT $3) {people.IN_ORDER}",
        activity,
        after,
        limit,
    )
    return people.read_enrolments(rows)


@dataclass(frozen=True, slots=True)
class MilestoneFilter:
    """What narrows a page of milestones."""

    plan: str | None = None
    area: str | None = None
    is_reached: bool | None = None


async def page_of_milestones(
    connection: Connection, *, after: tuple[str, str], limit: int, narrow: MilestoneFilter
) -> list[Milestone]:
    """Give the milestones that follow a plan and a slug."""
    rows = await connection.fetch(
        f"SELECT {plans.MILESTONES.names} FROM milestone WHERE (plan, milestone) > ($1, $2)"  # noqa: S608  constants
        f" AND {IS.format('plan', '$3')}"
        " AND ($4::text IS NULL OR plan IN (SELECT plan FROM plan WHERE areas @> ARRAY[$4]))"
        " AND ($5::boolean IS NULL OR (reached_on IS NOT NULL) = $5) ORDER BY plan, milestone LIMIT $6",
        *after,
        narrow.plan,
        narrow.area,
        narrow.is_reached,
        limit,
    )
    return plans.MILESTONES.read_all(rows)


async def page_of_organisations(
    connection: Connection, *, after: str, limit: int, text: str | None, kind: str | None
) -> list[Organisation]:
    """Give the organisations that follow a slug, by slug."""
    rows = await connection.fetch(
        f"SELECT {network.ORGANISATIONS.names} FROM organisation WHERE organisation > $1"  # noqa: S608  constants
        f" AND {NAMED.format('$2')} AND {IS.format('kind', '$3')} ORDER BY organisation LIMIT $4",
        after,
        text,
        kind,
        limit,
    )
    return network.ORGANISATIONS.read_all(rows)


async def all_pools(connection: Connection) -> list[Pool]:
    """Give every pool, by slug."""
    return [network.read_pool(row) for row in await connection.fetch(f"{network.POOLS} ORDER BY pool")]


async def page_of_stories(  # noqa: PLR0913  one filter each
    connection: Connection, *, after: str, limit: int, area: str | None, activity: str | None, lens: str | None
) -> list[Story]:
    """Give the stories that follow a slug, by slug; withdrawn ones are gone."""
    rows = await connection.fetch(
        f"SELECT {sharing.STORIES.names} FROM story WHERE story > $1 AND NOT withdrawn"  # noqa: S608  constants
        f" AND {IS.format('area', '$2')} AND {IS.format('activity', '$3')}"
        " AND ($4::text IS NULL OR $4 = ANY(lenses)) ORDER BY story LIMIT $5",
        after,
        area,
        activity,
        lens,
        limit,
    )
    return sharing.STORIES.read_all(rows)


async def page_of_practices(
    connection: Connection, *, after: str, limit: int, area: str | None, effort_area: str | None
) -> list[SharedPractice]:
    """Give the practices that follow an activity's slug: those that are shared, and those that were adopted."""
    rows = await connection.fetch(
        "SELECT activity.activity, area, name, effort_area, summary, what_works,"  # noqa: S608  constants
        " ARRAY(SELECT (source.activity, source.area, adaptation) FROM adoption"
        "  JOIN activity AS source ON source.activity = adoption.source_activity"
        "  WHERE adoption.activity = activity.activity ORDER BY source.activity) AS sources,"
        " ARRAY(SELECT (adopter.activity, adopter.area, adaptation) FROM adoption"
        "  JOIN activity AS adopter USING (activity)"
        "  WHERE adoption.source_activity = activity.activity ORDER BY adopter.activity) AS adopters"
        " FROM activity LEFT JOIN practice USING (activity) WHERE activity.activity > $1"
        f" AND {IS.format('area', '$2')} AND {IS.format('effort_area', '$3')}"
        " AND (summary IS NOT NULL OR activity.activity IN (SELECT activity FROM adoption))"
        " ORDER BY activity.activity LIMIT $4",
        after,
        area,
        effort_area,
        limit,
    )
    return [SharedPractice(**row) for row in rows]
