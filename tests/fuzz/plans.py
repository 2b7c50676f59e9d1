"""A plan, its money and its activities, as one client knows them. `world.py` learns what changes them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Line:
    """A line of a budget."""

    year: int
    amount_ore: int
    spent_ore: int = 0
    definition: Json = field(default_factory=dict)


@dataclass(slots=True)
class Commitment:
    """What a funder promised."""

    kind: str
    amount_ore: int
    is_in_kind: bool
    released_ore: int = 0
    received_ore: int = 0
    is_withheld: bool = False
    is_confirmed: bool = False


@dataclass(slots=True)
class Plan:
    """A plan as it stands; one of several areas that a single one of them has approved is not yet agreed."""

    name: str
    areas: list[str]
    pool: str
    start: date
    end: date
    is_closed: bool = False
    is_agreed: bool = True
    goals: set[str] = field(default_factory=set)
    milestones: dict[str, bool] = field(default_factory=dict)
    partners: dict[tuple[str, str], date | None] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    has_budget: bool = False
    expenses: dict[str, tuple[int, str]] = field(default_factory=dict)
    # Lines that were ever spent on; a budget must name them.
    used_lines: set[str] = field(default_factory=set)
    statements: dict[int, str] = field(default_factory=dict)

    @property
    def agreed_ore(self) -> int:
        """Give what was promised in money."""
        return sum(item.amount_ore for item in self.commitments.values() if not item.is_in_kind)

    @property
    def spent_ore(self) -> int:
        """Give what was spent and not taken back."""
        return sum(amount_ore for amount_ore, _ in self.expenses.values())

    @property
    def years(self) -> range:
        """Give the years that it touches."""
        return range(self.start.year, self.end.year + 1)

    def is_open(self, year: int) -> bool:
        """Tell whether a year takes bookings."""
        return self.statements.get(year) not in {"submitted", "accepted"}


@dataclass(slots=True)
class Activity:
    """An activity as it stands. `stays` holds who came when, `left` who has left when."""

    name: str
    plan: str
    area: str
    start: date
    end: date
    capacity: int | None = None
    started: date | None = None
    ended: date | None = None
    courses: dict[str, bool] = field(default_factory=dict)
    stays: dict[str, date] = field(default_factory=dict)
    left: dict[str, date] = field(default_factory=dict)
    volunteers: dict[tuple[str, str], date] = field(default_factory=dict)
    mentors: dict[str, date] = field(default_factory=dict)
    businesses: dict[str, date] = field(default_factory=dict)
    measured: set[tuple[str, ...]] = field(default_factory=set)
    sessions: int = 0
    shares: bool = False
    took_home: bool = False

    @property
    def runs(self) -> bool:
        """Tell whether it has started and not ended."""
        return self.started is not None and self.ended is None
