"""Serves one service in a process of its own: uvicorn, with an end that no request fails for. Knows no service.

`python -m shared.http.serving services.registry.app:from_environment --host 0.0.0.0` is what a container runs.
"""

import argparse
import asyncio
import socket
import sys
from typing import Final

import uvicorn
from uvicorn.importer import import_from_string

from shared import memory
from shared.errors import REFUSAL
from shared.http.application import begin_to_end
from shared.http.mounting import Mounted
from shared.http.patience import KEEP_ALIVE_SECONDS, PatientProtocol

# Long enough for a gateway to see that the service ends, and to have the answers to what it has sent before.
DRAIN_SECONDS: Final = 3.0
DRAIN_POLL_SECONDS: Final = 0.05
GRACE_SECONDS: Final = 20


class DrainingServer(uvicorn.Server):
    """uvicorn that drains: it reports that it is not serving, goes on for a while, and then closes.

    Plain uvicorn closes idle connections at once, and may drop a request that is being sent on one of them (ADR 54).
    """

    def __init__(self, mounted: Mounted, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                mounted,
                host=host,
                port=port,
                http=PatientProtocol,
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._mounted = mounted

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; end with 1 where the service says that it cannot serve, and with uvicorn's own code where it fails."""
        try:
            await super().startup(sockets)
        except SystemExit:
            if REFUSAL in self.lifespan.state:
                sys.exit(1)
            raise

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say so where a gateway looks, answer as before until it has looked, then stop."""
        for app in self._mounted.apps.values():
            await begin_to_end(app)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DRAIN_SECONDS
        # uvicorn's own way to notice a signal.
        while not self.force_exit and loop.time() < deadline:  # noqa: ASYNC110  as uvicorn notices a signal
            await asyncio.sleep(DRAIN_POLL_SECONDS)
        await super().shutdown(sockets)


def main() -> None:
    """Serve the application that a factory makes, until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m shared.http.serving", description=main.__doc__)
    parser.add_argument("factory", help="what makes the application: module:function")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", default=8000, type=int, help="the port to listen on")
    options = parser.parse_args()
    memory.collect_seldom()
    DrainingServer(import_from_string(options.factory)(), options.host, options.port).run()


if __name__ == "__main__":
    main()
