"""What readers outside an area are told of people: the newest release, asked as a report asks. Pure.

A figure that the release does not have is not told, and neither is any while there is no release.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NotRequired

from typing_extensions import TypedDict

from services.reporting.periods import Period
from services.reporting.releases.heads import ReleaseHead, ToldByArea
from services.reporting.releases.periods import months_of, months_of_a_part
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count, Of, mean_of
from services.reporting.releasing.released import NETWORK, Hours, Means, ToldAs
from services.reporting.terms import COUNTS, DONE, Plan, Row, number
from shared.law import SMALLEST_TOLD

# Why a figure has no value: it is small, it is larger and would give others away, the release does not say which of
# the two, or no release has it.
Hidden = Literal["small", "large", "withheld", "not_released"]
# What a release calls the figures whose name is a different one there.
RELEASED_AS: Final[Mapping[str, str]] = {"new_participants": "new", "multi_year_participants": "back"}
HUNDREDTHS: Final = 100
# Of these a part of the time, or of what is counted, never has more than all of it.
GROWING: Final = frozenset(RELEASED_AS.get(name, name) for name in (*COUNTS, *DONE))


class PeopleCount(TypedDict):
    """How many people, or how much they did; without a value where it is hidden, perhaps with what it is at least."""

    value: int | float | None
    suppressed: bool
    hidden: NotRequired[Hidden]
    at_least: NotRequired[int | float]


def shown(value: float) -> PeopleCount:
    """Give a figure that the reader may see."""
    return {"value": value, "suppressed": False}


def hidden(why: Hidden, at_least: float = 0) -> PeopleCount:
    """Give a figure that the reader may not see, and what it is at least, where that says anything."""
    count: PeopleCount = {"value": None, "suppressed": True, "hidden": why}
    if at_least >= SMALLEST_TOLD:
        count["at_least"] = at_least
    return count


def added_up(counts: Sequence[PeopleCount]) -> PeopleCount:
    """Add up figures of people whom nothing counts twice; what is hidden hides the sum."""
    told = sum(count["value"] if count["value"] is not None else count.get("at_least", 0) for count in counts)
    why = [count["hidden"] for count in counts if "hidden" in count]
    if not why:
        return shown(told)
    return hidden(why[0] if len(set(why)) == 1 == len(counts) else _of_several(why), told)


def share_pct(part: PeopleCount, whole: PeopleCount) -> float | int | None:
    """Give a share in per cent with one decimal, where both counts are told."""
    if part["value"] is None or not whole["value"]:
        return None
    return number((2_000 * int(part["value"]) + int(whole["value"])) // (2 * int(whole["value"])) / 10)


def _of_several(why: Iterable[Hidden]) -> Hidden:
    return "not_released" if set(why) == {"not_released"} else "withheld"


@dataclass(frozen=True, slots=True)
class ReleasedPeople:
    """What a release tells where a report asks; `whole` are all days that there is anything of."""

    head: ReleaseHead | None = None
    told: ToldByArea = field(default_factory=dict)
    whole: Period | None = None
    # The numbers told of each area by name, and of all areas together by cell: found when they are first asked for.
    _numbers: dict[str, dict[str, list[tuple[Count, float]]]] = field(default_factory=dict, init=False, compare=False)
    _of_all_areas: dict[Count, float] = field(default_factory=dict, init=False, compare=False)

    def figure(self, name: str, days: Period, area: str | None, of: Of = EVERYBODY) -> PeopleCount:
        """Give a figure of days, of an area or of the network; by what beside it, too."""
        return self._cell(name, self.months(days), area, of)

    def of_cohort(self, name: str, first: Period, last: Period, area: str | None) -> PeopleCount:
        """Give how many were seen until the end of a school year, of those who were new in another."""
        begin, end = self.months(first), self.months(last)
        return self._cell(name, Months(begin.first, end.last) if begin and end else None, area)

    def means(self, name: str, days: Period, area: str | None) -> Means | None:
        """Give the means of a lens and a kind of respondent; None where they are hidden, or not released."""
        months = self.months(days)
        told = self.told.get(area or NETWORK, {}).get(Count(mean_of(name), months)) if months else None
        return told if isinstance(told, Means) else None

    def followed(self, days: Period, area: str | None) -> list[int]:
        """Give after how many months it is told where former participants are; that is told in all alone."""
        if self.head is None or self.months(days) != self.head.calendar.whole:
            return []
        cells = self.told.get(area or NETWORK, {})
        return sorted({int(cell.of[1]) for cell in cells if cell.name == "followed_up"})

    def months(self, days: Period) -> Months | None:
        """Give the months of the release that days are told by."""
        return _months_of(days, self.head.calendar, self.whole) if self.head else None

    def _cell(self, name: str, months: Months | None, area: str | None, of: Of = EVERYBODY) -> PeopleCount:
        if months is None:
            return hidden("not_released")
        cell = Count(RELEASED_AS.get(name, name), months, of)
        told = self.told.get(area or NETWORK, {}).get(cell)
        if told is None:
            return hidden("not_released")
        if isinstance(told, str):
            return hidden(told, 0 if told == "small" else self._at_least(cell, area))
        return shown(_number(told))

    def _at_least(self, cell: Count, area: str | None) -> float:
        """Give what a hidden figure is at least, by what is told of its parts."""
        if cell.name not in GROWING:
            return 0
        parts = (
            value
            for each, value in self._named(area or NETWORK).get(cell.name, ())
            if cell.months.holds(each.months) and cell.of in (each.of, EVERYBODY)
        )
        most = max(parts, default=0)
        return most if area else max(most, self._by_area(cell))

    def _named(self, area: str) -> Mapping[str, Sequence[tuple[Count, float]]]:
        """Give the numbers that are told of an area, or of the network, by their names."""
        if (found := self._numbers.get(area)) is None:
            found = self._numbers[area] = {}
            for cell, told in self.told.get(area, {}).items():
                found.setdefault(cell.name, []).append((cell, _number(told)))
        return found

    def _by_area(self, cell: Count) -> float:
        """Give what is told of a cell by area, added up over all areas: of a thousand it is asked hundreds of times."""
        sums = self._of_all_areas
        if not sums:
            for own in (cells for area, cells in self.told.items() if area != NETWORK):
                sums.update({each: sums.get(each, 0) + _number(told) for each, told in own.items()})
        return sums.get(cell, 0)


def attendances_of_months(
    told: ToldByArea, months: Sequence[Months], days: Sequence[date], held: Mapping[tuple[str, date], int]
) -> list[Row]:
    """Give attendances of a month and of the one before it, with the sessions held, of areas of which both are told."""
    before, last = (Count("attendances", each) for each in months)
    return [
        {
            "area": area,
            "month": days[1],
            "attendances": cells[last],
            "attendances_before": cells[before],
            "sessions": held.get((area, days[1]), 0),
            "sessions_before": held.get((area, days[0]), 0),
        }
        for area, cells in told.items()
        if isinstance(cells.get(last), int) and isinstance(cells.get(before), int)
    ]


@dataclass(frozen=True, slots=True)
class ReleasedPlan(ReleasedPeople):
    """The same, asked of a plan; `shared` are those of its areas that other plans have too.

    Where an area has one plan alone, the plan's people are the area's.
    """

    plan: Plan | None = None
    shared: frozenset[str] = frozenset()

    def figure(self, name: str, days: Period, area: str | None, of: Of = EVERYBODY) -> PeopleCount:
        """Give a figure of days, of one of the plan's areas or of all of them."""
        areas = [area] if area else self._plan.areas
        months = self.months(days)
        return added_up([self._of_area(name, months, each, of) for each in areas])

    def months(self, days: Period) -> Months | None:
        """Give the months of the release that days are told by."""
        if self.head is None:
            return None
        last_day = max(min(self._plan.end_on, self.whole.last_day if self.whole else self._plan.end_on), days.first_day)
        return _months_of_a_part(days, self.head.calendar, Period(min(self._plan.start_on, last_day), last_day))

    def _of_area(self, name: str, months: Months | None, area: str, of: Of) -> PeopleCount:
        if area not in self.shared or (of and of[0] == "activity"):
            return self._cell(name, months, area, of)
        return self._cell(name, months, area, ("plan", self._plan.plan)) if of == EVERYBODY else hidden("not_released")

    def means(self, name: str, days: Period, area: str | None) -> Means | None:
        """Give means of the plan's only area, where the plan is the only one there."""
        areas = [area] if area else self._plan.areas
        if len(areas) != 1 or areas[0] in self.shared:
            return None
        return super(ReleasedPlan, self).means(name, days, areas[0])

    @property
    def _plan(self) -> Plan:
        if self.plan is None:
            raise TypeError("it is asked of no plan")
        return self.plan


def _number(told: ToldAs) -> float:
    """Give a count, or hours; what is hidden, and what is no number, counts for nothing."""
    if isinstance(told, Hours):
        return number(told.hundredths / HUNDREDTHS) or 0
    return told if isinstance(told, int) else 0


@functools.lru_cache(maxsize=1_024)
def _months_of(days: Period, calendar: Calendar, whole: Period | None) -> Months | None:
    # Asked for each of thousands of figures.
    return months_of(days, calendar, whole)


@functools.lru_cache(maxsize=1_024)
def _months_of_a_part(days: Period, calendar: Calendar, part: Period) -> Months | None:
    return months_of_a_part(days, calendar, part)
