"""Compares, again and again, what the reports say of money with what the ledger says, and raises an alarm (ADR 45).

Both follow from funding's log. Funding tells its sums with the head of its log; reporting waits until it has come so
far, and takes off again what it has folded since: nothing is stopped, and nothing that is only late is an alarm.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import httpx
import structlog
from prometheus_client import CollectorRegistry, Gauge

from services.reporting.agreement import store as agreement
from services.reporting.agreement.rules import Sums, differing_plans, sums_of
from services.reporting.agreement.store import Comparison
from services.reporting.reader.waiting import Cursor, wait_until
from shared import clock, database
from shared.backbone.catch_up import OwnerLog, explained
from shared.backbone.consumer import Consumer
from shared.database import Connection, Pool
from shared.errors import LogParted, NotThereYet

OWNER: Final = "funding"
# How long reporting may take to come to where funding stood; and how soon a comparison that came to nothing is tried
# again: at the start funding may not be up yet.
WAIT_MS: Final = 5_000
AGAIN_MS: Final = 1_000
# How long and how often it is tried where figures were just folded anew.
SOON_SECONDS: Final = 15.0
SOON_AGAIN_SECONDS: Final = 0.2
NAMED_PLANS: Final = 5

log = structlog.get_logger()


class AgreementCheck:
    """The comparison that runs by itself; the last of them stands in the database, for every replica."""

    def __init__(
        self,
        pool: Pool,
        ledger: OwnerLog,
        consumers: Sequence[Consumer],
        every_ms: int,
        registry: CollectorRegistry,
    ) -> None:
        self._pool = pool
        self._ledger = ledger
        self._consumers = consumers
        self._every_ms = every_ms
        self._is_unasked = False
        # The last to be noted is the last that began.
        self._one_at_a_time = asyncio.Lock()
        self._differing = Gauge(
            "helhedsnet_differing_plans",
            "Plans of which the reports said something else than the ledger when they were last compared.",
            registry=registry,
        )
        self._compared = Gauge(
            "helhedsnet_compared_timestamp_seconds",
            "When the reports were last compared with the ledger; 0 before the first time.",
            registry=registry,
        )

    async def run(self) -> None:
        """Compare again and again, until cancelled."""
        while True:
            is_compared = await self.compare()
            await asyncio.sleep((self._every_ms if is_compared else min(self._every_ms, AGAIN_MS)) / 1000)

    async def compare(self) -> bool:
        """Compare once, as all stands from now on; tell whether it came to that."""
        async with self._one_at_a_time:
            return await self._compare()

    async def compare_soon(self) -> None:
        """Compare as soon as it comes to that, within a while: consumers may just be about to go on."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SOON_SECONDS):
                while not await self.compare():  # noqa: ASYNC110  what keeps it from comparing tells nobody
                    await asyncio.sleep(SOON_AGAIN_SECONDS)

    async def _compare(self) -> bool:
        try:
            told = await self._ledger.sums()
            sequence, ledger = told["head"], sums_of(told["commitments"], told["plans"])
            await wait_until(self._consumers, {OWNER: Cursor(sequence)}, WAIT_MS)
            plans = await self._differing_plans(sequence, ledger)
            if plans is not None:
                await self._note(sequence, plans, clock.now())
        except (httpx.HTTPError, LookupError, TypeError, ValueError, *database.UNAVAILABLE) as error:
            if not self._is_unasked:
                log.warning("ledger.unasked", **explained(error))
            self._is_unasked = True
            return False
        except (NotThereYet, LogParted):
            # That reporting lags is told by others.
            return False
        self._is_unasked = False
        return plans is not None

    async def _differing_plans(self, sequence: int, ledger: Sums) -> list[str] | None:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            reports = await agreement.sums_until(connection, sequence)
        return None if reports is None else differing_plans(ledger, reports)

    async def _note(self, sequence: int, plans: Sequence[str], now: datetime) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            before = await agreement.last(connection)
            differed = before.plans if before else ()
            since = before.since if before and before.since else now
            await agreement.note(connection, Comparison(now, sequence, plans, since if plans else None))
        self._differing.set(len(plans))
        self._compared.set(now.timestamp())
        if plans and list(plans) != list(differed):
            log.error("ledger.differs", sequence=sequence, differing=len(plans), plans=list(plans[:NAMED_PLANS]))
        elif differed and not plans:
            log.info("ledger.agrees", sequence=sequence)


async def status(connection: Connection) -> Mapping[str, Any]:
    """Tell operators what the last comparison found."""
    found = await agreement.last(connection)
    if found is None:
        return {"agreement": None}
    return {
        "agreement": {
            "compared": found.compared,
            "sequence": found.sequence,
            "differing_plans": found.plans,
            "since": found.since,
        }
    }
