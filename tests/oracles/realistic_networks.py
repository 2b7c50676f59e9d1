"""Networks of areas as they are: how many activities, participants and volunteers, and how long they stay.

An area has 6 to 12 activities in four effort areas and ten kinds, and 40 to 400 participants over three and a half
years, log-normal about 120. Most are registered by name; an activity in seven counts heads and knows nobody. A quarter
stay long, three in ten are in two activities. Most are children and young people; of one in twelve no gender is said.
The same number of areas from the same seed is always the same network.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import KnownActivity
from services.reporting.releasing.crowds import crowd_of
from services.reporting.releasing.frame import STATUSES
from services.reporting.releasing.presence import AreaFacts, Done, Scores, Stay

CALENDAR: Final = Calendar(date(2022, 8, 1), 42)
EFFORT_AREAS: Final = ("beskaeftigelse", "kriminalitetsforebyggelse", "sammenhaengskraft", "uddannelse")
KINDS: Final = 10
LENSES: Final = ("others_perception by other", "personal_competence by self", "self_perception by self")
AFTER: Final = (6, 12)
# How many of a hundred have each age band; women, men, others, and those of whom nothing is said.
OF_AGE: Final = {
    "0-5": 2,
    "6-9": 12,
    "10-12": 18,
    "13-14": 15,
    "15-17": 17,
    "18-24": 9,
    "25-29": 4,
    "30-49": 13,
    "50-66": 7,
    "67+": 3,
}
OF_GENDER: Final = {"female": 46, "male": 45, "other": 1, "": 8}
FEWEST, MOST, MEDIAN, SIGMA = 40, 400, 120, 0.6


def network(areas: int, seed: int = 1, *, median: int = MEDIAN, calendar: Calendar = CALENDAR) -> list[AreaFacts]:
    """Give so many areas; a lower `median` makes them smaller, a shorter calendar younger."""
    return [_Area(number, seed, calendar).facts(median) for number in range(areas)]


def _of_sessions(activity: str, month: int, lists: Sequence[Sequence[int]], heads: int) -> Iterator[Done]:
    """Give the attendances and the hours of sessions of two and a half hours each; the last has no hours."""
    counts = [len(people) + heads for people in lists]
    for amount, some, each in (("attendances", len(lists), 100), ("participant_hours", len(lists) - 1, 250)):
        people = crowd_of(person for those in lists[:some] for person in those)
        yield Done(amount, activity, month, sum(counts[:some]) * each, people, max(counts[:some]), some)


class _Area:
    """One area, drawn from the network's seed and its number."""

    def __init__(self, number: int, seed: int, calendar: Calendar) -> None:
        self._dice = random.Random(f"{seed}-{number}")  # noqa: S311  drawn from a seed
        self._work = random.Random(f"{seed}-{number} work")  # noqa: S311  drawn from a seed
        self._traits = random.Random(f"{seed}-{number} traits")  # noqa: S311  drawn from a seed
        self._name, self._months = f"area-{number:05}", calendar.months

    def facts(self, median: int) -> AreaFacts:
        """Give all that is known of it."""
        dice = self._dice
        activities = self._activities()
        by_name = [each for each in activities if dice.random() > 1 / 7] or activities[:1]
        fewest, most = (limit * median // MEDIAN for limit in (FEWEST, MOST))
        people = round(min(max(median * dice.lognormvariate(0, SIGMA), fewest), most))
        stays = [stay for person in range(people) for stay in self._stays(person, by_name)]
        helpers = max(2, round(people * dice.uniform(0.06, 0.2)))
        volunteers = [stay for person in range(helpers) for stay in self._stays(person, activities)]
        left: dict[int, int] = {}
        for stay in stays:
            if stay.months.last < self._months - 1 and dice.random() < 0.8:
                left[stay.person] = min(stay.months.last + 1, left.get(stay.person, self._months))
        followed = {
            (person, after): (month + after, dice.choices(STATUSES, (4, 3, 2, 1, 1))[0])
            for person, month in left.items()
            for after in AFTER
            if dice.random() < 0.5
        }
        bands = dict(enumerate(self._traits.choices(list(OF_AGE), list(OF_AGE.values()), k=people)))
        genders = enumerate(self._traits.choices(list(OF_GENDER), list(OF_GENDER.values()), k=people))
        pairs = self._pairs(stays)
        return AreaFacts(
            self._name,
            activities,
            stays,
            volunteers,
            pairs,
            left,
            followed,
            bands,
            {person: gender for person, gender in genders if gender},
            list(self._done(activities, stays, volunteers)),
            {lens: [self._scores(person) for person in range(len(months))] for lens, months in pairs.items()},
        )

    def _scores(self, person: int) -> Scores:
        """Give what somebody was measured at: on a scale of 1 to 5 in quarters, most a little better than before."""
        before = self._work.randint(2, 12)
        after = min(max(before + self._work.randint(-2, 5), 0), 16)
        return Scores(Decimal(before * 100) / 16, Decimal(after * 100) / 16, person)

    def _done(
        self, activities: Sequence[KnownActivity], stays: Sequence[Stay], volunteers: Sequence[Stay]
    ) -> Iterator[Done]:
        """Give what was done in each activity and month: three to five sessions, and the hours of volunteers."""
        dice = self._work
        for activity in activities:
            own = [stay for stay in stays if stay.activity == activity.activity]
            helpers = [stay for stay in volunteers if stay.activity == activity.activity]
            heads = 0 if own else dice.randint(4, 30)
            for month in range(activity.months.first, activity.months.last + 1):
                there = sorted({stay.person for stay in own if month in stay.seen})
                lists = [[person for person in there if dice.random() < 0.7] for _ in range(dice.randint(3, 5))]
                yield from _of_sessions(activity.activity, month, lists, heads and dice.randint(heads - 3, heads + 3))
                worked = {
                    stay.person: dice.randint(4, 60) * 25
                    for stay in helpers
                    if stay.months.first <= month <= stay.months.last and dice.random() < 0.7
                }
                if worked:
                    hundredths = sum(worked.values())
                    yield Done("volunteer_hours", activity.activity, month, hundredths, crowd_of(worked))

    def _activities(self) -> list[KnownActivity]:
        dice, area = self._dice, self._name
        plans = [f"{area}-plan-{number}" for number in range(dice.choice((1, 1, 2)))]
        found = []
        for number in range(dice.randint(6, 12)):
            first, last = 0, self._months - 1
            if dice.random() < 0.4:
                first = dice.randint(0, self._months - 12)
                last = min(first + dice.randint(9, 30), last)
            effort_area = ("effort_area", "2019-26", dice.choice(EFFORT_AREAS))
            kind = f"kind-{dice.randrange(KINDS)}"
            found.append(KnownActivity(f"{area}-{number}", effort_area, dice.choice(plans), kind, Months(first, last)))
        return found

    def _stays(self, person: int, activities: Sequence[KnownActivity]) -> list[Stay]:
        """Give where a person was: in one activity or two, for months or years."""
        dice = self._dice
        found = []
        begins = dice.uniform(0, 1)
        for activity in dice.sample(activities, 2 if len(activities) > 1 and dice.random() < 0.3 else 1):
            runs = activity.months
            first = runs.first + int(begins * (runs.last - runs.first + 1))
            length = dice.randint(12, 36) if dice.random() < 0.25 else dice.randint(2, 11)
            months = Months(first, min(first + length - 1, runs.last))
            seen = {month for month in range(months.first, months.last + 1) if month == first or dice.random() < 0.9}
            found.append(Stay(person, activity.activity, months, frozenset(seen)))
        return found

    def _pairs(self, stays: Sequence[Stay]) -> dict[str, list[int]]:
        dice = self._dice
        long = [stay.months for stay in stays if stay.months.last - stay.months.first > 3]
        return {
            lens: [months.last for months in long if dice.random() < share]
            for lens, share in zip(LENSES, (0.15, 0.25, 0.3), strict=True)
        }
