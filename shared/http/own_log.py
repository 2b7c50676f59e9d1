"""The route by which the other services read this one's log."""

import functools
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from shared.backbone import event_log, pages
from shared.http.authentication import only
from shared.http.state import state_of
from shared.tokens import Identity


@functools.cache
def log_routes() -> APIRouter:
    """Make the route."""
    router = APIRouter(tags=["log"])

    @router.get("/events", summary="The log, for the other services")
    async def get_events(
        request: Request,
        _: Annotated[Identity, Depends(only("service"))],
        after: Annotated[int, Query(ge=0, le=2**63 - 1, description="The sequence to go on from.")] = 0,
        limit: Annotated[int, Query(ge=0, le=event_log.MAX_PAGE)] = 100,
    ) -> Response:
        """Give the entries that follow a sequence, the identity and head of the log, and with whom this service parted.

        `prior` is the chain at that sequence, null where the log ends before it.
        """
        state = state_of(request)
        continuity = state.continuity
        async with state.pool.acquire() as connection:
            prior, texts = await event_log.read_text(connection, after, limit)
            # After the entries: it holds them, or the log has gone back and they are of the new epoch.
            end = await continuity.confirmed(connection)
        parted = {consumer.owner: consumer.parted for consumer in state.consumers if consumer.parted}
        body = pages.written(end.epoch, prior, [texts], head=end.sequence, suffix=continuity.suffix, parted=parted)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    return router
