"""Signing in by invitation, signing out, and the demo's switch; also the choice of light or dark. Owns the forms."""

import contextlib
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.reader.passes import SESSION_LIFE, Passes
from services.reporting.web.language import language_of
from services.reporting.web.rendering import THEME_COOKIE, THEMES, page
from services.reporting.web.visitor import (
    COOKIE,
    HOST_COOKIE,
    VIEW_COOKIE,
    FormFields,
    Visiting,
    forget,
    recognised,
    remember,
    same_origin,
    session_cookie,
    sessions,
)
from shared.errors import Forbidden, Unauthenticated
from shared.http.state import part_of, state_of

YEAR: Final = timedelta(days=365)

router: Final = APIRouter()


@router.get("/sign-in")
async def get_sign_in(request: Request, invitation: Annotated[str | None, Query(max_length=4096)] = None) -> Response:
    """Show the page that an invitation leads to: looking at it, as a mail's scanner does, takes nothing."""
    return page(request, "sign_in.html", visitor=await recognised(request), invitation=invitation, refused=False)


@router.post("/sign-in", dependencies=[Depends(same_origin)])
async def post_sign_in(request: Request, fields: FormFields) -> Response:
    """Take an invitation and sign its holder in."""
    passes = part_of(request, Passes)
    key = state_of(request).token_key
    try:
        session = await passes.take(key, fields.get("invitation", ""))
    except Unauthenticated:
        return page(request, "sign_in.html", status=HTTPStatus.FORBIDDEN, invitation=None, refused=True)
    answer = RedirectResponse(_front(request), HTTPStatus.SEE_OTHER)
    remember(request, answer, session_cookie(request), session, SESSION_LIFE)
    return answer


@router.post("/sign-out", dependencies=[Depends(same_origin)])
async def post_sign_out(request: Request) -> Response:
    """End the session that the browser holds."""
    passes = part_of(request, Passes)
    key = state_of(request).token_key
    for session in sessions(request):
        # Whoever is not signed in is signed out already.
        with contextlib.suppress(Unauthenticated):
            await passes.end(key, session)
    answer = RedirectResponse(_front(request), HTTPStatus.SEE_OTHER)
    for cookie in (HOST_COOKIE, COOKIE, VIEW_COOKIE):
        forget(request, answer, cookie)
    return answer


@router.post("/switch", dependencies=[Depends(same_origin)])
async def post_switch(request: Request, visitor: Visiting, fields: FormFields) -> Response:
    """Let a lead of the demo look as the coordinator of an area, or as a lead again.

    Raises:
        Forbidden: this is no demo, or its visitor is no lead.
    """
    if not visitor.may_switch:
        raise Forbidden("only the demo lets a network lead look as somebody else")
    answer = RedirectResponse(_front(request), HTTPStatus.SEE_OTHER)
    if (area := fields.get("area", "")) in visitor.area_names:
        remember(request, answer, VIEW_COOKIE, area, SESSION_LIFE)
    else:
        forget(request, answer, VIEW_COOKIE)
    return answer


@router.post("/theme", dependencies=[Depends(same_origin)])
async def post_theme(request: Request, fields: FormFields) -> Response:
    """Remember whether the pages shall be light, dark, or as the device is."""
    theme = fields.get("theme", "auto")
    answer = RedirectResponse(_back(fields.get("next", ""), _front(request)), HTTPStatus.SEE_OTHER)
    if theme in THEMES:
        remember(request, answer, THEME_COOKIE, theme, YEAR)
    return answer


def _front(request: Request) -> str:
    return language_of(request.url.path).prefix or "/"


def _back(wanted: str, front: str) -> str:
    """Give an address of ours to go back to; anything that could lead elsewhere leads to the front page."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return front
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if is_ours and wanted.isprintable() else front
