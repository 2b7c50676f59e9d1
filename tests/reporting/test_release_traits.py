"""A release tells participants by age band and by gender; each part everybody who was there."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from services.reporting.releasing import making, presence
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.frame import AGE_BANDS, GENDERS
from services.reporting.releasing.released import NETWORK
from services.reporting.releasing.tables import Contradiction
from tests.oracles import realistic_networks

YOUNG: Final = Calendar(date(2022, 8, 1), 14)


def test_each_trait_parts_everybody_who_was_there() -> None:
    """Whose gender nobody said is with those who are neither; who was there in a school year is counted as in all."""
    (facts,) = realistic_networks.network(1, 2, calendar=YOUNG)
    assert len(facts.genders) < len(facts.age_bands)
    counted = presence.count_participants(facts, YOUNG)
    for months in (YOUNG.whole, *YOUNG.school_years):
        everybody = counted[Count("participants", months)]
        for kind, names in (("age_band", AGE_BANDS), ("gender", GENDERS)):
            assert sum(counted[Count("participants", months, (kind, name))] for name in names) == everybody
    there = {stay.person for stay in facts.stays if stay.months.first < YOUNG.months}
    others = sum(facts.genders.get(person, "other") == "other" for person in there)
    assert counted[Count("participants", YOUNG.whole, ("gender", "other"))] == others


def test_a_network_is_told_by_age_band_and_gender() -> None:
    """Where all of a kind are told they add up to everybody; nobody's band or gender of an area is told by year."""
    facts = realistic_networks.network(6, 3, calendar=YOUNG)
    decided = making.decisions(facts, YOUNG)
    told = making.release(1, 1, YOUNG, list(decided.values())).by_cell()
    genders = [told[NETWORK, Count("participants", YOUNG.whole, ("gender", gender))] for gender in GENDERS]
    numbers = [number for number in genders if isinstance(number, int)]
    everybody = told[NETWORK, Count("participants", YOUNG.whole)]
    assert isinstance(everybody, int)
    assert len(numbers) == len(GENDERS)
    assert sum(numbers) == everybody
    by_area = [cell for area, cell in told if area != NETWORK and cell.of[:1] in {("age_band",), ("gender",)}]
    assert len(by_area) == len(facts) * (len(AGE_BANDS) + len(GENDERS))
    assert {cell.months for cell in by_area} == {YOUNG.whole}


def test_nothing_is_told_by_traits_that_nobody_has() -> None:
    """Facts without any age bands or genders have no such cells."""
    facts = [replace(area, age_bands={}, genders={}) for area in realistic_networks.network(3, 3, calendar=YOUNG)]
    assert presence.traits(facts) == []


def test_a_participant_without_an_age_band_is_a_contradiction() -> None:
    """Everybody has one who has enrolled: a count by age band that leaves somebody out is refused."""
    (facts,) = realistic_networks.network(1, 2, calendar=YOUNG)
    some = {person: band for person, band in facts.age_bands.items() if person != facts.stays[0].person}
    with pytest.raises(Contradiction):
        making.decisions([replace(facts, age_bands=some)], YOUNG)
