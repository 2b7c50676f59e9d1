"""What a route does before it shows single persons, and the routes that tell who looked. Owns no rule."""

import asyncio
import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from shared import clock
from shared.backbone import lookups
from shared.backbone.chain_walk import MAX_LINES
from shared.backbone.lookups import Shown
from shared.codes import LookupReason
from shared.database import Connection
from shared.http.authentication import only
from shared.http.state import state_of
from shared.tokens import Identity

MAX_PAGE = 1_000
Reader = Annotated[Identity, Depends(only("auditor", "admin"))]
Before = Annotated[int, Query(ge=1, le=2**63 - 1, description="The sequence to go back from.")]
After = Annotated[int, Query(ge=0, le=2**63 - 1, description="The sequence to go on from.")]


def route_of(request: Request) -> str:
    """Give the route that a request is at, with holes for what it names."""
    route = request.scope["route"]
    return f"{request.method} /{state_of(request).name}{route.path}"


async def note_shown(  # noqa: PLR0913  who is shown whom of what, by which route and why
    connection: Connection,
    request: Request,
    sender: Identity,
    *,
    collection: str,
    people: list[str],
    reason: LookupReason | None = None,
) -> None:
    """Note who is about to be shown whom, in the transaction of the caller, which commits before it answers."""
    await lookups.append(connection, sender, Shown(route_of(request), collection, people, reason), clock.now())


def lookup_routes() -> APIRouter:
    """Make the routes by which auditors and administrators see who looked, and have that verified."""
    router = APIRouter(prefix="/log/lookups", tags=["log"])

    @router.get("", summary="Who looked at data of single persons")
    async def get_lookups(
        request: Request,
        _: Reader,
        before: Before = 2**63 - 1,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    ) -> dict[str, list[dict[str, Any]]]:
        """List who looked, when, by which route, at what and why, the newest first; never at whom."""
        async with state_of(request).pool.acquire() as connection:
            return {"lookups": await lookups.latest(connection, before, limit)}

    @router.get("/verification", summary="Verify a stretch of the look-ups")
    async def get_lookup_verification(
        request: Request,
        _: Reader,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_LINES)] = MAX_LINES,
    ) -> dict[str, Any]:
        """Compute so many look-ups again, and tell what does not fit. Go on with `after` as what `last` was."""
        async with (
            state_of(request).pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            stretch = await lookups.read(connection, after, limit)
        found = await asyncio.to_thread(lookups.found_in, stretch)
        return {
            "lines": len(stretch.rows),
            "last": stretch.rows[-1]["sequence"] if stretch.rows else after,
            "is_last": stretch.is_last,
            "findings": [dataclasses.asdict(finding) for finding in found],
        }

    return router
