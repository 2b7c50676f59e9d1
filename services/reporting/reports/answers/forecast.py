"""What will be left of a plan's money, or missing, at its end, if it goes on as in the last months. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev
from typing import Final

from services.reporting.student import student_quantile

# The pace is that of the last twelve whole months, so that each season is in it once; fewer than six tell nothing.
PACE_MONTHS: Final = 12
LEAST_MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is left at the plan's end, in øre, with the bounds of a 95 % interval; below zero it is missing."""

    pace_ore: int
    left_ore: int
    low_ore: int
    high_ore: int
    months: int


def forecast(agreed_ore: int, spent_ore: int, spent_by_month_ore: Sequence[int], months_left: int) -> Forecast | None:
    """Carry the pace of the last whole months on to the plan's end; None where too few months are told.

    The interval takes months for alike and independent, as the last ones were: n months to come, of which each is as
    uncertain as one of the k seen, sum to n times their mean, with a standard error of s·√(n·(1 + n/k)).
    Source: the prediction interval of a sum, G. Hahn and W. Meeker, Statistical Intervals, 1991, section 4.8.
    """
    seen = spent_by_month_ore[-PACE_MONTHS:]
    if len(seen) < LEAST_MONTHS:
        return None
    pace_ore = mean(seen)
    error_ore = stdev(seen) * sqrt(months_left * (1 + months_left / len(seen)))
    reach_ore = student_quantile(len(seen) - 1) * error_ore
    left_ore = agreed_ore - spent_ore - pace_ore * months_left
    # No month takes back what was spent: at most all that is left now is left at the end.
    most_ore = agreed_ore - spent_ore
    return Forecast(
        round(pace_ore),
        round(left_ore),
        round(left_ore - reach_ore),
        min(round(left_ore + reach_ore), most_ore),
        len(seen),
    )
