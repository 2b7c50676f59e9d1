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

from shared.embedded.leftovers import end_left_over
from shared.embedded.places import PRIVATE_FILE, EmbeddedUnavailable, data_folder, held, private_folder
from shared.embedded.wheels import redis_server

START_SECONDS: Final = 10
STOP_SECONDS: Final = 5
MEMORY: Final = "512mb"


@contextlib.contextmanager
def redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """Run Redis on a folder until the context ends, and give its address.

    Raises:
        EmbeddedUnavailable: there is no server to run, or the folder is another's or in use.
    """
    folder = folder.resolve()
    data_folder(folder.parent)
    with held(folder):
        private_folder(folder)
        end_left_over(folder, folder / "redis.pid", signal.SIGTERM)
        yield from _run(folder, port or free_port())


def free_port() -> int:
    """Give a TCP port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(folder: Path, port: int) -> Iterator[str]:
    password = secrets.token_hex(16)
    configuration = folder / "redis.conf"
    configuration.touch(mode=PRIVATE_FILE)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\ndir {_quoted(folder)}\npidfile {_quoted(folder / 'redis.pid')}\n"
        f"requirepass {password}\n"
        f'save ""\nappendonly no\nmaxmemory {MEMORY}\nmaxmemory-policy noeviction\nlogfile "redis.log"\n',
        encoding="utf-8",
        errors="surrogateescape",
    )
    # A session of its own: Ctrl-C in a terminal goes to us, and Redis stops after those who use it. It says what it
    # has to say in its log; were we killed, it would else keep our reader waiting for the end of our output.
    quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    process = subprocess.Popen(  # noqa: S603  our own
        [redis_server(), str(configuration)], start_new_session=True, umask=0o077, **quiet
    )
    try:
        _wait_until_it_listens(process, port, folder)
        yield f"redis://:{password}@127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
