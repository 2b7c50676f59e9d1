"""Disclosure control: small counts are withheld, and what would give them away with them; no more than that."""

import datetime as dt
from typing import Final

import pytest

from services.reporting.people import disclosure, staying
from services.reporting.people.keys import PeopleKey
from services.reporting.people.knowledge import PeopleCell, relations
from services.reporting.people.staying import Later
from services.reporting.periods import Period, published_spans
from services.reporting.terms import COUNTS, Json

THRESHOLD: Final = 5
MONTH: Final = Period(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
Counts = dict[str, int]


def _shown(counts: Counts, known: tuple[str, ...] = (), threshold: int = THRESHOLD) -> dict[str, int | None]:
    """Publish the participants of areas in one month, and give what a reader sees of each, and of all."""
    people: dict[PeopleKey, dict[str, int]] = {(MONTH, None, None): {"participants": sum(counts.values())}}
    people |= {(MONTH, area, None): {"participants": value} for area, value in counts.items()}
    view = disclosure.view(people, MONTH, threshold, known)
    report = view.protect(_report(counts), MONTH, None)
    rows = {row["area"]: row["participants"]["value"] for row in report["areas"]}
    return {"all": report["totals"]["participants"]["value"], **rows}


def _row(value: int, **names: str) -> Json:
    return {**names, **{name: {"value": value, "suppressed": False} for name in COUNTS}}


def _report(areas: Counts, period: Period = MONTH) -> Json:
    return {
        "totals": _row(sum(areas.values())),
        "areas": [_row(value, area=area) for area, value in areas.items()],
        "effort_areas": [],
        "months": [_row(0, month=f"{month.first_day:%Y-%m}") for month in period.by_month()],
        "change": [],
        "notes": [],
    }


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_count_from_one_to_four_is_withheld(value: int, shown: int | None) -> None:
    """Nobody at all points at nobody, and five are enough to hide among."""
    assert _shown({"a": value}) == {"all": shown, "a": shown}


def test_the_threshold_is_a_setting() -> None:
    """With a threshold of 3, three people may be shown."""
    assert _shown({"a": 3, "b": 2, "c": 9}, threshold=3) == {"all": 14, "a": None, "b": None, "c": 9}


def test_a_total_does_not_give_a_single_withheld_cell_away() -> None:
    """With the total shown, the smallest other cell is withheld too, and no third."""
    assert _shown({"a": 3, "b": 12, "c": 9, "d": 20}) == {"all": 44, "a": None, "b": 12, "c": None, "d": 20}


def test_cells_that_could_only_be_one_each_take_the_total_with_them() -> None:
    """Five areas with one person each add up to five: a shown total would say so."""
    assert _shown(dict.fromkeys("abcde", 1))["all"] is None


def test_under_a_small_total_nothing_is_shown_not_even_a_zero() -> None:
    """Four areas of which each has somebody, under a total of four, would be known to have one each."""
    assert set(_shown({"a": 1, "b": 1, "c": 2, "d": 0}).values()) == {None}


def test_a_table_without_small_counts_is_left_as_it_is() -> None:
    """Nothing is withheld without need, and no note says so."""
    assert _shown({"a": 5, "b": 0, "c": 17}) == {"all": 22, "a": 5, "b": 0, "c": 17}


def test_who_knows_an_area_cannot_take_it_off_the_total() -> None:
    """A coordinator of `b` would otherwise subtract the own twelve; with `c` withheld too there are two unknown."""
    assert _shown({"a": 3, "b": 12}) == {"all": 15, "a": None, "b": None}
    assert _shown({"a": 3, "b": 12}, ("b",)) == {"all": None, "a": None, "b": 12}
    assert _shown({"a": 3, "b": 12, "c": 20}, ("b",)) == {"all": 35, "a": None, "b": 12, "c": None}


def test_days_that_are_not_published_have_no_counts_of_people() -> None:
    """Two reports that differ in a day would show who came on that day."""
    people: dict[PeopleKey, dict[str, int]] = {(MONTH, None, None): {"participants": 50}}
    view = disclosure.view(people, MONTH, THRESHOLD)
    other = Period(MONTH.first_day, MONTH.last_day - dt.timedelta(days=1))
    assert view.counts(people, other) == {}
    assert view.protect(_report({}, other), other, None)["totals"]["participants"] == {
        "value": None,
        "suppressed": True,
    }


def test_days_beyond_everything_known_are_the_days_known() -> None:
    """Asking for longer than there is anything asks for the whole."""
    people: dict[PeopleKey, dict[str, int]] = {(MONTH, None, None): {"participants": 50}}
    view = disclosure.view(people, MONTH, THRESHOLD)
    longer = Period(MONTH.first_day, MONTH.last_day + dt.timedelta(days=40))
    assert view.counts(people, longer)[longer, None, None] == {"participants": 50}


def test_the_report_says_how_much_is_withheld() -> None:
    """The note and the report's `disclosure` count the withheld figures."""
    people: dict[PeopleKey, dict[str, int]] = {(MONTH, area, None): {"participants": 3} for area in (None, "a")}
    report = disclosure.view(people, MONTH, THRESHOLD).protect(_report({"a": 3}), MONTH, None)
    # Of four counts each, the participants are small; who is new or stayed is part of them.
    assert report["disclosure"] == {"threshold": THRESHOLD, "withheld": 9, "published": 3}
    (note,) = report["notes"]
    assert note["code"] == "counts_withheld"
    assert note["text_en"].startswith("9 figures")


def _staying(period: Period, small: int) -> Json:
    """Protect who stayed of 40 newcomers of the first of two school years, in a report of some days; give the parts."""
    whole = Period(dt.date(2024, 8, 1), dt.date(2026, 6, 30))
    (first, last) = staying.cohorts(whole)
    people: dict[PeopleKey, dict[str, int]] = {}
    for area, new, again in ((None, 40 + small, 20 + small), ("a", 40, 20), ("b", small, small)):
        people[whole, area, None] = {
            "participants": new + 30,
            "new_participants": new + 30,
            "multi_year_participants": again,
            "seen_again": again,
            "left": 0,
        }
        people[first.year, area, None] = {"participants": new, "new_participants": new}
        back = {"new_participants": 30, "multi_year_participants": again}
        people[last.year, area, None] = {"participants": 30 + again, **back}
        people[first.until(last.year), area, Later(1)] = {"seen": again}
    view = disclosure.view(people, whole, THRESHOLD)
    counted = view.counts(view.people, period)
    report = {**_report({}, period), "retention": staying.retention(period, "a", counted)}
    report["alumni"] = staying.alumni(period, "a", counted)
    report["area"] = {"area": "a"}
    return staying.tell_shares(view.protect(report, period, "a"))


def test_a_cohort_is_shown_over_school_years_and_its_shares_with_it() -> None:
    """Each share is of two counts that are shown."""
    first, last = _staying(Period(dt.date(2024, 8, 1), dt.date(2026, 6, 30)), 0)["retention"]
    assert (first["cohort"], last["cohort"]) == ("2024/25", "2025/26")
    assert first["new_participants"] == {"value": 40, "suppressed": False}
    assert first["seen_again"] == first["years"][0]["seen"] == {"value": 20, "suppressed": False}
    assert first["years"][0]["share_pct"] == 50
    assert (last["new_participants"]["value"], last["seen_again"], last["years"]) == (30, None, [])


def test_a_cohort_over_other_days_is_withheld() -> None:
    """Who came again until a day and who until the next would differ by who came on that day."""
    first, last = _staying(Period(dt.date(2024, 8, 1), dt.date(2026, 6, 29)), 0)["retention"]
    assert first["new_participants"]["value"] == 40
    assert first["seen_again"]["suppressed"]
    assert first["years"][0]["seen"]["suppressed"]
    assert first["years"][0]["share_pct"] is None
    assert last["new_participants"]["suppressed"]


def test_a_small_cohort_elsewhere_withholds_what_would_complete_it() -> None:
    """With three who came again in another area, the own twenty would leave them over in the network's total."""
    (first, _) = _staying(Period(dt.date(2024, 8, 1), dt.date(2026, 6, 30)), 3)["retention"]
    assert first["years"][0]["seen"]["suppressed"] or first["new_participants"]["suppressed"]
    assert first["years"][0]["share_pct"] is None


def test_the_published_spans_are_the_whole_years_quarters_and_months() -> None:
    """A school year begins on 1 August; at both ends the whole cuts them off."""
    spans = published_spans(Period(dt.date(2025, 6, 15), dt.date(2025, 9, 10)))
    assert [(span.kind, f"{span.period.first_day} {span.period.last_day}") for span in spans] == [
        ("whole", "2025-06-15 2025-09-10"),
        ("school_year", "2025-06-15 2025-07-31"),
        ("school_year", "2025-08-01 2025-09-10"),
        ("month", "2025-06-15 2025-06-30"),
        ("month", "2025-07-01 2025-07-31"),
        ("month", "2025-08-01 2025-08-31"),
        ("month", "2025-09-01 2025-09-10"),
        ("quarter", "2025-07-01 2025-09-10"),
    ]


def test_years_that_cross_school_years_are_known_to_hold_one_another() -> None:
    """Where the whole begins or ends within a year, one lies in the other, and its people are among the other's."""
    whole = Period(dt.date(2023, 8, 1), dt.date(2026, 11, 13))
    values: dict[PeopleCell, int] = {("volunteers", span.period, None, None): 7 for span in published_spans(whole)}
    known = {relation.terms for relation in relations(values, whole, {})}
    autumn, year = Period(dt.date(2026, 8, 1), whole.last_day), Period(dt.date(2026, 1, 1), whole.last_day)
    first, school_year = Period(whole.first_day, dt.date(2023, 12, 31)), Period(whole.first_day, dt.date(2024, 7, 31))
    for part, parent in ((autumn, year), (first, school_year)):
        assert ((("volunteers", parent, None, None), 1), (("volunteers", part, None, None), -1)) in known
