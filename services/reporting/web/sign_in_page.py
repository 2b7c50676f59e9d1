"""The page on which people sign in: by invitation, or through a provider. Owns what it says when that fails."""

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.reporting.reader.ways_in import WayIn, WaysIn
from services.reporting.web.language import language_of
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visitor
from shared.codes import SIGN_IN, SignInCode
from shared.errors import SignInRefused
from shared.http.state import part_of


async def sign_in_page(
    request: Request,
    *,
    visitor: Visitor | None = None,
    status: int = HTTPStatus.OK,
    invitation: str | None = None,
    code: SignInCode | None = None,
) -> HTMLResponse:
    """Make the page; a `code` says why nobody was signed in, and gives the status."""
    language = language_of(request.url.path).code
    refused = SignInRefused(code, "").status if code else status
    return page(
        request,
        "sign_in.html",
        visitor=visitor,
        # A provider that is away or mistaken is no failure of this page.
        status=refused if refused < HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.FAILED_DEPENDENCY,
        invitation=invitation,
        code=code,
        why=SIGN_IN[code][0 if language == "da" else 1] if code else "",
        ways=[(way.provider, way.label_da if language == "da" else way.label_en) for way in await _ways(request)],
    )


async def _ways(request: Request) -> tuple[WayIn, ...]:
    return await part_of(request, WaysIn).known()
