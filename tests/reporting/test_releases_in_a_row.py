"""Releases that follow one another are safe together, and a next one starts from what proved the one before."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import pytest

from services.reporting.releasing import making, proving, steps
from services.reporting.releasing.calendar import Months
from services.reporting.releasing.cells import Count, FrameCell
from services.reporting.releasing.found_moves import KeptMove
from services.reporting.releasing.presence import AreaFacts, Stay
from services.reporting.releasing.released import NETWORK, ToldAs
from services.reporting.releasing.searching import AreaSearch
from services.reporting.releasing.steps import Memory
from services.reporting.releasing.tables import table
from tests.oracles import corrections, realistic_networks
from tests.oracles.attacked_releases import counted
from tests.oracles.release_intruder import THRESHOLD, Place
from tests.oracles.releases_in_a_row import TWELVE, YOUNG, made_in_a_row, narrowed


def test_an_intruder_narrows_nothing_from_two_releases() -> None:
    """Neither counts of few people, nor how few were added to the past or taken from it between the two."""
    facts = realistic_networks.network(2, 3, median=40, calendar=YOUNG)
    made = list(made_in_a_row(facts, (12, 13)))
    assert narrowed(facts, made, facts[0].area) == []


def test_what_changed_between_two_releases_does_not_depend_on_how_people_are_numbered() -> None:
    """Each count is what it was with those added and without those taken, though everybody has a different number."""
    facts = realistic_networks.network(2, 3, median=40, calendar=YOUNG)
    then = [corrections.as_known(area, 0, 12) for area in facts]
    now = [_numbered_backwards(corrections.as_known(area, 11, 12)) for area in facts]
    counts = [
        counted(facts, YOUNG)
        for facts in (
            now,
            then,
            list(corrections.more(then, now, YOUNG)),
            list(corrections.more(now, then, YOUNG)),
        )
    ]
    for place in set().union(*counts):
        new, old, added, taken = (each.get(place, 0) for each in counts)
        assert new == old + added - taken, place
    assert 0 < sum(counts[2].values()) < sum(counts[0].values()) / 4, "nearly everybody is known as before"


def test_no_two_releases_tell_counts_that_differ_by_few() -> None:
    """Of all releases in a row, each two tell the same of a count, or differ by five or more; each is proven."""
    facts = realistic_networks.network(4, 6, median=60, calendar=YOUNG)
    told: dict[Place, set[int]] = {}
    for made in made_in_a_row(facts, (12, 12, 12, 12, 12)):
        assert [fault for decision in made.decisions.values() for fault in proving.faults(decision)] == []
        for place, value in made.release.by_cell().items():
            if isinstance(value, int):
                told.setdefault(place, set()).add(value)
    assert all(abs(one - other) >= THRESHOLD for each in told.values() for one in each for other in each - {one})
    assert any(len(each) > 1 for each in told.values())


def test_a_count_that_one_release_does_not_have_is_held_against_what_was_told_of_it_before() -> None:
    """All activities are said to have ended early, and go on all the same; meanwhile some withdrew their consent."""
    facts = realistic_networks.network(3, 6, median=50, calendar=YOUNG)
    withdrawn = [corrections.as_known(area, 11, 12) for area in facts]
    told: list[Mapping[Place, ToldAs]] = []
    last: making.Kept | None = None
    for known in (facts, [_ended(area, 11) for area in facts], withdrawn):
        decided = making.decisions(known, YOUNG, last)
        told.append(making.release(len(told) + 1, 1, YOUNG, list(decided.values())).by_cell())
        last = making.kept(YOUNG, decided, last=last)
    first, gone, again = told
    both = [(first[place], again[place]) for place in first.keys() & again.keys() - gone.keys()]
    counts = [(then, now) for then, now in both if isinstance(then, int) and isinstance(now, int)]
    assert [(then, now) for then, now in counts if 0 < abs(then - now) < THRESHOLD] == []
    assert len(counts) > 10


def test_a_count_that_comes_back_near_to_one_told_before_is_told_as_it_was() -> None:
    """After 100 and 105, 98 would tell of two people: it is 100 again. After 100 and 105, 92 is far from both."""
    cell = Count("participants", Months(0, 0))
    for now, then in ((98, 100), (92, 92), (102, 105), (110, 110)):
        made = table("area", [FrameCell(cell, by_area=True, in_network=True)], [], {cell: now})
        stepped = steps.stepped(made, Memory({cell: 105}, {cell}, {cell: (100, 105)}), {cell: cell})
        assert stepped.table.by_cell() == {cell: then}
        assert list(stepped.hidden) == []


def test_no_count_is_told_that_is_five_from_the_true_one() -> None:
    """Where counts that stay contradict those that move, none is moved further from the truth than one that stays."""
    facts = realistic_networks.network(2, 3, median=40, calendar=YOUNG)
    for made in made_in_a_row(facts, (12, 13)):
        for (area, cell), told in made.release.by_cell().items():
            if area != NETWORK and isinstance(told, int):
                assert abs(told - made.truth.get((area, cell), 0)) < THRESHOLD


def test_a_hidden_sum_is_told_again_once_it_is_far_from_what_it_was_told_as() -> None:
    """A sum that grows by three each month is far from the last that was told of it after two."""
    cell = Count("participants", Months(0, 0))
    memory = Memory({cell: 100}, {cell}, {cell: (100,)})
    for value, is_hidden in ((103, True), (106, False)):
        hidden, _ = steps.kept_sums({cell: value}, memory, {cell: cell})
        assert (cell in hidden) is is_hidden
        memory = steps.memory_of_sums({cell: value}, set() if is_hidden else {cell}, memory, {cell: cell})
    assert memory.past == {cell: (100, 106)}


def test_a_next_release_searches_only_what_no_longer_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates of the release before serve again; without them at least half as many more are searched."""
    facts = realistic_networks.network(5, 6, median=60, calendar=YOUNG)
    (first,) = made_in_a_row(facts, (12,))
    kept = making.kept(first.release.calendar, first.decisions)
    searched: list[int] = []
    reach = AreaSearch.reach

    def counted(self: AreaSearch, *arguments: object, **how: object) -> object:
        searched[-1] += 1
        return reach(self, *arguments, **how)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(AreaSearch, "reach", counted)
    known = [corrections.as_known(area, 0, 1) for area in facts]
    for last in (kept, replace(kept, moves={})):
        searched.append(0)
        decided = making.decisions(known, first.release.calendar, last)
        assert [fault for decision in decided.values() for fault in proving.faults(decision)] == []
    assert searched[0] * 3 < searched[1] * 2


