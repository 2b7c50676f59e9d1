"""The network report beside a release: cold while one is being made, and again as it is kept, compressed or known.

Each area has sessions, volunteers and pairs over four years. The release is made by reporting's own worker, as it would
be on the tenth of a month; reports that were never made before are asked for meanwhile, one after another.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeAlias

import httpx
import orjson

from tests.benchmarks.areas import ACTIVITIES, CONNECTIONS, FACTS, NETWORK
from tests.benchmarks.load import ANSWER_SECONDS, HOST, drive, get, post
from tests.benchmarks.measuring import Row, Target, row
from tests.benchmarks.slowness import slowness
from tests.benchmarks.system import System
from tests.support import logs_at_size, rebuild_at_size

# What a cold report may take while a release is being made, in milliseconds, and how often a kept one is given.
COLD_MS: Final = {100: 50, 1_000: 400}
KEPT_PER_SECOND: Final = {1_000: 3_000}
AGAIN: Final = 2_000
MOST_COLD: Final = 40
FEWEST_COLD: Final = 5
ORDER_SECONDS: Final = 60
WAIT_SECONDS: Final = 0.1
GZIP: Final = "Accept-Encoding: gzip\r\n"
Targets: TypeAlias = tuple[Target, ...]


async def measured(areas: int, rounds: int) -> list[Row]:
    """Fill a system with so many areas, and read the network report of it."""
    network = logs_at_size.Network(areas, areas * ACTIVITIES)
    async with rebuild_at_size.filled(network.events(areas * FACTS), network) as (system, _):
        await rebuild_at_size.rebuild(system)
        await rebuild_at_size.up(system, "reporting")
        cold_ms, slower_cold = await _cold_beside_a_release(system)
        etag, size = await _known_and_size(system)
        knowing = f"{GZIP}If-None-Match: {etag}\r\n"
        slower = [slowness(time.monotonic)]
        again = [await _again(system, GZIP, HTTPStatus.OK) for _ in range(rounds)]
        slower.append(slowness(time.monotonic))
        known = [await _again(system, knowing, HTTPStatus.NOT_MODIFIED) for _ in range(rounds)]
    of_cold = (Target("measured", COLD_MS[areas], at_least=False),) if areas in COLD_MS else ()
    of_kept = (Target("measured", KEPT_PER_SECOND[areas]),) if areas in KEPT_PER_SECOND else ()
    what = f"network report of {areas:,} areas"
    cold, kept = f"{what}, cold, while a release is being made", f"{what}, kept compressed, {size / 1_000:,.0f} kB"
    return [
        *_here_and_there(cold, "ms", cold_ms, 1 / slower_cold, of_cold),
        *_here_and_there(kept, "reports/s", again, statistics.mean(slower), of_kept),
        row(f"{what}, known to its reader (304)", "reports/s", {"measured": known}),
    ]


def _here_and_there(what: str, unit: str, here: Sequence[float], factor: float, targets: Targets) -> Iterator[Row]:
    """Give a figure as it is here, and as it were where the targets were set."""
    yield row(what, unit, {"measured": here}, *targets)
    there = [each * factor for each in here]
    yield row(f"{what}, times {factor:.2f}, as a loop of additions says", unit, {"measured": there}, *targets)


async def _cold_beside_a_release(system: System) -> tuple[Sequence[float], float]:
    """Have a release made, and give how long each report took that was asked for meanwhile, in milliseconds.

    And how many times as slow the machine was meanwhile, also for the release, as where targets were set.
    """
    port, token = system.ports["reporting"], system.token("lead")
    ordered = post("/reporting/releases", token, orjson.dumps({}))
    async with asyncio.timeout(ORDER_SECONDS):
        # It takes moments until reporting knows that it has read all of both logs; it may begin by itself, too.
        while (await drive(port, [ordered], 1)).answers[0].status != HTTPStatus.ACCEPTED:
            if await _is_being_made(system):
                break
            await asyncio.sleep(WAIT_SECONDS)
    last_days = (logs_at_size.FIRST_DAY + timedelta(days=1_000 + number) for number in itertools.count())
    found: list[float] = []
    slower: list[float] = []
    for last_day in itertools.islice(last_days, MOST_COLD):
        path = f"{NETWORK}?from={logs_at_size.FIRST_DAY}&to={last_day}"
        driven = await drive(port, [get(path, token)], 1)
        driven.must_be(HTTPStatus.OK)
        found.append(driven.answers[0].seconds * 1_000)
        slower.append(await asyncio.to_thread(slowness, time.monotonic))
        if len(found) >= FEWEST_COLD and not await _is_being_made(system):
            break
    while await _is_being_made(system):  # noqa: ASYNC110  over HTTP
        await asyncio.sleep(WAIT_SECONDS)
    return found, statistics.mean(slower)


async def _is_being_made(system: System) -> bool:
    return bool((await system.ask("reporting", "/releases/next", "lead"))["is_being_made"])


async def _known_and_size(system: System) -> tuple[str, int]:
    """Give the entity tag of the report as it is compressed, and how many bytes that is."""
    headers = {"Authorization": f"Bearer {system.token('lead')}", "Accept-Encoding": "gzip"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.get(f"http://{HOST}:{system.ports['reporting']}{NETWORK}", timeout=ANSWER_SECONDS)
    assert answer.headers["content-encoding"] == "gzip", answer.headers
    return answer.headers["etag"], int(answer.headers["content-length"])


async def _again(system: System, headers: str, status: HTTPStatus) -> float:
    """Ask for the same report many times over; give how many came in a second."""
    port, request = system.ports["reporting"], get(NETWORK, system.token("lead"), headers=headers)
    await drive(port, [request], 1)
    driven = await drive(port, [request] * AGAIN, CONNECTIONS)
    driven.must_be(status)
    return driven.per_second
