"""Reads the events of requests: small bodies at once, large ones beside the event loop, so that nobody waits for them.

Owns the threads that do so. A sender has one large body read at a time, so that one alone cannot take all threads.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from shared import clock
from shared.errors import Fault
from shared.events.catalogue import Catalogue, Posted
from shared.tokens import Identity

# What is longer takes longer than a thread costs.
LARGE_BYTES: Final = 32_768
THREADS: Final = 2


class BodyReader:
    """Reads what the requests to one service hold."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        # It starts a thread when it is first needed.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reads a large body")
        self._turns: dict[str, _Turn] = {}

    async def read(
        self, body: bytes, sender: Identity, max_faults: int, counted_as: str
    ) -> tuple[list[Posted], list[Fault]]:
        """Read one event or a list of them; see `Catalogue.read`.

        Raises:
            BadRequest, TooLarge: the body cannot be read.
        """
        asked = body, clock.now(), sender.must_speak_for, max_faults
        if len(body) < LARGE_BYTES:
            return self._catalogue.read(*asked)
        turn = self._turns.setdefault(counted_as, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._catalogue.read, *asked)
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[counted_as]

    def close(self) -> None:
        """Let the threads end; what one of them still reads, nobody waits for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Turn:
    """Whose turn it is among the large bodies of one sender."""

    __slots__ = ("lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
