"""Cohorts by the school year of their first day, and how many of each were seen again."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.people.staying import Cohort, Later, cohorts
from services.reporting.periods import Period, school_year
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import (
    FIGURE,
    AnyNumber,
    FileTable,
    ReportPart,
    columns,
    key,
    listed,
    value,
)
from services.reporting.reports.released_people import PeopleCount, share_pct, shown
from services.reporting.words import DIMENSIONS, HEADINGS

COHORT = key(HEADINGS["cohort"])


class LaterYear(TypedDict):
    """Those of a cohort who were seen in one later school year."""

    years_later: Annotated[int, key(HEADINGS["years_later"])]
    school_year: Annotated[str, value(DIMENSIONS["school_year"])]
    seen: Annotated[PeopleCount, value(HEADINGS["seen_again"], "number")]
    share_pct: Annotated[AnyNumber | None, value(("Andel af nye", "Share of new"), "percent")]


class CohortRow(TypedDict):
    """The people first seen in one school year."""

    cohort: Annotated[str, COHORT]
    new_participants: Annotated[PeopleCount, FIGURE]
    seen_again: Annotated[PeopleCount | None, value(HEADINGS["seen_again"], "number")]
    years: list[LaterYear]


def retention(facts: Facts) -> list[CohortRow]:
    """Tell of each cohort how many came, and how many of them were seen again in each later school year."""
    return [_cohort(facts, cohort) for cohort in (cohorts(facts.period) if facts.period else ())]


def _cohort(facts: Facts, cohort: Cohort) -> CohortRow:
    outside, first = facts.outside, cohort.year

    def count(name: str, last: Period, later: Later | None = None) -> PeopleCount:
        if outside is not None:
            return outside.of_cohort(name, first, last, facts.area)
        return shown(facts.people.get((Period(first.first_day, last.last_day), facts.area, later), {}).get(name, 0))

    new = count("new_participants", first)
    seen = [(number, year, count("seen", year, Later(number))) for number, year in enumerate(cohort.later, start=1)]
    return {
        "cohort": name_of_school_year(first),
        "new_participants": new,
        "seen_again": count("seen_again", cohort.later[-1]) if cohort.later else None,
        "years": [
            {
                "years_later": number,
                "school_year": name_of_school_year(year),
                "seen": found,
                "share_pct": share_pct(found, new),
            }
            for number, year, found in seen
        ],
    }


def name_of_school_year(year: Period) -> str:
    """Name a school year, or the days of one: 2025/26."""
    begins = school_year(year.first_day)
    return f"{begins}/{(begins + 1) % 100:02}"


RETENTION: Final = ReportPart(
    "retention",
    retention,
    (
        listed("retention", HEADINGS["retention"], CohortRow),
        FileTable(
            "retention_years",
            ("Fastholdelse år for år", "Retention year by year"),
            ("retention", "*", "years", "*"),
            (COHORT.at("cohort"), *columns(LaterYear)),
        ),
    ),
)
