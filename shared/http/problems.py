"""Errors on the wire: RFC 9457 problem details with a stable code. The one place where errors become HTTP."""

from http import HTTPStatus
from typing import Any, Final

import orjson
import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from shared import database
from shared.errors import Busy, EventsRefused, Fault, HelhedsnetError
from shared.http import schemas
from shared.http.state import state_of

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = "1"
TRY_AGAIN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
LISTED_FAULTS: Final = 5_000
# Source: RFC 9457, Problem Details for HTTP APIs.
SCHEMA: Final = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "detail": {"type": "string", "description": "For people."},
        "errors": {"type": "array", "items": {"type": "object"}, "description": "Every fault there is."},
    },
}

log = structlog.get_logger()


def install(app: Starlette) -> None:
    """Make every error of an app a problem document, the framework's own ones too."""
    for kind, handler in HANDLERS:
        app.add_exception_handler(kind, handler)


async def answer_to(request: Request, error: Exception) -> Response:
    """Make the problem document of an error, where no framework stands around what raised it."""
    return await next(handler for kind, handler in HANDLERS if isinstance(error, kind))(request, error)


def describe(document: dict[str, Any]) -> None:
    """Write into an OpenAPI document that whatever is not described otherwise is a problem document."""
    components = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    schemas.add(components, {"Problem": SCHEMA})
    answer = {
        "description": "A problem; `code` says which.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = answer


def fault_json(fault: Fault) -> dict[str, Any]:
    """Give one fault as it stands in an answer."""
    return {"index": fault.index, "pointer": fault.pointer, "code": fault.code, "detail": fault.detail}


def problem(status: HTTPStatus, code: str, detail: str, errors: list[dict[str, Any]] | None = None) -> Response:
    """Make a problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": detail,
    }
    if errors is not None:
        body["errors"] = errors
    headers = {}
    if status in TRY_AGAIN or code == "not_yet_known":
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(body), status.value, headers, MEDIA_TYPE)


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, HelhedsnetError):
        raise error
    errors = None
    if isinstance(error, EventsRefused):
        errors = [fault_json(fault) for fault in error.faults[:LISTED_FAULTS]]
    return problem(error.status, error.code, error.detail, errors)


async def _bad_query(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        {"parameter": str(found["loc"][-1]), "code": "invalid_value", "detail": found["msg"]}
        for found in error.errors()
    ]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_parameter", "a parameter is not valid", errors)


async def _framework(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    answer = problem(status, status.name.lower(), str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _database_away(request: Request, error: Exception) -> Response:
    state_of(request).pulse.met(error)
    # While the line is hung up, that was logged once.
    if not isinstance(error, database.HungUp):
        log.warning("http.database_unavailable", path=request.url.path, error=type(error).__name__, reason=str(error))
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, Busy.code, database.AWAY)


async def _gone(_: Request, error: Exception) -> Response:
    """Answer nobody: whoever asked has gone, or their connection was ended."""
    if not isinstance(error, ClientDisconnect):
        raise error
    return problem(HTTPStatus.BAD_REQUEST, "request_incomplete", "the request did not come whole")


async def _crashed(request: Request, error: Exception) -> Response:
    log.error("http.crashed", path=request.url.path, error=type(error).__name__, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "this is a fault of ours; it was logged")


# What an error becomes: the first kind that it is of decides.
HANDLERS: Final = (
    (HelhedsnetError, _refused),
    (RequestValidationError, _bad_query),
    (HTTPException, _framework),
    (ClientDisconnect, _gone),
    *((away, _database_away) for away in database.UNAVAILABLE),
    (Exception, _crashed),
)
