"""Student's distribution: how wide the interval of a mean is. Pure."""

import functools
import math
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
# How near to the quantile, as a part of it, is near enough.
NEAR_ENOUGH: Final = 1e-12


@functools.cache
def student_quantile(degrees_of_freedom: int) -> float:
    """Give how many standard errors lie on each side of a mean in a 95 % interval.

    Source: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4, inverted by Newton's
    method. It begins at the normal quantile, which is the smaller one; since what lies beyond a point falls ever more
    slowly, no step leads past the one that is looked for.
    """
    point = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    step = math.inf
    while step > NEAR_ENOUGH * point:
        step = (CONFIDENCE - _within(degrees_of_freedom, point)) / (2 * _density(degrees_of_freedom, point))
        point += step
    return point


def _within(degrees_of_freedom: int, point: float) -> float:
    """Give what share of the distribution lies between a point and the same below zero: a finite sum."""
    angle = math.atan(point / math.sqrt(degrees_of_freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = degrees_of_freedom % 2
    terms, term = [], cosine if is_odd else 1.0
    for number in range(2 + is_odd, degrees_of_freedom + 1, 2):
        terms.append(term)
        term *= cosine * cosine * (number - 1) / number
    added = sine * math.fsum(terms)
    return (angle + added) * 2 / math.pi if is_odd else added


def _density(degrees_of_freedom: int, point: float) -> float:
    """Give how dense the distribution is at a point."""
    half = degrees_of_freedom / 2
    log_of_peak = math.lgamma(half + 0.5) - math.lgamma(half) - math.log(math.pi * degrees_of_freedom) / 2
    return math.exp(log_of_peak - (half + 0.5) * math.log1p(point * point / degrees_of_freedom))
