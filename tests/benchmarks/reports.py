"""The network report over HTTP: made before at this cursor, and made anew."""

import itertools
import statistics
from datetime import date, timedelta
from typing import Final

import orjson

from tests import builders
from tests.benchmarks import events
from tests.benchmarks.load import Driven, drive, get
from tests.benchmarks.measuring import Row, Target, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import LIMIT, System, running

CONNECTIONS: Final = 32
CACHED: Final = 1_000
COLD: Final = 20
SESSIONS: Final = 5_000
# Each cold report is over another period, so none was made before; all hold every session.
FIRST_DAY: Final = date(2025, 8, 1)


async def measure(options: Options) -> list[Row]:
    """Measure the report at a cursor that stands still."""
    async with running("registry", "funding", "reporting", LIMIT) as system:
        await events.post_all(system, "registry", events.network())
        sessions = list(itertools.islice(events.sessions(named=True), SESSIONS))
        cursor = await events.post_all(system, "registry", sessions)
        return [await _cached(system, options.rounds, cursor, sessions), await _cold(system, options.rounds, sessions)]


async def _cached(system: System, rounds: int, cursor: str, sessions: list[builders.Json]) -> Row:
    token = system.token("lead")
    first = await drive(system.ports["reporting"], [get(f"/reporting/reports/network?at_least={cursor}", token)], 1)
    _check(first, sessions)

    async def cached() -> float:
        requests = [get("/reporting/reports/network", token)] * CACHED
        driven = await drive(system.ports["reporting"], requests, CONNECTIONS)
        driven.must_be(200)
        assert all(answer.body == first.answers[0].body for answer in driven.answers), "the report changed"
        return driven.per_second

    async def hello() -> float:
        driven = await drive(system.ports[LIMIT], [get("/limit/hello")] * CACHED, CONNECTIONS)
        driven.must_be(200)
        return driven.per_second

    figures = await interleaved({"measured": cached, "limit": hello}, rounds)
    return row(f"network report, cached, {CONNECTIONS} connections", "reports/s", figures, Target("limit", 0.5))


async def _cold(system: System, rounds: int, sessions: list[builders.Json]) -> Row:
    token = system.token("lead")
    last_days = (FIRST_DAY + timedelta(days=400 + number) for number in itertools.count())

    async def cold() -> float:
        paths = [
            f"/reporting/reports/network?from={FIRST_DAY}&to={last_day}"
            for last_day in itertools.islice(last_days, COLD)
        ]
        driven = await drive(system.ports["reporting"], [get(path, token) for path in paths], 1)
        _check(driven, sessions)
        return statistics.median(answer.seconds for answer in driven.answers) * 1_000

    figures = await interleaved({"measured": cold}, rounds)
    return row("network report, cold", "ms", figures, Target("measured", 25, at_least=False))


def _check(driven: Driven, sessions: list[builders.Json]) -> None:
    """What was posted is what each report shows."""
    driven.must_be(200)
    for answer in driven.answers:
        totals = orjson.loads(answer.body)["totals"]
        assert totals["sessions"] == len(sessions), f"{totals['sessions']} sessions of {len(sessions)}"
        assert totals["attendances"] == len(sessions) * events.NAMES, "not all who came are in the report"
