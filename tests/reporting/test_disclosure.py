"""Disclosure control: small counts are withheld, and what would give them away with them."""

import copy
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting import disclosure
from services.reporting.domain import COUNTS, Json

THRESHOLD: Final = 5
PERSONS: Final = st.integers(0, 30)


def _row(value: int, **names: str) -> Json:
    return {**names, **{name: {"value": value, "suppressed": False} for name in COUNTS}}


def _report(areas: list[int], effort_areas: list[int] | None = None, months: list[int] | None = None) -> Json:
    return {
        "totals": _row(sum(areas)),
        "areas": [_row(value, area=f"area-{place}") for place, value in enumerate(areas)],
        "effort_areas": [
            _row(value, pool="2019-26", effort_area=f"effort-{place}") for place, value in enumerate(effort_areas or [])
        ],
        "months": [_row(value, month=f"2026-{place:02}") for place, value in enumerate(months or [], start=1)],
        "notes": [],
    }


def _shown(rows: list[Json]) -> list[int | None]:
    return [row["participants"]["value"] for row in rows]


@pytest.mark.parametrize(("value", "is_shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_count_from_one_to_four_is_withheld(value: int, is_shown: bool) -> None:  # noqa: FBT001  a table's column
    """Nobody at all points at nobody, and five are enough to hide among."""
    report = disclosure.protect(_report([value]), THRESHOLD)
    assert _shown(report["areas"]) == [value if is_shown else None]
    assert report["areas"][0]["participants"]["suppressed"] is not is_shown


def test_a_total_does_not_give_a_single_withheld_cell_away() -> None:
    """With the total shown, the smallest other cell is withheld too."""
    report = disclosure.protect(_report([3, 12, 9, 20]), THRESHOLD)
    assert _shown(report["areas"]) == [None, 12, None, 20]
    assert report["totals"]["participants"]["value"] == 44


def test_a_table_whose_total_is_withheld_needs_no_second_cell() -> None:
    """What cannot be subtracted from gives nothing away."""
    report = disclosure.protect(_report([3, 0]), THRESHOLD)
    assert _shown(report["areas"]) == [None, 0]
    assert report["totals"]["participants"]["suppressed"]


def test_a_table_without_small_counts_is_left_as_it_is() -> None:
    """Nothing is withheld without need, and no note says so."""
    before = _report([5, 0, 17], [11, 11], [22, 0])
    after = disclosure.protect(copy.deepcopy(before), THRESHOLD)
    assert after == before


def test_the_report_says_how_much_is_withheld() -> None:
    """The note counts the withheld figures and names the threshold."""
    report = disclosure.protect(_report([3, 12]), THRESHOLD)
    (note,) = report["notes"]
    assert note["code"] == "counts_withheld"
    assert note["text_en"].startswith(f"{2 * len(COUNTS)} figures")


@given(areas=st.lists(PERSONS, min_size=1, max_size=6), months=st.lists(PERSONS, max_size=6))
def test_no_small_count_is_shown_and_no_subtraction_finds_one(areas: list[int], months: list[int]) -> None:
    """Under a shown total the withheld cells are none, or at least two, or nothing was left to withhold."""
    report = disclosure.protect(_report(areas, months=months), THRESHOLD)
    for rows, values in ((report["areas"], areas), (report["months"], months)):
        shown = _shown(rows)
        assert not [value for value in shown if value is not None and 0 < value < THRESHOLD]
        assert all(value is None or value == values[place] for place, value in enumerate(shown))
        if report["totals"]["participants"]["value"] is not None and any(value is None for value in shown):
            assert shown.count(None) > 1 or all(value == 0 for value in shown if value is not None)
