"""Which report is asked for, and what of it its reader is told."""

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

    `inside` is True for the area's own people; for a plan, those who know all of its areas. `known` are the areas whose
    people the reader knows anyway, `accounts` what of plans' accounts the reader reads.
    """

    area: str | None
    first_day: date | None
    last_day: date | None
    inside: bool
    accounts: Accounts
    known: frozenset[str] = frozenset()
    plan: str | None = None
