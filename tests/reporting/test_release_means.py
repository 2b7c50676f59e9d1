"""A release tells means of change so that no score of fewer than five pairs follows, whoever reads it."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from services.reporting.people.change import Pairs
from services.reporting.people.change import told as told_live
from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count, mean_of
from services.reporting.releasing.cuts import NOBODY, Graph
from services.reporting.releasing.means import MeansMemory, MeansOfChange, PairSums, means_of
from services.reporting.releasing.presence import AreaFacts, Scores
from services.reporting.releasing.released import NETWORK, Means, ToldAs
from tests.oracles import realistic_networks
from tests.oracles.means_intruder import Pair, ReadMeans, ToldMeans, by_leaf, given_away, pairs_of, told_of

YOUNG: Final = Calendar(date(2022, 8, 1), 30)
SHORT: Final = Calendar(YOUNG.begins, 24)
LENS: Final = "self_perception by self"
THRESHOLD: Final = 5


def _network(areas: int, seed: int, most: int = 12) -> list[AreaFacts]:
    """Give areas with up to so many pairs each, over three school years."""
    dice = random.Random(seed)  # noqa: S311  drawn from a seed
    found = []
    for number in range(areas):
        months = sorted(dice.randrange(YOUNG.months) for _ in range(dice.randint(0, most)))
        scores = [Scores(Decimal(dice.randint(0, 999_999)) / 10_000, Decimal(dice.randint(0, 100))) for _ in months]
        found.append(AreaFacts(f"area-{number}", (), pairs={LENS: months}, scores={LENS: scores}))
    return found


def _told(facts: Sequence[AreaFacts], calendar: Calendar) -> dict[tuple[str, Count], ToldAs]:
    """Tell every number of pairs of five or more: more than a release does."""
    pairs = pairs_of(facts, LENS, calendar)
    cells = [(area.area, calendar.whole) for area in facts]
    cells += [(NETWORK, months) for months in (calendar.whole, *calendar.school_years)]
    found: dict[tuple[str, Count], ToldAs] = {}
    for area, months in cells:
        count = sum(area in {NETWORK, of} and months.first <= month <= months.last for of, month, _ in pairs)
        found[area, Count(LENS, months)] = count if count >= THRESHOLD else "small"
    return found


def _made(facts: Sequence[AreaFacts], calendar: Calendar = YOUNG, last: MeansMemory | None = None) -> MeansOfChange:
    return means_of(LENS, facts, calendar, _told(facts, calendar), last)


def _attacked(facts: Sequence[AreaFacts], own: str = "") -> list[frozenset[Pair]]:
    read = ReadMeans()
    read.read(_made(facts), facts)
    return read.given_away(own)


@pytest.mark.parametrize("seed", list(range(12)))
def test_no_score_of_fewer_than_five_pairs_follows(seed: int) -> None:
    """Not for a lead, and not for any coordinator, who knows the scores of the own area."""
    facts = _network(2 + seed % 4, seed)
    for own in ("", *(area.area for area in facts)):
        assert _attacked(facts, own) == []


def test_scores_follow_where_only_means_of_few_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the attack can fail."""
    monkeypatch.setattr(Graph, "protect", Graph.faults)
    assert any(_attacked(_network(4, seed)) for seed in range(20))


def test_a_coordinator_works_out_scores_where_nobody_minded_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the own area off is one to hold against."""
    unsafe = Graph.unsafe
    monkeypatch.setattr(Graph, "unsafe", lambda graph, own: unsafe(graph, NOBODY) if own == NOBODY else [])
    networks = [_network(5, seed, most=20) for seed in (3, 4, 6)]
    assert any(_attacked(facts, area.area) for facts in networks for area in facts)


def test_a_score_follows_where_means_at_an_end_of_the_scale_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of six with a mean of 3 nobody was measured at 20: as many pairs as there are would not do."""
    scores = [Scores(Decimal(number), Decimal(30 + 10 * number), number) for number in range(6)]
    read = ReadMeans()
    read.read(_beside_many(scores), _with_many(scores))
    assert read.given_away() == []
    monkeypatch.setattr(PairSums, "counted_as", property(lambda sums: sums.pairs))
    read = ReadMeans()
    read.read(_beside_many(scores), _with_many(scores))
    assert given_away([those for those, _ in read.told]) == []
    assert read.given_away() == [frozenset(("area-0", 3, each) for each in scores)]


def test_no_mean_is_told_of_fewer_than_five_children() -> None:
    """Who was measured by several instruments, or in several courses, has several pairs, and is one child."""
    scores = [Scores(Decimal(20 + 7 * number), Decimal(30 + 5 * (number % 5))) for number in range(12)]
    for children, is_told in ((3, False), (4, False), (5, True), (12, True)):
        numbered = [each._replace(person=number % children) for number, each in enumerate(scores)]
        assert _is_told(numbered) is is_told


def test_no_mean_is_told_that_says_what_every_child_was_measured_at() -> None:
    """A mean at an end of the scale is everybody's score; an interval without width is everybody's change."""
    spread = [Scores(Decimal(40), Decimal(30 + 10 * number)) for number in range(6)]
    assert _is_told(spread)
    assert not _is_told([each._replace(before=Decimal(0)) for each in spread])
    assert not _is_told([each._replace(before=Decimal(100)) for each in spread])
    assert not _is_told([each._replace(after=Decimal(0)) for each in spread])
    assert not _is_told([each._replace(after=Decimal(55)) for each in spread])
    # One of them is measured at something else, which may be any of them.
    assert not _is_told([each._replace(before=Decimal(0)) for each in spread[1:]] + spread[:1])


