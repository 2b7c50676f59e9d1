"""A cache with a bound: what was used longest ago goes first. Owns no entry's meaning, and no clock.

The standard library has this for functions only (`functools.lru_cache`), our dependencies not at all, and it is short.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


class Recent(Generic[KeyT, ValueT]):
    """A mapping whose entries together never exceed a limit; an entry counts 1, or the size that it is kept with."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._entries: OrderedDict[KeyT, tuple[ValueT, int]] = OrderedDict()

    def find(self, key: KeyT) -> ValueT | None:
        """Return a value and count it as used, or None where it is not here."""
        if (entry := self._entries.get(key)) is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def keep(self, key: KeyT, value: ValueT, size: int = 1) -> ValueT:
        """Keep a value in place of the one before; return it, even where it is too large to be kept."""
        if (before := self._entries.get(key)) is not None:
            self._size -= before[1]
            self._entries.move_to_end(key)
        self._entries[key] = value, size
        self._size += size
        while self._size > self._limit:
            _, (_, forgotten) = self._entries.popitem(last=False)
            self._size -= forgotten
        return value

    def clear(self) -> None:
        """Forget all of it."""
        self._entries.clear()
        self._size = 0
