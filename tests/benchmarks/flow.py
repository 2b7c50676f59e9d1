"""From the post to the report: how soon an event is visible, and how many a second the whole system carries."""

import asyncio
import itertools
import time
from typing import Any, Final

import orjson

from tests.benchmarks import events
from tests.benchmarks.load import Connection, drive, get, pace, post
from tests.benchmarks.measuring import Row, Target, interleaved, percentile, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import System, reports_of_areas, running
from tests.support import builders

RATE: Final = 1_000
# A form posts one event, a spreadsheet or another system a few together.
SMALL_BATCH: Final = 10
SECONDS: Final = 4
PROBE_EVERY_SECONDS: Final = 0.05
BATCHES: Final = 60
BATCH_CONNECTIONS: Final = 4
PACED_CONNECTIONS: Final = 16
RATE_KEPT: Final = Target("measured", 0.95 * RATE)
VISIBLE_P50: Final = Target("measured", 50, at_least=False)
VISIBLE_P99: Final = Target("measured", 250, at_least=False)


async def measure(options: Options) -> list[Row]:
    """Measure both, in the whole system."""
    async with running("registry", "funding", "reporting") as system:
        await events.post_all(system, "registry", events.network())
        posted: list[int] = []
        return [*await _visible(system, options.rounds, posted), await _sustained(system, options.rounds, posted)]


async def _visible(system: System, rounds: int, posted: list[int]) -> list[Row]:
    """Probe, while others post a thousand events a second, how long until a session is in the network report."""
    sessions = events.sessions(named=True)
    token = system.token("admin")
    seconds: list[list[float]] = []
    kept: list[float] = []
    for _ in range(rounds):
        batches = events.batches(sessions, RATE * SECONDS // SMALL_BATCH, SMALL_BATCH)
        requests = [post("/registry/events", token, builders.body(batch)) for batch in batches]
        started = time.perf_counter()
        others = asyncio.create_task(
            pace(system.ports["registry"], requests, every_seconds=SMALL_BATCH / RATE, connections=PACED_CONNECTIONS)
        )
        probes: list[float] = []
        while not others.done():
            probes.append(await _probe(system, next(sessions)))
            await asyncio.wait([others], timeout=PROBE_EVERY_SECONDS)
        assert all(answer.status == 201 for answer in await others), "an event was refused"
        kept.append(RATE * SECONDS / (time.perf_counter() - started))
        posted.append(RATE * SECONDS + len(probes))
        seconds.append(probes)
    await _check_report(system, sum(posted))
    p50 = [percentile(probes, 50) * 1_000 for probes in seconds]
    p99 = [percentile(probes, 99) * 1_000 for probes in seconds]
    # A system that falls behind would look quick to those that it answers, so the rate that was kept is a row too.
    return [
        row(
            "posted → visible in the network report: events posted meanwhile", "events/s", {"measured": kept}, RATE_KEPT
        ),
        row("posted → visible in the network report: p50", "ms", {"measured": p50}, VISIBLE_P50),
        row("posted → visible in the network report: p99", "ms", {"measured": p99}, VISIBLE_P99),
    ]


async def _probe(system: System, event: builders.Json) -> float:
    """Post one session, ask for a report that holds it, and give the seconds from the one to the other."""
    token = system.token("admin")
    registry = await Connection.open(system.ports["registry"])
    reporting = await Connection.open(system.ports["reporting"])
    request = post("/registry/events", token, builders.body(event))
    started = time.perf_counter()
    answer = await registry.send(request)
    cursor = orjson.loads(answer.body)["cursor"]
    report = await reporting.send(get(f"/reporting/reports/network?at_least={cursor}", token))
    seconds = time.perf_counter() - started
    assert report.status == 200, report.body
    assert orjson.loads(report.body)["as_of"]["registry"] >= int(cursor.partition(":")[2]), "the report is too old"
    registry.close()
    reporting.close()
    return seconds


async def _sustained(system: System, rounds: int, posted: list[int]) -> Row:
    sessions = events.sessions(named=True)

    async def one_round() -> float:
        taken = events.batches(sessions, BATCHES)
        posted.append(sum(map(len, taken)))
        token = system.token("admin")
        requests = [post("/registry/events", token, builders.body(batch)) for batch in taken]
        started = time.perf_counter()
        driven = await drive(system.ports["registry"], requests, BATCH_CONNECTIONS)
        driven.must_be(201)
        last = max(int(orjson.loads(answer.body)["cursor"].partition(":")[2]) for answer in driven.answers)
        await _report(system, last)
        return posted[-1] / (time.perf_counter() - started)

    figures = await interleaved({"measured": one_round}, rounds)
    await _check_report(system, sum(posted))
    what = f"sustained, posted in batches of {events.BATCH} until all is in the network report"
    return row(what, "events/s", figures, Target("measured", 15_000))


async def _report(system: System, sequence: int) -> dict[str, Any]:
    """Give the network report once it has come to a sequence; asked again as long as reporting is not there."""
    connection = await Connection.open(system.ports["reporting"])
    request = get(f"/reporting/reports/network?at_least=registry:{sequence}", system.token("admin"))
    for _ in itertools.repeat(None, 12):
        answer = await connection.send(request)
        if answer.status == 200:
            connection.close()
            report: dict[str, Any] = orjson.loads(answer.body)
            return report
    raise AssertionError(f"reporting did not come to {sequence}: {answer.body!r}")


async def _check_report(system: System, sessions: int) -> None:
    """What was posted is what the reports show: every session, and inside the areas all who came and their hours."""
    head = (await system.ask("registry", "/events?limit=1", "service"))["head"]
    totals = (await _report(system, head))["totals"]
    assert totals["sessions"] == sessions, f"{totals['sessions']} sessions of {sessions}"
    inside = [report["totals"] for report in await reports_of_areas(system)]
    assert sum(own["attendances"]["value"] for own in inside) == sessions * events.NAMES, (
        "not all who came are in the reports"
    )
    hours = sum(own["participant_hours"]["value"] for own in inside)
    assert hours == sessions * events.NAMES * events.HOURS, "the hours are wrong"
