"""The registry's read routes. Posting is `shared.http.intake`, the same for every service."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.registry import schemas, store
from shared.errors import NotFound
from shared.http.authentication import identity
from shared.http.reading import Cursor, Filter, Limit, Name, PoolOf, Search

router = APIRouter(tags=["registry"], dependencies=[Depends(identity)])


@router.get("/areas", summary="Areas")
async def get_areas(pool: PoolOf, q: Search = None, cursor: Cursor = "", limit: Limit = 50) -> schemas.Areas:
    """List areas by slug."""
    async with pool.acquire() as connection:
        rows = await store.page_of_areas(connection, after=cursor, limit=limit, text=q)
    return schemas.Areas(
        areas=[schemas.Area.of(row) for row in rows], next=rows[-1].area if len(rows) == limit else None
    )


@router.get("/areas/{area}", summary="One area")
async def get_area(pool: PoolOf, area: Name) -> schemas.Area:
    """Give one area."""
    async with pool.acquire() as connection:
        row = await store.read_area(connection, area)
    if row is None:
        raise NotFound(f"there is no area '{area}'")
    return schemas.Area.of(row)


@router.get("/plans", summary="Plans")
async def get_plans(
    pool: PoolOf, area: Filter = None, q: Search = None, cursor: Cursor = "", limit: Limit = 50
) -> schemas.Plans:
    """List plans by slug, all or those of one area."""
    async with pool.acquire() as connection:
        rows = await store.page_of_plans(connection, after=cursor, limit=limit, text=q, area=area)
    return schemas.Plans(
        plans=[schemas.Plan.of(row) for row in rows], next=rows[-1].plan if len(rows) == limit else None
    )


@router.get("/plans/{plan}", summary="One plan")
async def get_plan(pool: PoolOf, plan: Name) -> schemas.Plan:
    """Give one plan."""
    async with pool.acquire() as connection:
        row = await store.read_plan(connection, plan)
    if row is None:
        raise NotFound(f"there is no plan '{plan}'")
    return schemas.Plan.of(row)


@router.get("/activities", summary="Activities")
async def get_activities(  # noqa: PLR0913  one filter each
    *,
    pool: PoolOf,
    area: Filter = None,
    plan: Filter = None,
    effort_area: Filter = None,
    status: Annotated[schemas.Status | None, "Where in its life the activity is."] = None,
    q: Search = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> schemas.Activities:
    """List activities by slug, narrowed by any of the filters."""
    async with pool.acquire() as connection:
        rows = await store.page_of_activities(
            connection,
            after=cursor,
            limit=limit,
            text=q,
            area=area,
            plan=plan,
            effort_area=effort_area,
            status=status,
        )
    return schemas.Activities(
        activities=[schemas.Activity.of(row) for row in rows],
        next=rows[-1].activity if len(rows) == limit else None,
    )


@router.get("/activities/{activity}", summary="One activity")
async def get_activity(pool: PoolOf, activity: Name) -> schemas.Activity:
    """Give one activity."""
    async with pool.acquire() as connection:
        row = await store.read_activity(connection, activity)
    if row is None:
        raise NotFound(f"there is no activity '{activity}'")
    return schemas.Activity.of(row)
