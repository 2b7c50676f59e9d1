"""A replica of a service as the gateway sees one: `python -m tests.support.standing_in ADDRESS PORT`."""

import http.server
import sys
import time
from http import HTTPStatus
from typing import Final

# What is asked for under this path takes so long before the first word of the answer.
LONG: Final = "/registry/long"
LONG_SECONDS: Final = 20.0


class _Replica(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Say who answers, under one path after a long time."""
        if self.path == LONG:
            time.sleep(LONG_SECONDS)
        self._answer()

    def do_POST(self) -> None:
        """Read what is posted, and say who has taken it."""
        self.rfile.read(int(self.headers["content-length"]))
        self._answer()

    def _answer(self) -> None:
        name = sys.argv[1].encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("content-length", str(len(name)))
        self.end_headers()
        self.wfile.write(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), _Replica).serve_forever()
