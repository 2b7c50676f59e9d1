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
    "e6df56d40a78fe506ffe0b6a1da7d7b2a3119e9f6cec17c6ba32abe635915d86",
    "af7229ef592eb92e658444d2f7f1d039e5980d036dac58e3922ff8469f7e15d3",
    "a9352f0225fb0e0042d18f47fd52ee945b136085f7c4fd3e347a260708dcc3fb",
]
OF_A_HUNDRED_AREAS: Final = [
    "8d0c9b8ab9aa25019fc8c5e49d6c3991550ffb64afe7674121168d5007d89172",
    "f62e7bf71f9c7517785d8f8cb0d0da52076b0e7c3d7abba27aec8cac196db380",
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
