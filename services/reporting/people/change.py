"""The change of individuals: what pairs of measurements say together. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from services.reporting.student import student_quantile
from shared.events.registry.parts import Lens
from shared.events.registry.people import Respondent
from shared.law import SMALLEST_TOLD

LENSES: Final[tuple[Lens, ...]] = (
    "self_perception",
    "others_perception",
    "personal_competence",
    "professional_competence",
)
RESPONDENTS: Final[tuple[Respondent, ...]] = ("self", "other")
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


def count_name(lens: str, respondent: str) -> str:
    """Name the count of pairs of a lens and a respondent, among the counts of people."""
    return f"pairs of {lens} by {respondent}"


PAIR_COUNTS: Final[Mapping[tuple[str, str], str]] = {
    (lens, respondent): count_name(lens, respondent) for lens in LENSES for respondent in RESPONDENTS
}


def _rounded(value: Decimal | float) -> float | int:
    rounded = round(float(value), DECIMALS)
    return int(rounded) if rounded == int(rounded) else rounded
