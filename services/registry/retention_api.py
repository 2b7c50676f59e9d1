"""The routes by which administrators see which plans' people are due to go, and remove them.

Nobody is named: not who goes, nor how many. Money, activities and released figures stay.
"""

import uuid
from datetime import date
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from services.registry.store import retention
from shared import clock
from shared.events.envelope import AREA_PREFIX, TYPE_PREFIX, TYPE_SUFFIX
from shared.http.authentication import only
from shared.http.deeds import note_apart
from shared.http.reading import PoolOf
from shared.http.state import state_of
from shared.retention import ANNOUNCED_DAYS, PEOPLE_MONTHS, months_after, people_removed_on
from shared.tokens import Identity

# Each is a look through the log of an area.
AT_ONCE: Final = 50
WITHDRAWN: Final = f"{TYPE_PREFIX}consent.withdrawn{TYPE_SUFFIX}"
Operator = Annotated[Identity, Depends(only("admin"))]
router: Final = APIRouter(prefix="/retention", tags=["operations"])


class PlanDue(BaseModel):
    """A plan that has people still, and from when they are removed."""

    plan: str
    name: str
    areas: list[str]
    over_on: date
    removed_on: date


class Outlook(BaseModel):
    """The plans whose people are removed by a day, the first first."""

    by: date
    plans: list[PlanDue]


class Removal(BaseModel):
    """Whether people were removed, and whether there are more: then ask again."""

    removed: bool
    more: bool


@router.get("", summary="Whose people are removed soon")
async def get_retention(
    pool: PoolOf, _: Operator, days: Annotated[int, Query(ge=0, le=3_650, description="So far ahead.")] = ANNOUNCED_DAYS
) -> Outlook:
    """List the plans whose people are due within so many days, or are due already."""
    by = date.fromordinal(clock.today().toordinal() + days)
    async with pool.acquire() as connection:
        over = await retention.plans_with_people(connection, by)
    due = [
        PlanDue(
            plan=plan.plan,
            name=plan.name,
            areas=list(plan.areas),
            over_on=plan.over_on,
            removed_on=people_removed_on(plan.over_on),
        )
        for plan in over
    ]
    return Outlook(by=by, plans=[plan for plan in due if plan.removed_on <= by])


@router.post("/removal", summary="Remove the people of plans that are over for so long")
async def post_removal(request: Request, pool: PoolOf, sender: Operator) -> Removal:
    """Erase some of those who are due, as a withdrawn consent does; say it again while there are `more`."""
    now = clock.now()
    async with pool.acquire() as connection:
        due = await retention.people_due(connection, months_after(clock.day_of(now), -PEOPLE_MONTHS), AT_ONCE + 1)
    events = [
        {
            "specversion": "1.0",
            "id": f"retention-{uuid.uuid4()}",
            "source": f"{AREA_PREFIX}{person.area}",
            "type": WITHDRAWN,
            "time": now.isoformat().replace("+00:00", "Z"),
            "data": {"participant": person.person},
        }
        for person in due[:AT_ONCE]
    ]
    if events:
        await note_apart(request, sender, "retention.removal")
        await state_of(request).writer.post(orjson.dumps(events), sender, "refuse")
    return Removal(removed=bool(events), more=len(due) > AT_ONCE)
