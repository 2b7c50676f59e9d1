"""Signing in by invitation, signing out, and the demo's switch; also the choice of light or dark. Owns the forms."""

import contextlib
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.service.passes import Passes, open_session
from services.reporting.web.language import language_of
from services.reporting.web.rendering import THEME_COOKIE, THEMES, page
from services.reporting.web.visitor import (
    Form,
    forget,
    is_local_demo,
    is_secure,
    recognised,
    remember,
    same_origin,
    sessions,
)
from shared.errors import Forbidden, Unauthenticated
from shared.tokens import Identity, TokenKey

YEAR_SECONDS: Final = 365 * 24 * 60 * 60

router: Final = APIRouter()


@router.get("/sign-in")
async def get_sign_in(request: Request, invitation: Annotated[str | None, Query(max_length=4096)] = None) -> Response:
    """Show the page that an invitation leads to: looking at it, as a mail's scanner does, takes nothing."""
    return page(request, "sign_in.html", visitor=await recognised(request), invitation=invitation, refused=False)


@router.post("/sign-in", dependencies=[Depends(same_origin)])
async def post_sign_in(request: Request, fields: Form) -> Response:
    """Take an invitation and sign its holder in."""
    passes: Passes = request.app.state.passes
    key: TokenKey = request.app.state.token_key
    try:
        session = await passes.take(key, fields.get("invitation", ""))
    except Unauthenticated:
        return page(request, "sign_in.html", status=HTTPStatus.FORBIDDEN, invitation=None, refused=True)
    return _signed_in(request, session)


@router.post("/sign-out", dependencies=[Depends(same_origin)])
async def post_sign_out(request: Request) -> Response:
    """End the session that the browser holds."""
    passes: Passes = request.app.state.passes
    key: TokenKey = request.app.state.token_key
    for session in sessions(request):
        # Whoever is not signed in is signed out already.
        with contextlib.suppress(Unauthenticated):
            await passes.end(key, session)
    answer = RedirectResponse(_front(request), HTTPStatus.SEE_OTHER)
    forget(request, answer)
    return answer


@router.post("/switch", dependencies=[Depends(same_origin)])
async def post_switch(request: Request, fields: Form) -> Response:
    """Let the demo's local user look as somebody else: a network lead, or the coordinator of an area.

    Raises:
        Forbidden: this is no demo, or it is asked from elsewhere.
    """
    if not is_local_demo(request):
        raise Forbidden("only the demo, on its own machine, lets its user be somebody else")
    area = fields.get("area")
    identity = Identity("coordinator", frozenset({area})) if area else Identity("lead")
    return _signed_in(request, open_session(request.app.state.token_key, identity))


@router.post("/theme", dependencies=[Depends(same_origin)])
async def post_theme(request: Request, fields: Form) -> Response:
    """Remember whether the pages shall be light, dark, or as the device is."""
    theme = fields.get("theme", "auto")
    answer = RedirectResponse(_back(fields.get("next", ""), _front(request)), HTTPStatus.SEE_OTHER)
    if theme in THEMES:
        answer.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=YEAR_SECONDS,
            path="/",
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )
    return answer


def _signed_in(request: Request, session: str) -> Response:
    answer = RedirectResponse(_front(request), HTTPStatus.SEE_OTHER)
    remember(request, answer, session)
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
