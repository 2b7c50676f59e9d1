"""A release tells attendances and hours so that nothing follows of what 1 to 4 people did, whoever reads it."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from services.reporting.releasing import making
from services.reporting.releasing.amounts import COUNTED_AS, AmountMemory, Amounts, amounts_of
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count, KnownActivity
from services.reporting.releasing.crowds import crowd_of, numbers_in
from services.reporting.releasing.cuts import NOBODY, Graph
from services.reporting.releasing.presence import AreaFacts, Done
from services.reporting.releasing.released import NETWORK, Hours, Release, ReleaseRow
from tests.oracles import realistic_networks
from tests.oracles.amount_intruder import AmountIntruder, Person, given_away_by_all, people_of

YOUNG: Final = Calendar(date(2022, 8, 1), 14)


def _amounts(
    name: str, facts: Sequence[AreaFacts], calendar: Calendar = YOUNG, last: AmountMemory | None = None
) -> Amounts:
    def may_be_told(area: str, cell: Count) -> bool:
        del area, cell
        return True

    return amounts_of(name, facts, calendar, may_be_told, last)


def _given_away(name: str, facts: Sequence[AreaFacts], own: str = "") -> list[frozenset[Person]]:
    """Give of which few people something follows from a release, for whoever knows the own area."""
    made = _amounts(name, facts)
    people = people_of(facts, name)
    places = {
        (area, month): people.get((area, month), frozenset()) for area in made.areas for month in made.leaves[area]
    }
    intruder = AmountIntruder({(*place, 0): those for place, those in places.items()}, own)
    intruder.read(made.rows(), dict.fromkeys(places, 0))
    return list(intruder.given_away())


def _network(seed: int) -> list[AreaFacts]:
    return realistic_networks.network(2 + seed % 4, seed, median=(15, 30, 60)[seed % 3], calendar=YOUNG)


@pytest.mark.parametrize("seed", list(range(6)))
@pytest.mark.parametrize("name", list(COUNTED_AS))
def test_nothing_follows_of_what_few_people_did(name: str, seed: int) -> None:
    """Not for a lead, and not for any coordinator, who knows the own area."""
    facts = _network(seed)
    for own in ("", *(area.area for area in facts)):
        assert _given_away(name, facts, own) == []


def test_much_follows_where_only_what_few_did_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the attack can fail."""
    monkeypatch.setattr(Graph, "protect", Graph.faults)
    assert any(_given_away("volunteer_hours", _network(seed)) for seed in range(4))


def test_a_coordinator_works_out_more_where_nobody_minded_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the own area off is one to hold against."""
    unsafe = Graph.unsafe
    monkeypatch.setattr(Graph, "unsafe", lambda graph, own: unsafe(graph, NOBODY) if own == NOBODY else [])
    found = [
        _given_away(name, facts, area.area)
        for facts in map(_network, range(4))
        for name in COUNTED_AS
        for area in facts
    ]
    assert any(found)


def test_most_of_the_network_is_told() -> None:
    """Of a young network of a dozen areas each month's attendances are told, and their sums."""
    facts = realistic_networks.network(12, 5, calendar=YOUNG)
    rows = [row for row in _amounts("attendances", facts).rows() if row.area == NETWORK]
    assert [row for row in rows if isinstance(row.told, str)] == []
    truth = sum(done.hundredths for area in facts for done in area.done if done.amount == "attendances") // 100
    assert next(row.told for row in rows if row.cell.months == YOUNG.whole) == truth


