"""Which figures of a release an answer's rows ask for, for readers from outside. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.reporting.figures.pivot import Key, Margin, Question
from services.reporting.periods import Period
from services.reporting.releasing.cells import EVERYBODY, Count, Of
from services.reporting.reports.released_people import (
    RELEASED_AS,
    PeopleCount,
    ReleasedPeople,
    added_up,
    hidden,
)
from services.reporting.terms import OF_PEOPLE

# The areas whose figures a row adds up, None for the network's own, and by what beside them.
Place = tuple[tuple[str | None, ...], Of]
THE_NETWORK: Final[tuple[None]] = (None,)


@dataclass(frozen=True, slots=True)
class KnownThings:
    """What everybody knows of the things that rows are about: the area of each activity, the areas of each plan."""

    area_of: Mapping[str, str]
    areas_of: Mapping[str, tuple[str, ...]]
    effort_areas: frozenset[tuple[str, str]]

    def is_only_plan(self, plan: str, areas: Iterable[str | None]) -> bool:
        """Tell whether areas have a plan and no other: its people are theirs, as its report tells them."""
        return all([each for each, own in self.areas_of.items() if area in own] == [plan] for area in areas)


def place_of(question: Question, known: KnownThings, margin: Margin, key: Key) -> Place | None:
    """Give what a row is about as releases call it; None where they tell of no such thing."""
    told = dict(zip(margin, key, strict=True))
    areas: tuple[str | None, ...] = (told["area"],) if "area" in told else question.areas or THE_NETWORK
    if "activity" in told:
        return (known.area_of.get(told["activity"]),), ("activity", told["activity"])
    plans = (told["plan"],) if "plan" in told else question.plans
    effort_areas = _effort_areas(question, known, told.get("effort_area"), is_told_apart="effort_area" in told)
    groups = [*(("plan", plan) for plan in plans if plan), *(("effort_area", *each) for each in effort_areas)]
    if "kind" in told:
        return (THE_NETWORK, ("kind", told["kind"])) if areas == THE_NETWORK and not groups else None
    if len(groups) > 1 or len(groups) < bool(plans) + bool(question.effort_areas or "effort_area" in told):
        return None
    if plans and areas == THE_NETWORK:
        areas = known.areas_of.get(plans[0], ())
    is_of_all = not groups or (groups[0][0] == "plan" and known.is_only_plan(groups[0][1], areas))
    return areas, EVERYBODY if is_of_all else groups[0]


def _effort_areas(
    question: Question, known: KnownThings, told: tuple[str, str] | None, *, is_told_apart: bool
) -> list[tuple[str, str]]:
    if is_told_apart:
        return [told] if told else []
    return sorted(each for each in known.effort_areas if each[1] in question.effort_areas)


def cells(
    question: Question,
    rows: Mapping[tuple[Margin, Key], Place | None],
    days: Mapping[str | None, Period],
    outside: ReleasedPeople,
) -> Iterator[Count]:
    """Give the cells of areas that an answer asks for."""
    for (margin, key), place in rows.items():
        if place is None or place[0] == THE_NETWORK:
            continue
        months = outside.months(days[_label(question, margin, key)])
        if months is not None:
            asked = (name for name in question.indicators if name in OF_PEOPLE)
            yield from (Count(RELEASED_AS.get(name, name), months, place[1]) for name in asked)


@dataclass(frozen=True, slots=True)
class SeenFromOutside:
    """What readers from outside are told of the people that a question is about."""

    question: Question
    rows: Mapping[tuple[Margin, Key], Place | None]
    days: Mapping[str | None, Period]
    outside: ReleasedPeople

    def count(self, name: str, margin: Margin, key: Key) -> PeopleCount:
        """Give a figure of a row."""
        place = self.rows.get((margin, key))
        if place is None or not place[0]:
            return hidden("not_released")
        days = self.days[_label(self.question, margin, key)]
        return added_up([self.outside.figure(name, days, area, place[1]) for area in place[0]])


def _label(question: Question, margin: Margin, key: Key) -> str | None:
    label: str | None = dict(zip(margin, key, strict=True)).get(question.time or "")
    return label
