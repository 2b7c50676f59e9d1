"""The page of releases: what was released of people, what the next one will hold, and a form to have it made now."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.releases import store
from services.reporting.releases.api import MAKERS, told_of
from services.reporting.releases.service import ReleaseMaker
from services.reporting.terms import Json
from services.reporting.web.language import language_of
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, same_origin
from shared.errors import Forbidden
from shared.http.reading import PoolOf
from shared.http.state import part_of, state_of

SHOWN: Final = 60
NEWEST: Final = 2**31 - 1

router: Final = APIRouter()


@router.get("/releases")
async def get_releases(request: Request, visitor: Visiting, pool: PoolOf) -> Response:
    """Show the releases, and what the next one will hold.

    Raises:
        Forbidden: this is for those who may have one made.
    """
    _see_that_it_may(visitor)
    outlook = await part_of(request, ReleaseMaker).outlook()
    async with pool.acquire() as connection:
        found = await store.heads_before(connection, NEWEST, SHOWN)
    return page(
        request,
        "releases.html",
        visitor=visitor,
        outlook=outlook,
        silent=[visitor.area_names.get(area, area) for area in outlook["silent_areas"]],
        releases=[_row(told_of(head)) for head in found],
    )


@router.post("/releases", dependencies=[Depends(same_origin)])
async def post_release(request: Request, visitor: Visiting) -> Response:
    """Have the newest closed month released now.

    Raises:
        AlreadyRunning, CannotRelease: none can be made now.
        Forbidden: the visitor may not have one made.
    """
    _see_that_it_may(visitor)
    await part_of(request, ReleaseMaker).order(state_of(request).consumers, None, visitor.identity.role)
    return RedirectResponse(f"{language_of(request.url.path).prefix}/releases", HTTPStatus.SEE_OTHER)


def _see_that_it_may(visitor: Visitor) -> None:
    if visitor.identity.role not in MAKERS:
        raise Forbidden("releases are made by the network")


def _row(told: Json) -> Json:
    return {**told, "changed": told["changed"] or {}}
