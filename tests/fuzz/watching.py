"""Looks at the system from outside, in a thread of its own: how long health takes, and how much memory is held.

A thread, since the event loop of the run is busy with the answers that it reads.
"""

import http.client
import threading
import time
from dataclasses import dataclass, field
from typing import Final, Self

from tests.benchmarks.slowness import slowness
from tests.fuzz.client import HOST
from tests.fuzz.system import SERVICES, System

LOOK_SECONDS: Final = 0.1
# To find what a process has started is to look at all there are.
LOOKS_PER_WEIGHING: Final = 10
LIVE_SECONDS: Final = 120.0


@dataclass(slots=True)
class Seen:
    """What was seen; the longest wait for health is kept by what went on meanwhile."""

    looks: int = 0
    unanswered: int = 0
    longest_health_seconds: dict[str, float] = field(default_factory=dict)
    first_mb: float = 0.0
    last_mb: float = 0.0
    most_mb: float = 0.0
    # How many times as long as where the bound on health was set this machine took for the same work, at its slowest.
    slowest: float = 1.0

    def weigh_machine(self) -> None:
        """See how slow the machine is just now, whatever else runs on it; nothing may be asked of the system."""
        self.slowest = max(self.slowest, slowness(time.monotonic))


class Watch:
    """Looks until the context ends."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
        self.seen = Seen()
        self.meanwhile = "calls"

    def __enter__(self) -> Self:
        self.seen.first_mb = self._system.memory_mb()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(LIVE_SECONDS)

    def _run(self) -> None:
        place = 0
        while not self._stopping.wait(LOOK_SECONDS):
            self._look(SERVICES[place % len(SERVICES)])
            if place % LOOKS_PER_WEIGHING == 0:
                self.seen.last_mb = self._system.memory_mb()
                self.seen.most_mb = max(self.seen.most_mb, self.seen.last_mb)
            place += 1

    def _look(self, service: str) -> None:
        meanwhile, started = self.meanwhile, time.monotonic()
        connection = http.client.HTTPConnection(HOST, self._system.port, timeout=LIVE_SECONDS)
        try:
            connection.request("GET", f"/{service}/health/live")
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                self.seen.unanswered += 1
        except (OSError, http.client.HTTPException):
            self.seen.unanswered += 1
        finally:
            connection.close()
        longest = self.seen.longest_health_seconds
        longest[meanwhile] = max(longest.get(meanwhile, 0.0), time.monotonic() - started)
        self.seen.looks += 1
