"""Reads the events of requests so that nobody else waits long: step by step, and long events beside the event loop.

Owns the threads for these. A sender has one such body read at a time, so that one alone cannot take all threads.
"""

import asyncio
import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from shared import clock
from shared.errors import Fault
from shared.events.catalogue import CHUNK, Catalogue, Posted, Reading
from shared.tokens import Identity

THREADS: Final = 2
# How long a thread keeps the interpreter while others want it; Python's own five milliseconds, several times for one
# answer, are more than anybody should wait.
SWITCH_SECONDS: Final = 0.001


class BodyReader:
    """Reads what the requests to one service hold."""

    def __init__(self, catalogue: Catalogue) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        self._catalogue = catalogue
        # It starts a thread when it is first needed.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reads a large body")
        self._turns: dict[str, _Turn] = {}
        self._gathered: list[tuple[Reading, asyncio.Future[None]]] = []

    async def read(
        self, body: bytes, sender: Identity, max_faults: int, counted_as: str, *, acknowledged: bool = False
    ) -> tuple[list[Posted], list[Fault]]:
        """Read one event or a list of them; see `Catalogue.read`.

        Raises:
            BadRequest, TooLarge: the body cannot be read.
        """
        reading = self._catalogue.begin(body, clock.now(), sender.must_speak_for, max_faults, acknowledged=acknowledged)
        if reading.is_small:
            await self._together(reading)
            return reading.posted, reading.faults
        if reading.has_long_events:
            await self._beside(reading, counted_as)
            return reading.posted, reading.faults
        for number, _ in enumerate(reading.steps()):
            if number:
                await asyncio.sleep(0)
        return reading.posted, reading.faults

    async def _together(self, reading: Reading) -> None:
        """Read a small event with those that came in the same turn of the event loop; to read several is cheaper."""
        read = asyncio.get_running_loop().create_future()
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._read_gathered)
        self._gathered.append((reading, read))
        await read

    def _read_gathered(self) -> None:
        gathered, self._gathered = self._gathered, []
        for first in range(0, len(gathered), CHUNK):
            self._read_run(gathered[first : first + CHUNK])

    def _read_run(self, run: "list[tuple[Reading, asyncio.Future[None]]]") -> None:
        """Read a few requests at once; what is wrong with one, or breaks on it, is told to its sender alone."""
        looked = None
        if len(run) > 1:
            # What breaks there breaks once more on the one that it is of.
            with contextlib.suppress(Exception):
                looked = self._catalogue.look_at([reading for reading, _ in run])
        for place, (reading, read) in enumerate(run):
            if read.done():
                # Whoever sent it has gone.
                continue
            try:
                if looked is None:
                    _finish(reading)
                else:
                    reading.take_alone(looked, place)
            except Exception as error:  # noqa: BLE001  whoever waits for it raises it
                read.set_exception(error)
            else:
                read.set_result(None)

    async def _beside(self, reading: Reading, counted_as: str) -> None:
        """Read in a thread, where whatever waits for the event loop is not held up."""
        turn = self._turns.setdefault(counted_as, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                await asyncio.get_running_loop().run_in_executor(self._threads, _finish, reading)
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[counted_as]

    def close(self) -> None:
        """Let the threads end; what one of them still reads, nobody waits for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _finish(reading: Reading) -> None:
    for _ in reading.steps():
        pass


class _Turn:
    """Whose turn it is among the large bodies of one sender."""

    __slots__ = ("lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
