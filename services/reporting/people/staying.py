"""Who stays: cohorts by the school year of their first day, who of them came again, and where former participants are.

Owns how that is told in a report. Counts nobody itself, and withholds nothing: disclosure control is elsewhere. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.periods import Period, school_year
from services.reporting.terms import Json

# (period, area or None for all, what is counted beside the area)
CountedPeople = Mapping[Any, Mapping[str, int]]
# The counts of people that only this part of a report has.
STAYING_COUNTS: Final = frozenset({"seen_again", "seen", "left", "followed_up", "people"})
STATUSES: Final = ("education", "job", "leisure_job", "neither", "unknown")


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


def retention(period: Period | None, area: str | None, people: CountedPeople) -> list[Json]:
    """Tell of each cohort how many came, and how many of them were seen again in each later school year."""

    def count(days: Period, told: Later | None, name: str) -> Json:
        return {"value": people.get((days, area, told), {}).get(name, 0), "suppressed": False}

    return [
        {
            "cohort": _name(cohort.year),
            "new_participants": count(cohort.year, None, "new_participants"),
            "seen_again": count(cohort.followed, None, "seen_again") if cohort.followed else None,
            "years": [
                {
                    "years_later": number,
                    "school_year": _name(year),
                    "seen": count(cohort.until(year), Later(number), "seen"),
                    "share_pct": None,
                }
                for number, year in enumerate(cohort.later, start=1)
            ],
        }
        for cohort in (cohorts(period) if period else ())
    ]


def alumni(period: Period | None, area: str | None, people: CountedPeople) -> Json:
    """Tell how many left, and where they were so many months after: for every number of months that is told of."""

    def count(told: FollowUp | None, name: str) -> Json:
        return {"value": people.get((period, area, told), {}).get(name, 0), "suppressed": False}

    months = {told.months_after for days, _, told in people if days == period and isinstance(told, FollowUp)}
    return {
        "left": count(None, "left"),
        "months": [
            {
                "months_after": after,
                "followed_up": count(FollowUp(after), "followed_up"),
                "statuses": [
                    {"status": status, "people": count(FollowUp(after, status), "people"), "share_pct": None}
                    for status in STATUSES
                ],
            }
            for after in sorted(months)
        ],
    }


def cells(
    whole: Period, area: str | None, followed: Iterable[int]
) -> Iterator[tuple[str, Period, str | None, Later | FollowUp | None]]:
    """Name every count of who stayed that is published of an area or of all: over the whole time, in no other cut."""
    for cohort in cohorts(whole):
        if cohort.followed:
            yield "seen_again", cohort.followed, area, None
        yield from (
            ("seen", cohort.until(year), area, Later(number)) for number, year in enumerate(cohort.later, start=1)
        )
    yield "left", whole, area, None
    for after in sorted(followed):
        yield "followed_up", whole, area, FollowUp(after)
        yield from (("people", whole, area, FollowUp(after, status)) for status in STATUSES)


def places(
    report: Json, period: Period, area: str | None
) -> Iterator[tuple[Json, tuple[str, ...], tuple[Period, str | None, Later | FollowUp | None]]]:
    """Give each row with the counts of people in it, and where they are counted."""
    # A report that was published before it had these parts has none.
    for row, cohort in zip(report.get("retention", ()), cohorts(period), strict=False):
        yield row, ("new_participants",), (cohort.year, area, None)
        if cohort.followed:
            yield row, ("seen_again",), (cohort.followed, area, None)
        for each, year in zip(row["years"], cohort.later, strict=True):
            yield each, ("seen",), (cohort.until(year), area, Later(each["years_later"]))
    if "alumni" in report:
        yield report["alumni"], ("left",), (period, area, None)
        for row in report["alumni"]["months"]:
            yield row, ("followed_up",), (period, area, FollowUp(row["months_after"]))
            for each in row["statuses"]:
                yield each, ("people",), (period, area, FollowUp(row["months_after"], each["status"]))


def tell_shares(report: Json) -> Json:
    """Add the shares, after disclosure control: each only of two counts that are both shown."""
    for row in report["retention"]:
        for each in row["years"]:
            each["share_pct"] = _share(each["seen"], row["new_participants"])
    for row in report["alumni"]["months"]:
        for each in row["statuses"]:
            each["share_pct"] = _share(each["people"], row["followed_up"])
    return report


def _share(part: Json, whole: Json) -> float | int | None:
    if part["value"] is None or not whole["value"]:
        return None
    share = (2_000 * part["value"] + whole["value"]) // (2 * whole["value"]) / 10
    return int(share) if share == int(share) else share


def _name(year: Period) -> str:
    begins = school_year(year.first_day)
    return f"{begins}/{(begins + 1) % 100:02}"
