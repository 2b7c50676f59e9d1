"""Two Redis and a Sentinel that makes the second the master when the first is lost. Owns the three processes."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import redis.asyncio
from redis.exceptions import RedisError

from services import embedded
from tests.support.places import place

MASTER: Final = "mymaster"
DOWN_AFTER_MS: Final = 500
KEEPS_NOTHING: Final = 'save ""\nrepl-diskless-sync-delay 0'
START_SECONDS: Final = 90
STOP_SECONDS: Final = 10


@dataclass
class Watched:
    """Two Redis of which one follows the other, and who watches them."""

    folder: Path
    ports: tuple[int, int] = field(default_factory=lambda: (embedded.free_port(), embedded.free_port()))
    sentinel_port: int = field(default_factory=embedded.free_port)
    processes: "dict[int, subprocess.Popen[bytes]]" = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Give the address by which services reach whichever Redis is the master; the first Sentinel is away."""
        return f"redis+sentinel://127.0.0.1:1,127.0.0.1:{self.sentinel_port}/{MASTER}"

    def client(self, port: int) -> Any:  # noqa: ANN401  what Redis answers has no types of its own in redis-py
        """Give a client of one of the three."""
        return redis.asyncio.Redis(port=port, protocol=2)

    def kill(self, port: int) -> None:
        """Kill one of the three."""
        self.processes[port].kill()
        self.processes[port].wait()

    def start(self) -> None:
        """Start all three; the second follows the first."""
        first, second = self.ports
        self._run(first, KEEPS_NOTHING)
        self._run(second, KEEPS_NOTHING, f"replicaof 127.0.0.1 {first}")
        self._run(
            self.sentinel_port,
            f"sentinel monitor {MASTER} 127.0.0.1 {first} 1",
            f"sentinel down-after-milliseconds {MASTER} {DOWN_AFTER_MS}",
            sentinel=True,
        )

    def _run(self, port: int, *lines: str, sentinel: bool = False) -> None:
        folder = self.folder / str(port)
        folder.mkdir()
        configuration = folder / "redis.conf"
        said = ["bind 127.0.0.1", f"port {port}", f"dir {folder}", "logfile log", *lines]
        configuration.write_text("\n".join(said) + "\n")
        self.processes[port] = subprocess.Popen(  # noqa: S603  our own
            [embedded.redis_server(), str(configuration), *(["--sentinel"] if sentinel else [])],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def ready(self) -> None:
        """Wait until the Sentinel knows the one that follows, and that follows."""
        async with asyncio.timeout(START_SECONDS):
            while not await self._is_ready():  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.05)

    async def _is_ready(self) -> bool:
        with contextlib.suppress(RedisError, OSError):
            async with self.client(self.ports[1]) as second, self.client(self.sentinel_port) as sentinel:
                follows = (await second.info("replication"))["master_link_status"] == "up"
                known = await sentinel.sentinel_slaves(MASTER)
                return follows and len(known) == 1
        return False

    def stop(self) -> None:
        """End what runs."""
        for process in self.processes.values():
            process.kill()
            process.wait(STOP_SECONDS)


@contextlib.asynccontextmanager
async def watched() -> AsyncIterator[Watched]:
    """Run the three until the context ends."""
    with place("sentinel") as folder:
        found = Watched(Path(folder))
        try:
            found.start()
            await found.ready()
            yield found
        finally:
            found.stop()
