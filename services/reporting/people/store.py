"""How people are counted, and what was measured of them: distinct people by period and place. It never commits."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.reporting.people.change import PAIR_COUNTS, Pairs
from services.reporting.people.keys import PeopleGrain, PeopleKey
from services.reporting.people.staying import FollowUp, Later, cohorts
from services.reporting.periods import Period, Span
from services.reporting.statements import statement
from shared.database import Connection

Counts = dict[PeopleKey, dict[str, int]]
# The columns that say of what a row counts people; its other columns are the counts, by their names.
PEOPLE_COLUMNS: Final = ("number", "area", "pool", "effort_area")
PART_COLUMNS: Final = ("number", "area", "part", "name")


async def count_people(
    connection: Connection, wanted: Sequence[Span], area: str | None, plan: str | None = None
) -> dict[PeopleKey, dict[str, int]]:
    """Count unique people in spans, by area, by effort area where the span has them, and over all areas.

    People are known only within their area, so the counts of all areas are sums.
    """
    # The same days may be wanted as a month and as something longer.
    by_period = {span.period: False for span in wanted}
    for span in wanted:
        by_period[span.period] |= span.has_effort_areas
    periods = list(by_period)
    counted: dict[PeopleKey, dict[str, int]] = {}
    arguments = (
        list(range(len(periods))),
        [period.first_day for period in periods],
        [period.last_day for period in periods],
        list(by_period.values()),
        area,
        plan,
    )
    for theme in ("people", "volunteers"):
        for row in await connection.fetch(statement("people", theme), *arguments):
            counts = dict(row)
            number, of_area, pool, effort_area = (counts.pop(column) for column in PEOPLE_COLUMNS)
            told_apart = (pool, effort_area) if pool is not None else None
            for place in (of_area, None):
                sums = counted.setdefault((periods[number], place, told_apart), {})
                for name, count in counts.items():
                    sums[name] = sums.get(name, 0) + count
    for (period, of_area, lens, respondent), pairs in (await measure_change(connection, periods, area, plan)).items():
        counted.setdefault((period, of_area, None), {})[PAIR_COUNTS[lens, respondent]] = pairs.pairs
    return counted


async def count_people_of_parts(
    connection: Connection, wanted: Sequence[Period], kinds: Sequence[str], area: str | None, plan: str | None = None
) -> dict[PeopleKey, dict[str, int]]:
    """Count unique people in periods, by activity, plan or kind of activity; by area, and over all areas."""
    counted: dict[PeopleKey, dict[str, int]] = {}
    arguments = (
        list(range(len(wanted))),
        [period.first_day for period in wanted],
        [period.last_day for period in wanted],
        list(kinds),
        area,
        plan,
    )
    for theme in ("people_of_parts", "volunteers_of_parts"):
        for row in await connection.fetch(statement("people", theme), *arguments):
            counts = dict(row)
            number, of_area, kind, name = (counts.pop(column) for column in PART_COLUMNS)
            for place in (of_area, None):
                sums = counted.setdefault((wanted[number], place, PeopleGrain(kind, name)), {})
                for count_name, count in counts.items():
                    sums[count_name] = sums.get(count_name, 0) + count
    return counted


async def count_by_traits(
    connection: Connection, wanted: Sequence[Period], until: date, area: str | None, plan: str | None = None
) -> dict[PeopleKey, dict[str, int]]:
    """Count unique people in periods by age band and by gender, as said last until a day; by area, and over all."""
    counted: dict[PeopleKey, dict[str, int]] = {}
    rows = await connection.fetch(
        statement("people", "traits"),
        list(range(len(wanted))),
        [period.first_day for period in wanted],
        [period.last_day for period in wanted],
        until,
        area,
        plan,
    )
    for row in rows:
        for place in (row["area"], None):
            sums = counted.setdefault((wanted[row["number"]], place, PeopleGrain(row["part"], row["name"])), {})
            sums["participants"] = sums.get("participants", 0) + row["participants"]
    return counted


async def measure_change(
    connection: Connection, periods: Sequence[Period], area: str | None, plan: str | None = None
) -> dict[tuple[Period, str | None, str, str], Pairs]:
    """Add up pairs of measurements by period, area, lens and respondent, and over all areas."""
    rows = await connection.fetch(
        statement("people", "change"),
        list(range(len(periods))),
        [period.first_day for period in periods],
        [period.last_day for period in periods],
        area,
        plan,
    )
    added: dict[tuple[Period, str | None, str, str], Pairs] = {}
    for number, of_area, lens, respondent, *sums in rows:
        # For an area's report the area is all there is.
        for place in (of_area, None):
            key = (periods[number], place, lens, respondent)
            added[key] = added.get(key, Pairs()) + Pairs(*sums)
    return added


async def count_staying(connection: Connection, period: Period, area: str | None) -> Counts:
    """Count who of each cohort of a period was seen again, and where former participants are; by area and over all."""
    counted: Counts = {}

    def add(days: Period, of_area: str, told: Later | FollowUp | None, name: str, people: int) -> None:
        for place in (of_area, None):
            sums = counted.setdefault((days, place, told), {})
            sums[name] = sums.get(name, 0) + people

    told = cohorts(period)
    arguments = (
        list(range(len(told))),
        [cohort.year.first_day for cohort in told],
        [cohort.year.last_day for cohort in told],
    )
    for number, of_area, years, people in await connection.fetch(statement("people", "staying"), *arguments, area):
        cohort = told[number]
        if years is None:
            add(Period(cohort.year.first_day, period.last_day), of_area, None, "seen_again", people)
        elif years == 0:
            add(cohort.year, of_area, None, "new_participants", people)
        else:
            add(cohort.until(cohort.later[years - 1]), of_area, Later(years), "seen", people)
    for row in await connection.fetch(statement("people", "alumni"), period.first_day, period.last_day, area):
        of_area, months, status, people = row
        if months is None:
            add(period, of_area, None, "left", people)
        else:
            add(period, of_area, FollowUp(months), "followed_up", people)
            add(period, of_area, FollowUp(months, status), "people", people)
    return counted


def together(counts: Counts, others: Counts) -> Counts:
    """Put counts of the same places together."""
    return {place: {**counts.get(place, {}), **others.get(place, {})} for place in {**counts, **others}}


def spans(period: Period) -> list[Span]:
    """Give the spans for which a report of a period counts people: the period and its months."""
    return [Span("other", period), *(Span("month", month) for month in period.by_month())]
