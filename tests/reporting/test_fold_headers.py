"""What the file of a fold says of itself is known and means something, or reporting does not start."""

import pytest

from services.reporting.folding.headers import shared_by


def test_a_fold_says_what_it_shares() -> None:
    """Its explanation is no header, whatever signs stand in it; of several events it may share some."""
    text = "-- shared: plan.closed,plan.opened\n-- Hours of all: facts, and: sums.\nINSERT ...;\n"
    assert shared_by("plan.closed+plan.dreamt+plan.opened", text) == {"plan.closed", "plan.opened"}
    assert shared_by("plan.closed", "-- A plan is closed once.\nINSERT ...;\n") == frozenset()


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("-- share: plan.closed", "unknown header"),
        ("--Shared : plan.closed", "unknown header"),
        ("-- counts: nobody", "unknown header"),
        ("-- shared: plan.clsoed", r"plan\.clsoed"),
        ("-- shared:", "does not fold"),
        ("-- shared: plan.closed\n-- shared: plan.closed", "twice"),
    ],
)
def test_a_header_that_is_misspelt_is_an_error(header: str, wrong: str) -> None:
    """Else it would be taken for an explanation, and what it says for unsaid."""
    with pytest.raises(ValueError, match=wrong):
        shared_by("plan.closed", f"{header}\n-- A plan is closed once.\nINSERT ...;\n")
