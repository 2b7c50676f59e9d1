"""How long a connection waits for a request that does not come whole. Owns no request: it ends connections.

uvicorn waits without end for the rest of a request's head or body, and keeps as much of a head as is sent.
"""

from typing import Any, Final

import orjson
import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# The next piece of a request comes within this time, or the connection ends.
PIECE_SECONDS: Final = 10.0
# All of a request comes within this time: five megabytes over a poor line.
WHOLE_SECONDS: Final = 90.0
LOOK_SECONDS: Final = 2.5
# How long a connection may rest between two requests: longer than gateways and our own clients keep one, so that none
# of them sends a request on one that has just closed.
KEEP_ALIVE_SECONDS: Final = 75
# How long an answer is waited to be read that ends a request before it has come whole. What still comes is thrown away;
# to close at once would make the sender's system throw away the answer.
LINGER_SECONDS: Final = 2.0
# The lines before a body; a link with an invitation and a cookie needs a tenth.
MAX_HEAD_BYTES: Final = 65_536

log = structlog.get_logger()


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which ends a connection whose request stands still, or never comes to its end."""

    piece_seconds = PIECE_SECONDS
    whole_seconds = WHOLE_SECONDS
    look_seconds = LOOK_SECONDS
    linger_seconds = LINGER_SECONDS
    _has_spoken = False
    _ending: Any = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  uvicorn's narrows asyncio's
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._began = self._moved = self.loop.time()
        self._head_bytes = 0
        self._is_coming = True
        self._in_head = True
        self._look = self.loop.call_later(self.look_seconds, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._look.cancel()
        if self._ending is not None:
            self._ending.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note that the request goes on, and bound its head."""
        if self._ending is not None:
            return
        self._moved = self.loop.time()
        self._has_spoken = True
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._end(431, "head_too_large", "the lines before the body are too long")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._began = self._moved
        self._is_coming = self._in_head = True

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._in_head = False
        self._head_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it has come."""
        self._is_coming = False
        self._in_head = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Say in our words that this is no request."""
        self._in_head = True
        self._end(400, "malformed_request", msg)

    def _look_again(self) -> None:
        """End the connection where the request has stood still, or has taken too long, through no doing of ours."""
        self._look = self.loop.call_later(self.look_seconds, self._look_again)
        if not self._is_coming or self.flow.read_paused:
            return
        now = self.loop.time()
        if not self._has_spoken:
            # Browsers open connections in case they need them, which is nothing to answer or to tell of.
            if now - self._began > self.piece_seconds:
                self.transport.close()
        elif now - self._moved > self.piece_seconds or now - self._began > self.whole_seconds:
            self._end(408, "request_timeout", "the request did not come whole in time")

    def _end(self, status: int, code: str, detail: str) -> None:
        """Say why, where nothing was answered yet, and close."""
        self._is_coming = False
        if self.transport.is_closing() or self._ending is not None:
            return
        log.warning("http.request_incomplete", code=code)
        if self._in_head or not self.cycle.response_started:
            self.transport.write(_problem(status, code, detail))
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            # Whoever makes the answer is told as where the sender has gone: it is too late for that one.
            cycle.disconnected = True
            cycle.message_event.set()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._ending = self.loop.call_later(self.linger_seconds, self.transport.close)


def _problem(status: int, code: str, detail: str) -> bytes:
    title = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}[status]
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    content = orjson.dumps(body)
    head = (
        f"HTTP/1.1 {status} {title}\r\ncontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\n"
        f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + content
