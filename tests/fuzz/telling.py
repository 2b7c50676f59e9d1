"""What all tellers of events share: dice, days, names, and the step that must be told first. Owns no event."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from deploy.demo.invented import invented
from tests.fuzz.plans import Activity, Plan
from tests.fuzz.world import World
from tests.support.builders import Json

ItemT = TypeVar("ItemT")
# The last day of which anything is told, so that every fact lies in the past of whoever runs this.
LAST_DAY: Final = date(2026, 6, 30)
TITLES: Final = ("Fodbold og fællesskab", "Lektiecafé på Åvej", "Beboerhavens dag", "Sommer & sol", "Ung i job")


@dataclass(frozen=True, slots=True)
class Told:
    """An event to be: its name, the area that says it (None for the network) and its data."""

    name: str
    area: str | None
    data: Json


class First(Exception):
    """Something else must be told before this can be; it carries that."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.name)
        self.told = told


class Impossible(Exception):
    """The world is not such that this can be told."""


@dataclass(slots=True)
class Teller:
    """Who tells: a world, and the dice."""

    world: World
    dice: random.Random
    told: int = 0

    def name(self, kind: str) -> str:
        """Make a name that nothing has yet."""
        self.told += 1
        return f"{self.world.own}-{kind}-{self.told}"

    def pseudonym(self) -> str:
        """Make a pseudonym of somebody new."""
        self.told += 1
        return invented(f"{self.world.own}-{self.told}-{self.dice.random()}")

    def title(self) -> str:
        """Give an ordinary line of text."""
        return self.dice.choice(TITLES)

    def day(self, first: date, last: date = LAST_DAY) -> str:
        """Give a day between two, which are in order or become one."""
        last = max(first, min(last, LAST_DAY))
        return (first + timedelta(days=self.dice.randint(0, (last - first).days))).isoformat()

    def one_of(self, items: Iterable[ItemT]) -> ItemT:
        """Give one of several.

        Raises:
            Impossible: there are none.
        """
        found: Sequence[ItemT] = list(items)
        if not found:
            raise Impossible
        return self.dice.choice(found)

    def chance(self, of_one: float) -> bool:
        """Throw a coin."""
        return self.dice.random() < of_one

    def speaker(self, areas: Sequence[str]) -> str | None:
        """Say who speaks of something of these areas: mostly one of them, now and then the network."""
        return None if self.chance(0.2) else self.dice.choice(areas)

    def plan(self) -> Plan:
        """Give a plan that goes on.

        Raises:
            Impossible: there is none.
        """
        return self.one_of(plan for plan in self.world.plans.values() if plan.is_agreed and not plan.is_closed)

    def about(self, activity: Activity) -> str | None:
        """Say who speaks of an activity."""
        return self.speaker([activity.area])
