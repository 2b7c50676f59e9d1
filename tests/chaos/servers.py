"""The run's own PostgreSQL and Redis, which can be killed and started again. Owns their processes and no claim."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import psutil
import redis.asyncio

from services import embedded
from shared import database
from tests.chaos.wires import Target
from tests.support.small_disk import SmallDisk, small_disk, why_not

STOP_SECONDS: Final = 10
START_SECONDS: Final = 30
POLL_SECONDS: Final = 0.02
SETTINGS: Final = {"fsync": "off", "full_page_writes": "off", "max_connections": "200", "max_wal_size": "'64MB'"}
# Twice what a run of 200 faults comes to.
DISK_BYTES: Final = 512 * 2**20
# What was answered was given to the kernel, so that a killed Redis comes back with all of it. With another setting
# the writing may wait for the disk.
WRITTEN: Final = ("--appendonly", "yes", "--appendfsync", "no")


class PostgreSQL:
    """A PostgreSQL whose processes die at once and whose data survives."""

    def __init__(self, folder: Path, server: embedded.Server, disk: SmallDisk | None) -> None:
        self._folder = folder
        self._server = server
        self.disk = disk

    @property
    def url(self) -> str:
        """Give its address."""
        return self._server.url

    @property
    def target(self) -> Target:
        """Give where a wire ends: the server's socket."""
        return str(self._server.socket)

    def url_through(self, port: int) -> str:
        """Give the address of the server behind a wire."""
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    async def kill(self) -> None:
        """Kill every process of the server, as a machine's failure would."""
        await asyncio.to_thread(self._kill)

    async def start(self) -> None:
        """Start it again on what it left; it recovers by itself. Bounded by `START_SECONDS`."""
        await asyncio.to_thread(self._start)

    async def revive(self) -> None:
        """Start it again where it has ended by itself, as whoever runs it would."""
        if self._server.process is None or self._server.process.poll() is not None:
            await self.start()

    async def pause(self, seconds: float) -> None:
        """Let every process of it stand still for a while."""
        family = self._family()
        for process in family:
            process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGCONT)

    def _kill(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            kill_all(self._family())
        self._forget_the_dead()

    def _family(self) -> list[psutil.Process]:
        return family_of(postmaster(self._folder))

    def _start(self) -> None:
        self._forget_the_dead()
        self._server.start()

    def backends(self) -> list[int]:
        """Give the processes that serve connections of the services' databases."""
        found: list[int] = []
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            for process in psutil.Process(postmaster(self._folder)).children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    if " helhedsnet_" in " ".join(process.cmdline()):
                        found.append(process.pid)
        return sorted(found)

    def _forget_the_dead(self) -> None:
        # Whom a stale file names may live on as a zombie that nobody reaps, which PostgreSQL would take for alive.
        for path in (self._folder / "postmaster.pid", self._server.socket.with_name(".s.PGSQL.5432.lock")):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def disk() -> Iterator[SmallDisk | None]:
    """Give a disk that can be filled; None where none is to be had."""
    if why_not() is not None:
        yield None
        return
    with small_disk(DISK_BYTES) as made:
        yield made


@contextlib.asynccontextmanager
async def postgresql(folder: Path, disk: SmallDisk | None) -> AsyncIterator[PostgreSQL]:
    """Run PostgreSQL until the context ends, with room for every replica's connections; on a small disk, if any."""
    folder = (disk.folder if disk else folder) / "postgresql"
    with embedded.cluster(folder) as server:
        connection = await database.connect(server.url)
        # Killed processes lose nothing that they gave to the kernel, so waiting for the disk shows nothing here.
        for name, value in SETTINGS.items():
            await connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        await connection.close()
        running = PostgreSQL(folder, server, disk)
        await running.kill()
        await running.start()
        try:
            yield running
        finally:
            await running.kill()


class Redis:
    """A Redis that dies at once and comes back with what it wrote, or with nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = embedded.free_port()
        self.client = redis.asyncio.Redis(port=self.port, socket_timeout=5)

    @property
    def target(self) -> Target:
        """Give where a wire ends."""
        return self.port

    async def kill(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
            self._process = None

    async def start(self, *, empty: bool) -> None:
        """Start it, with what it had written or with nothing; a second start while it runs does nothing."""
        if self._process is not None:
            return
        if empty:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        options = {"bind": "127.0.0.1", "port": self.port, "dir": self._folder, "save": "", "logfile": "redis.log"}
        said = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        self._process = subprocess.Popen(  # noqa: ASYNC220, S603  it returns at once; our own
            [embedded.redis_server(), *said, *WRITTEN], **quiet
        )
        async with asyncio.timeout(START_SECONDS):
            while not await self._answers():
                await asyncio.sleep(POLL_SECONDS)

    async def _answers(self) -> bool:
        try:
            return bool(await self.client.ping())
        except (redis.exceptions.RedisError, OSError):
            return False


@contextlib.asynccontextmanager
async def redis_server(folder: Path) -> AsyncIterator[Redis]:
    """Run Redis until the context ends."""
    running = Redis(folder)
    await running.start(empty=True)
    try:
        yield running
    finally:
        await running.client.aclose()
        await running.kill()


def postmaster(folder: Path) -> int:
    """Give the process that runs PostgreSQL on a folder, or ran it last."""
    # One that runs alone, as initdb's does, writes its number with a minus.
    return abs(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))


def family_of(number: int) -> list[psutil.Process]:
    """Give a process and all that it has started."""
    first = psutil.Process(number)
    return [first, *first.children(recursive=True)]


def kill_all(processes: list[psutil.Process]) -> None:
    """Kill processes, and wait until they have ended."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _await_end(processes)


def _await_end(processes: list[psutil.Process]) -> None:
    """Wait until processes have ended; a zombie has, whether or not anybody reaps it."""
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if not any(_lives(process) for process in processes):
            return
        time.sleep(POLL_SECONDS)
    raise TimeoutError("killed processes live on")


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
