"""Asks the other services what they refused, and keeps it: nobody waits for an owner that is away (ADR 42)."""

import asyncio
from collections.abc import Mapping

import httpx
import structlog

from shared import database
from shared.backbone import rejections
from shared.backbone.catch_up import OwnerLog, explained
from shared.database import Pool

log = structlog.get_logger()


class RejectionsOfOthers:
    """Copies what the owners refused into reporting's own table, again and again."""

    def __init__(self, pool: Pool, owners: Mapping[str, OwnerLog], every_ms: int) -> None:
        self._pool = pool
        self._owners = owners
        self._every_ms = every_ms
        self._away: set[str] = set()

    async def run(self) -> None:
        """Ask each owner again and again, until cancelled."""
        while True:
            # At the start too: embedded, an owner answers only when all three services are up.
            await asyncio.sleep(self._every_ms / 1000)
            for owner in self._owners:
                await self._ask(owner)

    async def _ask(self, owner: str) -> None:
        try:
            told = await self._owners[owner].rejections()
            async with self._pool.acquire() as connection, connection.transaction():
                await rejections.take_over(connection, owner, told)
        except (httpx.HTTPError, *database.UNAVAILABLE) as error:
            if owner not in self._away:
                log.warning("rejections.unasked", owner=owner, **explained(error))
            self._away.add(owner)
        else:
            self._away.discard(owner)
