"""The system under test: `helhedsnet up` as a process on a free port, with a PostgreSQL and a Redis of its own.

Owns its start and end, its tokens, what it logs and how much memory it holds.
"""

import asyncio
import contextlib
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import orjson
import psutil

from services.command import access
from services.embedded import free_port
from shared.tokens import LONGEST_TOKEN, Role
from tests.support.places import place
from tests.support.running import ROOT
from tests.support.systems import READY, environment

START_SECONDS: Final = 120
STOP_SECONDS: Final = 60
MEGABYTE: Final = 1024 * 1024
TOKEN_LIFE: Final = LONGEST_TOKEN
SERVICES: Final = ("registry", "funding", "reporting")


@dataclass(slots=True)
class System:
    """A system that runs."""

    port: int
    data: Path
    log: Path
    process: asyncio.subprocess.Process

    @property
    def address(self) -> str:
        """Give where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> bool:
        """Tell whether its process has not ended."""
        return self.process.returncode is None

    def token(self, role: Role, *areas: str, valid_for: timedelta = TOKEN_LIFE) -> str:
        """Give a token that this system accepts as long as it is valid."""
        return access.issue_token(self.data, role, frozenset(areas), valid_for)

    def invitation(self, role: Role, *areas: str) -> str:
        """Give an invitation to the pages."""
        asked = {"name": "fuzz", "role": role, "areas": sorted(areas)}
        url = access.invitation(self.address, self.token("admin"), asked)
        return url.partition("invitation=")[2]

    def memory_mb(self) -> float:
        """Give the memory that the services hold; what they start beside them, as the press, counts in."""
        with contextlib.suppress(psutil.NoSuchProcess):
            own = psutil.Process(self.process.pid)
            held = [own, *(child for child in own.children(recursive=True) if "python" in child.name())]
            return float(sum(_resident(each) for each in held)) / MEGABYTE
        return 0.0

    def logged(self) -> Counter[tuple[str, str]]:
        """Count the lines of its log by level and message; a line that is none of ours counts as itself."""
        counted: Counter[tuple[str, str]] = Counter()
        for line in self.log.read_bytes().splitlines():
            try:
                told: Any = orjson.loads(line)
                counted[str(told["level"]), str(told["event"])] += 1
            except (orjson.JSONDecodeError, KeyError, TypeError):
                counted["none", line[:120].decode("utf-8", "replace")] += 1
        return counted


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


@contextlib.asynccontextmanager
async def running(planted: str | None = None) -> AsyncIterator[System]:
    """Run a system until the context ends; `planted` names faults that a launcher puts into it.

    Raises:
        RuntimeError: it does not start, or does not end in order when told to.
    """
    with _folder() as folder:
        port = free_port()
        run = ("tests.fuzz.planted", planted) if planted else ("services.command.cli",)
        log = folder / "system.log"
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *run, "up", "--port", str(port), "--data", str(folder / "data")),
                cwd=ROOT,
                env=environment(),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        system = System(port, folder / "data", log, process)
        try:
            await _wait_until_ready(system)
            yield system
        finally:
            await _end(system)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # Not under a folder of this user's: PostgreSQL's user must be able to enter it.
    with place("fuzz") as name:
        yield Path(name)


async def _wait_until_ready(system: System) -> None:
    output = system.process.stdout
    if output is None:
        raise RuntimeError("its output is not read")
    async with asyncio.timeout(START_SECONDS):
        while READY.encode() not in (line := await output.readline()):
            if not line:
                raise RuntimeError(f"it ended before it was ready: {system.log.read_text()[-2000:]}")


async def _end(system: System) -> None:
    if not system.runs:
        return
    system.process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(system.process.wait(), STOP_SECONDS)
    except TimeoutError:
        system.process.kill()
        await system.process.wait()
        raise RuntimeError(f"it did not end within {STOP_SECONDS} s") from None
