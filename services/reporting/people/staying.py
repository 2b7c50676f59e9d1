"""Who stays: cohorts by the school year of their first day, and where former participants are. Counts nobody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.periods import Period
from shared.events.registry.people import FollowUpStatus

STATUSES: Final[tuple[FollowUpStatus, ...]] = ("education", "job", "leisure_job", "neither", "unknown")


@dataclass(frozen=True, slots=True, order=True)
class Later:
    """Those of a cohort who were seen in the school year so many years later.

    They are counted under the days from the cohort's first to the later school year's last.
    """

    years: int


@dataclass(frozen=True, slots=True, order=True)
class FollowUp:
    """Former participants of whom it is told where they were so many months after; those of one status, or all."""

    months_after: int
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people first seen in one school year; a school year that the period cuts is cut here too."""

    year: Period
    later: Sequence[Period]

    def until(self, year: Period) -> Period:
        """Give the days from the cohort's first to the last of a later school year."""
        return Period(self.year.first_day, year.last_day)

    def days(self) -> list[Period]:
        """Give the days of the cohort's own school year, and those until each later one's end."""
        return [self.until(year) for year in (self.year, *self.later)]

    @property
    def followed(self) -> Period | None:
        """Give the days in which the cohort can be seen again; None for the last one."""
        return self.until(self.later[-1]) if self.later else None


def cohorts(period: Period) -> list[Cohort]:
    """Give the cohorts of a period, the oldest first, each with the school years after its own."""
    years = period.by_school_year()
    return [Cohort(year, years[place + 1 :]) for place, year in enumerate(years)]
