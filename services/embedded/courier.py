"""A Redis of our own on the loopback address, with a password made at each start. Owns its process.

It keeps nothing, being only the courier (ADR 2).
"""

import contextlib
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services.embedded.leftovers import end_left_over
from services.embedded.places import PRIVATE_FILE, EmbeddedUnavailable, data_folder, held, private_folder, writing
from services.embedded.supervision import kept_running
from services.embedded.wheels import redis_server

START_SECONDS: Final = 10
STOP_SECONDS: Final = 5
MEMORY: Final = "512mb"


class Courier:
    """A Redis on a folder that is held; started again, it has the same port and password, and holds nothing."""

    name = "Redis"

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._password = secrets.token_hex(16)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Give its address."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it listens; one that has ended may be started again.

        Raises:
            EmbeddedUnavailable: it ends, or does not listen in time.
        """
        self.stop()
        configuration = self._folder / "redis.conf"
        with writing(self._folder):
            configuration.touch(mode=PRIVATE_FILE)
            configuration.write_text(self._settings(), encoding="utf-8", errors="surrogateescape")
        # A session of its own: Ctrl-C in a terminal goes to us, and Redis stops after those who use it. It says what
        # it has to say in its log; were we killed, it would else keep our reader waiting for the end of our output.
        quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        self.process = subprocess.Popen(  # noqa: S603  our own
            [redis_server(), str(configuration)], start_new_session=True, umask=0o077, **quiet
        )
        _wait_until_it_listens(self.process, self._port, self._folder)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _settings(self) -> str:
        return (
            f"bind 127.0.0.1\nport {self._port}\ndir {_quoted(self._folder)}\n"
            f"pidfile {_quoted(self._folder / 'redis.pid')}\nrequirepass {self._password}\n"
            f'save ""\nappendonly no\nmaxmemory {MEMORY}\nmaxmemory-policy noeviction\nlogfile "redis.log"\n'
        )


@contextlib.contextmanager
def redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """Run Redis on a folder until the context ends, start it again when it dies, and give its address.

    Raises:
        EmbeddedUnavailable: there is no server to run, or the folder is another's or in use.
    """
    folder = folder.resolve()
    data_folder(folder.parent)
    with held(folder), contextlib.ExitStack() as stack:
        private_folder(folder)
        end_left_over(folder, folder / "redis.pid", signal.SIGTERM)
        courier = Courier(folder, port or free_port())
        stack.callback(courier.stop)
        courier.start()
        stack.enter_context(kept_running(courier))
        yield courier.url


def free_port() -> int:
    """Give a TCP port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _quoted(path: Path) -> str:
    """Write a path as a setting of Redis."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmbeddedUnavailable(
                f"Redis ended at once, with exit code {process.returncode}; see {folder / 'redis.log'}"
            )
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return
        time.sleep(0.01)
    raise EmbeddedUnavailable(f"Redis did not listen on port {port} within {START_SECONDS} s")
