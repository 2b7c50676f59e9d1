"""Networks of areas as they are: how many activities, participants and volunteers, and how long they stay.

An area has 6 to 12 activities in four effort areas and ten kinds, and 40 to 400 participants over three and a half
years, log-normal about 120. Most are registered by name; an activity in seven counts heads and knows nobody. A quarter
stay long, three in ten are in two activities. The same number of areas from the same seed is always the same network.
"""

import random
from datetime import date
from typing import Final

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Activity
from services.reporting.releasing.frame import STATUSES
from services.reporting.releasing.presence import AreaFacts, Stay

CALENDAR: Final = Calendar(date(2022, 8, 1), 42)
EFFORT_AREAS: Final = ("beskaeftigelse", "kriminalitetsforebyggelse", "sammenhaengskraft", "uddannelse")
KINDS: Final = 10
LENSES: Final = ("others_perception by other", "personal_competence by self", "self_perception by self")
AFTER: Final = (6, 12)
FEWEST, MOST, MEDIAN, SIGMA = 40, 400, 120, 0.6


def network(areas: int, seed: int = 1, *, median: int = MEDIAN, fewest: int = FEWEST) -> list[AreaFacts]:
    """Give so many areas; `median` and `fewest` make them smaller."""
    return [_area(number, random.Random(f"{seed}-{number}"), median, fewest) for number in range(areas)]  # noqa: S311  drawn from a seed


def _area(number: int, dice: random.Random, median: int, fewest: int) -> AreaFacts:
    name = f"area-{number:05}"
    activities = _activities(name, dice)
    by_name = [each for each in activities if dice.random() > 1 / 7] or activities[:1]
    people = round(min(max(median * dice.lognormvariate(0, SIGMA), fewest), MOST))
    stays = [stay for person in range(people) for stay in _stays(person, by_name, dice)]
    helpers = max(2, round(people * dice.uniform(0.06, 0.2)))
    volunteers = [stay for person in range(helpers) for stay in _stays(person, activities, dice)]
    left: dict[int, int] = {}
    for stay in stays:
        if stay.months.last < CALENDAR.months - 1 and dice.random() < 0.8:
            left[stay.person] = min(stay.months.last + 1, left.get(stay.person, CALENDAR.months))
    followed = {
        (person, after): (month + after, dice.choices(STATUSES, (4, 3, 2, 1, 1))[0])
        for person, month in left.items()
        for after in AFTER
        if dice.random() < 0.5
    }
    return AreaFacts(name, activities, stays, volunteers, _pairs(stays, dice), left, followed)


def _activities(area: str, dice: random.Random) -> list[Activity]:
    plans = [f"{area}-plan-{number}" for number in range(dice.choice((1, 1, 2)))]
    found = []
    for number in range(dice.randint(6, 12)):
        first, last = 0, CALENDAR.months - 1
        if dice.random() < 0.4:
            first = dice.randint(0, CALENDAR.months - 12)
            last = min(first + dice.randint(9, 30), last)
        effort_area = ("effort_area", "2019-26", dice.choice(EFFORT_AREAS))
        kind = f"kind-{dice.randrange(KINDS)}"
        found.append(Activity(f"{area}-{number}", effort_area, dice.choice(plans), kind, Months(first, last)))
    return found


def _stays(person: int, activities: list[Activity], dice: random.Random) -> list[Stay]:
    """Give where a person was: in one activity or two, for months or years."""
    chosen = dice.sample(activities, 2 if len(activities) > 1 and dice.random() < 0.3 else 1)
    found = []
    begins = dice.uniform(0, 1)
    for activity in chosen:
        runs = activity.months
        first = runs.first + int(begins * (runs.last - runs.first + 1))
        length = dice.randint(12, 36) if dice.random() < 0.25 else dice.randint(2, 11)
        months = Months(first, min(first + length - 1, runs.last))
        seen = {month for month in range(months.first, months.last + 1) if month == first or dice.random() < 0.9}
        found.append(Stay(person, activity.activity, months, frozenset(seen)))
    return found


def _pairs(stays: list[Stay], dice: random.Random) -> dict[str, list[int]]:
    return {
        lens: [stay.months.last for stay in stays if stay.months.last - stay.months.first > 3 and dice.random() < share]
        for lens, share in zip(LENSES, (0.15, 0.25, 0.3), strict=True)
    }
