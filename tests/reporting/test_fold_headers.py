"""What the file of a fold says of itself is known and means something, or reporting does not start."""

import pytest

from services.reporting.folding.headers import Header, header_of


def test_a_fold_says_what_it_counts_and_shares() -> None:
    """Its explanation is no header, whatever signs stand in it; of several events it may share some."""
    text = "-- counts: nobody\n-- shared: plan.closed,plan.opened\n-- Hours of all: facts, and: sums.\nINSERT ...;\n"
    assert header_of("plan.closed+plan.dreamt+plan.opened", text) == Header(
        "nobody", frozenset({"plan.closed", "plan.opened"})
    )
    assert header_of("plan.closed", "-- counts: returned\nSELECT true;\n") == Header("returned")


def test_a_fold_that_says_nothing_may_change_a_count_and_shares_nothing() -> None:
    """The safe side is the one that nobody has to remember."""
    assert header_of("plan.closed", "-- A plan is closed once.\nINSERT ...;\n") == Header(None, frozenset())


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("-- counts: nobdy", "nobdy"),
        ("-- counts:", "counts ''"),
        ("-- count: nobody", "unknown header"),
        ("--Counts : nobody", "unknown header"),
        ("-- shared: plan.clsoed", r"plan\.clsoed"),
        ("-- shared:", "does not fold"),
        ("-- counts: nobody\n-- counts: nobody", "twice"),
    ],
)
def test_a_header_that_is_misspelt_is_an_error(header: str, wrong: str) -> None:
    """Else it would be taken for an explanation, and what it says for unsaid."""
    with pytest.raises(ValueError, match=wrong):
        header_of("plan.closed", f"{header}\n-- A plan is closed once.\nINSERT ...;\n")
