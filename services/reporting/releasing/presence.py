"""Who was where when, and the counts of a release that follow from it. Pure: it is given numbers, not pseudonyms.

Its definitions are those of the indicators: docs/indicators.md says who is new, and who came back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np

from services.reporting.releasing.arrays import Flags
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count, KnownActivity, Of
from services.reporting.releasing.crowds import NOBODY, Crowd
from services.reporting.releasing.frame import AGE_BANDS, GENDERS

BEFORE: Final = -1
UNNUMBERED: Final = -1
OTHER: Final = GENDERS[-1]


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one activity, over months; `seen` are those in which the person enrolled or came."""

    person: int
    activity: str
    months: Months
    seen: frozenset[int] = frozenset()


class Done(NamedTuple):
    """What people did in an activity in a month, added up: hundredths of attendances or of hours.

    `amount` is attendances, participant_hours or volunteer_hours. `people` are those who did it, as far as they are
    known by name: numbers of participants, or of volunteers. `at_once` is how many came to the session with most, known
    by name or not; to participant_hours sessions without hours do not count. `sessions` are those that were held.
    """

    amount: str
    activity: str
    month: int
    hundredths: int
    people: Crowd = NOBODY
    at_once: int = 0
    sessions: int = 0


class Scores(NamedTuple):
    """What one person was measured at before and after, from 0 to 100, to six decimals.

    Who has several pairs of one lens has the same number in all of them; nobody else has a number below 0.
    """

    before: Decimal
    after: Decimal
    person: int = UNNUMBERED


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """What is known of the people of an area, who are numbered from 0 in it.

    `pairs` has, for each lens and kind of respondent, the month of each later measurement; `left` when
    each who left did so first; `followed_up` the newest word on each person and number of months after, and its month.
    `age_bands` and `genders` have what was said last of each person, up to the release's end: a person has one age band
    and one gender in all of a release. Of nobody's gender anything has to be said; age bands are those of everybody.
    `done` has what people did by activity and month, one of each amount. `scores` are those of `pairs`, in their order.
    """

    area: str
    activities: Sequence[KnownActivity]
    stays: Sequence[Stay] = ()
    volunteers: Sequence[Stay] = ()
    pairs: Mapping[str, Sequence[int]] = field(default_factory=dict)
    left: Mapping[int, int] = field(default_factory=dict)
    followed_up: Mapping[tuple[int, int], tuple[int, str]] = field(default_factory=dict)
    age_bands: Mapping[int, str] = field(default_factory=dict)
    genders: Mapping[int, str] = field(default_factory=dict)
    done: Sequence[Done] = ()
    scores: Mapping[str, Sequence[Scores]] = field(default_factory=dict)


def count_participants(facts: AreaFacts, calendar: Calendar) -> dict[Count, int]:
    """Count participants in every cell of their frame, and newcomers by month, which are told nowhere."""
    counted: dict[Count, int] = {}
    people = 1 + max((stay.person for stay in facts.stays), default=0)
    for group, (there, seen) in _flags_of_groups(facts.stays, facts.activities, people, calendar).items():
        counted.update(_distinct("participants", group, there, calendar))
        if group == EVERYBODY or group[0] == "effort_area":
            _count_new_and_back(group, there, seen, calendar, counted)
        if group == EVERYBODY:
            _count_cohorts(there, seen, calendar, counted)
            in_years = _in_parts(there, calendar.school_years)
            for trait, some in _by_trait(facts, people):
                counted[Count("participants", calendar.whole, trait)] = int(there[some].any(axis=1).sum())
                for year, number in zip(calendar.school_years, in_years[some].sum(axis=0).tolist(), strict=True):
                    counted[Count("participants", year, trait)] = number
    counted[Count("left", calendar.whole)] = sum(month < calendar.months for month in facts.left.values())
    for (_, after), (month, status) in facts.followed_up.items():
        if month >= calendar.months:
            continue
        for name, of in (("followed_up", ("after", str(after))), ("status", ("after", str(after), status))):
            counted[Count(name, calendar.whole, of)] = counted.get(Count(name, calendar.whole, of), 0) + 1
    return counted


def count_volunteers(facts: AreaFacts, calendar: Calendar) -> dict[Count, int]:
    """Count volunteers in every cell of their frame."""
    counted: dict[Count, int] = {}
    people = 1 + max((stay.person for stay in facts.volunteers), default=0)
    for group, (there, _) in _flags_of_groups(facts.volunteers, facts.activities, people, calendar).items():
        counted.update(_distinct("volunteers", group, there, calendar))
    return counted


def count_pairs(facts: AreaFacts, name: str, calendar: Calendar) -> dict[Count, int]:
    """Count the pairs of one lens and one kind of respondent, by the month of the later measurement."""
    months = [month for month in facts.pairs.get(name, ()) if month < calendar.months]
    return {
        Count(name, part): sum(part.first <= month <= part.last for month in months)
        for part in (calendar.whole, *calendar.school_years)
    }


def followed_months(all_facts: Iterable[AreaFacts]) -> list[int]:
    """Give after how many months anybody was asked, in any area."""
    return sorted({after for facts in all_facts for _, after in facts.followed_up})


