"""Tells Python's garbage collector what a service is like. Owns no memory."""

import gc
from typing import Final

# A batch makes some ten thousand objects that are gone with it, without a cycle among them; Python would look through
# them seventy times.
YOUNG_OBJECTS: Final = 50_000
YOUNGER_ROUNDS: Final = 20
MIDDLE_ROUNDS: Final = 50


def collect_seldom() -> None:
    """Collect less often: a tenth of the time that loading takes, which makes little but what stays."""
    gc.set_threshold(YOUNG_OBJECTS, YOUNGER_ROUNDS, MIDDLE_ROUNDS)


def settle() -> None:
    """Leave what starting made out of every later collection, and collect less often: a fifth of a batch's time."""
    gc.collect()
    gc.freeze()
    collect_seldom()
