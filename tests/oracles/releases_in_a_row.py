"""Releases made in a row, with late registrations, mistakes and withdrawals between them, and attacks on two."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.reporting.releasing import families, making
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Release
from tests.oracles import corrections
from tests.oracles.release_intruder import THRESHOLD, Place
from tests.oracles.releases_intruder import NEW, OLD, ReleasesIntruder, Unknown

YOUNG: Final = Calendar(date(2022, 8, 1), 14)
# The months that twelve releases in a row have: most are of the same months, so that they differ by corrections alone.
TWELVE: Final = (12, 12, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14)
# How many counts, and how many changes, an attack tries.
TRIED: Final = 2


@dataclass(frozen=True, slots=True)
class Made:
    """A release, and the true counts behind it."""

    release: Release
    truth: Mapping[Place, int]
    decisions: Mapping[str, Decision]


def made_in_a_row(
    facts: Sequence[AreaFacts], months: Sequence[int], *, in_steps: bool = True, seed: int = 1
) -> Iterator[Made]:
    """Make releases in a row, with late registrations, mistakes and withdrawals between them."""
    last: making.Kept | None = None
    for number, count in enumerate(months):
        calendar = replace(YOUNG, months=count)
        known = [corrections.as_known(area, number, len(months), seed) for area in facts]
        decided = making.decisions(known, calendar, last)
        truth = {
            (area.area, cell): value
            for family in families.families(known, calendar)
            for area in known
            for cell, value in family.count(area).items()
        }
        yield Made(making.release(number + 1, 1, calendar, list(decided.values())), truth, decided)
        last = making.kept(calendar, decided, last=last) if in_steps else None


def narrowed(facts: Sequence[AreaFacts], two: Sequence[Made], known: str, *, exactly: bool = False) -> list[object]:
    """Give which small counts and changes, of some, one who knows an area can narrow from two releases."""
    old, new = two
    own = tuple({place: count for place, count in each.truth.items() if place[0] == known} for each in two)
    intruder = ReleasesIntruder(
        (old.release, new.release),
        {area.area: area.activities for area in facts},
        (own[0], own[1]),
        exactly=exactly,
    )
    dice = random.Random(1)  # noqa: S311  drawn from a seed
    changes = {
        place: new.truth[place] - old.truth[place]
        for place in intruder.both
        if place[0] not in {known, NETWORK} and place in old.truth and place in new.truth
    }
    few = sorted(place for place, change in changes.items() if 0 < abs(change) < THRESHOLD)
    told = [place for place in few if isinstance(new.release.by_cell().get(place), int)]
    some = dice.sample(told, min(TRIED, len(told))) if exactly else dice.sample(few, min(TRIED, len(few)))
    small: list[Unknown] = [
        (when, place)
        for when, each in ((OLD, old), (NEW, new))
        for place, count in sorted(each.truth.items())
        if place in each.release.by_cell() and place[0] != known and 0 < count < THRESHOLD
    ]
    found = list(intruder.narrowed_changes({place: changes[place] for place in some}))
    return [*found, *intruder.narrowed_counts(dice.sample(small, min(TRIED, len(small))))]
