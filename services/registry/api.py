"""The registry's read routes. Posting is `shared.http.intake`, the same for every service."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import TypeAdapter

from services.registry.schemas import activities, network, plans, sharing
from services.registry.store import reading
from shared.errors import Forbidden, NotFound
from shared.events.catalogue import CATALOGUES
from shared.events.registry.parts import Lens
from shared.http.authentication import identity
from shared.http.lookups import note_shown
from shared.http.reading import UNCHANGED, Cursor, Filter, Limit, Name, PoolOf, Revalidated, Search
from shared.tokens import Identity

router = APIRouter(
    tags=["registry"],
    dependencies=[Depends(identity)],
    route_class=Revalidated,
    responses=UNCHANGED,
)

# A cursor of two slugs; a dot stands in none.
PairCursor = Annotated[str, Query(max_length=127, pattern=r"^([a-z0-9-]+\.[a-z0-9-]+)?$", description="As `cursor`.")]
Role = Annotated[Identity, Depends(identity)]


@router.get("/areas", summary="Areas")
async def get_areas(pool: PoolOf, q: Search = None, cursor: Cursor = "", limit: Limit = 50) -> network.Areas:
    """List areas by slug."""
    async with pool.acquire() as connection:
        rows = await reading.page_of_areas(connection, after=cursor, limit=limit, text=q)
    return network.Areas(
        areas=[network.Area.of(row) for row in rows], next=rows[-1].area if len(rows) == limit else None
    )


@router.get("/areas/{area}", summary="One area")
async def get_area(pool: PoolOf, area: Name) -> network.Area:
    """Give one area."""
    async with pool.acquire() as connection:
        row = await reading.area(connection, area)
    if row is None:
        raise NotFound(f"there is no area '{area}'")
    return network.Area.of(row)


@router.get("/pools", summary="Pools with their effort areas and crosswalks")
async def get_pools(pool: PoolOf) -> network.Pools:
    """List every pool, by slug; there are few."""
    async with pool.acquire() as connection:
        return network.Pools(pools=[network.Pool.of(row) for row in await reading.all_pools(connection)])


@router.get("/organisations", summary="Organisations")
async def get_organisations(
    pool: PoolOf, kind: Filter = None, q: Search = None, cursor: Cursor = "", limit: Limit = 50
) -> network.Organisations:
    """List organisations by slug."""
    async with pool.acquire() as connection:
        rows = await reading.page_of_organisations(connection, after=cursor, limit=limit, text=q, kind=kind)
    return network.Organisations(
        organisations=[network.Organisation.of(row) for row in rows],
        next=rows[-1].organisation if len(rows) == limit else None,
    )


@router.get("/plans", summary="Plans")
async def get_plans(
    pool: PoolOf, area: Filter = None, q: Search = None, cursor: Cursor = "", limit: Limit = 50
) -> plans.Plans:
    """List plans by slug, all or those of one area."""
    async with pool.acquire() as connection:
        rows = await reading.page_of_plans(connection, after=cursor, limit=limit, text=q, area=area)
    return plans.Plans(plans=[plans.Plan.of(row) for row in rows], next=rows[-1].plan if len(rows) == limit else None)


@router.get("/plans/{plan}", summary="One plan, with its partners and goals")
async def get_plan(pool: PoolOf, sender: Role, plan: Name) -> plans.PlanInFull:
    """Give one plan; what its goals count is for its own areas' coordinators."""
    async with pool.acquire() as connection:
        row = await reading.plan(connection, plan)
        if row is None:
            raise NotFound(f"there is no plan '{plan}'")
        partners = await reading.partners(connection, plan)
        goals = await reading.goals(connection, plan)
    is_inside = sender.role == "coordinator" and sender.areas.issuperset(row.areas)
    return plans.PlanInFull(
        **plans.Plan.of(row).model_dump(),
        partners=[
            plans.Partner(organisation=organisation, role=role, joined=joined, left=left)
            for organisation, role, joined, left in partners
        ],
        goals=[plans.Goal.of(goal, assessed, is_inside=is_inside) for goal, assessed in goals],
    )


@router.get("/milestones", summary="Milestones")
async def get_milestones(  # noqa: PLR0913  one filter each
    *,
    pool: PoolOf,
    plan: Filter = None,
    area: Filter = None,
    status: Annotated[Literal["planned", "reached"] | None, "Whether it is reached."] = None,
    cursor: PairCursor = "",
    limit: Limit = 50,
) -> plans.Milestones:
    """List milestones by plan and slug."""
    first, _, second = cursor.partition(".")
    async with pool.acquire() as connection:
        rows = await reading.page_of_milestones(
            connection,
            after=(first, second),
            limit=limit,
            narrow=reading.MilestoneFilter(plan, area, None if status is None else status == "reached"),
        )
    return plans.Milestones(
        milestones=[plans.Milestone.of(row) for row in rows],
        next=f"{rows[-1].plan}.{rows[-1].milestone}" if len(rows) == limit else None,
    )


