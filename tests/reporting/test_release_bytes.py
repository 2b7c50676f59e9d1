"""The same facts make the same release, byte for byte, by a later version too: a release is made again after a restore.

The digests are those of releases that follow one another, of seeded networks. They change where what is told, or how it
is decided, is meant to change, or where the solver finds other moves that are as cheap.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar
from tests.oracles import realistic_networks
from tests.oracles.releases_in_a_row import YOUNG

OF_TWO_AREAS: Final = [
    "3a1ef02d6945457e0bcda777d8b8e0322117afe533291489938158ddc8ce5e86",
    "bf933f5f1c71257e8775195a3492f25c23ae43de8c89c561d33558dbb7607715",
    "2603d2487b81ac851fee96b20d3cf02ca5d3ea65e091d1bd9ff654dd3eef0c54",
]
OF_TWELVE_AREAS: Final = [
    "74aaffda00f89ad408ffebd60d6e787f7fd0eca05ae43d349d6650a335961b4b",
    "b7b6d3a34db6b515e3b1164ecac2d78eefe7ed7137c09805305caea4c0c85593",
    "de303588c1d8d5902ef4a458a00a41800d68e906bf4261abff398ce90261c377",
]
OF_A_HUNDRED_AREAS: Final = [
    "720cf015856b6efe6fbf1e5c2bc4c201beb8b31d58f1cf2e431eba1e6847d17f",
    "6828a412d8cfa0920687b983fd12f9977dee5a744758040ef0415d43b885df6d",
]


def test_releases_of_few_areas_stay_the_same_to_the_byte() -> None:
    """Of two areas, over three months, each after the one before."""
    assert list(_digests(2, 3, 60, YOUNG, 3)) == OF_TWO_AREAS


@pytest.mark.long(beside="test_releases_of_few_areas_stay_the_same_to_the_byte")
def test_releases_of_more_areas_stay_the_same_to_the_byte() -> None:
    """Of twelve areas, which need moves of several areas together, and of a hundred, which need donors."""
    assert list(_digests(12, 1, 40, YOUNG, 3)) == OF_TWELVE_AREAS
    hundred = _digests(100, 1, realistic_networks.MEDIAN, realistic_networks.CALENDAR, 2)
    assert list(hundred) == OF_A_HUNDRED_AREAS


def _digests(areas: int, seed: int, median: int, calendar: Calendar, months: int) -> Iterator[str]:
    """Make the releases of the last months of a seeded network, and give their digests."""
    facts = realistic_networks.network(areas, seed, median=median, calendar=calendar)
    last = None
    for number in range(1, months + 1):
        until = replace(calendar, months=calendar.months - months + number)
        decided = making.decisions(facts, until, last)
        beside = making.beside(facts, until, decided, last)
        last = making.kept(until, decided, beside, last)
        yield making.release(number, number, until, list(decided.values()), beside).digest
