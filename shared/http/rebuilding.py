"""The routes by which an administrator has a service made anew from its owners' logs; the same in every service."""

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from shared.backbone.rebuilding import Progress
from shared.http.authentication import only
from shared.http.deeds import note_apart
from shared.http.state import state_of
from shared.tokens import Identity


def rebuilding_routes() -> APIRouter:
    """Make the routes; the service has a `Rebuilder` in its state."""
    router = APIRouter(prefix="/rebuild", tags=["operations"], dependencies=[Depends(only("admin"))])

    @router.post("", status_code=202, summary="Make it anew from its owners' logs")
    async def post_rebuild(request: Request, sender: Annotated[Identity, Depends(only("admin"))]) -> dict[str, Any]:
        """Begin to make anew what follows from others' logs; what is there stays until it is replaced, all at once.

        One at a time, else `409 already_running`.
        """
        rebuilder = state_of(request).rebuilder
        await rebuilder.start()
        await note_apart(request, sender, "rebuild")
        return _as_json(rebuilder.progress)

    @router.get("", summary="How far that has come")
    async def get_rebuild(request: Request) -> dict[str, Any]:
        """Tell of what runs in the process which answers, else of the last there; `elsewhere`: another is at it."""
        state = state_of(request)
        return _as_json(await state.rebuilder.told_of(state.pool))

    return router


def _as_json(progress: Progress) -> dict[str, Any]:
    return {
        "state": progress.state,
        "owners": {
            owner: {"read": progress.read.get(owner, 0), "head": head} for owner, head in progress.heads.items()
        },
        "dead_letters": progress.dead_letters,
        "findings": [dataclasses.asdict(finding) for finding in progress.findings],
        "seconds": round(progress.seconds, 3),
        "detail": progress.detail,
    }