@router.get("/activities", summary="Activities")
async def get_activities(  # noqa: PLR0913  one filter each
    *,
    pool: PoolOf,
    area: Filter = None,
    plan: Filter = None,
    effort_area: Filter = None,
    status: Annotated[activities.Status | None, "Where in its life the activity is."] = None,
    q: Search = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> activities.Activities:
    """List activities by slug, narrowed by any of the filters."""
    narrow = reading.ActivityFilter(q, area, plan, effort_area, status)
    async with pool.acquire() as connection:
        rows = await reading.page_of_activities(connection, after=cursor, limit=limit, narrow=narrow)
    return activities.Activities(
        activities=[activities.Activity.of(row) for row in rows],
        next=rows[-1].activity if len(rows) == limit else None,
    )


@router.get("/activities/{activity}", summary="One activity, and who carries it on")
async def get_activity(pool: PoolOf, activity: Name) -> activities.ActivityInFull:
    """Give one activity."""
    async with pool.acquire() as connection:
        row = await reading.activity(connection, activity)
        if row is None:
            raise NotFound(f"there is no activity '{activity}'")
        anchored = await reading.anchoring(connection, activity)
    return activities.ActivityInFull(
        **activities.Activity.of(row).model_dump(),
        anchored=activities.Anchoring.of(anchored) if anchored else None,
    )


@router.get("/activities/{activity}/participants", summary="An activity's participants, for its own area only")
async def get_participants(  # noqa: PLR0913  who asks, for what, and a page of it
    *,
    request: Request,
    pool: PoolOf,
    sender: Role,
    response: Response,
    activity: Name,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> activities.Participants:
    """List the participants of an activity by pseudonym. Nobody but the area's own coordinators may see them.

    Who looked, and at whom, is noted.
    """
    async with pool.acquire() as connection, connection.transaction():
        row = await reading.activity(connection, activity)
        if row is None:
            raise NotFound(f"there is no activity '{activity}'")
        if sender.role != "coordinator" or row.area not in sender.areas:
            raise Forbidden(f"only coordinators of '{row.area}' see who is in this activity")
        rows = await reading.page_of_participants(connection, activity, after=cursor, limit=limit)
        people = [row.participant for row in rows]
        await note_shown(connection, request, sender, collection=f"participants of {activity}", people=people)
    response.headers["Cache-Control"] = "no-store"
    return activities.Participants(
        participants=[activities.Participant.of(row) for row in rows],
        next=rows[-1].participant if len(rows) == limit else None,
    )


@router.get("/practices", summary="The network's catalogue of practices, with their lineage")
async def get_practices(
    pool: PoolOf, area: Filter = None, effort_area: Filter = None, cursor: Cursor = "", limit: Limit = 50
) -> sharing.Practices:
    """List practices by their activity's slug."""
    async with pool.acquire() as connection:
        rows = await reading.page_of_practices(
            connection, after=cursor, limit=limit, area=area, effort_area=effort_area
        )
    return sharing.Practices(
        practices=[sharing.Practice.of(row) for row in rows],
        next=rows[-1].activity if len(rows) == limit else None,
    )


@router.get("/stories", summary="Stories")
async def get_stories(  # noqa: PLR0913  one filter each
    *,
    pool: PoolOf,
    area: Filter = None,
    activity: Filter = None,
    lens: Lens | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> sharing.Stories:
    """List stories by slug; withdrawn ones are gone."""
    async with pool.acquire() as connection:
        rows = await reading.page_of_stories(
            connection, after=cursor, limit=limit, area=area, activity=activity, lens=lens
        )
    return sharing.Stories(
        stories=[sharing.Story.of(row) for row in rows], next=rows[-1].story if len(rows) == limit else None
    )


@router.get("/schemas", summary="The events that the registry takes")
async def get_schemas() -> network.EventKinds:
    """List the kinds of event, in the order of their documentation."""
    return network.EventKinds(schemas=[network.EventKind.of(event) for event in CATALOGUES["registry"].events])


@router.get("/schemas/{name}", summary="The JSON Schema of one event")
async def get_schema(name: Name) -> network.EventSchema:
    """Give one kind of event, by name, with the JSON Schema of its data."""
    for event in CATALOGUES["registry"].events:
        if event.event_name == name:
            schema: dict[str, Any] = TypeAdapter(event).json_schema()
            return network.EventSchema(**network.EventKind.of(event).model_dump(), json_schema=schema)
    raise NotFound("the registry takes no such event")
