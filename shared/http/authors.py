"""The route by which an auditor sees who sent the events of a service's log."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from shared.backbone import event_log
from shared.http.authentication import only
from shared.http.state import state_of
from shared.tokens import Identity


def author_routes() -> APIRouter:
    """Make the route."""
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/authors", summary="Who sent what")
    async def get_authors(
        request: Request,
        _: Annotated[Identity, Depends(only("auditor", "admin"))],
        before: Annotated[int, Query(ge=1, le=2**63 - 1, description="The sequence to go back from.")] = 2**63 - 1,
        limit: Annotated[int, Query(ge=1, le=event_log.MAX_PAGE)] = 100,
    ) -> dict[str, list[dict[str, Any]]]:
        """List who sent the events of the log, the newest first; `authid` is opaque, and access knows whose it is."""
        async with state_of(request).pool.acquire() as connection:
            return {"authors": await event_log.authors(connection, before, limit)}

    return router
