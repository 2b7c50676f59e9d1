"""How slow this machine is just now, beside the one that targets of processor time were set on.

Of a machine that others keep busy a second of processor time does less, too: its cores share caches and run slower.
"""

import time
from collections.abc import Callable
from typing import Final

ADDITIONS: Final = 5_000_000
# What they took where the targets were set, in seconds of processor time.
THERE_S: Final = 0.25


def slowness(clock: Callable[[], float] = time.process_time) -> float:
    """Give how many times as long a loop of additions takes here and now, in processor time or by another clock."""
    started = clock()
    added = 0
    for number in range(ADDITIONS):
        added += number
    taken = clock() - started
    assert added == ADDITIONS * (ADDITIONS - 1) // 2
    return taken / THERE_S
