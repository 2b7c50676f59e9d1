"""Money is divided to the øre."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import money

weights = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 10**13), min_size=1, max_size=8).filter(
    lambda drawn: sum(drawn.values()) > 0
)
amounts = st.integers(0, 10**13)


@given(amounts, weights)
def test_the_shares_add_up_to_the_amount(amount_ore: int, parties: dict[str, int]) -> None:
    """Not one øre is lost or made."""
    assert sum(money.split(amount_ore, parties).values()) == amount_ore


@given(amounts, weights)
def test_each_share_is_within_one_ore_of_the_exact_one(amount_ore: int, parties: dict[str, int]) -> None:
    """Nobody gets more than a rounding away from the exact proportion, and a party of weight 0 gets nothing."""
    total = sum(parties.values())
    for name, share_ore in money.split(amount_ore, parties).items():
        assert abs(share_ore - Fraction(amount_ore * parties[name], total)) < 1
        assert parties[name] or share_ore == 0


@given(amounts, weights, st.randoms())
def test_the_order_of_the_parties_changes_nothing(
    amount_ore: int, parties: dict[str, int], chance: random.Random
) -> None:
    """The same weights give the same shares, in whatever order they come."""
    shuffled = list(parties.items())
    chance.shuffle(shuffled)
    assert money.split(amount_ore, dict(shuffled)) == money.split(amount_ore, parties)


@pytest.mark.parametrize(
    ("amount_ore", "parties", "expected"),
    [
        (1, {"b": 1, "a": 1}, {"a": 1, "b": 0}),
        # The remainders are 1 · 2 mod 4 and 3 · 2 mod 4, both one half.
        (2, {"a": 1, "b": 3}, {"a": 0, "b": 2}),
    ],
)
def test_a_tie_goes_to_the_larger_weight_and_then_to_the_first_name(
    amount_ore: int, parties: dict[str, int], expected: dict[str, int]
) -> None:
    """Ties are settled by rule, not by chance."""
    assert money.split(amount_ore, parties) == expected


@pytest.mark.parametrize(("amount_ore", "parties"), [(-1, {"a": 1}), (1, {}), (1, {"a": 0}), (1, {"a": 2, "b": -1})])
def test_what_cannot_be_split_is_refused(amount_ore: int, parties: dict[str, int]) -> None:
    """There is no share of a negative amount, of nobody, or of a negative weight."""
    with pytest.raises(ValueError, match="cannot split"):
        money.split(amount_ore, parties)


@pytest.mark.parametrize(
    ("part_ore", "whole_ore", "expected"), [(1, 8, 12.5), (1, 2000, 0.1), (1, 2001, 0.0), (0, 5, 0.0), (5, 0, None)]
)
def test_percent_rounds_half_up_to_one_decimal(part_ore: int, whole_ore: int, expected: float | None) -> None:
    """A per cent has one decimal, rounded half up; of nothing there is none."""
    assert money.percent(part_ore, whole_ore) == expected
