"""The run's own PostgreSQL and Redis, which can be killed and started again. Owns their processes and no claim."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import psutil
import redis.asyncio

from services import embedded
from shared import database
from tests.chaos.wires import HOST, Target
from tests.support import standby
from tests.support.small_disk import SmallDisk, small_disk, why_not

STOP_SECONDS: Final = 10
START_SECONDS: Final = 30
POLL_SECONDS: Final = 0.02
SETTINGS: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "max_wal_size": "'64MB'",
    # What a standby has yet to read when it begins to follow.
    "wal_keep_size": "'64MB'",
}
# Twice what a run of 200 faults comes to, for two of them.
DISK_BYTES: Final = 1024 * 2**20
# What was answered was given to the kernel, so that a killed Redis comes back with all of it. With another setting
# the writing may wait for the disk.
WRITTEN: Final = ("--appendonly", "yes", "--appendfsync", "no")


class PostgreSQL:
    """A PostgreSQL on one of two hosts, whose processes die at once; its data survive there, or on the other one."""

    def __init__(self, place: Path, disk: SmallDisk | None) -> None:
        self._folders = (place / "postgresql-1", place / "postgresql-2")
        self._servers: dict[int, embedded.Server] = {}
        self._ends: dict[int, contextlib.ExitStack] = {}
        self._leads = 0
        self.disk = disk
        self._begin(self._leads)

    @property
    def url(self) -> str:
        """Give the address of the one that leads."""
        return self._server.url

    def targets(self, host: int) -> list[Target]:
        """Give where a wire to a host ends: the socket of the server that is there, if any."""
        return [str(self._servers[host].socket)] if host in self._servers else []

    def url_through(self, ports: Sequence[int]) -> str:
        """Give the address that names both hosts behind wires."""
        return f"postgresql://postgres@{','.join(f'{HOST}:{port}' for port in ports)}/postgres"

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

    async def gain_standby(self) -> None:
        """Let a standby follow on the host that is free, to which each commit goes before it is answered."""
        free = 1 - self._leads
        await standby.copy_as_standby(self._server, self._folders[self._leads], self._folders[free])
        await asyncio.to_thread(self._begin, free)
        await standby.until_it_follows(self._server)

    async def fail_over(self, lag_seconds: float, away_seconds: float) -> None:
        """Lose the leader and its data for good, and make the standby the leader after a while.

        What is written in the last `lag_seconds` never leaves the leader, so nobody may be told that it is stored.
        """
        lost = self._leads
        for sender in self._senders():
            sender.send_signal(signal.SIGSTOP)
        await asyncio.sleep(lag_seconds)
        await self.kill()
        await asyncio.sleep(away_seconds)
        await standby.promote(self._servers[1 - lost])
        self._leads = 1 - lost
        await asyncio.to_thread(self._end, lost)
        shutil.rmtree(self._folders[lost])

    async def stop(self) -> None:
        """Kill what runs."""
        for host in list(self._servers):
            self._leads = host
            await self.kill()
            await asyncio.to_thread(self._end, host)

    @property
    def _server(self) -> embedded.Server:
        return self._servers[self._leads]

    def _begin(self, host: int) -> None:
        stack = contextlib.ExitStack()
        self._servers[host] = stack.enter_context(embedded.cluster(self._folders[host]))
        self._ends[host] = stack

    def _end(self, host: int) -> None:
        del self._servers[host]
        self._ends.pop(host).close()

    def _kill(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            kill_all(self._family())
        self._forget_the_dead()

    def _family(self) -> list[psutil.Process]:
        return family_of(postmaster(self._folders[self._leads]))

    def _start(self) -> None:
        self._forget_the_dead()
        self._server.start()

    def backends(self) -> list[int]:
        """Give the processes that serve connections of the services' databases."""
        return sorted(process.pid for process in self._children(" helhedsnet_"))

    def _senders(self) -> list[psutil.Process]:
        return self._children("walsender")

    def _children(self, named: str) -> list[psutil.Process]:
        found: list[psutil.Process] = []
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            for process in psutil.Process(postmaster(self._folders[self._leads])).children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    if named in " ".join(process.cmdline()):
                        found.append(process)
        return found

    def _forget_the_dead(self) -> None:
        # Whom a stale file names may live on as a zombie that nobody reaps, which PostgreSQL would take for alive.
        folder = self._folders[self._leads]
        for path in (folder / "postmaster.pid", self._server.socket.with_name(".s.PGSQL.5432.lock")):
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
    place = disk.folder if disk else folder
    # The account of a standby comes in by the leader's socket.
    place.chmod(0o755)
    running = PostgreSQL(place, disk)
    try:
        connection = await database.connect(running.url)
        # Killed processes lose nothing that they gave to the kernel, so waiting for the disk shows nothing here.
        for name, value in SETTINGS.items():
            await connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        await connection.close()
        await running.kill()
        await running.start()
        yield running
    finally:
        await running.stop()


class Redis:
    """A Redis that dies at once and comes back with what it wrote, with nothing, or as the one that followed it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = embedded.free_port()
        self.client = redis.asyncio.Redis(port=self.port, socket_timeout=5)

    async def kill(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
            self._process = None

    async def start(self, *options: str, empty: bool) -> None:
        """Start it, with what it had written or with nothing; a second start while it runs does nothing."""
        if self._process is not None:
            return
        if empty:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        said = {"bind": HOST, "port": self.port, "dir": self._folder, "save": "", "logfile": "redis.log"}
        parts = [part for name, value in said.items() for part in (f"--{name}", str(value))]
        quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        self._process = subprocess.Popen(  # noqa: ASYNC220, S603  it returns at once; our own
            [embedded.redis_server(), *parts, *WRITTEN, *options], **quiet
        )
        async with asyncio.timeout(START_SECONDS):
            while not await self._answers():
                await asyncio.sleep(POLL_SECONDS)

    async def fail_over(self, lag_seconds: float, away_seconds: float) -> None:
        """Lose it and its data for good, and let one that followed it take its place after a while.

        What it takes in the last `lag_seconds` the other one never hears of.
        """
        follower = Redis(self._folder.with_name(f"redis-{embedded.free_port()}"))
        try:
            await follower.start("--replicaof", f"{HOST} {self.port}", "--repl-diskless-sync-delay", "0", empty=True)
            async with asyncio.timeout(START_SECONDS):
                while (await follower.client.info("replication"))["master_link_status"] != "up":
                    await asyncio.sleep(POLL_SECONDS)
            await follower.client.replicaof("NO", "ONE")
            await asyncio.sleep(lag_seconds)
            await self.kill()
            await asyncio.sleep(away_seconds)
            self._take_over(follower)
        finally:
            await follower.end()

    def _take_over(self, other: "Redis") -> None:
        """Be the other one from now on, and let it be what this one was."""
        for name in vars(self):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, theirs)
            setattr(other, name, mine)

    async def end(self) -> None:
        """Kill it, and leave nothing of it."""
        await self.client.aclose()
        await self.kill()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _answers(self) -> bool:
        try:
            return bool(await self.client.ping())
        except (redis.exceptions.RedisError, OSError):
            return False


@contextlib.asynccontextmanager
async def redis_server(folder: Path) -> AsyncIterator[Redis]:
    """Run Redis until the context ends."""
    running = Redis(folder)
    try:
        await running.start(empty=True)
        yield running
    finally:
        await running.end()


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
