"""What everybody is told of the people of a plan, read from the newest release. It never commits."""

from collections.abc import Iterable

from services.reporting.periods import Period
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releases.reading import Releases
from services.reporting.reports.released_people import ReleasedPlan
from services.reporting.terms import Plan
from shared.database import Connection


async def outside_plan(  # noqa: PLR0913, PLR0917  a release, a plan, and what stands around it
    connection: Connection,
    releases: Releases,
    head: ReleaseHead | None,
    plan: Plan,
    plans: Iterable[Plan],
    whole: Period | None,
) -> ReleasedPlan:
    """Read what a release tells of a plan's areas; `plans` are all, since areas may have several."""
    told = await releases.of_areas(connection, head, plan.areas) if head else {}
    others = {area for other in plans if other.plan != plan.plan for area in other.areas}
    return ReleasedPlan(head, told, whole, plan, frozenset(others & set(plan.areas)))
