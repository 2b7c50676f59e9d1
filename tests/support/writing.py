"""A writer on a real database, for tests of the write path."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from shared.backbone.rejections import RejectionNotes
from shared.backbone.submissions import OnError, Result
from shared.backbone.write_path import UseCases, Writer
from shared.database import Connection, Pool
from shared.events.catalogue import CATALOGUES
from shared.metrics import Metrics
from shared.tokens import Identity
from tests.support.builders import Json, an_area, body

ADMIN = Identity("admin")
LIMIT = 50


class Bench:
    """A writer on a real database, with what a test wants to ask of it."""

    def __init__(self, pool: Pool, use_cases: UseCases, waiting_limit: int = LIMIT) -> None:
        self.pool = pool
        self.metrics = Metrics("registry")
        self.rejections = RejectionNotes(pool, "registry")
        self.writer = Writer(
            pool,
            CATALOGUES["registry"],
            use_cases,
            self.metrics,
            rejections=self.rejections,
            waiting_limit=waiting_limit,
        )

    async def post(self, *events: Json, on_error: OnError = "refuse", sender: Identity = ADMIN) -> list[Result]:
        """Post events as one request."""
        return await self.writer.post(body(list(events)), sender, on_error)

    def begin(self, *events: Json, on_error: OnError = "refuse") -> "asyncio.Task[list[Result]]":
        """Begin to post, without waiting for the answer."""
        return asyncio.create_task(self.post(*events, on_error=on_error))

    @property
    def commits(self) -> float:
        """Count the transactions that stored something."""
        return self.metrics.registry.get_sample_value("helhedsnet_commit_events_count") or 0

    async def logged(self) -> list[str]:
        """Give the ids in the log, in order."""
        return [row["id"] for row in await self.pool.fetch("SELECT id FROM event_log ORDER BY sequence")]

    @contextlib.asynccontextmanager
    async def held_up(self, event: Json | None = None) -> AsyncIterator[None]:
        """Hold the log's lock, and a first request that waits for it, so that all that is posted meanwhile gathers."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT FROM event_log_head FOR UPDATE")
            first = self.begin(event or an_area("the-first"))
            await until_somebody_waits(connection)
            yield
            await turns()
        await first


async def turns() -> None:
    """Let those who began to post come as far as the queue: each begins, is read beside the others, and waits."""
    for _ in range(3):
        await asyncio.sleep(0)


async def until_somebody_waits(connection: Connection, number: int = 1) -> None:
    """Wait until so many other connections wait for a lock."""
    async with asyncio.timeout(10):
        # PostgreSQL tells nobody that somebody waits.
        while await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted") < number:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.005)


MakeBench: TypeAlias = Callable[..., Awaitable[Bench]]
