"""The press: makes drawings, documents and the chart libraries in a process of its own, one order at a time in each.

V8 and the typesetter take a hundred megabytes, run for seconds and cannot be interrupted. In a process they can: it
is killed when its time is up, and its memory goes with it.
Source: ADR 65; whose turn it is: ADR 43.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from shared.errors import Busy, HelhedsnetError
from shared.fairness import Shares
from shared.presentable import SUBSTITUTE, presentable_in
from shared.recent import Recent

WORKER: Final = Path(__file__).with_name("press_worker.py")
# The release of Vega-Lite that Altair speaks.
VEGA_LITE: Final = "6.4"
CACHED: Final = 64

log = structlog.get_logger()


class PressFailed(HelhedsnetError):
    """An order could not be made. That is a bug of ours, not of who asked."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "press_failed"


class Press:
    """Makes what is ordered, a few at a time, and keeps what was made under the name that it was ordered by."""

    def __init__(self, shares: Shares, *, at_once: int = 1, limit_seconds: float = 30) -> None:
        self._shares = shares
        self._free = asyncio.Semaphore(at_once)
        self._limit_seconds = limit_seconds
        self._made: Recent[str, bytes] = Recent(CACHED)

    async def make(self, sender: str, name: str, draw_up: Callable[[], Awaitable[Mapping[str, Any]]]) -> bytes:
        """Make what is ordered, or give it from before: the same name is the same order.

        `draw_up` gives the order, and is asked for it when there is a place free to make it.

        Raises:
            TooManyRequests: too many wait for this sender.
            Busy: too many are waiting already, or it was not made in time.
            PressFailed: it cannot be made.
        """
        if (made := self._made.find(name)) is not None:
            return made
        with self._shares.held(sender):
            async with self._free:
                # Somebody who waited in front may have wanted the same.
                if (made := self._made.find(name)) is not None:
                    return made
                return self._made.keep(name, await self._run(await draw_up()))

    async def make_once(self, sender: str, order: Mapping[str, Any]) -> bytes:
        """Make what is about one person, and keep nothing of it.

        Raises:
            TooManyRequests: too many wait for this sender.
            Busy: too many are waiting already, or it was not made in time.
            PressFailed: it cannot be made.
        """
        with self._shares.held(sender):
            async with self._free:
                return await self._run(order)

    async def _run(self, order: Mapping[str, Any]) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            WORKER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(self._limit_seconds):
                made, complaint = await process.communicate(_written(order))
        except TimeoutError as error:
            raise Busy(f"it was not made in {self._limit_seconds} s; try again") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            log.error("press.failed", kind=order["kind"], complaint=complaint.decode(errors="replace")[-2_000:])
            raise PressFailed("it could not be made; the log says why")
        return made


def _written(order: Mapping[str, Any]) -> bytes:
    """Write an order as the process reads it; nothing is drawn or printed that does not come past here."""
    return orjson.dumps({"vega_lite": VEGA_LITE, "substitute": SUBSTITUTE, **presentable_in(order)})