def traits(all_facts: Iterable[AreaFacts]) -> list[Of]:
    """Give all age bands, and all genders, where those of anybody in any area are known."""
    facts = list(all_facts)
    bands = [("age_band", band) for band in AGE_BANDS] if any(area.age_bands for area in facts) else []
    genders = [("gender", gender) for gender in GENDERS] if any(area.genders for area in facts) else []
    return [*bands, *genders]


def newcomers_so_far(month: int) -> Count:
    """Name the count of those who were new in a month or before it: it is told nowhere, and binds what is told."""
    return Count("so_far", Months(0, month))


def _flags_of_groups(
    stays: Iterable[Stay], activities: Iterable[KnownActivity], people: int, calendar: Calendar
) -> dict[Of, tuple[Flags, Flags]]:
    """Give who was there and who was seen in each group of activities, by person and month."""
    of_activity: dict[str, list[Stay]] = {}
    for stay in stays:
        of_activity.setdefault(stay.activity, []).append(stay)
    found: dict[Of, tuple[Flags, Flags]] = {}
    for activity in activities:
        if activity.activity in of_activity:
            own = _flags(of_activity[activity.activity], people, calendar)
            for group in (EVERYBODY, *activity.groups):
                others = found.get(group)
                found[group] = (own[0] | others[0], own[1] | others[1]) if others else own
    return found


def _by_trait(facts: AreaFacts, people: int) -> Iterator[tuple[Of, list[int]]]:
    """Give who has each age band, and each gender; whose gender nobody said is with the others."""
    bands = [facts.age_bands.get(person, "") for person in range(people)]
    genders = [facts.genders.get(person, OTHER) for person in range(people)]
    for kind, names, those in (("age_band", AGE_BANDS, bands), ("gender", GENDERS, genders)):
        for name in names:
            yield (kind, name), [person for person in range(people) if those[person] == name]


def _flags(stays: Iterable[Stay], people: int, calendar: Calendar) -> tuple[Flags, Flags]:
    """Give who was there and who was seen, by person and month."""
    there = np.zeros((people, calendar.months), dtype=np.bool_)
    seen = np.zeros((people, calendar.months), dtype=np.bool_)
    for stay in stays:
        there[stay.person, stay.months.first : stay.months.last + 1] = True
        seen[stay.person, [month for month in stay.seen if month < calendar.months]] = True
    return there, seen


def _in_parts(flags: Flags, parts: Sequence[Months]) -> Flags:
    """Give who has a flag in some month of each part, by person and part; the parts follow one another."""
    return np.logical_or.reduceat(flags, [part.first for part in parts], axis=1)


def _distinct(name: str, group: Of, there: Flags, calendar: Calendar) -> Iterator[tuple[Count, int]]:
    cuts: list[Sequence[Months]] = [(calendar.whole,), calendar.school_years]
    cuts += [calendar.years, calendar.quarters, calendar.each_month] if group == EVERYBODY else []
    for parts in cuts:
        for part, number in zip(parts, _in_parts(there, parts).sum(axis=0).tolist(), strict=True):
            yield Count(name, part, group), number


def _count_new_and_back(group: Of, there: Flags, seen: Flags, calendar: Calendar, counted: dict[Count, int]) -> None:
    years = calendar.school_years
    seen_in = _in_parts(seen, years)
    was_there = _in_parts(there, years)
    again = np.cumsum(seen_in, axis=1) > 1
    ever = seen.any(axis=1)
    first = np.where(ever, seen.argmax(axis=1), BEFORE)
    for place, year in enumerate(years):
        counted[Count("new", year, group)] = int(((year.first <= first) & (first <= year.last)).sum())
        back = int((again[:, place] & was_there[:, place]).sum())
        there_in = int(was_there[:, place].sum())
        counted[Count("back", year, group)] = back
        counted[Count("neither", year, group)] = there_in - back - counted[Count("new", year, group)]
    counted[Count("new", calendar.whole, group)] = int(ever.sum())
    counted[Count("back", calendar.whole, group)] = int(again[:, -1].sum())
    if group == EVERYBODY:
        new_in = np.bincount(first[ever], minlength=calendar.months)
        for month, number in enumerate(np.cumsum(new_in).tolist()):
            counted[newcomers_so_far(month)] = number


def _count_cohorts(there: Flags, seen: Flags, calendar: Calendar, counted: dict[Count, int]) -> None:
    years = calendar.school_years
    seen_in = _in_parts(seen, years) & _in_parts(there, years)
    cohort = np.where(seen_in.any(axis=1), seen_in.argmax(axis=1), BEFORE)
    for place, year in enumerate(years[:-1]):
        own = seen_in[cohort == place]
        counted[Count("seen_again", Months(year.first, calendar.whole.last))] = int(
            own[:, place + 1 :].any(axis=1).sum()
        )
        for later in range(place + 1, len(years)):
            number = int(own[:, later].sum())
            counted[Count("seen", Months(year.first, years[later].last))] = number
            unseen = Count("back_unseen", years[later])
            counted[unseen] = counted.get(unseen, counted[Count("back", years[later])]) - number
