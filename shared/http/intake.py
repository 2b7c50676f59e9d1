"""The route that takes events: bytes in, one answer out. Owns the limits of a request, and no rule."""

import contextlib
from http import HTTPStatus
from typing import Any, Final, get_args
from urllib.parse import unquote

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.backbone.submissions import OnError, Result
from shared.codes import READING
from shared.errors import BadRequest, Fault, TooLarge
from shared.events import body_bounds
from shared.events.catalogue import Catalogue
from shared.fairness import Held
from shared.http import problems, schemas
from shared.http.authentication import header_of, pass_of
from shared.http.state import state_of

MAX_BYTES: Final = 5 * 1024 * 1024
STRUCTURED: Final = "application/cloudevents+json"
BATCHED: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
# In binary mode the body is the event's data, and each attribute of the event a header with this before its name.
ATTRIBUTE: Final = "ce-"
BINARY_MODE: Final = f"{ATTRIBUTE}specversion".encode()
NO_TRACE: Final = contextlib.nullcontext[None](None)
ON_ERROR: Final = {
    "name": "on_error",
    "in": "query",
    "required": False,
    "description": "`skip` stores the good events and lists the others.",
    "schema": {"type": "string", "enum": list(get_args(OnError)), "default": "refuse"},
}
ACKNOWLEDGED: Final = {
    "name": "acknowledged",
    "in": "query",
    "required": False,
    "description": (
        "`true` where the sender has seen that texts name people or homes (`person_named`, `home_address`), and"
        " confirms that they may; each is then a warning in the answer."
    ),
    "schema": {"type": "boolean", "default": False},
}
ANSWER: Final[dict[str, Any]] = {
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "required": ["accepted", "duplicates", "rejected", "cursor", "events"],
                "properties": {
                    "accepted": {"type": "integer"},
                    "duplicates": {"type": "integer"},
                    "rejected": {"type": "integer"},
                    "cursor": {"type": "string", "description": "What a report can be asked to have come to."},
                    "events": {"type": "array", "items": {"type": "object", "required": ["id", "status"]}},
                },
            }
        }
    }
}


def intake_app(catalogue: Catalogue) -> ASGIApp:
    """Make `POST /events` of one service: an application of its own, which stands before the service's (ADR 82)."""

    async def post_events(request: Request) -> Response:
        """Store CloudEvents 1.0, in any of the three modes: all or none, unless told to skip the faulty ones."""
        sent, on_error, acknowledged = pass_of(request), _on_error(request), _acknowledged(request)
        sender = sent.identity
        sender.must_post()
        state = state_of(request)
        tracing = state.tracing
        posting = NO_TRACE if tracing is None else tracing.span("post", [request.headers.get("traceparent")])
        try:
            with posting as cause, state.bodies.held(sent.identifier, 0) as held:
                body = await read_body(request, held)
                results = await state.writer.post(
                    body, sender, on_error, cause, counted_as=sent.identifier, acknowledged=acknowledged
                )
        except BadRequest as unreadable:
            if unreadable.code in READING:
                fault = Fault(None, "", unreadable.code, unreadable.detail)
                state.rejections.note([], [fault], sender, is_whole=True)
            raise
        return answer(results, catalogue.owner, state.continuity.suffix)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await post_events(request)
        except Exception as error:  # noqa: BLE001  what is not expected is logged as a crash there
            response = await problems.answer_to(request, error)
        await response(scope, receive, send)

    return app


