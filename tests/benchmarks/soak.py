"""Memory under load: what each process holds after a first stretch of posting and reading, and at the end."""

import itertools
import time
from collections.abc import Iterator
from typing import Final

import psutil

from tests.benchmarks import events
from tests.benchmarks.load import drive, get, post
from tests.benchmarks.measuring import Row, Target, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import System, running
from tests.support import builders

SERVICES: Final = ("registry", "funding", "reporting")
MEBIBYTE: Final = 1024 * 1024
# The first stretch fills the caches and pools that are meant to be full.
WARMING: Final = 0.2
SINGLES: Final = 300
CONNECTIONS: Final = 16
READS: Final = 50
NO_GROWTH: Final = Target("peer", 1.15, at_least=False)


async def measure(options: Options) -> list[Row]:
    """Post single sessions and batches and read reports for so many minutes; compare the end with the beginning."""
    async with running(*SERVICES) as system:
        await events.post_all(system, "registry", events.network())
        sessions, seconds, posted = events.sessions(named=True), options.minutes * 60, 0
        started = time.monotonic()
        warm: dict[str, float] = {}
        while (passed := time.monotonic() - started) < seconds:
            if not warm and passed > seconds * WARMING:
                warm = _memory(system)
            posted += await _stretch(system, sessions)
        at_end = _memory(system)
        await _check(system, posted)
    what = f"memory after {options.minutes} min of load and {posted:,} events, beside that after a fifth of them"
    return [
        row(f"{name}: {what}", "MiB", {"measured": [at_end[name]], "peer": [warm[name]]}, NO_GROWTH)
        for name in SERVICES
    ]


async def _stretch(system: System, sessions: Iterator[builders.Json]) -> int:
    """Post one batch and some single sessions, and read the report; give how many events that was."""
    token = system.token("admin")
    taken = list(itertools.islice(sessions, SINGLES))
    (batch,) = events.batches(sessions, 1)
    bodies = [builders.body(batch), *map(builders.body, taken)]
    requests = [post("/registry/events", token, body) for body in bodies]
    (await drive(system.ports["registry"], requests, CONNECTIONS)).must_be(201)
    reads = [get("/reporting/reports/network", token)] * READS
    (await drive(system.ports["reporting"], reads, CONNECTIONS)).must_be(200)
    return len(batch) + len(taken)


def _memory(system: System) -> dict[str, float]:
    return {name: psutil.Process(system.processes[name].pid).memory_info().rss / MEBIBYTE for name in SERVICES}


async def _check(system: System, posted: int) -> None:
    """What was posted is what the report shows."""
    head = (await system.ask("registry", "/events?limit=1", "service"))["head"]
    for _ in range(12):
        driven = await drive(
            system.ports["reporting"],
            [get(f"/reporting/reports/network?at_least=registry:{head}", system.token("lead"))],
            1,
        )
        if driven.answers[0].status == 200:
            break
    totals = (await system.ask("reporting", "/reports/network", "lead"))["totals"]
    assert totals["sessions"] == posted, f"{totals['sessions']} sessions of {posted}"
