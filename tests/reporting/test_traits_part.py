"""Who takes part: by age band and by gender, outside as it is released, and laid out without empty rows and columns."""

from datetime import UTC, date, datetime
from typing import Any, Final

from services.reporting.periods import Period
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import NETWORK, ToldAs
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.traits import AGE_BANDS, GENDERS
from services.reporting.reports.released_people import ReleasedPeople, hidden, shown
from services.reporting.terms import Json
from services.reporting.web.taking_part import rows_of, years_of

CALENDAR: Final = Calendar(date(2024, 8, 1), 14)
WHOLE: Final = Period(date(2024, 8, 12), date(2025, 10, 20))
HEAD: Final = ReleaseHead(3, CALENDAR, {}, 5, "d" * 64, datetime(2025, 10, 11, tzinfo=UTC), "schedule", 9)
FIRST_YEAR: Final = Months(0, 11)


def _facts(told: dict[Count, ToldAs], period: Period | None = WHOLE) -> Facts:
    outside = ReleasedPeople(HEAD, {NETWORK: told}, WHOLE)
    nothing: dict[str, Any] = dict.fromkeys(("areas", "effort_areas", "plans", "standings"), ())
    return Facts(period=period, area=None, as_of={}, recorded=None, outside=outside, **nothing)


def _cell(*of: str, months: Months = CALENDAR.whole) -> Count:
    return Count("participants", months, of)


def _told(part: list[Json], name: str) -> dict[str, Json]:
    return {row[name]: row for row in part}


def test_outside_each_trait_is_told_as_it_is_released() -> None:
    """With its share of everybody where both are told; a school year that a release has, and one that it has not."""
    facts = _facts(
        {
            _cell(): 40,
            _cell("age_band", "13-14"): 30,
            _cell("age_band", "13-14", months=FIRST_YEAR): 21,
            _cell("age_band", "15-17"): "small",
            _cell("gender", "female"): 25,
            _cell("gender", "other"): "withheld",
        }
    )
    bands = _told(list(AGE_BANDS.tell(facts)), "age_band")
    assert (bands["13-14"]["participants"], bands["13-14"]["share_pct"]) == (shown(30), 75)
    assert bands["13-14"]["years"] == [
        {"school_year": "2024/25", "participants": shown(21)},
        {"school_year": "2025/26", "participants": hidden("not_released")},
    ]
    assert (bands["15-17"]["participants"], bands["15-17"]["share_pct"]) == (hidden("small"), None)
    assert bands["67+"]["participants"] == hidden("not_released")
    genders = _told(list(GENDERS.tell(facts)), "gender")
    assert (genders["female"]["participants"], genders["female"]["share_pct"]) == (shown(25), 62.5)
    assert genders["other"]["participants"] == hidden("withheld")


def test_where_nothing_happened_nobody_takes_part() -> None:
    """All rows are there, and no school year."""
    rows = AGE_BANDS.tell(_facts({}, None))
    assert len(rows) == 10
    assert {(row["participants"]["value"], row["share_pct"], len(row["years"])) for row in rows} == {(0, None, 0)}


def _row(value: int | None, *years: int | None) -> Json:
    def count(number: int | None) -> Json:
        return dict(shown(number)) if number is not None else dict(hidden("not_released"))

    return {
        "participants": count(value),
        "years": [{"school_year": str(place), "participants": count(year)} for place, year in enumerate(years)],
    }


def test_pages_leave_out_what_is_not_released_and_whoever_nobody_is() -> None:
    """A row of noughts alone, a school year of which nothing is released, and all of it where nothing is."""
    rows = [_row(0, 0, None), _row(9, 4, None), _row(3, 0, None)]
    assert rows_of(rows) == [1, 2]
    assert years_of(rows) == [(0, "0")]
    assert years_of([_row(9, 9)]) == []
    assert years_of([_row(0)]) == []
    assert rows_of([_row(None, None), _row(None, None)]) == []


def test_a_hidden_count_has_a_row() -> None:
    """Somebody may be there."""
    assert rows_of([{"participants": dict(hidden("small")), "years": []}, _row(8)]) == [0, 1]
