"""The routes by which an administrator has the figures folded anew."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from services.reporting.service.rebuilding import Progress, Rebuilder
from shared.http.authentication import only

router = APIRouter(prefix="/rebuild", tags=["operations"], dependencies=[Depends(only("admin"))])


@router.post("", status_code=202, summary="Fold everything anew from the services' logs")
async def post_rebuild(request: Request) -> dict[str, Any]:
    """Begin a rebuild; the figures stay readable, and change at its end. One at a time, else `409 already_running`."""
    rebuilder: Rebuilder = request.app.state.rebuilder
    await rebuilder.start()
    return _as_json(rebuilder.progress)


@router.get("", summary="How far the rebuild has come")
async def get_rebuild(request: Request) -> dict[str, Any]:
    """Tell of the rebuild that runs in the process which answers, else of its last one."""
    rebuilder: Rebuilder = request.app.state.rebuilder
    return _as_json(rebuilder.progress)


def _as_json(progress: Progress) -> dict[str, Any]:
    return {
        "state": progress.state,
        "owners": {
            owner: {"folded": progress.folded.get(owner, 0), "head": head} for owner, head in progress.heads.items()
        },
        "dead_letters": progress.dead_letters,
        "seconds": round(progress.seconds, 3),
        "detail": progress.detail,
    }
