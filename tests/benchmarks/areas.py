"""Cost as areas grow: the same questions put to networks of more and more areas, each as large as the others.

The logs are filled behind the services' backs. Every question has its bound: what takes longer, or what reporting gives
up before, is shown as missed, and the reports after a missed one are not asked for, since they would wait for the same.
"""

import asyncio
import itertools
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import orjson

from tests.benchmarks import events
from tests.benchmarks.load import Driven, drive, get, post
from tests.benchmarks.measuring import Row, missed, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import System, stop
from tests.support import builders, logs_at_size, rebuild_at_size

AREAS: Final = (2, 100, 1_000)
ACTIVITIES: Final = 3
FACTS: Final = 60
REPORT_SECONDS: Final = 120
REBUILD_SECONDS: Final = 1_200
POST_SECONDS: Final = 600
COLD: Final = 3
CACHED: Final = 200
CONNECTIONS: Final = 32
BATCHES: Final = 8
BATCH_CONNECTIONS: Final = 4
NETWORK: Final = "/reporting/reports/network"

REBUILT: Final = "reporting rebuilt from the logs"
FIRST: Final = "network report, first at its cursor, with the decision what is shown"
COLD_REPORT: Final = "network report, cold, with that decision made"
ONE_AREA: Final = "report of one area, cold, with that decision made"
CACHED_REPORT: Final = f"network report, cached, {CONNECTIONS} connections"
INTAKE: Final = f"intake in batches of {events.BATCH}"
UNITS: Final = {
    REBUILT: "s",
    FIRST: "s",
    COLD_REPORT: "s",
    ONE_AREA: "s",
    CACHED_REPORT: "reports/s",
    INTAKE: "events/s",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one question came to; where it was missed, how long it was waited for."""

    figure: float
    is_missed: bool = False


async def measure(options: Options) -> list[Row]:
    """Measure each number of areas once; a row compares it with the smallest."""
    seen = {areas: await _measure(areas, options.rounds) for areas in sorted(set(options.areas or AREAS))}
    return [
        line for what in UNITS for areas in seen if (line := _row(what, areas, seen[areas], min(seen), seen[min(seen)]))
    ]


def _row(what: str, areas: int, seen: Mapping[str, Seen], fewest: int, beside: Mapping[str, Seen]) -> Row | None:
    if what not in seen:
        return None
    has_peer = areas != fewest and what in beside and not beside[what].is_missed
    name = f"{what}: {areas:,} areas" + (f", beside {fewest:,}" if has_peer else "")
    peer = beside[what].figure if has_peer else None
    if seen[what].is_missed:
        return missed(name, UNITS[what], seen[what].figure, peer)
    figures = {"measured": [seen[what].figure]} | ({} if peer is None else {"peer": [peer]})
    return row(name, UNITS[what], figures)


async def _measure(areas: int, rounds: int) -> dict[str, Seen]:
    network = logs_at_size.Network(areas, areas * ACTIVITIES)
    facts = areas * FACTS
    async with rebuild_at_size.filled(network.events(facts), network) as (system, _):
        try:
            async with asyncio.timeout(REBUILD_SECONDS):
                progress = await rebuild_at_size.rebuild(system)
        except TimeoutError:
            return {REBUILT: Seen(REBUILD_SECONDS, is_missed=True)}
        await rebuild_at_size.up(system, "reporting")
        reports = await _reports(system, areas, logs_at_size.sessions(facts), rounds)
        # A decision that was not waited for to its end would take a core from intake.
        await stop(system, "reporting")
        intake = Seen(await _posted_per_second(system, areas, rounds))
        return {REBUILT: Seen(progress.seconds), **reports, INTAKE: intake}


async def _reports(system: System, areas: int, sessions: int, rounds: int) -> dict[str, Seen]:
    """Ask for one report after another, as long as each comes in its time."""
    heads = [
        f"{owner}:{(await system.ask(owner, '/events?limit=1', 'service'))['head']}" for owner in rebuild_at_size.OWNERS
    ]
    first_day = logs_at_size.FIRST_DAY
    last_days = [first_day + timedelta(days=1_300 + number) for number in range(COLD)]
    questions = {
        FIRST: [f"{NETWORK}?at_least={','.join(heads)}"],
        COLD_REPORT: [f"{NETWORK}?from={first_day}&to={last_day}" for last_day in last_days],
        ONE_AREA: [f"/reporting/reports/areas/area-1?to={last_day}" for last_day in last_days],
        CACHED_REPORT: [NETWORK] * CACHED * rounds,
    }
    seen: dict[str, Seen] = {}
    for what, paths in questions.items():
        driven = await _asked(system, paths, CONNECTIONS if what == CACHED_REPORT else 1)
        if isinstance(driven, Seen):
            seen[what] = driven
            break
        if what == FIRST:
            _check(driven, areas, sessions)
        each = statistics.median(answer.seconds for answer in driven.answers)
        seen[what] = Seen(driven.per_second if what == CACHED_REPORT else each)
    return seen


async def _asked(system: System, paths: list[str], connections: int) -> Driven | Seen:
    """Ask for reports; give how long they were waited for where one does not come, or reporting itself gives it up."""
    requests = [get(path, system.token("lead")) for path in paths]
    within_seconds = REPORT_SECONDS * len(set(paths))
    try:
        driven = await drive(system.ports["reporting"], requests, connections, within_seconds=within_seconds)
    except TimeoutError:
        return Seen(REPORT_SECONDS, is_missed=True)
    for answer in driven.answers:
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            sys.stderr.write(f"areas: {answer.body.decode()}\n")
            return Seen(answer.seconds, is_missed=True)
    driven.must_be(200)
    return driven


def _check(driven: Driven, areas: int, sessions: int) -> None:
    """Every area and every session of the logs is in the report."""
    report = orjson.loads(driven.answers[0].body)
    assert len(report["areas"]) == areas, f"{len(report['areas'])} areas of {areas}"
    assert report["totals"]["sessions"] == sessions, f"{report['totals']['sessions']} sessions of {sessions}"


async def _posted_per_second(system: System, areas: int, rounds: int) -> float:
    """Post sessions all over the network, which the registry hears of first: its log was filled behind its back."""
    network = events.network(areas, areas * ACTIVITIES)
    await events.post_all(system, "registry", network, within_seconds=POST_SECONDS)
    sessions = events.sessions(named=True, areas=areas, activities=areas * ACTIVITIES)
    taken = events.batches(sessions, BATCHES * rounds)
    token = system.token("admin")
    requests = [post("/registry/events", token, builders.body(batch)) for batch in taken]
    before = (await system.ask("registry", "/events?limit=1", "service"))["head"]
    driven = await drive(system.ports["registry"], requests, BATCH_CONNECTIONS)
    driven.must_be(201)
    logged = {entry["event"]["id"] async for entry in system.log("registry", before)}
    posted = {event["id"] for event in itertools.chain.from_iterable(taken)}
    assert logged == posted, f"{len(logged)} of {len(posted)} events were logged"
    return driven.per_second * events.BATCH
