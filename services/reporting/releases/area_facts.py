"""Every query that a release is decided from: who was where in which months, by area. It never commits.

Whoever asks does so in one snapshot. Pseudonyms end here: what is given has numbers, which mean nothing outside.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import asyncpg

from services.reporting.releases.heads import month_number
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import KnownActivity
from services.reporting.releasing.crowds import crowd_of
from services.reporting.releasing.presence import AreaFacts, Done, Scores, Stay
from services.reporting.statements import statement
from shared.database import Connection

# The areas whose people are read at once.
AT_ONCE: Final = 50
ROWS: Final = (
    *("activities", "stays", "volunteering", "leavers", "followed_up", "pairs"),
    *("sessions", "volunteer_hours"),
)


async def by_area(connection: Connection, calendar: Calendar) -> AsyncIterator[AreaFacts]:
    """Give the facts of every area that has begun an activity, in the order of their names, a few areas at a time."""
    last_day = calendar.period(calendar.whole).last_day
    rows = await connection.fetch("SELECT DISTINCT area FROM activity WHERE started_on <= $1", last_day)
    areas = sorted(row["area"] for row in rows if row["area"] is not None)
    for begin in range(0, len(areas), AT_ONCE):
        some = areas[begin : begin + AT_ONCE]
        told = {name: _apart(await connection.fetch(statement("releases", name), some, last_day)) for name in ROWS}
        for area in some:
            yield _Area(area, calendar, {name: told[name].get(area, []) for name in ROWS}).facts()


def _apart(rows: Iterable[asyncpg.Record]) -> dict[str, list[asyncpg.Record]]:
    by_name: dict[str, list[asyncpg.Record]] = {}
    for row in rows:
        by_name.setdefault(row["area"], []).append(row)
    return by_name


class _Area:
    """One area's rows by the statement that gave them, on their way to facts without pseudonyms."""

    def __init__(self, area: str, calendar: Calendar, rows: Mapping[str, Sequence[asyncpg.Record]]) -> None:
        self._area, self._calendar, self._rows = area, calendar, rows
        self._begins = month_number(calendar.begins)
        self._activities = {row["activity"]: self._activity(row) for row in rows["activities"]}
        self._number: dict[str, int] = {}
        self._volunteer: dict[str, int] = {}

    def facts(self) -> AreaFacts:
        """Give its facts; people are numbered as they come, participants and volunteers each for themselves."""
        stays = [stay for row in self._rows["stays"] for stay in self._stays(row)]
        left = {
            self._number[row["participant"]]: self._month(row["left_on"])
            for row in self._rows["leavers"]
            if row["participant"] in self._number
        }
        followed_up = {
            (number, row["months_after"]): (self._month(row["followed_on"]), row["status"])
            for row in self._rows["followed_up"]
            if (number := self._number.get(row["participant"])) in left and number is not None
        }
        pairs: dict[str, list[int]] = {}
        scores: dict[str, list[Scores]] = {}
        whose: dict[str, int] = {}
        for row in self._rows["pairs"]:
            name = f"{row['lens']} by {row['respondent']}"
            pairs.setdefault(name, []).append(self._month(row["measured_on"]))
            person = whose.setdefault(row["participant"], len(whose))
            scores.setdefault(name, []).append(Scores(row["before"], row["after"], person))
        return AreaFacts(
            self._area,
            list(self._activities.values()),
            stays,
            self._volunteers(),
            pairs,
            left,
            followed_up,
            age_bands=self._newest("age_band"),
            genders=self._newest("gender"),
            done=[*self._sessions(), *self._volunteer_hours()],
            scores=scores,
        )

    def _newest(self, trait: str) -> dict[int, str]:
        """Give what was said last of each person."""
        said = {row["participant"]: row[trait] for row in self._rows["stays"] if row[trait] is not None}
        return {self._number[name]: value for name, value in said.items() if name in self._number}

    def _sessions(self) -> Iterator[Done]:
        for row in self._rows["sessions"]:
            people = crowd_of(self._number[name] for name in row["people"] if name in self._number)
            month = self._month(row["month"])
            yield Done(
                row["amount"], row["activity"], month, row["hundredths"], people, row["at_once"], row["sessions"]
            )

    def _volunteer_hours(self) -> Iterator[Done]:
        for row in self._rows["volunteer_hours"]:
            people = crowd_of(self._volunteer[name] for name in row["people"] if name in self._volunteer)
            yield Done("volunteer_hours", row["activity"], self._month(row["month"]), row["hundredths"], people)

    def _activity(self, row: asyncpg.Record) -> KnownActivity:
        effort_area = ("effort_area", row["pool"], row["effort_area"])
        months = self._months(row["started_on"], row["ended_on"])
        return KnownActivity(row["activity"], effort_area, row["plan"], row["kind"], months)

    def _stays(self, row: asyncpg.Record) -> Iterable[Stay]:
        months = self._within(self._months(row["enrolled_on"], row["ended_on"]), row["activity"])
        if months is not None:
            person = self._number.setdefault(row["participant"], len(self._number))
            came_in = {month_number(month) - self._begins for month in row["came_in"]}
            seen = {months.first, *(month for month in came_in if months.first <= month <= months.last)}
            yield Stay(person, row["activity"], months, frozenset(seen))

    def _volunteers(self) -> list[Stay]:
        numbers = self._volunteer
        stays = []
        for row in self._rows["volunteering"]:
            months = self._within(self._months(row["engaged_on"], row["left_on"]), row["activity"])
            if months is not None:
                stays.append(Stay(numbers.setdefault(row["volunteer"], len(numbers)), row["activity"], months))
        return stays

    def _within(self, months: Months, activity: str) -> Months | None:
        """Give those of some months in which an activity ran: everybody knows that nobody is there outside of them."""
        ran = self._activities[activity].months
        found = Months(max(months.first, ran.first), min(months.last, ran.last))
        return found if found.first <= found.last else None

    def _months(self, first_day: date, last_day: date | None) -> Months:
        last = self._calendar.months - 1
        return Months(
            self._month(first_day), last if last_day is None else min(month_number(last_day) - self._begins, last)
        )

    def _month(self, day: date) -> int:
        return max(month_number(day) - self._begins, 0)
