"""Cost as data grows: the same questions put to logs of more and more events, filled behind the services' backs."""

import itertools
import statistics
import time
from dataclasses import dataclass

from shared import memory
from tests.benchmarks import events, load
from tests.benchmarks.load import drive, get, post
from tests.benchmarks.measuring import Row, Target, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import System
from tests.support import builders, rebuild_at_size

BATCHES = 8
CONNECTIONS = 4
PAGE = 1_000
PAGES = 15
BALANCES = 15
COLD = 7
NOT_SLOWER = Target("peer", 1.5, at_least=False)
NOT_FEWER = Target("peer", 0.67)
REBUILD = Target("measured", 50_000)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured of one size."""

    events: int
    rebuilt_per_second: float
    cold_report_ms: float
    posted_per_second: float
    page_ms: float
    balance_ms: float
    log_bytes: float
    reporting_bytes: float


async def measure(options: Options) -> list[Row]:
    """Measure each size once; a row compares the largest with the smallest."""
    # Reporting is rebuilt in this process, which does what a service does when it has started.
    memory.settle()
    seen = [await _measure(size) for size in sorted(options.sizes)]
    smallest, largest = seen[0], seen[-1]
    of = f"{largest.events:,} events, beside {smallest.events:,}"
    rebuilt = row(
        f"reporting rebuilt from logs of {largest.events:,} events",
        "events/s",
        {"measured": [largest.rebuilt_per_second]},
        REBUILD,
    )

    def compared(what: str, unit: str, measured: float, beside: float, target: Target) -> Row:
        return row(f"{what}: {of}", unit, {"measured": [measured], "peer": [beside]}, target)

    return [
        rebuilt,
        compared("network report, cold", "ms", largest.cold_report_ms, smallest.cold_report_ms, NOT_SLOWER),
        compared("intake in batches", "events/s", largest.posted_per_second, smallest.posted_per_second, NOT_FEWER),
        compared(f"a page of {PAGE:,} from anywhere in the log", "ms", largest.page_ms, smallest.page_ms, NOT_SLOWER),
        compared("how a plan's financing stands", "ms", largest.balance_ms, smallest.balance_ms, NOT_SLOWER),
        row(f"the logs on disk, of {largest.events:,} events", "B/event", {"measured": [largest.log_bytes]}),
        row(f"reporting on disk, of {largest.events:,} events", "B/event", {"measured": [largest.reporting_bytes]}),
    ]


async def _measure(size: int) -> Seen:
    async with rebuild_at_size.filled(size) as (system, _):
        progress = await rebuild_at_size.rebuild(system)
        folded = sum(progress.read.values())
        await rebuild_at_size.up(system, "reporting")
        await rebuild_at_size.digest(system)
        log_bytes = sum([await _bytes(system, owner) for owner in rebuild_at_size.OWNERS]) / folded
        reporting_bytes = await _bytes(system, "reporting") / folded
        await _settle(system)
        cold_ms = await rebuild_at_size.cold_reports_ms(system, COLD)
        page_ms = await _page_ms(system)
        return Seen(
            size,
            folded / progress.seconds,
            cold_ms,
            await _posted_per_second(system),
            page_ms,
            await _balance_ms(system),
            log_bytes,
            reporting_bytes,
        )


async def _settle(system: System) -> None:
    """Do what PostgreSQL does by itself in the minutes after so much was written, so that it is not measured."""
    connection = await system.connect("reporting")
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _bytes(system: System, service: str) -> int:
    """Give what a service's database takes on disk, its indexes included."""
    connection = await system.connect(service)
    try:
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
        return size
    finally:
        await connection.close()


async def _page_ms(system: System) -> float:
    """Read whole pages from all over the registry's log."""
    token = system.token("service")
    head = (await system.ask("registry", "/events?limit=1", "service"))["head"]
    starts = [place * (head - PAGE) // PAGES for place in range(PAGES)]
    paths = [f"/registry/events?after={after}&limit={PAGE}" for after in starts]
    driven = await drive(system.ports["registry"], [get(path, token) for path in paths], 1)
    driven.must_be(200)
    return statistics.median(answer.seconds for answer in driven.answers) * 1_000


async def _posted_per_second(system: System) -> float:
    """Post sessions behind a log that is long already."""
    await events.post_all(system, "registry", events.network())
    taken = events.batches(events.sessions(named=True), BATCHES)
    token = system.token("admin")
    requests = [post("/registry/events", token, builders.body(batch)) for batch in taken]
    driven = await drive(system.ports["registry"], requests, CONNECTIONS)
    driven.must_be(201)
    return driven.per_second * events.BATCH


async def _balance_ms(system: System) -> float:
    """Book expenses, and ask how the plan stands; funding has to have heard of the plan first."""
    await _funding_knows(system)
    await events.post_all(system, "funding", events.financing())
    await events.post_all(system, "funding", list(itertools.islice(events.expenses(), events.BATCH)))
    path = f"/funding/plans/{events.plan(0)}"
    driven = await drive(system.ports["funding"], [get(path, system.token("auditor"))] * BALANCES, 1)
    driven.must_be(200)
    return statistics.median(answer.seconds for answer in driven.answers) * 1_000


async def _funding_knows(system: System) -> None:
    """Wait until funding has come to the end of the registry's log."""
    path, token = f"/funding/plans/{events.plan(1)}", system.token("auditor")
    deadline = time.monotonic() + load.ANSWER_SECONDS
    while time.monotonic() < deadline:
        driven = await drive(system.ports["funding"], [get(path, token)], 1)
        if driven.answers[0].status == 200:
            return
    raise AssertionError("funding did not hear of the plans")
