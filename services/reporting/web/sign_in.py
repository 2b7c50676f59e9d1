"""Signing in by invitation, signing out, and the demo's switch; also the choice of light or dark. Owns the forms."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.reader.passes import Passes
from services.reporting.web.language import language_of
from services.reporting.web.rendering import THEME_COOKIE, THEMES
from services.reporting.web.sign_in_page import sign_in_page
from services.reporting.web.visitor import (
    COOKIE,
    HOST_COOKIE,
    VIEW_COOKIE,
    Visiting,
    end_sessions,
    first_page,
    forget,
    recognised,
    remember,
    same_origin,
    session_cookie,
)
from shared.codes import SignInCode
from shared.errors import Forbidden, Unauthenticated
from shared.http.forms import FormFields
from shared.http.state import part_of

YEAR: Final = timedelta(days=365)
VIEW_LIFE: Final = timedelta(hours=12)

router: Final = APIRouter()


@router.get("/sign-in")
async def get_sign_in(
    request: Request,
    invitation: Annotated[str | None, Query(max_length=4096)] = None,
    refused: SignInCode | None = None,
) -> Response:
    """Show the page that an invitation leads to: looking at it, as a mail's scanner does, takes nothing.

    `refused` says why somebody who comes from a provider is not signed in.
    """
    return await sign_in_page(request, visitor=await recognised(request), invitation=invitation, code=refused)


@router.post("/sign-in", dependencies=[Depends(same_origin)])
async def post_sign_in(request: Request, fields: FormFields) -> Response:
    """Take an invitation and sign its holder in."""
    passes = part_of(request, Passes)
    try:
        session, life = await passes.take(fields.get("invitation", ""))
    except Unauthenticated:
        return await sign_in_page(request, code="invitation_spent")
    begins = await first_page(request, session, language_of(request.url.path).prefix)
    await end_sessions(request)
    answer = RedirectResponse(begins, HTTPStatus.SEE_OTHER)
    remember(request, answer, session_cookie(request), session, life)
    return answer


@router.post("/sign-out", dependencies=[Depends(same_origin)])
async def post_sign_out(request: Request) -> Response:
    """End the session that the browser holds."""
    await end_sessions(request)
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
        remember(request, answer, VIEW_COOKIE, area, VIEW_LIFE)
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
