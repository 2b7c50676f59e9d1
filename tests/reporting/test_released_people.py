"""What a release tells is put to a report's questions as it is, and nothing is told that it does not have."""

from datetime import UTC, date, datetime
from typing import Final

import pytest

from services.reporting.periods import Period, whole_school_year, whole_year
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count, mean_of
from services.reporting.releasing.released import NETWORK, Hours, Means, ToldAs
from services.reporting.reports.released_people import ReleasedPeople, ReleasedPlan, added_up, hidden, share_pct, shown
from services.reporting.terms import Plan

# August 2024 to September 2025.
CALENDAR: Final = Calendar(date(2024, 8, 1), 14)
WHOLE: Final = Period(date(2024, 8, 12), date(2025, 10, 20))
HEAD: Final = ReleaseHead(3, CALENDAR, {}, 5, "d" * 64, datetime(2025, 10, 11, tzinfo=UTC), "schedule", 9)
FIRST_YEAR: Final = Months(0, 11)
EFFORT_AREA: Final = ("effort_area", "2019-26", "job")


def _people(**told: dict[Count, ToldAs]) -> ReleasedPeople:
    return ReleasedPeople(HEAD, {NETWORK if area == "all" else area: cells for area, cells in told.items()}, WHOLE)


def _cell(name: str = "participants", months: Months = CALENDAR.whole, of: tuple[str, ...] = ()) -> Count:
    return Count(name, months, of)


def test_a_figure_is_told_hidden_or_not_released() -> None:
    """As the release has it; of the network, of areas, and by what beside them."""
    people = _people(
        all={_cell(): 40, _cell("new"): 31, _cell("volunteers"): "withheld"},
        a={_cell(): "small", _cell(of=EFFORT_AREA): "large", _cell("attendances"): 812, _cell("back"): 0},
    )
    assert people.figure("participants", WHOLE, None) == shown(40)
    assert people.figure("new_participants", WHOLE, None) == shown(31)
    assert people.figure("volunteers", WHOLE, None) == hidden("withheld")
    assert people.figure("participants", WHOLE, "a") == hidden("small")
    assert people.figure("participants", WHOLE, "a", EFFORT_AREA) == hidden("large")
    assert people.figure("attendances", WHOLE, "a") == shown(812)
    assert people.figure("multi_year_participants", WHOLE, "a") == shown(0)
    for days, area in ((WHOLE, "b"), (Period(date(2025, 1, 2), date(2025, 3, 31)), None), (whole_year(2026), None)):
        assert people.figure("participants", days, area) == hidden("not_released")
    assert ReleasedPeople().figure("participants", WHOLE, None) == hidden("not_released")


def test_a_hidden_total_is_at_least_what_its_parts_tell() -> None:
    """The largest of its parts, or the sum of what areas tell; below five nothing is said, and of a small one never."""
    people = _people(
        all={
            _cell(): "withheld",
            _cell(months=Months(0, 0)): 9,
            _cell(months=FIRST_YEAR): 14,
            _cell("new"): "withheld",
        },
        a={_cell(): 11, _cell("new"): 3, _cell("volunteers"): "small", _cell("volunteers", Months(1, 1)): 0},
        b={_cell(): 8, _cell("volunteers"): "large", _cell("volunteers", Months(1, 1)): 7},
    )
    assert people.figure("participants", WHOLE, None) == hidden("withheld", 19)
    assert people.figure("new_participants", WHOLE, None) == hidden("withheld")
    assert people.figure("volunteers", WHOLE, "a") == hidden("small")
    assert people.figure("volunteers", WHOLE, "b") == hidden("large", 7)
    assert hidden("large", 4) == hidden("large")


def test_hours_and_means_are_told_as_they_are_released() -> None:
    """Hours with their hundredths, means in whole points; a mean that is withheld is none."""
    by_self = "self_perception by self"
    people = _people(
        all={
            _cell("participant_hours"): Hours(123_450),
            _cell(by_self): 12,
            _cell(mean_of(by_self)): Means(40, 52, 12, 3, 21),
            _cell(mean_of("others")): "withheld",
        }
    )
    assert people.figure("participant_hours", WHOLE, None) == shown(1234.5)
    assert people.means(by_self, WHOLE, None) == Means(40, 52, 12, 3, 21)
    assert people.means("others", WHOLE, None) is None
    assert people.means(by_self, whole_year(2025), None) is None


def test_cohorts_and_former_participants_are_asked_for_by_their_days() -> None:
    """A cohort by its own school year and the later one; former participants in all alone."""
    people = _people(
        all={
            _cell("new", FIRST_YEAR): 22,
            _cell("seen", CALENDAR.whole): 9,
            _cell("seen_again", CALENDAR.whole): "large",
            _cell("followed_up", of=("after", "6")): 12,
        }
    )
    first, later = WHOLE.by_school_year()
    assert people.of_cohort("new_participants", first, first, None) == shown(22)
    assert people.of_cohort("seen", first, later, None) == shown(9)
    assert people.of_cohort("seen_again", first, later, None) == hidden("large")
    assert people.followed(WHOLE, None) == [6]
    assert people.followed(first, None) == people.followed(WHOLE, "a") == []


@pytest.mark.parametrize(
    ("days", "value"),
    [
        # The plan began in October 2024, and nobody was in it before.
        (Period(date(2024, 10, 1), date(2025, 10, 20)), 20),
        (Period(date(2024, 10, 1), date(2025, 7, 31)), 14),
        (whole_school_year(2024), 14),
        (Period(date(2024, 10, 1), date(2025, 3, 31)), None),
    ],
)
def test_a_plan_is_told_by_any_months_that_are_the_same_within_it(days: Period, value: int | None) -> None:
    """Its people are those of the areas that it has alone; of a shared one the plan has cells of its own."""
    plan = Plan("p", "P", "2019-26", ("a", "b"), date(2024, 10, 1), date(2028, 9, 30))
    told: dict[str, dict[Count, ToldAs]] = {
        "a": {_cell(): 12, _cell(months=FIRST_YEAR): 9},
        "b": {_cell(of=("plan", "p")): 8, _cell(months=FIRST_YEAR, of=("plan", "p")): 5, _cell(): 77},
    }
    people = ReleasedPlan(HEAD, told, WHOLE, plan, frozenset({"b"}))
    assert people.figure("participants", days, None)["value"] == value
    assert people.figure("participants", days, "b", EFFORT_AREA)["value"] is None


def test_figures_add_up_where_all_are_told() -> None:
    """Else the sum is at least what is told."""
    assert added_up([shown(3), shown(9)]) == shown(12)
    assert added_up([shown(9), hidden("small")]) == hidden("withheld", 9)
    assert added_up([hidden("small")]) == hidden("small")
    assert added_up([hidden("not_released"), hidden("not_released")]) == hidden("not_released")
    assert share_pct(shown(1), shown(3)) == 33.3
    assert share_pct(hidden("small"), shown(3)) is share_pct(shown(0), shown(0)) is None
