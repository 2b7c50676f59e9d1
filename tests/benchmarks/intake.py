"""Intake: how fast the registry takes sessions, one by one and in batches, stored and logged before the answer."""

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from tests.benchmarks import events
from tests.benchmarks.load import drive, post
from tests.benchmarks.measuring import Contender, Row, Target, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import LIMIT, TUTORIAL, System, running
from tests.support import builders
from tests.support.builders import Json

CONNECTIONS: Final = 32
BATCH_CONNECTIONS: Final = 4
SINGLES: Final = 1_500
# The peer takes so much longer that fewer requests give as steady a figure.
PEER_SINGLES: Final = 400
BATCHES: Final = 12
BATCH_TARGETS: Final = (Target("measured", 25_000), Target("limit", 0.15))


async def measure(options: Options) -> list[Row]:
    """Measure single events and batches."""
    async with running("registry", TUTORIAL, LIMIT) as system:
        await events.post_all(system, "registry", events.network())
        return [
            await _singles(system, options.rounds),
            await _batches(system, options.rounds),
            await _headcounts(system, options.rounds),
        ]


async def _singles(system: System, rounds: int) -> Row:
    sessions = events.sessions(named=True)
    posted: list[Json] = []
    after = await _head(system)

    def contender(name: str, count: int, kept: list[Json]) -> Contender:
        async def one_round() -> float:
            taken = list(itertools.islice(sessions, count))
            kept.extend(taken)
            token = system.token("admin")
            requests = [post(f"/{name}/events", token, builders.body(event)) for event in taken]
            driven = await drive(system.ports[name], requests, CONNECTIONS)
            driven.must_be(201)
            return driven.per_second

        return one_round

    figures = await interleaved(
        {
            "measured": contender("registry", SINGLES, posted),
            "peer": contender(TUTORIAL, PEER_SINGLES, []),
            "limit": contender(LIMIT, SINGLES, []),
        },
        rounds,
    )
    await _check_log(system, after, posted)
    what = f"one session of {events.NAMES} names per request, {CONNECTIONS} connections"
    return row(what, "events/s", figures, Target("peer", 6), Target("limit", 0.7))


async def _batches(system: System, rounds: int) -> Row:
    figures = await _batch_figures(system, rounds, events.sessions(named=True))
    return row(f"batches of {events.BATCH} sessions of {events.NAMES} names", "events/s", figures, *BATCH_TARGETS)


async def _headcounts(system: System, rounds: int) -> Row:
    figures = await _batch_figures(system, rounds, events.sessions(named=False))
    return row(f"batches of {events.BATCH} sessions with a headcount", "events/s", figures, *BATCH_TARGETS)


async def _batch_figures(system: System, rounds: int, sessions: Iterator[Json]) -> dict[str, list[float]]:
    posted: list[Json] = []
    after = await _head(system)

    async def one_round() -> float:
        taken = events.batches(sessions, BATCHES)
        posted.extend(itertools.chain.from_iterable(taken))
        token = system.token("admin")
        requests = [post("/registry/events", token, builders.body(batch)) for batch in taken]
        driven = await drive(system.ports["registry"], requests, BATCH_CONNECTIONS)
        driven.must_be(201)
        return driven.per_second * events.BATCH

    async def copy() -> float:
        return await _copy(system, after)

    figures = await interleaved({"measured": one_round, "limit": copy}, rounds)
    await _check_log(system, after, posted)
    return figures


async def _copy(system: System, after: int) -> float:
    """Copy as many rows as a round logged into a table like the log's, 500 rows and one commit at a time."""
    connection = await system.connect("registry")
    try:
        found = await connection.fetch(
            "SELECT * FROM event_log WHERE sequence > $1 ORDER BY sequence LIMIT $2", after, BATCHES * events.BATCH
        )
        rows = [tuple(row) for row in found]
        await connection.execute("CREATE TABLE copied (LIKE event_log INCLUDING ALL)")
        started = time.perf_counter()
        for first in range(0, len(rows), events.BATCH):
            await connection.copy_records_to_table("copied", records=rows[first : first + events.BATCH])
        seconds = time.perf_counter() - started
        await connection.execute("DROP TABLE copied")
    finally:
        await connection.close()
    return len(rows) / seconds


async def _head(system: System) -> int:
    head: int = (await system.ask("registry", "/events?limit=1", "service"))["head"]
    return head


async def _check_log(system: System, after: int, posted: list[Json]) -> None:
    """What was posted is what the log holds: each event once, as it was sent, without a gap in the numbers."""
    sent = {event["id"]: event for event in posted}
    expected = after
    async for entry in system.log("registry", after):
        expected += 1
        assert entry["sequence"] == expected, f"entry {entry['sequence']} instead of {expected}"
        event = sent.pop(entry["event"]["id"])
        assert entry["event"]["data"] == event["data"], f"{event['id']} was logged as something else"
        assert datetime.fromisoformat(entry["recorded"]) <= datetime.now(UTC), "it was recorded in the future"
    assert not sent, f"{len(sent)} events were answered and not logged"
