"""Which report is asked for, and what of it its reader is told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.accounts import Accounts

# The areas whose rejected events a reader is told of; None is all of them, and the network's own.
ToldOf = frozenset[str] | None
NOBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report is asked for: the network's, one area's, or one plan's.

    `own` are the reader's areas, where the report is of one of them or of a plan: inside them everything is live and
    complete. `accounts` is what of plans' accounts the reader reads.
    """

    area: str | None
    first_day: date | None
    last_day: date | None
    accounts: Accounts
    own: frozenset[str] = frozenset()
    plan: str | None = None

    def is_inside(self, areas: Collection[str]) -> bool:
        """Tell whether all that a report is about are areas of its reader."""
        return bool(areas) and self.own.issuperset(areas)
