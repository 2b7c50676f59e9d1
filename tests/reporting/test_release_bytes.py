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
    "bb1d192f1db3e7d46d3473662b34bd2dd158154cfe2b14b6b4423d41c7e130de",
    "47209f87da815309cda90c0162006666a69994632f1416fc4b6ecade2ec3a58e",
    "65743951b76f303a0f4c9cef77e53c231d2ef23417521b52a15b42d394f67fbb",
]
OF_TWELVE_AREAS: Final = [
    "0c41958c8fe29f5549537cf189358191222816ef1af3e925b1daa219c8c9f1be",
    "f5bb08b07408a429ab249674a1cb43fa4c7b6512e21d32a1326bd82c932b4c6f",
    "99844c8ea4457dd2ef4f9fdf00e07fd1fc9d94e619073f47d5a876fd0db8b608",
]
OF_A_HUNDRED_AREAS: Final = [
    "7d163b4469f3b0dd95d5326bc3ceb57079b14bb2babd20cf4f8a31ab37ffa28a",
    "a3f2e27ddbc987d58556c214aed472fbe4d7a2315ce8059b295eb0ae23cbaa0f",
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
