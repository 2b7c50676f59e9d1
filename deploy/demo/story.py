"""What every part of the demo is told with: the scenario, dice, the calendar, and the story itself."""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

FOLDER: Final = Path(__file__).parent
FILES: Final = ("network.toml", "plans.toml", "activities.toml")
NETWORK: Final = "/network"
SCHOOL_YEAR_BEGINS_IN: Final = 8

Event = dict[str, Any]
Table = dict[str, Any]
Item = TypeVar("Item")


class Dice:
    """Draws from a seed of its own, so that a change in one activity leaves the others as they were.

    Every choice comes from `random.Random(seed).random()`, the one method whose sequence Python promises to keep.
    """

    def __init__(self, *seed: str) -> None:
        self._random = random.Random("/".join(seed))  # noqa: S311  a story, no secret

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number; both ends can come."""
        return low + int((high - low + 1) * self._random.random())

    def about(self, amount_ore: int) -> int:
        """Draw an amount a few per cent from this one."""
        return amount_ore * self.whole(960, 1050) // 1000

    def happens(self, share: float) -> bool:
        """Draw whether something happens that does so in this share of cases."""
        return self._random.random() < share

    def day(self, first: date, last: date) -> date:
        """Draw a day; both ends can come, and the first does when the last lies before it."""
        return first + timedelta(self.whole(0, max(0, (last - first).days)))

    def weighted(self, weights: Mapping[str, int]) -> str:
        """Draw a name by its weight."""
        drawn = self.whole(1, sum(weights.values()))
        for name, weight in weights.items():
            drawn -= weight
            if drawn <= 0:
                return name
        raise ValueError("there is nothing to draw from")

    def mixed(self, items: Sequence[Item]) -> list[Item]:
        """Give the items in a drawn order."""
        return sorted(items, key=lambda _: self._random.random())


@dataclass(frozen=True)
class Term:
    """A stretch in which an activity meets: a school year, or the part of one that a course lasts."""

    first: date
    last: date
    course: str | None


@dataclass
class Story:
    """The events of the demo as they are told."""

    scenario: Table
    registry: list[Event] = field(default_factory=list)
    funding: list[Event] = field(default_factory=list)

    def tell(self, source: str, name: str, key: str, said: datetime, data: Table) -> None:
        """Add an event to the file of its owner; days in its data are written as ISO dates."""
        owned_by_funding = name.startswith(("funding.", "budget.", "expense.", "statement."))
        (self.funding if owned_by_funding else self.registry).append(
            {
                "specversion": "1.0",
                "id": f"{name}:{key}",
                "source": source,
                "type": f"dk.helhedsnet.{name}.v1",
                "time": said.isoformat().replace("+00:00", "Z"),
                "data": {
                    member: value.isoformat() if isinstance(value, date) else value for member, value in data.items()
                },
            }
        )


def read_scenario() -> Table:
    """Read what the demo tells from its files."""
    scenario: Table = {}
    for name in FILES:
        scenario |= tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    return scenario


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give a moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def source_of(area: Table) -> str:
    """Give the source under which an area speaks."""
    return f"/areas/{area['area']}"


def areas_of(scenario: Table, activity: Table) -> list[Table]:
    """Give the areas that have an activity."""
    named = {**activity.get("people", {}), **activity.get("headcount", {})}
    return [area for area in scenario["area"] if area["area"] in named]


def first_day_of(area: Table, activity: Table) -> date:
    """Give the day from which an area has an activity."""
    day: date = activity.get("starts_in", {}).get(area["area"]) or activity["start"]
    return day


def last_day_of(activity: Table) -> date:
    """Give the day on which an activity ended, or else will end."""
    day: date = activity.get("ended") or activity["end"]
    return day


def months(scenario: Table) -> Iterator[date]:
    """Give the last working day of each month from the plans' first to the last that is over."""
    day = scenario["plan_start"]
    while True:
        following = (day.replace(day=1) + timedelta(32)).replace(day=1)
        last = following - timedelta(1)
        if last > scenario["last_day"]:
            return
        yield last - timedelta(max(0, last.weekday() - 4))
        day = following


def terms_of(scenario: Table, area: Table, activity: Table) -> list[Term]:
    """Give the terms of an activity that have begun; each is a course where the activity holds courses."""
    slug = f"{area['area']}-{activity['kind']}"
    last_year = scenario["last_day"].year
    terms: list[Term] = []
    for year in range(scenario["plan_start"].year, last_year + 1):
        for begins, ends in activity["terms"]:
            first, last = (_in_school_year(year, month_and_day) for month_and_day in (begins, ends))
            first, last = max(first, first_day_of(area, activity)), min(last, last_day_of(activity))
            if first <= min(last, scenario["last_day"]):
                course = f"{slug}-{first:%Y-%m}" if activity.get("courses") else None
                terms.append(Term(first, last, course))
    return terms


def session_days(scenario: Table, activity: Table, term: Term) -> list[date]:
    """Give the days of a term on which an activity meets, as far as they have come."""
    days = []
    for offset in range((min(term.last, scenario["last_day"]) - term.first).days + 1):
        day = term.first + timedelta(offset)
        meets = day.weekday() in activity["weekdays"] and day.isocalendar().week % activity.get("every_weeks", 1) == 0
        if meets and not any(first <= day <= last for first, last in scenario["holidays"]):
            days.append(day)
    return days


def _in_school_year(year: int, month_and_day: Sequence[int]) -> date:
    month, day = month_and_day
    return date(year + (month < SCHOOL_YEAR_BEGINS_IN), month, day)
