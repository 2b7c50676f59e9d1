"""Signing in through a provider of identities: there, and back. Owns the cookie that binds the two."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.reader.ways_in import WaysIn
from services.reporting.settings import ReportingSettings
from services.reporting.web.language import language_of, named
from services.reporting.web.visitor import end_sessions, first_page, forget, is_secure, remember, session_cookie
from shared.codes import SignInCode
from shared.errors import SignInRefused
from shared.http.reading import NO_NUL
from shared.http.state import part_of

COOKIE: Final = "helhedsnet_sign_in"
HOST_COOKIE: Final = f"__Host-{COOKIE}"
# As long as access holds a sign-in that was begun.
LIFE: Final = timedelta(minutes=10)
COOKIE_BYTES: Final = 300

router: Final = APIRouter()
# A provider knows one address to send people back to, whatever language they read.
returning: Final = APIRouter()

Text = Annotated[str | None, Query(max_length=4_096, pattern=NO_NUL)]


@router.get("/sign-in/with/{provider}")
async def get_sign_in_with(
    request: Request, provider: Annotated[str, Path(max_length=32, pattern=NO_NUL)]
) -> RedirectResponse:
    """Send a person to a provider; a link, since browsers hold a form to this site."""
    language = language_of(request.url.path)
    address = part_of(request, ReportingSettings).public_url or str(request.base_url)
    try:
        where, browser = await part_of(request, WaysIn).begin(provider, address, language.code)
    except SignInRefused as refused:
        return _refused(language.prefix, refused.code)
    answer = RedirectResponse(where, HTTPStatus.SEE_OTHER)
    remember(request, answer, _cookie(request), f"{language.code}.{browser}", LIFE)
    return answer


@returning.get("/sign-in/return")
async def get_return(
    request: Request, state: Text = None, code: Text = None, iss: Text = None, error: Text = None
) -> Response:
    """Sign in whom a provider sent back, into the browser that began it."""
    kept = request.cookies.get(_cookie(request), "")[:COOKIE_BYTES]
    language, _, browser = kept.partition(".")
    prefix = named(language).prefix if language in {"da", "en"} else ""
    told = {"state": state, "code": code, "iss": iss, "error": error}
    back = {name: value for name, value in told.items() if value}
    try:
        session, life = await part_of(request, WaysIn).finish(browser, back)
    except SignInRefused as refused:
        answer = _refused(prefix, refused.code)
    else:
        answer = RedirectResponse(await first_page(request, session, prefix), HTTPStatus.SEE_OTHER)
        await end_sessions(request)
        remember(request, answer, session_cookie(request), session, life)
    forget(request, answer, _cookie(request))
    return answer


def _refused(prefix: str, code: SignInCode) -> RedirectResponse:
    return RedirectResponse(f"{prefix}/sign-in?{urlencode({'refused': code})}", HTTPStatus.SEE_OTHER)


def _cookie(request: Request) -> str:
    return HOST_COOKIE if is_secure(request) else COOKIE
