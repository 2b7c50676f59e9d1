"""What reporting counts and speaks of: the names of figures, plans, and how their money stands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from services.reporting.indicators import adding_up_over, of_theme
from shared import money

# Figures that are plain numbers; what people did, added up; and counts of people. Whoever reads from outside an area is
# told the last two from releases alone.
NUMBERS: Final = of_theme("activities", "sessions", "things")
DONE: Final = of_theme("done")
# Figures of which each effort area has its own, so that they add up; a company may be mentor in several.
ADDED: Final = tuple(name for name in (*NUMBERS, *DONE) if name in adding_up_over("activities"))
COUNTS: Final = of_theme("people")
OF_PEOPLE: Final = (*DONE, *COUNTS)
MILESTONES: Final = ("planned", "reached", "overdue")
FUNDER_KINDS: Final = ("landsbyggefonden", "municipality", "housing_organisation", "foundation", "other")
AMOUNTS: Final = of_theme("money")
# Amounts as they stand at a period's end: those, and what of them nobody has confirmed.
STANDING_AMOUNTS: Final = (*AMOUNTS, *of_theme("stated"))
# Codes that reports tell, each of which `words` has a word for.
Severity = Literal["high", "medium", "low"]
AttentionCode = Literal[
    "area_silent",
    "milestone_overdue",
    "attendance_falling",
    "sessions_cancelled",
    "plan_ending",
    "people_removed",
    "not_anchored",
    "payout_withheld",
    "co_funding_unreleased",
    "account_below_zero",
    "local_floor_at_risk",
    "consent_missing",
    "commitment_unconfirmed",
    "spending_off_pace",
    "statement_due",
    "dead_letters",
    "messages_forged",
    "log_parted",
    "ledger_differs",
    "release_late",
    "events_rejected",
]
ActivityStatus = Literal["planned", "running", "ended"]
MilestoneStatus = Literal["planned", "reached", "overdue"]
StatementStatus = Literal["open", "submitted", "returned", "accepted"]
BudgetVersionKind = Literal["approved", "reallocation", "carry_forward"]
# Where the value of a goal is from: somebody typed it, or the figures say it.
ValueOrigin = Literal["typed", "computed"]
# How far money has come.
Stage = Literal["committed", "released", "received", "spent"]
Dimension = Literal[
    "area", "plan", "pool", "effort_area", "activity", "kind", "month", "quarter", "year", "school_year"
]
# Dimensions that are spans of time.
TIMES: Final = frozenset({"month", "quarter", "year", "school_year"})
# An object of a report's JSON.
Json = dict[str, Any]
# A row that a statement gave, or one of a chart's data. It is only read.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one commitment stands at the period's end, in øre; unconfirmed is what an area alone has stated."""

    plan: str
    commitment: str
    funder_kind: str
    committed_ore: int
    released_ore: int
    received_ore: int
    spent_ore: int
    is_confirmed: bool = True

    @property
    def unconfirmed_ore(self) -> int:
        """Give what of it an area alone has stated."""
        return 0 if self.is_confirmed else self.committed_ore


def by_plan(standings: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Give commitments by their plan, in their order: a network has thousands, and each plan asks for its own."""
    found: dict[str, list[Standing]] = {}
    for standing in standings:
        found.setdefault(standing.plan, []).append(standing)
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """A helhedsplan; both days belong to it. It belongs to `areas`; `invited` have not consented to it yet."""

    plan: str
    name: str
    pool: str
    areas: tuple[str, ...]
    start_on: date
    end_on: date
    invited: tuple[str, ...] = ()


def elapsed_percent(plan: Plan, day: date) -> float | int | None:
    """Give how much of a plan's time has passed at the end of a day, in per cent, from 0 to 100."""
    days = (plan.end_on - plan.start_on).days + 1
    passed = min(max((day - plan.start_on).days + 1, 0), days)
    return number(money.percent(passed, days))


def number(value: Decimal | float | None) -> float | int | None:
    """Give a number as canonical JSON writes it: whole ones without a fraction."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
