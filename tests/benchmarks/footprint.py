"""What the system takes before anybody posts: memory, the time to start, and the same of its containers."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

from services import embedded
from tests.benchmarks import containers
from tests.benchmarks.measuring import Row, Target, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import ROOT, ready, running

SERVICES: Final = ("registry", "funding", "reporting")
SETTLE_SECONDS: Final = 2
MEBIBYTE: Final = 1024 * 1024
COMMAND: Final = "import sys; from services.command.cli import main; sys.exit(main())"


async def measure(options: Options) -> list[Row]:
    """Measure all; a start is measured on an empty folder and on one that holds a system."""
    return [await _memory(), *await _start(options.rounds), *await containers.measure()]


async def _memory() -> Row:
    async with running(*SERVICES) as system:
        # Idle is after the first ticks of the consumers, not in the middle of the start.
        await asyncio.sleep(SETTLE_SECONDS)
        sizes = [psutil.Process(system.processes[name].pid).memory_info().rss / MEBIBYTE for name in SERVICES]
    largest = {"measured": [max(sizes)]}
    return row("idle memory (resident) of the largest service", "MiB", largest, Target("measured", 150, at_least=False))


async def _start(rounds: int) -> list[Row]:
    first: list[float] = []
    again: list[float] = []
    for _ in range(max(1, rounds // 2)):
        with tempfile.TemporaryDirectory(prefix="helhedsnet-benchmarks-") as folder:
            first.append(await _start_once(Path(folder) / "data"))
            again.append(await _start_once(Path(folder) / "data"))
    within = Target("measured", 3, at_least=False)
    return [
        row("start of the embedded system on an empty folder", "s", {"measured": first}),
        row("start of the embedded system on its data", "s", {"measured": again}, within),
    ]


async def _start_once(data: Path) -> float:
    """Start everything with `helhedsnet up`, and give the seconds until all three services are ready."""
    port = embedded.free_port()
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COMMAND, "up", "--port", str(port), "--data", str(data)),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        for name in SERVICES:
            await ready(port, f"/{name}/health/ready")
        return time.perf_counter() - started
    finally:
        process.terminate()
        await process.wait()
