"""Runs the whole system in this process, with its database and its Redis beside it. Owns the order of start and stop.

The servers start while the services' code is loaded, since either alone takes about a second.
"""

import asyncio
import contextlib
import fcntl
import importlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn

from services import embedded
from services.embedded.places import locked, writing
from shared import keys, logs, memory
from shared.errors import REFUSAL
from shared.http.patience import KEEP_ALIVE_SECONDS, PatientProtocol

HOST: Final = "127.0.0.1"
# The folder of all keys, in that of the data.
KEYS: Final = "keys"
# Says at which address the folder's system answers, for as long as it runs.
ADDRESS: Final = "address"
# Requests on their way get this long; then the services stop, which they do in bounded time themselves.
GRACE_SECONDS: Final = 5
STOP_SECONDS: Final = 40
BACKLOG: Final = 2_048


class CannotStart(Exception):
    """The system cannot start here; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the system runs: its folder, its port, and the lowest level that its services log.

    In a demo a lead may look as a coordinator.
    """

    data: Path
    port: int
    log_level: str
    is_demo: bool = False

    @property
    def address(self) -> str:
        """Give the address at which it answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def public_address(self) -> str:
        """Give the address at which people reach it: its own, where the settings name no other."""
        return told("public_url") or self.address

    @property
    def issuer_file(self) -> Path:
        """Give the file of the keys that sign its tokens."""
        return issuer_file(self.data)


# What to do once the system answers; it gets an event that is set when the system is told to stop.
Meanwhile = Callable[[asyncio.Event], Awaitable[int]]


def told(name: str) -> str | None:
    """Give a setting as a service reads it: from the environment, else from a file in `HELHEDSNET_SECRETS_DIR`."""
    if value := os.environ.get(f"HELHEDSNET_{name.upper()}"):
        return value
    if folder := os.environ.get("HELHEDSNET_SECRETS_DIR"):
        with contextlib.suppress(FileNotFoundError):
            return (Path(folder) / f"helhedsnet_{name}").read_text().strip() or None
    return None


def issuer_file(data: Path) -> Path:
    """Give the file of the keys that sign tokens: the one that the settings name, else that of the folder."""
    return Path(told("issuer_file") or data / KEYS / "issuer.json")


def address_in(data: Path) -> str | None:
    """Give the address at which a folder's system answers; None where none runs, one that was killed least of all."""
    try:
        with (data / ADDRESS).open() as file:
            return None if locked(file.fileno()) else file.read().strip() or None
    except OSError:
        return None


@contextlib.contextmanager
def _told_in(place: Place) -> Iterator[None]:
    """Write down the system's address in its folder, and hold it: so a command that names the folder finds it."""
    path = place.data / ADDRESS
    with contextlib.ExitStack() as stack:
        with writing(place.data):
            file = stack.enter_context(path.open("w"))
            fcntl.flock(file, fcntl.LOCK_SH)
            file.write(f"{place.address}\n")
            file.flush()
        stack.callback(path.unlink, missing_ok=True)
        yield


@contextlib.contextmanager
def database_url(data: Path) -> Iterator[str]:
    """Give the PostgreSQL that the settings name; without one, run one under `data`.

    Raises:
        EmbeddedUnavailable: none is to be had on this machine.
    """
    if url := told("database_url"):
        yield url
        return
    with embedded.postgresql(data / "postgresql") as url:
        yield url


@contextlib.contextmanager
def redis_url(data: Path) -> Iterator[str]:
    """Give the Redis that the settings name; without one, run one under `data`.

    Raises:
        EmbeddedUnavailable: none is to be had on this machine.
    """
    if url := told("redis_url"):
        yield url
        return
    with embedded.redis(data / "redis") as url:
        yield url


