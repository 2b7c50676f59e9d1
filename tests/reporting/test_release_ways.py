"""Of how many people cuts between groups are, held against the same written with dictionaries."""

import itertools
import random

import numpy as np
import pytest

from services.reporting.releasing.ways import Between, numbered

GROUPS, AREAS, THRESHOLD = 9, 3, 5


def _drawn(dice: random.Random) -> tuple[dict[tuple[int, int], dict[int, int]], list[bool]]:
    """Draw pairs of groups with people of some areas between them, and which groups areas share."""
    pairs = list(itertools.combinations(range(GROUPS), 2))
    some = dice.sample(pairs, dice.randint(0, len(pairs)))
    people = {
        pair: {area: dice.randint(1, 4) for area in dice.sample(range(AREAS), dice.choice((1, 1, 2)))} for pair in some
    }
    return people, [dice.random() < 0.4 for _ in range(GROUPS)]


def _plainly(
    people: dict[tuple[int, int], dict[int, int]], shared: list[bool]
) -> list[tuple[tuple[int, int], dict[int, int]]]:
    """Give the pairs of many people: each two neighbours of a group in a row, and the first with all others."""
    found = {pair: dict(by_area) for pair, by_area in people.items()}
    beside: dict[int, list[tuple[int, dict[int, int]]]] = {}
    for (one, other), by_area in people.items():
        for group, neighbour in ((one, other), (other, one)):
            if not shared[group]:
                beside.setdefault(group, []).append((neighbour, by_area))
    for neighbours in beside.values():
        in_order = sorted(neighbours, key=lambda each: each[0])
        ways = [*itertools.pairwise(in_order), *((in_order[0], each) for each in in_order[2:])]
        for (one, there), (other, here) in ways:
            own = found.setdefault((one, other), {})
            for area in there.keys() & here.keys():
                own[area] = max(own.get(area, 0), min(there[area], here[area]))
    return [(pair, by_area) for pair, by_area in found.items() if sum(by_area.values()) >= THRESHOLD]


@pytest.mark.parametrize("seed", range(60))
def test_ways_are_those_written_plainly(seed: int) -> None:
    """The same pairs in the same order, with as many people of each area."""
    people, shared = _drawn(random.Random(seed))  # noqa: S311  drawn from a seed
    ends = np.array(list(people), dtype=np.int64).reshape(-1, 2)
    rows = [(pair, *each) for pair, by_area in enumerate(people.values()) for each in by_area.items()]
    between = Between(ends, np.array(rows, dtype=np.int64).reshape(-1, 3))
    found = list(between.of_many(np.array(shared, dtype=np.bool_), THRESHOLD))
    assert found == _plainly(people, shared)


def test_pairs_are_numbered_as_they_come() -> None:
    """A pair has the number of its first place."""
    number, ends = numbered(np.array([(4, 7), (0, 2), (4, 7), (1, 3)], dtype=np.int64))
    assert number.tolist() == [0, 1, 0, 2]
    assert ends.tolist() == [[4, 7], [0, 2], [1, 3]]
