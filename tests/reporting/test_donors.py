"""How far donors move sums without some areas: kept as donors come, and the same as when it is added up anew."""

import random

import numpy as np
import pytest

from services.reporting.releasing.certificates import Donor, Donors, Moves

COORDINATES = 3


def _without(side: np.ndarray, areas: list[int], more: int) -> list[int]:
    """Add up by coordinate what other areas move, without those that move it furthest."""
    others = np.delete(side, areas, axis=0)
    return [int(np.sort(column)[: max(len(column) - more, 0)].sum()) for column in others.T]


@pytest.mark.parametrize("areas", [1, 2, 3, 7])
def test_what_is_kept_of_donors_is_what_they_add_up_to(areas: int) -> None:
    """Without some areas and any one more, for areas alone and two at once, up and down."""
    dice = random.Random(areas)  # noqa: S311  drawn from a seed
    donors, nothing = Donors(areas, COORDINATES), np.zeros(0, dtype=np.int64)
    for _ in range(40):
        moves = Moves(dice.randrange(areas), nothing, nothing)
        donors.add(Donor(moves, dice.randrange(COORDINATES), dice.choice((1, -1)), dice.randint(1, 4)))
        some = sorted(dice.sample(range(areas), min(dice.choice((1, 1, 2)), areas)))
        for sign, side, found in ((-1, donors.down, 0), (1, donors.up, 1)):
            expected = _without(side, some, 1)
            assert donors.without(some)[found].tolist() == expected
            assert [donors.of(each, sign, some) for each in range(COORDINATES)] == expected
            assert [donors.without_two(each, sign) for each in range(COORDINATES)] == _without(side, [], 2)
