"""The interval of a mean, held against a library that nothing here uses."""

import pytest
from scipy.stats import t

from services.reporting.student import CONFIDENCE, student_quantile


@pytest.mark.parametrize("degrees_of_freedom", [1, 2, 3, 4, 9, 10, 31, 120, 399, 2_000, 60_000])
def test_the_quantile_is_students(degrees_of_freedom: int) -> None:
    """Few pairs make the interval wide, and many that of the normal distribution."""
    expected = float(t.ppf((1 + CONFIDENCE) / 2, degrees_of_freedom))
    assert student_quantile(degrees_of_freedom) == pytest.approx(expected, rel=1e-11)
