"""How a follower tries again: how long it waits, what it says of that, and since when it has been failing.

Owns no attempt: whoever follows decides what is tried, and when it has worked.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Final

import httpx
import structlog

from shared import clock
from shared.backbone.catch_up import explained

STARTING_TRIES: Final = 4
SILENT_TRIES: Final = 3
RETRY_SECONDS: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger()


class Retrying:
    """What keeps failing of one service's following of one owner."""

    def __init__(self, service: str, owner: str, met: Callable[[Exception], None]) -> None:
        self._service = service
        self._owner = owner
        self._met = met
        # A timestamp in seconds; None while nothing fails.
        self.failing_since: float | None = None

    async def pause(self, error: Exception, failures: int, *, is_first_contact: bool) -> None:
        """Wait before the next try, the longer the more have failed, and be failing meanwhile.

        `is_first_contact` tells that the owner has not answered this process yet.
        """
        # Whoever was silent was waited for already.
        most = SILENT_TRIES if isinstance(error, httpx.TimeoutException) else len(RETRY_SECONDS)
        delay = RETRY_SECONDS[min(failures, most - 1)]
        self.failing_since = self.failing_since or clock.now().timestamp()
        self._met(error)
        told = explained(error)
        # Services that start together wait for one another, and a busy one is late once: no news unless it goes on.
        is_starting = is_first_contact and failures < STARTING_TRIES
        is_late = failures == 0 and isinstance(error, httpx.TimeoutException)
        said = log.info if is_starting or is_late else log.warning
        said("consumer.waiting", service=self._service, owner=self._owner, retry_delay_s=delay, **told)
        await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311  jitter, no secret

    def it_worked(self) -> None:
        """Note that nothing fails any more."""
        self.failing_since = None
