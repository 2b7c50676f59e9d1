"""Pseudonyms of people whom nobody is: those of the demo, of tests, benchmarks and examples. It knows no area's key."""

import functools
import hashlib
from typing import Final

from shared import pseudonyms

# Kept, since the same few are asked for again and again.
KEPT: Final = 100_000
_AREA: Final = "demo"


@functools.lru_cache(maxsize=KEPT)
def invented(name: str, area: str = _AREA) -> str:
    """Give the pseudonym of somebody invented: the same for the same name in the same area, on any machine."""
    return pseudonyms.written(hashlib.sha256(f"{area}/{name}".encode()).digest())
