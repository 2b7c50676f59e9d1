"""Each rule of releases that is switched off lets the intruder in: so the attacks on releases can fail.

Steps between releases, one calendar, what a coordinator knows, means of five, and what fewer than five did.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from services.reporting.releasing import amounts, making, means
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.making import Beside
from services.reporting.releasing.released import NETWORK, ReleaseRow
from tests.oracles import realistic_networks
from tests.oracles.amount_intruder import given_away_by_all
from tests.oracles.means_intruder import ReadMeans
from tests.oracles.release_intruder import THRESHOLD, Intruder, Place
from tests.oracles.releases_in_a_row import YOUNG, made_in_a_row, narrowed

SMALL: Final = realistic_networks.network(3, 3, median=30, calendar=YOUNG)


def test_without_steps_an_intruder_knows_how_few_were_added_or_taken() -> None:
    """So the attack can fail: where counts do not move in steps, each told change is a count of few people."""
    facts = realistic_networks.network(2, 3, median=120, calendar=YOUNG)
    made = list(made_in_a_row(facts, (12, 13), in_steps=False))
    assert narrowed(facts, made, "", exactly=True) != []


def test_with_a_second_calendar_an_intruder_knows_the_newcomers_of_half_a_year() -> None:
    """Newcomers of calendar years, told beside those of school years, are newcomers of half-years by subtraction."""
    facts = realistic_networks.network(12, 2, median=30, calendar=YOUNG)
    (made,) = made_in_a_row(facts, (8,))
    so_far = {
        area.area: [made.truth[area.area, Count("so_far", Months(0, month))] for month in (4, 7)] for area in facts
    }
    told = made.release.by_cell()
    area, autumn = next(
        (area, december)
        for area, (december, march) in so_far.items()
        if 0 < march - december < THRESHOLD and isinstance(told[area, Count("new", Months(0, 7))], int)
    )
    facts = [each for each in facts if each.area == area]
    spring = {(area, Count("new in month", Months(month, month))): 1 for month in range(5, 8)}
    release = replace(made.release, rows=list(made.release.of(area)))
    assert _can_be_any(Intruder(release, {area: facts[0].activities}), spring)
    row = ReleaseRow(area, Count("new", Months(0, 4)), autumn)
    of_years = replace(release, rows=[*release.rows, row])
    intruder = Intruder(of_years, {area: facts[0].activities}, older=Calendar(YOUNG.begins, 5))
    assert not _can_be_any(intruder, spring)


def test_what_is_told_for_leads_alone_tells_a_coordinator_the_other_areas_counts() -> None:
    """A coordinator takes the own area off: of two areas, each told sum is a count of the other."""
    facts = realistic_networks.network(2, 3, median=40, calendar=YOUNG)
    (made,) = made_in_a_row(facts, (12,))
    truth, own = made.truth, {place: count for place, count in made.truth.items() if place[0] == facts[0].area}
    cell = next(
        cell
        for area, cell in made.release.by_cell()
        if area == NETWORK
        and 0 < truth.get((facts[1].area, cell), 0) < THRESHOLD <= truth.get((facts[0].area, cell), 0)
    )
    activities = {area.area: area.activities for area in facts}
    assert _can_be_any(Intruder(made.release, activities, own), {(facts[1].area, cell): 1})
    whole = sum(truth[area.area, cell] for area in facts)
    rows = [replace(row, told=whole) if (row.area, row.cell) == (NETWORK, cell) else row for row in made.release.rows]
    told = Intruder(replace(made.release, rows=rows), activities, own)
    assert not _can_be_any(told, {(facts[1].area, cell): 1})


def test_without_the_rule_of_means_an_intruder_knows_the_scores_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a mean may rest on a pair, and two told means may differ by one, scores of fewer than five follow."""
    assert _scores_known() == 0
    monkeypatch.setattr(means, "SMALLEST_TOLD", 1)
    assert _scores_known() > 0


def test_where_sessions_of_under_five_are_told_an_intruder_knows_what_few_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where attendances and hours of a month are told whoever came, what 1 to 4 people did follows."""
    decided = making.decisions(SMALL, YOUNG)
    assert _few_known(making.beside(SMALL, YOUNG, decided)) == 0
    monkeypatch.setattr(amounts, "SMALLEST_TOLD", 1)
    assert _few_known(making.beside(SMALL, YOUNG, decided)) > 0


def _scores_known() -> int:
    """Count the sets of few pairs of which a lead knows a score, where every number of pairs is told."""
    found = 0
    for lens in realistic_networks.LENSES:
        numbers = {(area.area, Count(lens, YOUNG.whole)): len(area.pairs[lens]) for area in SMALL}
        read = ReadMeans()
        read.read(means.means_of(lens, SMALL, YOUNG, numbers), SMALL)
        found += len(read.given_away())
    return found


def _few_known(beside: Beside) -> int:
    """Count the sets of few people of whom a lead knows what they did."""
    return sum(len(given_away_by_all([made], "")) for made in beside.amounts)


def _can_be_any(intruder: Intruder, terms: Mapping[Place, int]) -> bool:
    return intruder.can_add_up(terms, 1) and intruder.can_add_up(terms, THRESHOLD - 1)
