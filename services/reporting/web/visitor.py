"""Who looks at a page: the holder of a session, or in the demo whoever sits at this machine. Owns the cookie."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request, Response

from services.reporting.service.passes import SESSION_LIFE, Passes
from services.reporting.service.reports import Reports
from shared.errors import BadRequest, Forbidden, TooLarge, Unauthenticated
from shared.tokens import Identity, TokenKey

COOKIE: Final = "helhedsnet_session"
# Over https: browsers take a cookie of such a name only from this very host, over https and for every path of it.
HOST_COOKIE: Final = f"__Host-{COOKIE}"
COOKIE_BYTES: Final = 4_096
FORM_BYTES: Final = 16_384
FORM_FIELDS: Final = 20
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page; `has_session` tells whether there is something to sign out of.

    `area_names` are those of all areas.
    """

    identity: Identity
    has_session: bool
    area_names: Mapping[str, str]


async def visitor(request: Request) -> Visitor:
    """Give who looks at a page; a FastAPI dependency.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    found = await recognised(request)
    if found is None:
        raise Unauthenticated("nobody is signed in")
    return found


async def visitors_identity(request: Request) -> Identity:
    """Give who looks, for the routes that otherwise ask for a bearer token; a FastAPI dependency.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    return (await visitor(request)).identity


async def recognised(request: Request) -> Visitor | None:
    """Give who looks at a page, or None where nobody is signed in."""
    identity = await _signed_in(request)
    if identity is None and not is_local_demo(request):
        return None
    reports: Reports = request.app.state.reports
    return Visitor(identity or Identity("lead"), identity is not None, await reports.area_names())


async def _signed_in(request: Request) -> Identity | None:
    session = next(sessions(request), None)
    if session is None or len(session) > COOKIE_BYTES:
        return None
    passes: Passes = request.app.state.passes
    key: TokenKey = request.app.state.token_key
    try:
        return await passes.identity(key, session)
    except Unauthenticated:
        return None


def sessions(request: Request) -> Iterator[str]:
    """Give the sessions that a browser sends, the one that counts first.

    One under the plain name may be from before the pages were reached over https.
    """
    yield from (request.cookies[name] for name in (HOST_COOKIE, COOKIE) if name in request.cookies)


def is_local_demo(request: Request) -> bool:
    """Tell whether this is the demo, asked from its own machine by its own name.

    The name matters: a page from elsewhere can make a browser call this machine, but not by this name.
    """
    if not request.app.state.is_demo or request.client is None:
        return False
    try:
        is_near = ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_near and request.url.hostname in LOCAL_NAMES


def remember(request: Request, response: Response, session: str) -> None:
    """Set the session's cookie: out of reach of scripts, never sent from other sites, nor in the clear over https."""
    response.set_cookie(
        HOST_COOKIE if is_secure(request) else COOKIE,
        session,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def forget(request: Request, response: Response) -> None:
    """Have the browser forget the session, under whichever name it has it."""
    for name in (HOST_COOKIE, COOKIE):
        is_for_https = name == HOST_COOKIE or is_secure(request)
        response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_for_https)


def is_secure(request: Request) -> bool:
    """Tell whether people reach the pages over https, by themselves or through a gateway in front."""
    public_url: str = request.app.state.settings.public_url or ""
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
Form = Annotated[dict[str, str], Depends(form)]
