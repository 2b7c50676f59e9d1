"""The routes by which an auditor has a service's log verified, and an administrator accepts it as it is."""

import asyncio
import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from shared import clock
from shared.backbone import event_log, verification
from shared.backbone.chain_walk import MAX_LINES
from shared.events.envelope import Owner
from shared.http.authentication import only
from shared.http.deeds import note
from shared.http.state import state_of
from shared.tokens import Identity

Auditor = Annotated[Identity, Depends(only("auditor", "admin"))]
Operator = Annotated[Identity, Depends(only("admin"))]


def verifying_routes(name: Owner) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/verification", summary="Verify a stretch of the log")
    async def get_verification(
        request: Request,
        _: Auditor,
        after: Annotated[int, Query(ge=0, le=2**63 - 1, description="The sequence to go on from.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_LINES)] = MAX_LINES,
    ) -> dict[str, Any]:
        """Compute so many lines again, and tell what does not fit; where `is_last`, the log's end as well.

        Go on with `after` as what `last` was. `parted` are the owners whose logs this service no longer goes on with.
        """
        state = state_of(request)
        continuity = state.continuity
        async with state.pool.acquire() as connection:
            # Says it of itself, where the log went back.
            await continuity.confirmed(connection)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                stretch = await verification.read(connection, after, limit)
                anchored = await continuity.anchored() if stretch.is_last else None
                at_the_end = await verification.found_at_the_end(connection, anchored) if stretch.is_last else []
        found = [*await asyncio.to_thread(verification.found_in, stretch), *at_the_end]
        return {
            "service": name,
            "lines": len(stretch.rows),
            "last": stretch.rows[-1]["sequence"] if stretch.rows else after,
            "head": stretch.head,
            "is_last": stretch.is_last,
            "findings": [dataclasses.asdict(finding) for finding in found],
            "parted": {consumer.owner: consumer.parted for consumer in state.consumers if consumer.parted},
        }

    @router.get("/epochs", summary="The identities that the log has had")
    async def get_epochs(request: Request, _: Auditor) -> dict[str, list[dict[str, Any]]]:
        """Tell when each began, and why; each but the first began because the log had gone back."""
        pool = state_of(request).pool
        async with pool.acquire() as connection:
            return {"epochs": await event_log.epochs(connection)}

    @router.post("/acceptance", summary="Accept the log as it is", status_code=204)
    async def post_acceptance(request: Request, sender: Operator) -> None:
        """Say that it is known that the log went back: its verification finds fault with that no longer."""
        async with state_of(request).pool.acquire() as connection, connection.transaction():
            await event_log.accept(connection, clock.now())
            await note(connection, sender, "log.acceptance")

    return router
