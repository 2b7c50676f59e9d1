"""Starts an embedded server again when it has ended by itself. Owns the waiting in between, and no server."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Final, Protocol

import structlog

from services.embedded.places import EmbeddedUnavailable

# What makes it end may need a while to pass: a full disk, too little memory.
RESTART_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
# One that has run so long is well again.
STEADY_SECONDS: Final = 60.0

log = structlog.get_logger()


class Restartable(Protocol):
    """A server that was started, and can be started again after it has ended."""

    name: str
    process: "subprocess.Popen[bytes] | None"

    def start(self) -> None:
        """Start it, and wait until it answers. Raises `EmbeddedUnavailable`."""

    def stop(self) -> None:
        """Stop it, if it runs."""


@contextlib.contextmanager
def kept_running(server: Restartable) -> Iterator[None]:
    """Start a server again whenever it ends, later and later, until the context does; it is stopped then."""
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(server, stopping), name=f"keeper of {server.name}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        # Ends the keeper's waiting, and once more what it may have started just now.
        server.stop()
        keeper.join()
        server.stop()


def _keep(server: Restartable, stopping: threading.Event) -> None:
    failures = 0
    while server.process is not None:
        began = time.monotonic()
        code = server.process.wait()
        if time.monotonic() - began > STEADY_SECONDS:
            failures = 0
        delay = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)]
        if stopping.is_set():
            return
        log.warning("embedded.ended", server=server.name, exit_code=code, retry_delay_s=delay)
        if stopping.wait(delay):
            return
        failures += 1
        try:
            server.start()
        except (EmbeddedUnavailable, OSError) as error:
            log.warning("embedded.not_started", server=server.name, error=str(error))
        else:
            log.info("embedded.started", server=server.name)
