"""The change of individuals: what pairs of measurements say together. Pure."""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from shared.law import SMALLEST_TOLD

LENSES: Final = ("self_perception", "others_perception", "personal_competence", "professional_competence")
RESPONDENTS: Final = ("self", "other")
CONFIDENCE: Final = 0.95
DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """Sums over pairs of scores from 0 to 100: how many, before, after, and the squares of the changes."""

    pairs: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    def __add__(self, other: "Pairs") -> "Pairs":
        return Pairs(
            self.pairs + other.pairs,
            self.before + other.before,
            self.after + other.after,
            self.squares + other.squares,
        )


def told(pairs: Pairs) -> dict[str, Any]:
    """Give the means and the 95 % interval of the mean change; below five pairs none of it.

    The interval is Student's for the mean of paired differences.
    Source: W. S. Gosset ("Student"), The probable error of a mean, Biometrika 6(1), 1908.
    """
    if pairs.pairs < SMALLEST_TOLD:
        nothing = dict.fromkeys(("mean_before", "mean_after", "mean_change", "ci_low", "ci_high"))
        return {"pairs": pairs.pairs, **nothing}
    count = pairs.pairs
    change = (pairs.after - pairs.before) / count
    variance = max((pairs.squares - count * change * change) / (count - 1), Decimal(0))
    half = student_quantile(count - 1) * math.sqrt(variance / count)
    return {
        "pairs": count,
        "mean_before": _rounded(pairs.before / count),
        "mean_after": _rounded(pairs.after / count),
        "mean_change": _rounded(change),
        "ci_low": _rounded(float(change) - half),
        "ci_high": _rounded(float(change) + half),
    }


@functools.cache
def student_quantile(degrees_of_freedom: int) -> float:
    """Give how many standard errors lie on each side of a mean in a 95 % interval.

    Source: the regularised incomplete beta function, M. Abramowitz and I. Stegun, Handbook of Mathematical Functions,
    26.7.1, inverted by bisection to double precision.
    """
    # Loaded when the first interval is wanted: most of the time none is.
    import mpmath  # noqa: PLC0415  loaded when the first interval is wanted

    def beyond(point: float) -> float:
        share = degrees_of_freedom / (degrees_of_freedom + point * point)
        return float(mpmath.betainc(degrees_of_freedom / 2, 0.5, 0, share, regularized=True))

    low, high = 0.0, 1_000.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) > 1 - CONFIDENCE else (low, middle)
    return high


def count_name(lens: str, respondent: str) -> str:
    """Name the count of pairs of a lens and a respondent, as disclosure control knows it."""
    return f"pairs of {lens} by {respondent}"


PAIR_COUNTS: Final[Mapping[tuple[str, str], str]] = {
    (lens, respondent): count_name(lens, respondent) for lens in LENSES for respondent in RESPONDENTS
}


def _rounded(value: Decimal | float) -> float | int:
    rounded = round(float(value), DECIMALS)
    return int(rounded) if rounded == int(rounded) else rounded
