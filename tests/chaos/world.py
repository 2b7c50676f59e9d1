"""What faults are done to. Owns no fault."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tests.chaos.processes import System
from tests.chaos.watch import Watch

# How long a fault lasts that overlaps with others.
LASTS_SECONDS: Final = (0.2, 1.5)
# With no more faults than this a run is short.
SHORT_RUN: Final = 40


@dataclass(slots=True)
class World:
    """What faults are done to, and what they draw their choices from."""

    system: System
    watch: Watch
    dice: random.Random
    faults: int
    done: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    one_at_a_time: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def is_long(self) -> bool:
        """Tell whether the run is one of many faults, with time for some that last."""
        return self.faults > SHORT_RUN

    def lasts(self) -> float:
        """Draw how long a fault lasts, in seconds."""
        return self.dice.uniform(*LASTS_SECONDS)

    def alone(self, name: str) -> asyncio.Lock:
        """Give the lock of what only one fault at a time may kill and start."""
        return self.one_at_a_time.setdefault(name, asyncio.Lock())


Fault: TypeAlias = Callable[[World], Awaitable[None]]
