"""Who looks at a page: the holder of a session, in the demo perhaps as somebody else. Owns both cookies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, FastAPI, Request, Response

from services.reporting.reader.passes import Passes
from services.reporting.reader.reading import may_read
from services.reporting.reports.service import Reports
from services.reporting.settings import ReportingSettings
from shared.errors import BadRequest, Forbidden, TooLarge, Unauthenticated
from shared.http.state import part_of, state_of
from shared.tokens import Identity, Pass

COOKIE: Final = "helhedsnet_session"
VIEW_COOKIE: Final = "helhedsnet_demo_view"
# Over https: browsers take a cookie of such a name only from this very host, over https and for every path of it.
HOST_COOKIE: Final = f"__Host-{COOKIE}"
COOKIE_BYTES: Final = 4_096
FORM_BYTES: Final = 16_384
FORM_FIELDS: Final = 20


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
    session = next(sessions(request), None)
    if session is None or len(session) > COOKIE_BYTES:
        return None
    passes = part_of(request, Passes)
    key = state_of(request).token_key
    try:
        return await passes.held(key, session)
    except Unauthenticated:
        return None


def session_cookie(request: Request) -> str:
    """Give the name under which a browser is handed a session."""
    return HOST_COOKIE if is_secure(request) else COOKIE


def sessions(request: Request) -> Iterator[str]:
    """Give the sessions that a browser sends, the one that counts first.

    One under the plain name may be from before the pages were reached over https.
    """
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


async def same_origin(request: Request) -> None:
    """Refuse a form that another site sent; a FastAPI dependency.

    Raises:
        Forbidden: it does not come from a page of ours, as far as the browser says.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        ours = site == "same-origin"
    else:
        ours = origin is not None and _netloc(origin) == request.headers.get("host")
    if not ours:
        raise Forbidden("this form was not sent from a page of this system")


def _netloc(address: str) -> str:
    """Give the name and the port in an address; empty where it is no address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


async def form(request: Request) -> dict[str, str]:
    """Read a form's fields; a FastAPI dependency.

    Raises:
        TooLarge: no form of ours is that large.
        BadRequest: these are no fields of a form.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise TooLarge("a form holds at most 16 KiB")
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=FORM_FIELDS))
    except ValueError:
        raise BadRequest("invalid_form", "this is no form of ours") from None


Visiting = Annotated[Visitor, Depends(visitor)]
FormFields = Annotated[dict[str, str], Depends(form)]
