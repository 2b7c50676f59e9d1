"""Puts the pages together at the root: routes in both languages, errors as pages, and what a browser may do.

It shares the state of reporting's application, and starts nothing itself.
"""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.reporting.exports import api as exporting
from services.reporting.feed import api as feed
from services.reporting.figures import api as figures
from services.reporting.ground import api as ground_api
from services.reporting.web import (
    administration,
    assets,
    charting,
    deeds,
    ground,
    pages,
    people,
    printing,
    provider_sign_in,
    releases,
    sign_in,
    subscriptions,
)
from services.reporting.web.entry import context_import, forms, offline, own_area, rosters, series
from services.reporting.web.language import language_of
from services.reporting.web.rendering import page
from services.reporting.web.sign_in_page import sign_in_page
from services.reporting.web.visitor import Site, Visitor, recognised, visitors_pass
from services.reporting.web.wrong_fields import wrong_fields
from shared import database
from shared.errors import IssuerUnknown, Unauthenticated
from shared.http import problems
from shared.http.authentication import bearer
from shared.http.browsers import FILE_POLICY, FOR_GOOD, HEADERS, NEVER_KEPT, PAGE_POLICY

RETRY_AFTER: Final = "Retry-After"
# The modules of the pages, which are there in both languages.
PAGES: Final = (
    pages,
    releases,
    sign_in,
    provider_sign_in,
    administration,
    own_area,
    rosters,
    forms,
    context_import,
    people,
    deeds,
    ground,
    series,
    subscriptions,
    offline,
)


def build_site(reporting: FastAPI, *, is_demo: bool = False) -> FastAPI:
    """Make the site of a reporting application; in a demo a lead may look as a coordinator."""
    site = Site(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    site.state = reporting.state
    site.is_demo = is_demo
    problems.install(site)
    _install_pages_for_errors(site)
    # Files, charts and print are those of the JSON's routes; only who asks is known by the session, not by a token.
    site.dependency_overrides[bearer] = visitors_pass
    for prefix in ("", "/en"):
        for of_pages in PAGES:
            site.include_router(of_pages.router, prefix=prefix)
    for router in (
        assets.router,
        charting.routes(),
        charting.chosen,
        printing.routes(),
        exporting.router,
        figures.router,
        ground_api.router,
        feed.following,
        provider_sign_in.returning,
        subscriptions.calendar,
        offline.worker,
    ):
        site.include_router(router)
    site.add_api_route("/en", pages.get_overview)
    site.add_middleware(_Guarded)
    return site


class _Guarded:
    """Says with every answer what a browser may do with it, and that nobody's figures lie in a cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else FILE_POLICY)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # A file or a chart shows what its page shows, and several people may use one machine.
                if headers.get("cache-control") != FOR_GOOD:
                    headers["Cache-Control"] = NEVER_KEPT
            await send(message)

        await self._app(scope, receive, send_guarded)


def _install_pages_for_errors(site: FastAPI) -> None:
    """Answer a person with a page where a program gets a problem document."""
    for kind, as_problem in dict(site.exception_handlers).items():
        site.add_exception_handler(kind, _with_page(as_problem))


def _with_page(as_problem: Any) -> Any:  # noqa: ANN401  a handler, as Starlette takes them
    async def answer(request: Request, error: Exception) -> Response:
        # Whatever is logged of an error is logged there.
        answered: Response = await as_problem(request, error)
        if "text/html" not in request.headers.get("accept", ""):
            return answered
        if isinstance(error, Unauthenticated):
            return await sign_in_page(request, status=HTTPStatus.UNAUTHORIZED)
        status = _status(answered, error)
        visitor = await _visitor(request, status)
        wrong = wrong_fields(error, request.query_params, language_of(request.url.path))
        names = {field.name for field in wrong}
        beside = [(name, value) for name, value in request.query_params.multi_items() if name not in names]
        shown = page(request, "error.html", visitor=visitor, status=status, error=status, wrong=wrong, beside=beside)
        if RETRY_AFTER in answered.headers:
            shown.headers[RETRY_AFTER] = answered.headers[RETRY_AFTER]
        return shown

    return answer


async def _visitor(request: Request, status: HTTPStatus) -> Visitor | None:
    """Give who looks at a page for an error; nobody where something of ours is broken or away."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    try:
        return await recognised(request)
    except (IssuerUnknown, *database.UNAVAILABLE):
        return None


def _status(answered: Response, error: Exception) -> HTTPStatus:
    """Give the status of a page for an error: an address whose steps cannot be read leads nowhere."""
    is_nowhere = isinstance(error, RequestValidationError) and any(each["loc"][0] == "path" for each in error.errors())
    return HTTPStatus.NOT_FOUND if is_nowhere else HTTPStatus(answered.status_code)
