"""FLUSHALL in the middle of many events: how long until everything is there again. Owns the figure, no claim about it.

`python -m tests.chaos.flushing [EVENTS]`; 100,000 by default.
"""

import asyncio
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx

from shared import logs
from shared.tokens import Identity
from tests.chaos import checks
from tests.chaos.checks import Findings
from tests.chaos.poster import Promises
from tests.chaos.processes import System
from tests.chaos.run import Wanted, started_system
from tests.chaos.watch import Watch
from tests.support.builders import a_plan, a_start, an_activity, an_area, an_attendance, body
from tests.support.keyring import Keyring

BATCH: Final = 500
ARRIVES_SECONDS: Final = 300
EVENTS: Final = 100_000


@dataclass(slots=True)
class Flushed:
    """What it came to: until reporting had what the log held at the FLUSHALL, and until it had the last event."""

    events: int
    recovery_seconds: float
    arrived_seconds: float
    findings: Findings


async def flush_in_the_middle(events: int) -> Flushed:
    """Post events in batches, let Redis forget everything halfway, and wait until reporting has all of them."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-flushing-") as folder:
        async with started_system(Path(folder), Wanted(seed=0, faults=0, replicas=1)) as (system, keyring):
            promises = Promises()
            watch = Watch(system, promises)
            await _post(system, keyring, promises, events // 2)
            await system.redis.client.flushall()
            flushed, head = time.monotonic(), promises.head("registry")
            posting = asyncio.create_task(_post(system, keyring, promises, events - events // 2))
            await _reaches(watch, head)
            recovery_seconds = time.monotonic() - flushed
            await posting
            answered = time.monotonic()
            await _reaches(watch, promises.head("registry"))
            arrived_seconds = time.monotonic() - answered
            findings = Findings()
            await checks.settle(system, watch, findings, checks.SETTLE_SECONDS)
            await checks.check(system, promises, keyring, findings)
            return Flushed(promises.events, recovery_seconds, arrived_seconds, findings)


async def _post(system: System, keyring: Keyring, promises: Promises, count: int) -> None:
    token = keyring.issue(Identity("admin"), valid_for=timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    known = promises.sequences["registry"]
    async with httpx.AsyncClient(headers=headers, timeout=60) as client:
        if not known:
            await _send(client, system, known, [an_area(), a_plan(), an_activity(), a_start()])
        for first in range(0, count, BATCH):
            session = f"session-{len(known)}"
            batch = [an_attendance(f"{session}-{place}") for place in range(min(BATCH, count - first))]
            await _send(client, system, known, batch)


async def _send(
    client: httpx.AsyncClient, system: System, known: dict[tuple[str, str], int], batch: list[dict[str, str]]
) -> None:
    answer = await client.post(f"{system.address('registry')}/events", content=body(batch))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    for event, result in zip(batch, answer.json()["events"], strict=True):
        known[event["source"], event["id"]] = result["sequence"]


async def _reaches(watch: Watch, head: int) -> None:
    async with asyncio.timeout(ARRIVES_SECONDS):
        while (await watch.positions("reporting")).get("registry", 0) < head:
            await asyncio.sleep(0.05)


def main(arguments: list[str]) -> int:
    """Do it once and print the figures."""
    logs.configure("ERROR")
    # Ended by SIGTERM it would leave everything that it started running; Ctrl-C undoes it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    flushed = asyncio.run(flush_in_the_middle(int(arguments[0]) if arguments else EVENTS))
    findings = flushed.findings
    sys.stdout.write(
        f"{flushed.events:,} events · lost {findings.lost} · doubled {findings.doubled}"
        f" · what the log held at the FLUSHALL was there after {flushed.recovery_seconds:.1f} s"
        f" · the last event {flushed.arrived_seconds:.1f} s after its answer\n"
    )
    for breach in findings.breaches:
        sys.stderr.write(f"  {breach}\n")
    return 1 if findings.breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
