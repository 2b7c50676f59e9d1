"""The limit under every framework: a bare application on uvicorn, which answers all it is asked with one small JSON."""

from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

BODY: Final = b'{"hello":"world"}'
START: Final[dict[str, Any]] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
}
REST: Final[dict[str, Any]] = {"type": "http.response.body", "body": BODY}


async def answer(scope: Scope, _: Receive, send: Send) -> None:
    """Answer a request; starting and ending need nothing."""
    if scope["type"] == "http":
        await send(START)
        await send(REST)


def from_environment() -> ASGIApp:
    """Give the application; what uvicorn's `--factory` calls."""
    return answer
