"""A release tells readers outside an area what is safe for good: nothing told narrows a hidden count from 1 to 4."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from services.reporting.releasing import making, proving, steps
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Release, ReleaseRow
from tests.oracles import realistic_networks, release_worlds
from tests.oracles.release_intruder import THRESHOLD, Intruder, Place
from tests.support.extent import long_but_for

YOUNG: Final = Calendar(date(2022, 8, 1), 14)
Decisions = Mapping[str, Decision]


def _made(facts: Sequence[AreaFacts], calendar: Calendar = YOUNG, last: making.Kept | None = None) -> Decisions:
    return making.decisions(facts, calendar, last)


def _released(decisions: Decisions, calendar: Calendar = YOUNG) -> Release:
    return making.release(1, 1, calendar, list(decisions.values()))


def _faults(decisions: Decisions) -> list[str]:
    return [fault for decision in decisions.values() for fault in proving.faults(decision)]


def _truth(decisions: Decisions) -> dict[Place, int]:
    return {place: count for each in decisions.values() for place, count in release_worlds.truth(each).items()}


def _intruder(release: Release, facts: Sequence[AreaFacts], own: Mapping[Place, int]) -> Intruder:
    return Intruder(release, {area.area: area.activities for area in facts}, own)


def _narrowed(intruder: Intruder, truth: Mapping[Place, int], tried: int, seed: int = 1) -> list[Place]:
    """Give which hidden small counts of areas that the intruder does not know cannot be 1, or cannot be 4."""
    known = {area for area, _ in intruder.own} | {NETWORK}
    small = [
        place
        for place in intruder.places
        if place[0] not in known and 0 < truth.get(place, 0) < THRESHOLD and place[1].name != "new in month"
    ]
    some = random.Random(seed).sample(small, min(tried, len(small)))  # noqa: S311  drawn from a seed
    return [place for place in some if not (intruder.can_be(place, 1) and intruder.can_be(place, THRESHOLD - 1))]


@pytest.mark.parametrize(
    ("areas", "seed", "median"), long_but_for([(2, 3, 80), (4, 1, 25), (5, 9, 10), (8, 2, 120)], [(4, 1, 25)])
)
def test_every_hidden_small_count_can_be_one_and_can_be_four(areas: int, seed: int, median: int) -> None:
    """There is a certificate for each, of areas and of sums, and each is found right by adding up."""
    decisions = _made(realistic_networks.network(areas, seed, median=median, calendar=YOUNG))
    assert _faults(decisions) == []
    assert sum(len(decision.certificates) for decision in decisions.values()) > 50


def test_the_worlds_of_certificates_keep_what_holds_of_sets_of_people() -> None:
    """What counts mean, written down once more from sets of people, holds in each other world, for each coordinator."""
    facts = realistic_networks.network(3, 4, median=20, calendar=YOUNG)
    decisions = _made(facts)
    truth, intruder = _truth(decisions), _intruder(_released(decisions), facts, {})
    assert intruder.broken_by(truth) == []
    worlds = 0
    for known in ("", facts[0].area):
        for decision in decisions.values():
            for certificate, world in release_worlds.worlds(decision, known):
                worlds += 1
                assert intruder.broken_by(truth | world) == [], certificate
    assert worlds > 100


def test_an_intruder_narrows_nothing() -> None:
    """Neither a lead nor a coordinator, who knows the own area, can narrow a hidden count by integer programming."""
    facts = realistic_networks.network(3, 3, median=25, calendar=YOUNG)
    decisions = _made(facts)
    truth, release = _truth(decisions), _released(decisions)
    assert _narrowed(_intruder(release, facts, {}), truth, 2) == []
    own = {place: count for place, count in truth.items() if place[0] == facts[1].area}
    assert _narrowed(_intruder(release, facts, own), truth, 2) == []


def test_no_count_under_five_is_told_and_zeros_are_hidden_as_small_ones_are() -> None:
    """Where somebody might have been, nobody is "under five" too; a hidden count says so, or nothing, never wrongly."""
    decisions = _made(realistic_networks.network(4, 3, median=40, calendar=YOUNG))
    truth = _truth(decisions)
    hidden: dict[str, list[int]] = {word: [] for word in ("small", "large", "withheld")}
    for row in _released(decisions).rows:
        if isinstance(row.told, int):
            assert row.told >= THRESHOLD, row
        elif row.area != NETWORK:
            hidden[str(row.told)].append(truth[row.area, row.cell])
        else:
            assert row.told == "withheld", "a hidden sum of the network says nothing of its size"
    assert {0, 1, 4} <= set(hidden["small"])
    assert max(hidden["small"]) < THRESHOLD <= min(hidden["large"])


def test_an_intruder_narrows_much_where_only_small_counts_are_hidden() -> None:
    """So the attack can fail."""
    facts = realistic_networks.network(2, 3, median=30, calendar=YOUNG)
    decisions = _made(facts)
    truth = _truth(decisions)
    rows = [_told_if_large(row, truth) for row in _released(decisions).rows]
    release = replace(_released(decisions), rows=rows)
    assert len(_narrowed(_intruder(release, facts, {}), truth, 4)) > 1


def test_what_was_told_moves_by_five_or_not_at_all() -> None:
    """From month to month, with late withdrawals, each release is proven, and no two told counts differ by 1 to 4."""
    facts = realistic_networks.network(3, 6, median=40, calendar=YOUNG)
    dice = random.Random(6)  # noqa: S311  drawn from a seed
    last: making.Kept | None = None
    release: Release | None = None
    moved = 0
    for months in (13, 14):
        calendar = replace(YOUNG, months=months)
        decisions = _made(facts, calendar, last)
        assert _faults(decisions) == []
        new = _released(decisions, calendar)
        for now, then in _told_twice(release, new) if release else ():
            assert now == then or abs(now - then) >= THRESHOLD
            moved += now != then
        release, last = new, making.kept(calendar, decisions, last=last)
        facts = [_with_withdrawals(area, dice) for area in facts]
    assert moved


def test_the_same_facts_make_the_same_release_in_any_order() -> None:
    """Neither the order of areas nor that of stays changes a row."""
    facts = realistic_networks.network(3, 2, median=20, calendar=YOUNG)
    turned = [replace(area, stays=area.stays[::-1], volunteers=area.volunteers[::-1]) for area in facts[::-1]]
    assert _released(_made(facts)).digest == _released(_made(turned)).digest


def test_a_certificate_that_is_missing_or_does_not_hold_is_found() -> None:
    """The check by adding up can fail: it finds each of three faults that are planted in a decision."""
    decision = _made(realistic_networks.network(3, 2, median=25, calendar=YOUNG))["participants"]
    assert proving.faults(decision) == []
    assert any("no certificate" in fault for fault in proving.faults(replace(decision, certificates=[])))
    certificate = next(each for each in decision.certificates if each.area >= 0)
    wrong = replace(certificate, moves=(replace(certificate.moves[0], by=certificate.moves[0].by * 99),))
    assert proving.faults(replace(decision, certificates=[*decision.certificates, wrong]))
    pattern = decision.patterns[certificate.area]
    pattern.hidden[certificate.moves[0].unknowns] = False
    assert proving.faults(decision)


@pytest.mark.long(beside="test_an_intruder_narrows_nothing")
@pytest.mark.parametrize("seed", range(12))
def test_an_intruder_narrows_nothing_in_networks_of_any_size(seed: int) -> None:
    """As above, for every coordinator, in networks of 2 to 7 areas of all sizes."""
    facts = realistic_networks.network(2 + seed % 6, seed, median=(15, 40, 90)[seed % 3], calendar=YOUNG)
    decisions = _made(facts)
    assert _faults(decisions) == []
    truth, release = _truth(decisions), _released(decisions)
    for known in ("", *(area.area for area in facts)):
        own = {place: count for place, count in truth.items() if place[0] == known}
        assert _narrowed(_intruder(release, facts, own), truth, 8, seed) == []


@pytest.mark.long(beside="test_every_hidden_small_count_can_be_one_and_can_be_four")
def test_a_hundred_areas_are_shown_nearly_all_counts() -> None:
    """Of the counts of five or more 98 % of the network's and 92 % of the areas' are told, and all is proven."""
    decisions = _made(realistic_networks.network(100), realistic_networks.CALENDAR)
    assert _faults(decisions) == []
    assert making.share_told(decisions.values(), of_network=True) >= 0.98
    assert making.share_told(decisions.values(), of_network=False) >= 0.92


def _told_if_large(row: ReleaseRow, truth: Mapping[Place, int]) -> ReleaseRow:
    if row.area == NETWORK:
        count = sum(each for (_, cell), each in truth.items() if cell == row.cell)
    else:
        count = truth[row.area, row.cell]
    return replace(row, told=count if count >= THRESHOLD else "small")


def _told_twice(old: Release, new: Release) -> list[tuple[int, int]]:
    """Give what both releases tell of the same cells, now and then."""
    now, then = new.by_cell(), old.by_cell()
    earlier: Mapping[Count, Count] = steps.before({cell for _, cell in now}, old.calendar)
    pairs = [(told, then.get((area, earlier[cell]))) for (area, cell), told in now.items() if cell in earlier]
    return [(told, was) for told, was in pairs if isinstance(told, int) and isinstance(was, int)]


def _with_withdrawals(area: AreaFacts, dice: random.Random) -> AreaFacts:
    gone = {stay.person for stay in area.stays if dice.random() < 0.03}
    return replace(
        area,
        stays=[stay for stay in area.stays if stay.person not in gone],
        left={person: month for person, month in area.left.items() if person not in gone},
        followed_up={key: told for key, told in area.followed_up.items() if key[0] not in gone},
    )
