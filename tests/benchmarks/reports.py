"""The network report over HTTP: made before at this cursor, and made anew.

The peer adds up the same sessions each time, by SQL over the stored events; the limits only say hello.
"""

import itertools
import statistics
from datetime import date, timedelta
from typing import Final

import orjson

from tests.benchmarks import events, tutorial_way
from tests.benchmarks.load import Driven, drive, get
from tests.benchmarks.measuring import Contender, Row, Target, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import BARE, LIMIT, TUTORIAL, System, reports_of_areas, running
from tests.support import builders

CONNECTIONS: Final = 32
CACHED: Final = 1_000
# The peer takes so much longer that fewer requests give as steady a figure.
PEER_READS: Final = 100
COLD: Final = 20
FIGURES: Final = ("sessions", "attendances", "participant_hours")
SESSIONS: Final = 5_000
# Each cold report is over another period, so none was made before; all hold every session.
FIRST_DAY: Final = date(2025, 8, 1)


async def measure(options: Options) -> list[Row]:
    """Measure the report at a cursor that stands still."""
    async with running("registry", "funding", "reporting", TUTORIAL, LIMIT, BARE) as system:
        await events.post_all(system, "registry", events.network())
        sessions = list(itertools.islice(events.sessions(named=True), SESSIONS))
        cursor = await events.post_all(system, "registry", sessions)
        await tutorial_way.store(system.servers.database_url, sessions)
        return [
            *await _cached(system, options.rounds, cursor, sessions),
            await _cold(system, options.rounds, sessions),
        ]


async def _cached(system: System, rounds: int, cursor: str, sessions: list[builders.Json]) -> list[Row]:
    token = system.token("lead")
    first = await drive(system.ports["reporting"], [get(f"/reporting/reports/network?at_least={cursor}", token)], 1)
    _check(first, sessions)
    await _check_peer(system, first, sessions)

    async def cached() -> float:
        requests = [get("/reporting/reports/network", token)] * CACHED
        driven = await drive(system.ports["reporting"], requests, CONNECTIONS)
        driven.must_be(200)
        assert all(answer.body == first.answers[0].body for answer in driven.answers), "the report changed"
        return driven.per_second

    def other(name: str, path: str, count: int) -> Contender:
        async def one_round() -> float:
            driven = await drive(system.ports[name], [get(f"/{name}/{path}")] * count, CONNECTIONS)
            driven.must_be(200)
            return driven.per_second

        return one_round

    figures = await interleaved(
        {
            "measured": cached,
            "peer": other(TUTORIAL, "report", PEER_READS),
            "limit": other(LIMIT, "hello", CACHED),
            "bare": other(BARE, "hello", CACHED),
        },
        rounds,
    )
    bare = {"measured": figures["measured"], "limit": figures.pop("bare")}
    what = f"network report, cached, {CONNECTIONS} connections"
    return [
        row(what, "reports/s", figures, Target("limit", 0.5)),
        row(f"{what}, beside bare uvicorn", "reports/s", bare),
    ]


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

    async def peer() -> float:
        driven = await drive(system.ports[TUTORIAL], [get(f"/{TUTORIAL}/report")] * COLD, 1)
        driven.must_be(200)
        return statistics.median(answer.seconds for answer in driven.answers) * 1_000

    figures = await interleaved({"measured": cold, "peer": peer}, rounds)
    return row("network report, cold", "ms", figures, Target("measured", 25, at_least=False))


def _check(driven: Driven, sessions: list[builders.Json]) -> None:
    """Every session that was posted is in each report."""
    driven.must_be(200)
    for answer in driven.answers:
        totals = orjson.loads(answer.body)["totals"]
        assert totals["sessions"] == len(sessions), f"{totals['sessions']} sessions of {len(sessions)}"


async def _check_peer(system: System, driven: Driven, sessions: list[builders.Json]) -> None:
    """The peer's report says the same in all, and of each area and its months what the area itself is shown live."""
    ours = orjson.loads(driven.answers[0].body)
    theirs = await system.ask(TUTORIAL, "/report")
    inside = {own["area"]["area"]: own for own in await reports_of_areas(system)}
    assert theirs["totals"]["sessions"] == ours["totals"]["sessions"], "the peer's totals are others"
    came = sum(own["totals"]["attendances"]["value"] for own in inside.values())
    assert theirs["totals"]["attendances"] == came == len(sessions) * events.NAMES, "not all who came are in the report"
    areas = {name: _figures(own["totals"]) for name, own in inside.items()}
    assert {name: _figures(row) for name, row in theirs["areas"].items()} == areas, "the peer's areas are others"
    months = {row["month"]: row["sessions"] for row in ours["months"] if row["sessions"]}
    assert {name: row["sessions"] for name, row in theirs["months"].items()} == months, "the peer's months are others"


def _figures(row: builders.Json) -> tuple[float, ...]:
    """Give a row's figures, as the peer has them, or as reporting has them, where those of people are marked."""
    figures = (row[name] for name in FIGURES)
    return tuple(figure["value"] if isinstance(figure, dict) else figure for figure in figures)