def test_every_told_sum_is_the_sum_of_what_was_done() -> None:
    """Attendances are whole, hours are hundredths; a month without sessions is 0 for everybody."""
    facts = _network(2)
    for name in COUNTED_AS:
        for row in _amounts(name, facts).rows():
            added = sum(
                done.hundredths
                for area in facts
                for done in area.done
                if done.amount == name
                and row.area in {area.area, NETWORK}
                and row.cell.months.first <= done.month <= row.cell.months.last
            )
            assert row.told in {"withheld", added // 100 if name == "attendances" else Hours(added)}


def test_from_release_to_release_nothing_follows_of_few() -> None:
    """With late withdrawals and late words, over three months, for a lead and for coordinators."""
    dice = random.Random(3)  # noqa: S311  drawn from a seed
    facts = [replace(area, done=[done for done in area.done if dice.random() < 0.9]) for area in _network(5)]
    for own in ("", facts[0].area):
        releases: list[Amounts] = []
        for months in (12, 13, 14):
            calendar = replace(YOUNG, months=months)
            last = releases[-1].memory() if releases else None
            releases.append(_amounts("attendances", facts, calendar, last))
            facts = [_corrected(area, dice) for area in facts]
        assert given_away_by_all(releases, own) == []
        assert _moves(releases)


def _moves(releases: Sequence[Amounts]) -> int:
    """Count what was told of a month in one release and otherwise in a later one: by five people or more."""
    first, last = ({(row.area, row.cell): row.told for row in made.rows()} for made in (releases[0], releases[-1]))
    return sum(told != last.get(place) for place, told in first.items() if not isinstance(told, str))


def _corrected(area: AreaFacts, dice: random.Random) -> AreaFacts:
    """Take people out everywhere, and let some sessions be heard of late, with many people."""
    gone = {person for done in area.done for person in numbers_in(done.people) if dice.random() < 0.04}
    found = []
    for done in area.done:
        left = done.people & ~crowd_of(gone)
        each = done.hundredths // max(done.people.bit_count(), 1)
        without = each * (done.people.bit_count() - left.bit_count())
        found.append(done._replace(people=left, hundredths=done.hundredths - without))
        if done.amount == "attendances" and dice.random() < 0.1:
            found[-1] = found[-1]._replace(at_once=done.at_once + 20, hundredths=found[-1].hundredths + 2000)
    return replace(area, done=found)


def test_a_closed_school_year_with_one_small_month_is_not_told_beside_all_others() -> None:
    """Two did something in one month; so either a second month is withheld, or the year."""
    activity = KnownActivity("club", ("effort_area", "2019-26", "x"), "plan", "kind", Months(0, 13))
    done = [
        Done("attendances", "club", month, 100 * count, crowd_of(range(count)), count, 1)
        for month, count in enumerate([2, *[8] * 13])
    ]
    facts = [AreaFacts(name, [activity], done=done if name == "a" else _many(name)) for name in ("a", "b", "c", "d")]
    told = {row.cell.months: row.told for row in _amounts("attendances", facts).rows() if row.area == "a"}
    assert told[Months(0, 0)] == "withheld"
    assert told[Months(12, 12)] == 8
    year, months = told[Months(0, 11)], [told[Months(month, month)] for month in range(12)]
    assert year == "withheld" or months.count("withheld") > 1


def _many(name: str) -> list[Done]:
    return [Done("attendances", "club", month, 1000, crowd_of(range(10)), 10, 1) for month in range(14) if name]


def test_volunteers_hours_contradict_no_world_of_the_counts() -> None:
    """Who reads hours takes five volunteers to have been there; so they are told only where all worlds have five."""
    facts = realistic_networks.network(3, 4, median=60, calendar=YOUNG)
    decided = making.decisions(facts, YOUNG)
    beside = making.beside(facts, YOUNG, decided)
    release = making.release(1, 1, YOUNG, list(decided.values()), beside)
    assert beside.faults() == []
    told = release.by_cell()
    hours = [(area, cell) for (area, cell), value in told.items() if isinstance(value, Hours)]
    assert hours
    counts = {place: value for place, value in told.items() if place[1].name == "volunteers"}
    for area, cell in hours:
        beside_it = counts.get((area, cell._replace(name="volunteers")))
        assert cell.name != "volunteer_hours" or beside_it in {None, "large"} or isinstance(beside_it, int)


def test_a_release_with_other_hours_has_a_different_digest() -> None:
    """Numbers that are no people are part of it."""
    row = ReleaseRow("a", Count("volunteer_hours", Months(0, 0)), Hours(150))
    digests = {
        Release(1, 1, 5, YOUNG, [replace(row, told=told)]).digest for told in (Hours(150), Hours(175), 150, "withheld")
    }
    assert len(digests) == 4


def test_what_was_done_after_an_end_that_was_said_later_is_in_the_sums() -> None:
    """A month in which nothing ran any more is told where sessions were held, and nothing follows of few people."""
    facts = [
        replace(
            area,
            activities=[replace(each, months=Months(each.months.first, 10)) for each in area.activities],
            done=[done for done in area.done if done.month != 11],
        )
        for area in _network(4)
    ]
    assert any(done.month > 11 for area in facts for done in area.done)
    told = {
        name: {(row.area, row.cell.months): row.told for row in _amounts(name, facts).rows()} for name in COUNTED_AS
    }
    truth = sum(done.hundredths for area in facts for done in area.done if done.amount == "attendances") // 100
    assert told["attendances"][NETWORK, YOUNG.whole] == truth
    assert isinstance(told["attendances"][NETWORK, Months(12, 12)], int)
    assert (NETWORK, Months(11, 11)) not in told["attendances"]
    assert (NETWORK, Months(12, 12)) not in told["volunteer_hours"]
    for name in COUNTED_AS:
        for own in ("", *(area.area for area in facts)):
            assert _given_away(name, facts, own) == []