def test_what_was_kept_is_not_trusted() -> None:
    """Moves that do not hold prove nothing: they are searched again, and the release is proven all the same."""
    facts = realistic_networks.network(2, 6, median=40, calendar=YOUNG)
    (first,) = made_in_a_row(facts, (12,))
    kept = making.kept(first.release.calendar, first.decisions)
    wrong = {
        family: {
            area: replace(
                moves,
                certificates=tuple(_doubled(each) for each in moves.certificates),
                donors=tuple(_doubled(each) for each in moves.donors),
            )
            for area, moves in areas.items()
        }
        for family, areas in kept.moves.items()
    }
    assert any(moves.certificates for areas in wrong.values() for moves in areas.values())
    decided = making.decisions(facts, replace(YOUNG, months=13), replace(kept, moves=wrong))
    assert [fault for decision in decided.values() for fault in proving.faults(decision)] == []


def test_the_same_facts_make_the_same_release_in_each_process() -> None:
    """The order in which a process has its sets, which its hashes decide, changes no row."""
    digests = {
        subprocess.run(  # noqa: S603  this interpreter, with a text of this test
            [sys.executable, "-c", _DIGEST], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert re.fullmatch(rb"[0-9a-f]{64}\n", digests.pop()), "the solver has nothing to say"


@pytest.mark.long(beside="test_an_intruder_narrows_nothing_from_two_releases")
@pytest.mark.parametrize("seed", range(8))
def test_an_intruder_narrows_nothing_from_any_two_of_twelve_releases(seed: int) -> None:
    """As above, of networks of 2 to 5 areas, for each coordinator, of releases that follow, and of two far apart."""
    facts = realistic_networks.network(2 + seed % 4, seed, median=(15, 40, 60)[seed % 3], calendar=YOUNG)
    made = list(made_in_a_row(facts, TWELVE, seed=seed))
    dice = random.Random(seed)  # noqa: S311  drawn from a seed
    for known in ("", *(area.area for area in facts)):
        assert narrowed(facts, (made[0], made[1]), known) == []
        assert narrowed(facts, (made[0], dice.choice(made[2:])), known) == []


_DIGEST: Final = """
from datetime import date
from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar
from tests.oracles import realistic_networks
calendar = Calendar(date(2022, 8, 1), 14)
facts = realistic_networks.network(2, 2, median=20, calendar=calendar)
print(making.release(1, 1, calendar, list(making.decisions(facts, calendar).values())).digest)
"""


def _ended(area: AreaFacts, last: int) -> AreaFacts:
    """Give an area in which everything is said to have ended in a month."""

    def within(stays: Iterable[Stay]) -> list[Stay]:
        return [
            replace(
                stay,
                months=Months(stay.months.first, min(stay.months.last, last)),
                seen=frozenset(month for month in stay.seen if month <= last),
            )
            for stay in stays
            if stay.months.first <= last
        ]

    activities = [
        replace(each, months=Months(each.months.first, min(each.months.last, last)))
        for each in area.activities
        if each.months.first <= last
    ]
    return replace(area, activities=activities, stays=within(area.stays), volunteers=within(area.volunteers), done=())


def _numbered_backwards(area: AreaFacts) -> AreaFacts:
    people = 1 + max(stay.person for stay in (*area.stays, *area.volunteers))
    return replace(
        area,
        stays=[replace(stay, person=people - stay.person) for stay in area.stays],
        volunteers=[replace(stay, person=people - stay.person) for stay in area.volunteers],
        left={people - person: month for person, month in area.left.items()},
        followed_up={(people - person, after): told for (person, after), told in area.followed_up.items()},
        age_bands={people - person: band for person, band in area.age_bands.items()},
        genders={people - person: gender for person, gender in area.genders.items()},
        done=(),
    )


def _doubled(moves: KeptMove) -> KeptMove:
    return moves._replace(by=tuple(2 * by for by in moves.by))
