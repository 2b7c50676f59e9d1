"""Who was where when, and the counts of a release that follow from it. Pure: it is given numbers, not pseudonyms.

Its definitions are those of the indicators: docs/indicators.md says who is new, and who came back.
"""

import functools
import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count, KnownActivity, Of
from services.reporting.releasing.crowds import NOBODY, Crowd
from services.reporting.releasing.frame import AGE_BANDS, GENDERS

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
    for group, (there, seen) in _crowds_of_groups(facts.stays, facts.activities, calendar).items():
        _count_distinct("participants", group, there, calendar, counted)
        if group == EVERYBODY or group[0] == "effort_area":
            _count_new_and_back(group, there, seen, calendar, counted)
        if group == EVERYBODY:
            _count_cohorts(there, seen, calendar, counted)
            _count_traits(facts, there, calendar, counted)
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
    for group, (there, _) in _crowds_of_groups(facts.volunteers, facts.activities, calendar).items():
        _count_distinct("volunteers", group, there, calendar, counted)
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


def _crowds_of_groups(
    stays: Iterable[Stay], activities: Iterable[KnownActivity], calendar: Calendar
) -> dict[Of, tuple[list[Crowd], list[Crowd]]]:
    """Give who was there and who was seen in each group of activities, month by month."""
    of_activity: dict[str, list[Stay]] = {}
    for stay in stays:
        of_activity.setdefault(stay.activity, []).append(stay)
    found: dict[Of, tuple[list[Crowd], list[Crowd]]] = {}
    for activity in activities:
        if activity.activity in of_activity:
            own = _crowds(of_activity[activity.activity], calendar)
            for group in (EVERYBODY, *activity.groups):
                others = found.get(group)
                found[group] = (_either(own[0], others[0]), _either(own[1], others[1])) if others else own
    return found


def _crowds(stays: Iterable[Stay], calendar: Calendar) -> tuple[list[Crowd], list[Crowd]]:
    """Give who was there and who was seen, month by month."""
    there, seen = [NOBODY] * calendar.months, [NOBODY] * calendar.months
    for stay in stays:
        person = 1 << stay.person
        for month in range(stay.months.first, min(stay.months.last + 1, calendar.months)):
            there[month] |= person
        for month in stay.seen:
            if month < calendar.months:
                seen[month] |= person
    return there, seen


def _either(some: Sequence[Crowd], others: Sequence[Crowd]) -> list[Crowd]:
    return list(map(operator.or_, some, others))


def _in_parts(crowds: Sequence[Crowd], parts: Iterable[Months]) -> list[Crowd]:
    """Give who is there in some month of each part."""
    return [functools.reduce(operator.or_, crowds[part.first : part.last + 1]) for part in parts]


def _count_distinct(
    name: str, group: Of, there: Sequence[Crowd], calendar: Calendar, counted: dict[Count, int]
) -> None:
    parts = [calendar.whole, *calendar.school_years]
    parts += [*calendar.years, *calendar.quarters, *calendar.each_month] if group == EVERYBODY else []
    for part, people in zip(parts, _in_parts(there, parts), strict=True):
        counted[Count(name, part, group)] = people.bit_count()


def _count_traits(facts: AreaFacts, there: Sequence[Crowd], calendar: Calendar, counted: dict[Count, int]) -> None:
    parts = [calendar.whole, *calendar.school_years]
    there_in = _in_parts(there, parts)
    for trait, some in _by_trait(facts, there_in[0]):
        for part, people in zip(parts, there_in, strict=True):
            counted[Count("participants", part, trait)] = (people & some).bit_count()


def _by_trait(facts: AreaFacts, people: Crowd) -> Iterator[tuple[Of, Crowd]]:
    """Give which of the people have each age band, and each gender; whose gender nobody said is with the others."""
    bands = _by_name(facts.age_bands)
    yield from ((("age_band", band), bands.get(band, NOBODY)) for band in AGE_BANDS)
    genders = _by_name(facts.genders)
    genders[OTHER] = people & ~functools.reduce(
        operator.or_, (some for gender, some in genders.items() if gender != OTHER), NOBODY
    )
    yield from ((("gender", gender), genders.get(gender, NOBODY)) for gender in GENDERS)


def _by_name(names: Mapping[int, str]) -> dict[str, Crowd]:
    found: dict[str, Crowd] = {}
    for person, name in names.items():
        found[name] = found.get(name, NOBODY) | 1 << person
    return found


def _count_new_and_back(
    group: Of, there: Sequence[Crowd], seen: Sequence[Crowd], calendar: Calendar, counted: dict[Count, int]
) -> None:
    years = calendar.school_years
    ever = again = NOBODY
    for year, there_in, seen_in in zip(years, _in_parts(there, years), _in_parts(seen, years), strict=True):
        new = (seen_in & ~ever).bit_count()
        again |= seen_in & ever
        ever |= seen_in
        back = (again & there_in).bit_count()
        counted[Count("new", year, group)] = new
        counted[Count("back", year, group)] = back
        counted[Count("neither", year, group)] = there_in.bit_count() - back - new
    counted[Count("new", calendar.whole, group)] = ever.bit_count()
    counted[Count("back", calendar.whole, group)] = again.bit_count()
    if group == EVERYBODY:
        for month, so_far in enumerate(itertools.accumulate(seen, operator.or_)):
            counted[newcomers_so_far(month)] = so_far.bit_count()


def _count_cohorts(
    there: Sequence[Crowd], seen: Sequence[Crowd], calendar: Calendar, counted: dict[Count, int]
) -> None:
    years = calendar.school_years
    seen_in = [one & other for one, other in zip(_in_parts(there, years), _in_parts(seen, years), strict=True)]
    earlier = NOBODY
    for place, year in enumerate(years[:-1]):
        own = seen_in[place] & ~earlier
        earlier |= own
        later = functools.reduce(operator.or_, seen_in[place + 1 :])
        counted[Count("seen_again", Months(year.first, calendar.whole.last))] = (own & later).bit_count()
        for number in range(place + 1, len(years)):
            seen_again = (own & seen_in[number]).bit_count()
            counted[Count("seen", Months(year.first, years[number].last))] = seen_again
            unseen = Count("back_unseen", years[number])
            counted[unseen] = counted.get(unseen, counted[Count("back", years[number])]) - seen_again
