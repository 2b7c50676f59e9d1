"""The page for whoever was signed out while typing: all that was typed is in it, and is sent again. Owns no form."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import Request, Response

from services.reporting.web.rendering import page


def kept_page(request: Request, title: str, fields: Mapping[str, Sequence[str]]) -> Response:
    """Show that nothing is lost: the same is sent again, to the same address, once somebody is signed in."""
    query = f"?{request.url.query}" if request.url.query else ""
    return page(
        request,
        "typed_signed_out.html",
        status=HTTPStatus.UNAUTHORIZED,
        title=title,
        address=f"{request.url.path}{query}",
        fields=[(name, value) for name, values in fields.items() for value in values],
    )
