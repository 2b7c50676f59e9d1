"""How what is made of a report goes out: under the report's own entity tag, and made only for who has it not."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from fastapi import Response

from services.reporting.reader.reading import has, kept


async def answer(
    etag: str,
    known: str | None,
    media_type: str,
    make: Callable[[], Awaitable[bytes]],
    more_headers: Mapping[str, str] | None = None,
) -> Response:
    """Send what is made of a report, or nothing where the reader has it already."""
    if has(known, etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=kept(etag))
    return Response(await make(), headers={**kept(etag), **(more_headers or {})}, media_type=media_type)
