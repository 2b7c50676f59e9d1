"""The queries on plans: their life, statements, partners, goals and milestones."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from services.registry.domain.rows import Assessment, Goal, Milestone, Partnership, Plan, Statements
from services.registry.store.shapes import Shapes
from services.registry.store.spans import SpanShape
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, columns
from shared.events.naming import Naming
from shared.events.registry.plans import (
    GoalAssessed,
    MilestonePlanned,
    MilestoneReached,
    PartnerJoined,
    PartnerLeft,
    PlanClosed,
)
from shared.shape import SLUGS, Shape, load

PLANS: Final = Shape(
    Plan,
    "plan",
    {"plan": "text"},
    {
        "name": "text",
        "pool": "text",
        "areas": SLUGS,
        "start_on": "date",
        "end_on": "date",
        "approval_reference": "text",
        "closed_on": "date",
        "invited": SLUGS,
    },
)
# What may become of a plan: it is extended or closed, or areas consent to it.
CHANGING: Final = ("areas", "end_on", "approval_reference", "closed_on", "invited")
PARTNERSHIPS: Final = SpanShape(Partnership, "partnership", ("plan", "organisation", "role"), "joined_on", "left_on")
GOALS: Final = Shape(
    Goal,
    "goal",
    {"plan": "text", "goal": "text"},
    {"effort_area": "text", "title": "text", "indicator": "text", "baseline": "numeric", "target": "numeric"}
    | {"figure": "text"},
)
ASSESSMENTS: Final = Shape(
    Assessment,
    "assessment",
    {"plan": "text", "goal": "text", "year": "int"},
    {"attainment": "text", "value": "numeric", "comment": "text"},
)
MILESTONES: Final = Shape(
    Milestone,
    "milestone",
    {"plan": "text", "milestone": "text"},
    {"title": "text", "due_on": "date", "effort_area": "text", "reached_on": "date", "evidence": "text"},
)
# A plan is saved by itself, before all that belongs to it.
SHAPES: Final = Shapes(replaced=(GOALS, ASSESSMENTS, MILESTONES), spans=(PARTNERSHIPS,))


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Lock the plans that events name, and load what of theirs the events need."""
    state.add(*await lock_plans(connection, naming.named("plan")))
    closing = naming.of(PlanClosed).named("plan")
    state.add(*await statements(connection, closing))
    partners = naming.of(PartnerJoined, PartnerLeft).keys("plan", "organisation", "role")
    state.add(*await PARTNERSHIPS.load(connection, PARTNERSHIPS.key, partners))
    goals = naming.of(GoalAssessed).keys("plan", "goal")
    state.add(*await load(connection, GOALS, ("plan", "goal"), goals))
    milestones = naming.of(MilestonePlanned, MilestoneReached).keys("plan", "milestone")
    state.add(*await load(connection, MILESTONES, ("plan", "milestone"), milestones))


async def lock_plans(connection: Connection, names: Collection[str]) -> list[Plan]:
    """Load plans, locked until the end of the transaction."""
    if not names:
        return []
    rows = await connection.fetch(
        f"SELECT {PLANS.names} FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE",  # noqa: S608  constant
        list(names),
    )
    return PLANS.read_all(rows)


async def statements(connection: Connection, plans: Collection[str]) -> list[Statements]:
    """Load the years of plans whose statements are accepted."""
    if not plans:
        return []
    rows = await connection.fetch(
        "SELECT plan, array_agg(year ORDER BY year) AS years FROM accepted_statement WHERE plan = ANY($1)"
        " GROUP BY plan ORDER BY plan",
        list(plans),
    )
    return [Statements(row["plan"], frozenset(row["years"])) for row in rows]


async def learn_statements(connection: Connection, accepted: Mapping[tuple[str, int], bool]) -> None:
    """Note of a plan's year whether its statement is accepted."""
    for (plan, year), is_accepted in sorted(accepted.items()):
        await connection.execute(
            "INSERT INTO accepted_statement (plan, year) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            if is_accepted
            else "DELETE FROM accepted_statement WHERE plan = $1 AND year = $2",
            plan,
            year,
        )


async def forget_statements(connection: Connection, known: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Forget the accepted statements of years that are not known; give those that stay, since the plan is closed."""
    # Whoever closes a plan holds it while it looks at these.
    await connection.execute("SELECT FROM plan ORDER BY plan FOR NO KEY UPDATE")
    unknown = "(plan, year) NOT IN (SELECT * FROM unnest($1::text[], $2::int[]))"
    years = columns(known, 2)
    await connection.execute(
        f"DELETE FROM accepted_statement WHERE {unknown}"  # noqa: S608  constant
        " AND plan NOT IN (SELECT plan FROM plan WHERE closed_on IS NOT NULL)",
        *years,
    )
    rows = await connection.fetch(
        f"SELECT plan, year FROM accepted_statement WHERE {unknown} ORDER BY plan, year",  # noqa: S608  constant
        *years,
    )
    return [(row["plan"], row["year"]) for row in rows]
