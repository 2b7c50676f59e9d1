"""Rebuilds reporting from logs of any size, and asks for reports: `python -m tests.support.rebuild_at_size EVENTS`.

The registry and funding run as processes of their own, whose logs are read over HTTP, as reporting would; it is rebuilt
in this process. With `follow` after the number, reporting also follows the same logs live, and both digests are told.
"""

import asyncio
import contextlib
import itertools
import statistics
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import orjson
import uvloop

from services.reporting.folding.rebuilding import Refolding
from shared import database, logs, memory, migrations
from shared.backbone import event_log
from shared.backbone.catch_up import OwnerLog
from shared.backbone.rebuilding import Progress, Rebuilder
from tests.benchmarks import load
from tests.benchmarks.system import System, ready, running, start
from tests.support import logs_at_size

OWNERS: Final = ("registry", "funding")
MIGRATIONS: Final = Path(__file__).parents[2] / "services"
COLD: Final = 7
WAIT_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Figures:
    """What was seen of one size."""

    events: int
    filled_seconds: float
    rebuilt: Progress
    cold_report_ms: float
    digest: str


@contextlib.asynccontextmanager
async def filled(
    count: int, network: logs_at_size.Network = logs_at_size.TWELVE_AREAS
) -> AsyncIterator[tuple[System, float]]:
    """Run the registry and funding over logs of `count` events; give them, and how long filling the logs took."""
    async with running() as system:
        began = time.perf_counter()
        for owner in (*OWNERS, "reporting"):
            await migrations.migrate(system.servers.database_url, owner, MIGRATIONS / owner / "migrations")
        urls = {owner: database.service_url(system.servers.database_url, owner) for owner in OWNERS}
        heads = {owner: await logs_at_size.fill(url, owner, count, network) for owner, url in urls.items()}
        # As where the logs grew over years: all of it was published long ago, and funding has followed it.
        for owner in OWNERS:
            await logs_at_size.come(urls[owner], event_log.RELAY, heads[owner])
        await logs_at_size.come(urls["funding"], "registry", heads["registry"])
        seconds = time.perf_counter() - began
        await up(system, *OWNERS)
        yield system, seconds


async def up(system: System, *names: str) -> None:
    """Start processes, and wait until they are ready."""
    for name in names:
        await start(system, name)
    for name in names:
        await ready(system.ports[name], f"/{name}/health/ready")


async def rebuild(system: System) -> Progress:
    """Rebuild reporting in this process."""
    urls = {owner: f"http://{load.HOST}:{system.ports[owner]}/{owner}" for owner in OWNERS}
    async with contextlib.AsyncExitStack() as stack:
        owner_logs = {owner: OwnerLog(owner, url, system.keyring.credential()) for owner, url in urls.items()}
        for log in owner_logs.values():
            stack.push_async_callback(log.close)
        rebuilder = Rebuilder(database.service_url(system.servers.database_url, "reporting"), Refolding(owner_logs))
        await stack.enter_async_context(rebuilder.running())
        await rebuilder.start()
        # Asked as the command asks.
        while not rebuilder.progress.is_over:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(WAIT_SECONDS)
    assert rebuilder.progress.state == "finished", rebuilder.progress
    return rebuilder.progress


async def cold_reports_ms(system: System, cold: int = COLD) -> float:
    """Give the median time of a network report that was not made before."""
    last_days = (logs_at_size.FIRST_DAY + timedelta(days=1_300 + number) for number in itertools.count())
    token = system.token("lead")
    paths = (f"/reporting/reports/network?from={logs_at_size.FIRST_DAY}&to={day}" for day in last_days)
    seconds = []
    for path in itertools.islice(paths, cold):
        # One at a time: a driven load ends after a minute, all of it.
        driven = await load.drive(system.ports["reporting"], [load.get(path, token)], 1)
        driven.must_be(200)
        seconds.append(driven.answers[0].seconds)
    return statistics.median(seconds) * 1_000


async def digest(system: System) -> str:
    """Give the digest of the network report once reporting has come to the heads of both logs."""
    heads = {owner: (await system.ask(owner, "/events?after=0&limit=1", "service"))["head"] for owner in OWNERS}
    while True:
        report: dict[str, Any] = await system.ask("reporting", "/reports/network")
        if all(report["as_of"][owner] >= head for owner, head in heads.items()):
            return str(report["digest"])
        await asyncio.sleep(WAIT_SECONDS)


async def measure(count: int, *, cold: int = COLD) -> Figures:
    """Rebuild from logs of `count` events, and ask for so many reports."""
    async with filled(count) as (system, filled_seconds):
        progress = await rebuild(system)
        await up(system, "reporting")
        found = await digest(system)
        return Figures(count, filled_seconds, progress, await cold_reports_ms(system, cold), found)


async def followed(count: int) -> str:
    """Give the digest of the same logs when reporting follows them live."""
    async with filled(count) as (system, _):
        await up(system, "reporting")
        return await digest(system)


def main(arguments: list[str]) -> None:
    """Run it and tell what was seen."""
    logs.configure("ERROR")
    # As a service does when it has started: the rebuild runs in one.
    memory.settle()
    count = int(arguments[0])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measure(count))
        folded = sum(figures.rebuilt.read.values())
        told: dict[str, Any] = {
            "events": folded,
            "filled_s": round(figures.filled_seconds, 1),
            "rebuilt_s": round(figures.rebuilt.seconds, 1),
            "events_per_second": round(folded / figures.rebuilt.seconds),
            "cold_report_ms": round(figures.cold_report_ms, 1),
            "digest": figures.digest,
        }
        if "follow" in arguments[1:]:
            told["digest_followed"] = runner.run(followed(count))
    sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
