"""Which figures goals may name is held to the one table of indicators, and so is which of them are of people."""

from typing import get_args

import pytest

from services.reporting.terms import NUMBERS, OF_PEOPLE
from shared.goals import FigureOfDoings, FigureOfPeople, baseline_counts_nobody


def test_goals_name_the_figures_of_the_table() -> None:
    """All that are counts of what is done, and all that are of people; a figure that is new is named here too."""
    assert set(get_args(FigureOfDoings)) == set(NUMBERS)
    assert set(get_args(FigureOfPeople)) == set(OF_PEOPLE)


@pytest.mark.parametrize(
    ("indicator", "figure", "told"),
    [
        (None, None, False),
        ("Antal unge", None, False),
        ("Andel i procent", None, True),
        ("Andel i procent", "participants", False),
        (None, "sessions", True),
        ("Antal unge", "volunteer_hours", False),
    ],
)
def test_a_baseline_is_told_where_it_is_of_nobody(indicator: str | None, figure: str | None, told: bool) -> None:  # noqa: FBT001  a claim
    """By the figure, where one is named; by the words where none is."""
    assert baseline_counts_nobody(indicator, figure) is told
