"""What operators did that no event says: kept, and listed for auditors."""

from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, Query, Request

from shared import clock
from shared.backbone import deeds
from shared.database import Connection
from shared.http.authentication import only
from shared.http.state import state_of
from shared.tokens import Identity

FARTHEST: Final = 2**63 - 1

log: Final = structlog.get_logger()


async def note(connection: Connection, sender: Identity, action: str, about: str = "") -> None:
    """Keep that an operator does something that no event says, under the sender's opaque name."""
    await deeds.add(connection, sender, action, about, clock.now())
    log.info("operator.acted", action=action, about=about, authtype=sender.kind, authid=sender.subject)


async def note_apart(request: Request, sender: Identity, action: str, about: str = "") -> None:
    """Keep it before it is done, where that is no part of one transaction."""
    async with state_of(request).pool.acquire() as connection:
        await note(connection, sender, action, about)


def deed_routes() -> APIRouter:
    """Make the route."""
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/deeds", summary="What operators did")
    async def get_deeds(
        request: Request,
        _: Annotated[Identity, Depends(only("auditor", "admin"))],
        before: Annotated[int, Query(ge=1, le=FARTHEST, description="The number to go back from.")] = FARTHEST,
        limit: Annotated[int, Query(ge=1, le=deeds.LISTED)] = 100,
    ) -> dict[str, list[dict[str, Any]]]:
        """List what operators did that no event says, the newest first; `authid` is opaque."""
        async with state_of(request).pool.acquire() as connection:
            return {"deeds": await deeds.latest(connection, before, limit)}

    return router