def run(place: Place, meanwhile: Meanwhile) -> int:
    """Run the system until `meanwhile` is done or somebody ends it, and give what `meanwhile` gave, else 0.

    Raises:
        CannotStart: the port is in use, or the services did not start.
        EmbeddedUnavailable: there is no PostgreSQL or no Redis to run.
    """
    memory.collect_seldom()
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(_listener(place.port))
        # Until the event loop takes over the signals, an end by SIGTERM has to undo what was started, like Ctrl-C.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        stack.callback(signal.signal, signal.SIGTERM, previous)
        threading.Thread(target=_load, name="loading the services", daemon=True).start()
        try:
            # Redis holds the folder's lock, so it comes first.
            redis = stack.enter_context(redis_url(place.data))
            database = stack.enter_context(database_url(place.data))
            all_in_one: Any = importlib.import_module("services.embedded.all_in_one")
            application = all_in_one.build(
                database_url=database,
                redis_url=redis,
                keys_folder=_keys(place.data),
                issuer_file=place.issuer_file,
                anchor_folder=place.data / "anchors",
                address=place.address,
                log_level=place.log_level,
                is_demo=place.is_demo,
            )
            stack.enter_context(_told_in(place))
            server = _Server(application, place.log_level)
            with asyncio.Runner(loop_factory=_loop) as runner:
                return runner.run(_serve(server, listener, meanwhile))
        except KeyboardInterrupt:
            # Ended before the services were up: as asked.
            return 0


def _keys(data: Path) -> Path:
    """Give the folder of the services' keys, with what is missing in it made."""
    folder = data / KEYS
    keys.make(folder, data / keys.FORMER_FILE)
    return folder


class _Server(uvicorn.Server):
    """uvicorn, which tells when it is ready and leaves the signals to us: it would pass them on after its end."""

    def __init__(self, application: Any, log_level: str) -> None:  # noqa: ANN401  an ASGI application
        super().__init__(
            uvicorn.Config(
                application,
                http=PatientProtocol,
                lifespan="on",
                server_header=False,
                access_log=log_level in {"DEBUG", "INFO"},
                log_level=log_level.lower(),
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                backlog=BACKLOG,
            )
        )
        # uvicorn sets up its loggers with its configuration.
        logging.getLogger("uvicorn.access").addFilter(logs.without_query)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets=sockets)
        except SystemExit:
            # Left alone, it would tear down the event loop.
            refusal = self.lifespan.state.get(REFUSAL)
            raise CannotStart(str(refusal or "the services did not start; see above")) from None
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(server: _Server, listener: socket.socket, meanwhile: Meanwhile) -> int:
    """Serve, do what is to be done meanwhile, and stop: told to, or when that is done."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="serving")
    waiting = [asyncio.create_task(event.wait()) for event in (server.ready, stopping)]
    await asyncio.wait([serving, *waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    if serving.done():
        serving.result()
        raise CannotStart("the services did not start; see above")
    code = 0
    try:
        if not stopping.is_set():
            code = await _do(meanwhile, stopping)
    finally:
        # On the way down the services lose sight of one another, which is no news.
        logs.configure("ERROR")
        server.should_exit = True
        await asyncio.wait_for(serving, STOP_SECONDS)
    return code


async def _do(meanwhile: Meanwhile, stopping: asyncio.Event) -> int:
    """Do what is to be done; when told to stop, leave it at that."""
    doing = asyncio.create_task(_finished(meanwhile, stopping), name="meanwhile")
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait([doing, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if doing.done():
        return doing.result()
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    return 0


async def _finished(meanwhile: Meanwhile, stopping: asyncio.Event) -> int:
    """Do it, and take an exit from within for its code: left alone, it would tear down the event loop."""
    try:
        return await meanwhile(stopping)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1


@contextlib.contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is started, so that a second system on it does no harm."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise CannotStart(f"port {port} cannot be used ({error.strerror}); choose another with --port") from None
        # From here on the services' calls to one another wait instead of failing while they start.
        listener.listen(BACKLOG)
        yield listener


def _load() -> None:
    # Only a head start: what goes wrong here is raised where the module is used.
    with contextlib.suppress(Exception):
        importlib.import_module("services.embedded.all_in_one")


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415  not to be had on every system
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
