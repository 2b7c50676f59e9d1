"""What areas know of their people changes: some are registered late, some by mistake, and some withdraw their consent.

Whoever is added to the past, or taken from it, is a whole person, with all that is known of that person.
"""

import random
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.crowds import crowd_of
from services.reporting.releasing.presence import AreaFacts, Done, Stay

# How many in a hundred are registered late, are registered by mistake for some releases, and withdraw.
LATE_PCT, MISTAKEN_PCT, WITHDRAWN_PCT = 6, 3, 6
HUNDRED: Final = 100


def as_known(area: AreaFacts, release: int, releases: int, seed: int = 1) -> AreaFacts:
    """Give what an area knows at a release, numbered from 0, of so many in a row. Pairs do not change."""
    stays = _known(area.stays, f"{seed}-{area.area}-participant", release, releases)
    people = {stay.person for stay in stays}
    return replace(
        area,
        stays=stays,
        volunteers=_known(area.volunteers, f"{seed}-{area.area}-volunteer", release, releases),
        left={person: month for person, month in area.left.items() if person in people},
        followed_up={key: told for key, told in area.followed_up.items() if key[0] in people},
    )


def as_known_in_all(area: AreaFacts, release: int, releases: int, seed: int = 1) -> AreaFacts:
    """Give the same, with pairs and with what was done as far as they are known of those who are."""
    known = as_known(area, release, releases, seed)
    people = {"volunteer_hours": {stay.person for stay in known.volunteers}}
    participants = {stay.person for stay in known.stays}
    pairs = {
        lens: [
            number
            for number in range(len(months))
            if _is_known(f"{seed}-{area.area}-{lens}-{number}", release, releases)
        ]
        for lens, months in area.pairs.items()
    }
    return replace(
        known,
        done=[_done(done, people.get(done.amount, participants)) for done in area.done],
        pairs={lens: [area.pairs[lens][number] for number in some] for lens, some in pairs.items()},
        scores={lens: [area.scores[lens][number] for number in some] for lens, some in pairs.items()},
    )


def _done(done: Done, known: Collection[int]) -> Done:
    """Take from what some did the part of those who are not known, as if all did the same."""
    people = done.people & crowd_of(known)
    if not done.people or people == done.people:
        return done
    hundredths = done.hundredths // HUNDRED * people.bit_count() // done.people.bit_count() * HUNDRED
    return done._replace(people=people, hundredths=hundredths, at_once=min(done.at_once, people.bit_count()))


def more(then: Sequence[AreaFacts], now: Sequence[AreaFacts], calendar: Calendar) -> Iterator[AreaFacts]:
    """Give of each area those people alone, and as many pairs, who are known now and were not then, of some months.

    Whoever is known otherwise than before is one who was not, so that somebody else was. Numbers of people mean nothing
    from one release to the next: two who were in the same activities in the same months are one.
    """
    before = {area.area: area for area in then}
    for new in now:
        old = before.get(new.area, AreaFacts(new.area, ()))
        stays = _others(old, new, calendar)
        people = {stay.person for stay in stays}
        yield replace(
            new,
            stays=stays,
            volunteers=_others(_of_volunteers(old), _of_volunteers(new), calendar),
            left={person: month for person, month in new.left.items() if person in people},
            followed_up={key: told for key, told in new.followed_up.items() if key[0] in people},
            pairs={lens: _left(months, old.pairs.get(lens, ())) for lens, months in new.pairs.items()},
            done=(),
            scores={},
        )


def _others(old: AreaFacts, new: AreaFacts, calendar: Calendar) -> list[Stay]:
    """Give the stays of participants of whom nobody is known to have been the same."""
    known = Counter(_participants(old, calendar).values())
    others = set()
    for person, same in _participants(new, calendar).items():
        if known[same]:
            known[same] -= 1
        else:
            others.add(person)
    return [stay for stay in new.stays if stay.person in others]


def _of_volunteers(area: AreaFacts) -> AreaFacts:
    """Give an area whose volunteers are all that is known of anybody."""
    return AreaFacts(area.area, (), area.volunteers)


def _participants(area: AreaFacts, calendar: Calendar) -> dict[int, Hashable]:
    """Give what is known of each participant in some months."""
    return {
        person: (
            stays,
            area.age_bands.get(person),
            area.genders.get(person),
            area.left[person] if area.left.get(person, calendar.months) < calendar.months else None,
            frozenset(
                (after, status)
                for (of, after), (month, status) in area.followed_up.items()
                if of == person and month < calendar.months
            ),
        )
        for person, stays in _stays(area.stays, calendar).items()
    }


def _stays(stays: Iterable[Stay], calendar: Calendar) -> dict[int, Hashable]:
    """Give where each person was in some months, and in which of them each was seen."""
    found: dict[int, set[Hashable]] = {}
    for stay in stays:
        if stay.months.first < calendar.months:
            last = min(stay.months.last, calendar.months - 1)
            seen = frozenset(month for month in stay.seen if month < calendar.months)
            found.setdefault(stay.person, set()).add((stay.activity, stay.months.first, last, seen))
    return {person: frozenset(each) for person, each in found.items()}


def _left(some: Iterable[int], without: Iterable[int]) -> list[int]:
    return sorted((Counter(some) - Counter(without)).elements())


def _known(stays: Iterable[Stay], name: str, release: int, releases: int) -> list[Stay]:
    return [stay for stay in stays if _is_known(f"{name}-{stay.person}", release, releases)]


def _is_known(person: str, release: int, releases: int) -> bool:
    dice = random.Random(person)  # noqa: S311  drawn from a seed
    fate, first, last = dice.uniform(0, HUNDRED), dice.randint(1, releases), dice.randint(1, releases)
    if fate < LATE_PCT:
        return release >= first
    if fate < LATE_PCT + MISTAKEN_PCT:
        return min(first, last) <= release < max(first, last)
    return fate >= LATE_PCT + MISTAKEN_PCT + WITHDRAWN_PCT or release < first
