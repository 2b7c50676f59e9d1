"""Who looks at a page: the holder of a session, in the demo perhaps as somebody else. Owns both cookies."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request, Response

from services.reporting.reader.passes import Passes
from services.reporting.reader.reading import may_read
from services.reporting.reports.service import Reports
from services.reporting.settings import ReportingSettings
from shared.errors import Forbidden, Unauthenticated
from shared.http.state import part_of, state_of
from shared.tokens import Identity, Pass

COOKIE: Final = "helhedsnet_session"
VIEW_COOKIE: Final = "helhedsnet_demo_view"
# Over https: browsers take a cookie of such a name only from this very host, over https and for every path of it.
HOST_COOKIE: Final = f"__Host-{COOKIE}"
COOKIE_BYTES: Final = 4_096
OWN_AREA: Final = "/own-area"


class Site(FastAPI):
    """The application of the pages; where it `is_demo`, a lead may look as a coordinator."""

    is_demo = False


def is_demo(request: Request) -> bool:
    """Tell whether the pages that are asked for are those of the demo."""
    site = request.app
    return isinstance(site, Site) and site.is_demo


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page; `area_names` are those of all areas.

    `may_switch` tells that this is a lead of the demo, who may look as the coordinator of an area.
    """

    held: Pass
    area_names: Mapping[str, str]
    may_switch: bool

    @property
    def identity(self) -> Identity:
        """Who it is: a role, and areas."""
        return self.held.identity


async def visitor(request: Request) -> Visitor:
    """Give who looks at a page; a FastAPI dependency.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: a service reads logs, not reports.
    """
    found = await recognised(request)
    if found is None:
        raise Unauthenticated("nobody is signed in")
    await may_read(found.held)
    return found


async def visitors_pass(request: Request) -> Pass:
    """Give by what a visitor looks, for the routes that otherwise ask for a bearer token; a FastAPI dependency.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    return (await visitor(request)).held


async def recognised(request: Request) -> Visitor | None:
    """Give who looks at a page, or None where nobody is signed in."""
    held = await _signed_in(request)
    if held is None:
        return None
    reports = part_of(request, Reports)
    names = await reports.area_names()
    may_switch = is_demo(request) and held.identity.role == "lead"
    if may_switch and (area := request.cookies.get(VIEW_COOKIE)) in names:
        held = replace(held, identity=Identity("coordinator", frozenset({area})))
    return Visitor(held, names, may_switch)


async def _signed_in(request: Request) -> Pass | None:
    session = session_of(request)
    if not session or len(session) > COOKIE_BYTES:
        return None
    passes = part_of(request, Passes)
    trusted = state_of(request).trusted
    try:
        return await passes.held(trusted, session)
    except Unauthenticated:
        return None


async def first_page(request: Request, session: str, prefix: str) -> str:
    """Give where somebody begins who has just signed in: a coordinator at the own area, everybody else at the front.

    Raises:
        Unauthenticated: the session is good no more.
        IssuerUnknown: access is away.
    """
    held = await part_of(request, Passes).held(state_of(request).trusted, session)
    return begins_at(held.identity, prefix)


def begins_at(identity: Identity, prefix: str) -> str:
    """Give the page at which somebody begins."""
    return f"{prefix}{OWN_AREA}" if identity.role == "coordinator" else prefix or "/"


def session_cookie(request: Request) -> str:
    """Give the name under which a browser is handed a session."""
    return HOST_COOKIE if is_secure(request) else COOKIE


def session_of(request: Request) -> str:
    """Give the session that counts of those that a browser sends; empty where there is none.

    Over https that is the one that only this host can have set: a neighbour of it, or whoever sits on the way, can put
    a session of their own under the plain name, and others would work in it.
    """
    return request.cookies.get(session_cookie(request), "")


def sessions(request: Request) -> Iterator[str]:
    """Give all sessions that a browser sends, also one from before the pages were reached over https, to end them."""
    yield from (request.cookies[name] for name in (HOST_COOKIE, COOKIE) if name in request.cookies)


def remember(request: Request, response: Response, cookie: str, value: str, life: timedelta) -> None:
    """Set a cookie: out of reach of scripts, never sent from other sites, nor in the clear over https."""
    response.set_cookie(
        cookie,
        value,
        max_age=int(life.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def forget(request: Request, response: Response, cookie: str) -> None:
    """Take a cookie back."""
    is_for_https = cookie == HOST_COOKIE or is_secure(request)
    response.delete_cookie(cookie, path="/", httponly=True, samesite="lax", secure=is_for_https)


def is_secure(request: Request) -> bool:
    """Tell whether people reach the pages over https, by themselves or through a gateway in front."""
    public_url = part_of(request, ReportingSettings).public_url or ""
    return request.url.scheme == "https" or urlsplit(public_url).scheme == "https"


async def end_sessions(request: Request) -> None:
    """End every session that a browser sends: whoever signs out or in anew cannot end it later.

    Raises:
        IssuerUnknown: access is away.
    """
    for session in sessions(request):
        # Whoever is not signed in is signed out already.
        with contextlib.suppress(Unauthenticated):
            await part_of(request, Passes).end(session)


async def same_origin(request: Request) -> None:
    """Refuse a form that another site sent; a FastAPI dependency.

    Raises:
        Forbidden: it does not come from a page of ours, as far as the browser says.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if not (site == "same-origin" if site is not None else origin is not None and _is_ours(origin, request)):
        raise Forbidden("this form was not sent from a page of this system")


def _is_ours(origin: str, request: Request) -> bool:
    """Tell whether an origin is this host, and over https where people come so: in the clear anybody is this host."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.netloc == request.headers.get("host") and (parts.scheme == "https" or not is_secure(request))


Visiting = Annotated[Visitor, Depends(visitor)]
