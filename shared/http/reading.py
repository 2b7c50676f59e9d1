"""What the read routes of all services take alike: their database, filters and paging."""

import hashlib
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request, Response
from fastapi.routing import APIRoute

from shared.database import Pool
from shared.http.state import state_of

Responses = dict[int | str, dict[str, Any]]
# PostgreSQL cannot hold NUL in a text, so no parameter may carry one.
NO_NUL = r"^[^\x00]*$"


async def _pool(request: Request) -> Pool:
    # A coroutine, since FastAPI would run a plain function in a thread of its own.
    return state_of(request).pool


PoolOf = Annotated[Pool, Depends(_pool)]
Name = Annotated[str, Path(pattern=NO_NUL, description="A slug.")]
Filter = Annotated[str | None, Query(max_length=63, pattern=NO_NUL)]
Search = Annotated[str | None, Query(max_length=100, pattern=NO_NUL, description="Text that the name holds.")]
Cursor = Annotated[str, Query(max_length=63, pattern=NO_NUL, description="`next` of the page before.")]
# The header with which a client tells what it has.
ENTITY_TAG: Final = "If-None-Match"
UNCHANGED: Final[Responses] = {HTTPStatus.NOT_MODIFIED.value: {"description": "It is as the entity tag says."}}
Limit = Annotated[int, Query(ge=1, le=500, description="The most that one page holds.")]


class Revalidated(APIRoute):
    """A read route whose answer may be kept, but is asked for again each time: it carries an ETag of its content."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route: say 304 where the client has the answer already."""
        answer = super().get_route_handler()

        async def answer_if_changed(request: Request) -> Response:
            response = await answer(request)
            if response.status_code != HTTPStatus.OK or "cache-control" in response.headers:
                return response
            etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
            headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
            known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
            if etag in known or "*" in known:
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
            response.headers.update(headers)
            return response

        return answer_if_changed


def in_document(*media_types: str, description: str = "The file.") -> Responses:
    """Describe an answer of other media types than JSON for the OpenAPI document."""
    content: dict[str, Any] = {media_type: {} for media_type in media_types}
    return {HTTPStatus.OK.value: {"content": content, "description": description}}


def describe(document: dict[str, Any]) -> None:
    """Write into an OpenAPI document that whoever sends an entity tag may be told that nothing has changed."""
    for path in document["paths"].values():
        for operation in path.values():
            if any(parameter["name"] == ENTITY_TAG for parameter in operation.get("parameters", ())):
                operation["responses"] |= {str(status): answer for status, answer in UNCHANGED.items()}
