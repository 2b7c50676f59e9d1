"""Storing and replaying, beside the library `eventsourcing` as its tutorial shows it, over SQLite and in process.

The library is spared HTTP, tokens and rules; ours takes batches over HTTP and gives its log back over HTTP.
"""

import itertools
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from tests.benchmarks import events
from tests.benchmarks.load import drive, get, post
from tests.benchmarks.measuring import Row, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import PAGE, System, running
from tests.support import builders

BATCHES: Final = 8
CONNECTIONS: Final = 4
PEER_PAGE: Final = 500


class Activity(Aggregate):
    """An activity that counts its sessions, each an event."""

    def __init__(self) -> None:
        self.sessions = 0

    @event("SessionRecorded")
    def record(self, data: dict[str, Any]) -> None:
        """Record one session."""
        self.sessions += bool(data)


class Peer(Application[Any]):
    """The peer, which gives its log in pages as long as it is asked for."""

    log_section_size = PEER_PAGE


async def measure(options: Options) -> list[Row]:
    """Measure storing, then replaying what was stored."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-benchmarks-") as folder:
        database = Path(folder) / "peer.sqlite"
        peer = Peer({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(database)})
        async with running("registry") as system:
            await events.post_all(system, "registry", events.network())
            rows = [await _store(system, peer, options.rounds), await _replay(system, peer, options.rounds)]
        peer.close()
    return rows


async def _store(system: System, peer: Peer, rounds: int) -> Row:
    sessions = events.sessions(named=True)

    async def ours() -> float:
        token = system.token("admin")
        bodies = [builders.body(batch) for batch in events.batches(sessions, BATCHES)]
        driven = await drive(
            system.ports["registry"], [post("/registry/events", token, body) for body in bodies], CONNECTIONS
        )
        driven.must_be(201)
        return driven.per_second * events.BATCH

    async def theirs() -> float:
        batches = events.batches(sessions, BATCHES)
        started = time.perf_counter()
        for batch in batches:
            activity = Activity()
            for item in batch:
                activity.record(item["data"])
            peer.save(activity)
        return BATCHES * events.BATCH / (time.perf_counter() - started)

    figures = await interleaved({"measured": ours, "peer": theirs}, rounds)
    return row(f"stored in batches of {events.BATCH}, beside eventsourcing", "events/s", figures)


async def _replay(system: System, peer: Peer, rounds: int) -> Row:
    async def ours() -> float:
        head = (await system.ask("registry", "/events?limit=1", "service"))["head"]
        token = system.token("service")
        paths = [f"/registry/events?after={after}&limit={PAGE}" for after in range(0, head, PAGE)]
        started = time.perf_counter()
        driven = await drive(system.ports["registry"], [get(path, token) for path in paths], 1)
        driven.must_be(200)
        seconds = time.perf_counter() - started
        read = sum(answer.body.count(b'"sequence":') for answer in driven.answers)
        assert read >= head, f"{read} entries of {head}"
        return float(head / seconds)

    async def theirs() -> float:
        read, started = 0, time.perf_counter()
        for start in itertools.count(1, PEER_PAGE):
            page = peer.notification_log.select(start=start, limit=PEER_PAGE)
            read += sum(1 for item in page if peer.mapper.to_domain_event(item) is not None)
            if len(page) < PEER_PAGE:
                break
        return read / (time.perf_counter() - started)

    figures = await interleaved({"measured": ours, "peer": theirs}, rounds)
    return row("replayed from the log, beside eventsourcing", "events/s", figures)
