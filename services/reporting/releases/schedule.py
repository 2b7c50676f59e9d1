"""Looks again and again whether a release is due, has it made then, and tells operators when one is late."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Gauge

from services.reporting.releases.service import ReleaseFailed, ReleaseMaker, caught_up
from shared import database
from shared.backbone.consumer import Consumer

# One that could not be made is tried again later and later.
LONGEST_WAIT_SECONDS: Final = 3_600.0
MOST_DOUBLINGS: Final = 20

log = structlog.get_logger()


class ReleaseSchedule:
    """The look that runs by itself."""

    def __init__(
        self, releases: ReleaseMaker, consumers: Sequence[Consumer], every_ms: int, registry: CollectorRegistry
    ) -> None:
        self._releases = releases
        self._consumers = consumers
        self._every_seconds = every_ms / 1_000
        self._failures = 0
        self._late = Gauge(
            "helhedsnet_late_releases",
            "Months of which a release should have been made days ago.",
            registry=registry,
        )
        self._made = Gauge(
            "helhedsnet_release_made_timestamp_seconds",
            "When the newest release was made; 0 before the first.",
            registry=registry,
        )

    async def run(self) -> None:
        """Look again and again, until cancelled; a process that has just begun has its log to read first."""
        while True:
            wait = self._every_seconds * 2 ** min(self._failures, MOST_DOUBLINGS)
            await asyncio.sleep(min(wait, max(LONGEST_WAIT_SECONDS, self._every_seconds)))
            await self.look()

    async def look(self) -> None:
        """Have made what is due, and tell what is late."""
        try:
            if (months := await self._releases.due()) and await caught_up(self._consumers):
                await self._releases.make(months, "schedule")
            self._failures = 0
        except ReleaseFailed:
            self._failures += 1
        except database.UNAVAILABLE as error:
            log.warning("release.unasked", error=type(error).__name__)
            return
        await self._tell()

    async def _tell(self) -> None:
        try:
            self._late.set(len(await self._releases.late()))
            newest = (await self._releases.standing()).newest
        except database.UNAVAILABLE:
            return
        self._made.set(newest.made.timestamp() if newest else 0)
