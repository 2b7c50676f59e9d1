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

    Source: the regularised incomplete beta function, M. Abramowitz and I. Stegun, Handbook of Mathematical Functions,
    26.7.1, inverted by Newton's method. It begins at the normal quantile, which is the smaller one; since what lies
    beyond a point falls ever more slowly, no step leads past the one that is looked for.
    """
    # Loaded when the first interval is wanted: most of the time none is.
    import mpmath  # noqa: PLC0415  loaded when the first interval is wanted

    point = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    step = math.inf
    while step > NEAR_ENOUGH * point:
        share = degrees_of_freedom / (degrees_of_freedom + point * point)
        beyond = float(mpmath.betainc(degrees_of_freedom / 2, 0.5, 0, share, regularized=True))
        step = (beyond - (1 - CONFIDENCE)) / (2 * _density(degrees_of_freedom, point))
        point += step
    return point


def _density(degrees_of_freedom: int, point: float) -> float:
    """Give how dense the distribution is at a point."""
    half = degrees_of_freedom / 2
    log_of_peak = math.lgamma(half + 0.5) - math.lgamma(half) - math.log(math.pi * degrees_of_freedom) / 2
    return math.exp(log_of_peak - (half + 0.5) * math.log1p(point * point / degrees_of_freedom))
