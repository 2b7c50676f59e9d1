"""What the answers of a day are made from. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.reporting.periods import MONTHS, Period
from services.reporting.reports.released_people import PeopleCount
from services.reporting.terms import Json, Plan, Row, Standing
from shared.accounts import Accounts

CANCELLED_DAYS: Final = 91
MOST_CANCELLED: Final = 200
MOST_PLANS: Final = 200


@dataclass(frozen=True, slots=True)
class PlanHours:
    """The hours of participants of a plan in some days, and what was spent in the same days."""

    plan: str
    period: Period
    hours: PeopleCount
    spent_ore: int


@dataclass(frozen=True, slots=True)
class AnswersSource:
    """Everything that the answers of a day are made from, read in one snapshot; `accounts` says whose are read."""

    today: date
    as_of: Mapping[str, int]
    recorded: str | None
    accounts: Accounts
    areas: Sequence[Row]
    plans: Sequence[Plan]
    standings: Sequence[Standing]
    months: Sequence[Row]
    receipts: Sequence[Row]
    budgets: Mapping[tuple[str, int], int]
    words: Sequence[Row]
    withholdings: Sequence[Row]
    mentors: Sequence[Row]
    cancelled: Sequence[Row]
    endings: Sequence[Row]
    hours: Sequence[PlanHours]
    attention: Sequence[Json]
    names: Mapping[str, Mapping[str, str]]

    def reads(self, plan: Plan) -> bool:
        """Tell whether the reader reads a plan's accounts."""
        return self.accounts.include(plan.areas)

    @property
    def last_month(self) -> date:
        """Give the first day of the last month that is over."""
        return (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_between(first: date, last: date) -> int:
    """Give how many months begin after the month of one day and until the month of another."""
    return max((last.year - first.year) * MONTHS + last.month - first.month, 0)
