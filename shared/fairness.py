"""How much of a bounded thing all senders together, and each by itself, may hold at once. Knows no request, no token.

Whoever has more than its own share is told so, `429`; where the whole is taken, everybody is told `503`. Amounts are
weights: 1 for a document or a stream, bytes for bodies.
Source: ADR 43.
"""

from types import TracebackType
from typing import Self

from shared.errors import Busy, TooManyRequests


class Shares:
    """What is held of one bounded thing, by sender; it remembers only those who hold something."""

    def __init__(self, called: str, limit_all: int, limit_each: int) -> None:
        """Bound a thing; `called` says in an error what there is too much of: "documents being made"."""
        if limit_all < 1 or limit_each < 1:
            raise ValueError(f"nobody could ever hold any {called}")
        self._called = called
        self._limit_all = limit_all
        self._limit_each = limit_each
        self._all = 0
        self._each: dict[str, int] = {}

    @property
    def senders(self) -> int:
        """How many senders hold something."""
        return len(self._each)

    @property
    def amount(self) -> int:
        """How much all of them hold together."""
        return self._all

    def held(self, sender: str, amount: int = 1) -> "Held":
        """Hold an amount for a sender within a `with`; `sender` is opaque: `Pass.identifier`, never a token itself.

        Entering raises what `Held.grow` raises.
        """
        return Held(self, sender, amount)

    def take(self, sender: str, amount: int) -> None:
        """Count an amount; `Held` calls this, so that what is taken is given back.

        Raises:
            TooManyRequests: the sender would hold more than its share.
            Busy: all together would hold more than there is.
        """
        if amount < 0:
            raise ValueError(f"{amount} is no amount to hold")
        own = self._each.get(sender, 0) + amount
        if own > self._limit_each:
            raise TooManyRequests(f"too many {self._called} for one sender; try again")
        if self._all + amount > self._limit_all:
            raise Busy(f"too many {self._called}; try again")
        self._all += amount
        self._set(sender, own)

    def give_back(self, sender: str, amount: int) -> None:
        """Count an amount no longer, and forget a sender that holds nothing."""
        self._all -= amount
        self._set(sender, self._each.get(sender, 0) - amount)

    def _set(self, sender: str, amount: int) -> None:
        if amount:
            self._each[sender] = amount
        else:
            self._each.pop(sender, None)


class Held:
    """An amount that a sender holds from the beginning to the end of a `with`, however that ends."""

    __slots__ = ("_amount", "_sender", "_shares")

    def __init__(self, shares: Shares, sender: str, amount: int) -> None:
        self._shares = shares
        self._sender = sender
        self._amount = amount

    def __enter__(self) -> Self:
        self._shares.take(self._sender, self._amount)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._shares.give_back(self._sender, self._amount)

    def grow(self, amount: int) -> None:
        """Hold so much more, as for the next piece of a body of unknown length; where that fails nothing changes.

        Raises:
            TooManyRequests: the sender would hold more than its share.
            Busy: all together would hold more than there is.
        """
        self._shares.take(self._sender, amount)
        self._amount += amount