def is_post(scope: Scope) -> bool:
    """Tell whether a request to a service is a post of events."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) == "/events"


def describe(document: dict[str, Any], catalogue: Catalogue) -> None:
    """Write `POST /events` and the schema of every event that it takes into an OpenAPI document.

    Raises:
        NameTaken: an answer of the service has a schema of the same name as an event or a part of one.
    """
    schema = catalogue.json_schema()
    schemas.add(document.setdefault("components", {}).setdefault("schemas", {}), catalogue.definitions())
    document["paths"].setdefault("/events", {})["post"] = {
        "tags": ["intake"],
        "operationId": "post_events",
        "summary": "Post one event or a batch of them",
        "description": (
            "Store CloudEvents 1.0, in any of the three modes: all or none, unless told to skip the faulty ones."
        ),
        "security": [{"HTTPBearer": []}],
        "parameters": [
            ON_ERROR,
            ACKNOWLEDGED,
            *map(_attribute_header, ("specversion", "id", "source", "type", "time")),
        ],
        "requestBody": {
            "required": True,
            "content": {
                STRUCTURED: {"schema": schema},
                BATCHED: {"schema": {"type": "array", "items": schema}},
                JSON: {
                    "schema": {
                        "description": f"With `{ATTRIBUTE}` headers the data of one event; without, as the two above."
                    }
                },
            },
        },
        "responses": {
            "200": {"description": "Nothing new: every event was known, or was left out.", **ANSWER},
            "201": {"description": "Stored.", **ANSWER},
        },
    }


def _attribute_header(name: str) -> dict[str, Any]:
    return {
        "name": f"{ATTRIBUTE}{name}",
        "in": "header",
        "required": False,
        "description": "Binary mode: an attribute of the event.",
        "schema": {"type": "string", "pattern": "^[!-~]([ -~]*[!-~])?$"},
    }


def _on_error(request: Request) -> OnError:
    """Read what to do with a faulty event.

    Raises:
        RequestValidationError: it is none of the two; what FastAPI says of its own parameters.
    """
    if not request.scope["query_string"]:
        return "refuse"
    given = request.query_params.get("on_error", "refuse")
    on_error: OnError | None = next((word for word in get_args(OnError) if word == given), None)
    if on_error is None:
        expected = f"one of {', '.join(get_args(OnError))}"
        raise RequestValidationError([{"type": "literal_error", "loc": ("query", "on_error"), "msg": expected}])
    return on_error


def _acknowledged(request: Request) -> bool:
    """Read whether the sender confirms that texts may name people.

    Raises:
        RequestValidationError: it is neither `true` nor `false`.
    """
    if not request.scope["query_string"]:
        return False
    given = request.query_params.get("acknowledged") or "false"
    if given not in {"true", "false"}:
        raise RequestValidationError(
            [{"type": "bool_parsing", "loc": ("query", "acknowledged"), "msg": "true or false"}]
        )
    return given == "true"


async def read_body(request: Request, held: Held) -> bytes:
    """Read a request's events as JSON, from a body of never more than `MAX_BYTES`; `held` grows with what has come.

    Raises:
        BadRequest: the media type is none of CloudEvents' (`unsupported_media_type`).
        TooLarge: the body is longer.
        TooManyRequests: the sender's bodies together are.
        Busy: all bodies together are.
    """
    media_type = header_of(request, b"content-type").partition(";")[0].strip().lower()
    if media_type not in {STRUCTURED, BATCHED, JSON}:
        error = BadRequest("unsupported_media_type", f"send {STRUCTURED} or {BATCHED}")
        error.status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        raise error
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge(f"one request holds at most {MAX_BYTES} bytes")
        held.grow(len(chunk))
        chunks.append(chunk)
    body = b"".join(chunks)
    return _from_binary(request, body) if media_type == JSON and _is_binary(request) else body


def _is_binary(request: Request) -> bool:
    return any(name == BINARY_MODE for name, _ in request.scope["headers"])


def _from_binary(request: Request, data: bytes) -> bytes:
    """Write an event in binary mode as one in structured mode.

    `datacontenttype` is left out, as the specification allows for JSON: the same event is then the same in any mode.

    Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
    """
    try:
        named = [
            (name.removeprefix(ATTRIBUTE), unquote(value, errors="strict"))
            for name, value in request.headers.items()
            if name.startswith(ATTRIBUTE)
        ]
    except UnicodeDecodeError:
        raise BadRequest("malformed_header", f"an attribute in a {ATTRIBUTE} header is no UTF-8") from None
    attributes = dict(named)
    if len(attributes) != len(named):
        # One reader would take the first, another the last.
        raise BadRequest("malformed_header", f"an attribute stands in two {ATTRIBUTE} headers")
    attributes.pop("data", None)
    body_bounds.check_is_one(data)
    # The data as they came: to read them is the catalogue's part, which does that beside the event loop.
    return b'%b,"data":%b}' % (orjson.dumps(attributes)[:-1], data)


def answer(results: list[Result], owner: str, suffix: str) -> Response:
    """Say what became of each event; 201 when anything new was stored, else 200."""
    counts = {"accepted": 0, "duplicate": 0, "rejected": 0}
    for result in results:
        counts[result.status] += 1
    body = {
        "accepted": counts["accepted"],
        "duplicates": counts["duplicate"],
        "rejected": counts["rejected"],
        "cursor": f"{owner}:{max((result.sequence or 0 for result in results), default=0)}{suffix}",
        "events": [_result_json(result) for result in results],
    }
    answered = HTTPStatus.CREATED if counts["accepted"] else HTTPStatus.OK
    return Response(orjson.dumps(body), answered.value, media_type=JSON)


def _result_json(result: Result) -> dict[str, Any]:
    if result.status == "rejected":
        return {
            "id": result.id,
            "status": result.status,
            "errors": [problems.fault_json(fault) for fault in result.faults],
        }
    return {"id": result.id, "status": result.status, "sequence": result.sequence, "warnings": list(result.warnings)}
