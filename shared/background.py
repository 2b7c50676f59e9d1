"""Tasks that run beside the requests. Owns how they are kept running and ended for certain; knows none of them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import structlog

CANCEL_AGAIN_SECONDS: Final = 0.2
RESTART_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
# One that has run so long since it was started again is well again.
STEADY_SECONDS: Final = 5.0

log = structlog.get_logger()


class Kept:
    """A task that shall never end: it is started again, later and later, whatever ended it.

    `failed` is told of each end, for a counter.
    """

    def __init__(self, name: str, run: Callable[[], Awaitable[None]], failed: Callable[[], None]) -> None:
        self.name = name
        self._run = run
        self._failed = failed
        self._unwell_until = 0.0
        self.task = asyncio.create_task(self._keep(), name=name)

    @property
    def well(self) -> bool:
        """Tell whether it runs, and has not failed just now."""
        return not self.task.done() and time.monotonic() >= self._unwell_until

    async def _keep(self) -> None:
        failures = 0
        while True:
            started = time.monotonic()
            try:
                await self._run()
                log.error("background.ended", task=self.name)
            except Exception as error:
                # Whatever it is, nobody else would see it, and the service would go on without this part of it.
                log.exception("background.failed", task=self.name, error=type(error).__name__)
            failures = 0 if time.monotonic() - started > STEADY_SECONDS else failures
            delay = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)] * random.uniform(0.5, 1.5)  # noqa: S311  jitter
            failures += 1
            self._failed()
            self._unwell_until = time.monotonic() + delay + STEADY_SECONDS
            await asyncio.sleep(delay)


async def end(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """Cancel tasks until each has ended.

    Once is not enough: until Python 3.12 `asyncio.wait_for`, which redis-py calls, can lose a cancellation.

    Source: https://github.com/python/cpython/issues/86296
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