def test_children_who_come_at_an_end_of_the_scale_are_not_told_of_by_the_next_release() -> None:
    """Five more, who are all measured at nothing, move no mean."""
    first = [Scores(Decimal(40), Decimal(30 + 10 * number)) for number in range(6)]
    late = {False: [Scores(Decimal(0), Decimal(0))] * 5, True: first[:5]}
    for is_moved, more in late.items():
        before = _made([_area_of(first)], SHORT)
        after = _made([_area_of([*first, *more])], SHORT, before.memory())
        sums = [next(iter(made.sums.values())).pairs for made in (before, after)]
        assert sums == [6, 11 if is_moved else 6]


def _area_of(scores: Sequence[Scores], area: str = "area-0") -> AreaFacts:
    return AreaFacts(area, (), pairs={LENS: [3] * len(scores)}, scores={LENS: list(scores)})


def _is_told(scores: Sequence[Scores]) -> bool:
    """Tell whether an area's mean of such pairs is told, beside two areas with many."""
    return any(isinstance(row.told, Means) for row in _beside_many(scores).rows() if row.area == "area-0")


def _beside_many(scores: Sequence[Scores]) -> MeansOfChange:
    facts = _with_many(scores)
    return means_of(LENS, facts, SHORT, _told_in(facts, SHORT))


def _with_many(scores: Sequence[Scores]) -> list[AreaFacts]:
    many = [Scores(Decimal(30 + number), Decimal(20 + 5 * number)) for number in range(12)]
    return [_area_of(scores), _area_of(many, "area-1"), _area_of(many, "area-2")]


def _told_in(facts: Sequence[AreaFacts], calendar: Calendar) -> dict[tuple[str, Count], ToldAs]:
    """Tell how many pairs each area has, and all of them together."""
    counts = {area.area: len(area.pairs[LENS]) for area in facts}
    return {
        (area, Count(LENS, calendar.whole)): count for area, count in [*counts.items(), (NETWORK, sum(counts.values()))]
    }


@pytest.mark.parametrize("seed", list(range(4)))
def test_from_release_to_release_no_score_follows(seed: int) -> None:
    """Pairs come every month, and some are withdrawn; all means ever told are read together."""
    dice = random.Random(seed)  # noqa: S311  drawn from a seed
    facts = _network(3 + seed, seed + 50, most=40)
    first = facts
    for own in ("", facts[0].area):
        facts, last, read = first, None, ReadMeans()
        for months in (18, 19, 20, 22, 24, 26, 30):
            calendar = replace(YOUNG, months=months)
            made = _made(facts, calendar, last)
            read.read(made, facts)
            last = made.memory()
            facts = [_withdrawn(area, dice) for area in facts]
        assert len(read.told) > 6
        assert read.given_away(own) == []


def test_scores_follow_where_means_do_not_move_in_steps() -> None:
    """Without what the release before told, one more pair gives its scores away."""
    facts = _network(4, 3, most=40)
    told: list[ToldMeans] = []
    for months in (20, 21, 22, 23):
        made = _made(facts, replace(YOUNG, months=months))
        told += told_of(made, by_leaf(made, facts, {}))
    assert given_away([those for those, _ in told])


def test_means_are_those_of_the_indicator_in_whole_points() -> None:
    """They are what stands in the area's own report, rounded; and nothing stands beside a number that is not told."""
    facts = _network(5, 4, most=30)
    told = 0
    for row in _made(facts).rows():
        pairs = Pairs()
        for area, month, scores in pairs_of(facts, LENS, YOUNG):
            if row.area in {NETWORK, area} and row.cell.months.first <= month <= row.cell.months.last:
                change = scores.after - scores.before
                pairs += Pairs(1, scores.before, scores.after, change * change)
        if isinstance(row.told, Means) and row.area != NETWORK:
            live = told_live(pairs)
            for name, value in (
                ("mean_before", row.told.before),
                ("mean_after", row.told.after),
                ("mean_change", row.told.change),
                ("ci_low", row.told.low),
                ("ci_high", row.told.high),
            ):
                assert abs(live[name] - value) <= Decimal("0.51")
            told += 1
    assert told > 2


def test_a_release_tells_means_beside_the_pairs_that_it_tells() -> None:
    """Where a number of pairs is withheld, so are its means."""
    calendar = replace(YOUNG, months=20)
    facts = realistic_networks.network(4, 8, calendar=calendar)
    decided = making.decisions(facts, calendar)
    beside = making.beside(facts, calendar, decided)
    assert beside.faults() == []
    told = making.release(1, 1, calendar, list(decided.values()), beside).by_cell()
    means = {place: value for place, value in told.items() if isinstance(value, Means)}
    assert len(means) > 4
    for area, cell in means:
        of = next(lens for lens in realistic_networks.LENSES if mean_of(lens) == cell.name)
        assert isinstance(told[area, cell._replace(name=of)], int)


def _withdrawn(area: AreaFacts, dice: random.Random) -> AreaFacts:
    left = [
        (month, scores)
        for month, scores in zip(area.pairs[LENS], area.scores[LENS], strict=True)
        if dice.random() < 0.97
    ]
    return replace(area, pairs={LENS: [month for month, _ in left]}, scores={LENS: [scores for _, scores in left]})
