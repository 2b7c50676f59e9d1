"""How figures, amounts and sentences about them are written, wherever they stand: what readers once stumbled over."""

import re
from typing import Final

import pytest

from services.reporting.web import co_funding
from services.reporting.web.figures import WrittenFigures
from services.reporting.web.language import languages
from services.reporting.web.wording import Wording
from services.reporting.web.writing import MINUS, Code, amount, number, percent, short_amount, whole_amount

BOTH: Final[tuple[Code, ...]] = ("da", "en")
KRONER: Final = 100
MILLION_ORE: Final = 100_000_000


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("write", [amount, whole_amount, short_amount])
def test_an_amount_stays_on_one_line_with_its_unit(language: Code, write: object) -> None:
    """The four amounts of the page of money once broke before the r of kr."""
    assert callable(write)
    for amount_ore in (0, 5, 43_000_000, 7_120_000_000, -58_393_784):
        assert " " not in write(amount_ore, language)


@pytest.mark.parametrize(
    ("amount_ore", "written"),
    [
        (225_000_000, "2,3 mio. kr."),
        (575_000_000, "5,8 mio. kr."),
        (-225_000_000, f"{MINUS}2,3 mio. kr."),
        (99_949_999, "999 t.kr."),
        (99_950_000, "1 mio. kr."),
        (43_000_000, "430 t.kr."),
        (50, "1 kr."),
    ],
)
def test_halves_are_rounded_as_readers_do(amount_ore: int, written: str) -> None:
    """Away from nothing, and nobody says a thousand thousands."""
    assert short_amount(amount_ore, "da").replace("\N{NO-BREAK SPACE}", " ") == written


def test_what_rounds_to_nothing_has_no_sign() -> None:
    """An instalment that was a few øre ahead of its budget once stood as minus nothing."""
    assert [number(value, "da", 0) for value in (-0.33, -0.5, 0.33)] == ["0", f"{MINUS}1", "0"]


@pytest.mark.parametrize(("language", "written"), [("da", f"{MINUS}5.000,00 kr."), ("en", f"DKK {MINUS}5,000.00")])
def test_a_change_of_a_budget_line_is_an_amount(language: Code, written: str) -> None:
    """It stands above a total in kroner, and was once written in øre without a unit."""
    report = {"vouchers": [], "carry_forwards": [{"changes": {"loen": -500_000}}]}
    figures = WrittenFigures(report, languages()[language])
    shown = re.sub("<[^>]*>", "", figures("carry_forwards.0.changes.loen"))
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == written


@pytest.mark.parametrize(
    ("values", "decimals", "written"),
    [
        ((60, 45.9, 3), 1, ["60,0", "45,9", "3,0"]),
        ((10, 5.27, -0.5), 2, ["10,00", "5,27", f"{MINUS}0,50"]),
        ((10, 5, 0), 2, ["10", "5", "0"]),
        ((10.04, 5), 1, ["10", "5"]),
    ],
)
def test_the_figures_of_a_column_have_the_same_decimals(
    values: tuple[float, ...], decimals: int, written: list[str]
) -> None:
    """Plain ones and counts of people; what is hidden, and what is alone, changes nothing."""
    rows = [{"hours": value, "people": {"value": value, "suppressed": False}} for value in values]
    rows.append({"hours": None, "people": {"value": None, "suppressed": True}})
    figures = WrittenFigures({"rows": rows, "hours": 60}, languages()["da"])
    for name in ("hours", "people"):
        shown = [figures(f"rows.{place}.{name}", decimals) for place in range(len(values))]
        assert [re.sub("<[^>]*>", "", each) for each in shown] == written
    assert ">60<" in figures("hours")


def test_a_share_and_a_number_are_rounded_alike() -> None:
    """0,05 is 0,1, whichever way it is stored."""
    assert [number(value, "da") for value in (0.05, 2.25, 10, -0.5)] == ["0,1", "2,3", "10", f"{MINUS}0,5"]
    assert percent(82.25, "da").startswith("82,3")


@pytest.mark.parametrize(("language", "word"), [("da", "akkumuleret"), ("en", "cumulative")])
def test_an_amount_by_spans_of_time_says_that_it_accumulates(language: Code, word: str) -> None:
    """Beside hours of each year, who divides one by the other would have a cost that is too high."""
    words = Wording(languages()[language])
    for time in ("month", "quarter", "year", "school_year"):
        assert word in words.indicator("spent_ore", ("plan", time))
        assert word not in words.indicator("participant_hours", ("plan", time))
    assert word not in words.indicator("spent_ore", ("plan",))


def test_the_pace_of_spending_names_the_day_that_it_is_told_of() -> None:
    """A table on the same page is of the last day with a fact, and says a different share of the time."""
    values = {"spent_pct": 60.4, "elapsed_pct": 83.2, "on": "2026-11-28"}
    item = {"code": "spending_off_pace", "values": values, "detail": "", "since": None, "area": None, "plan": "p"}
    for language, day in ((languages()["da"], "28. november 2026"), (languages()["en"], "28 November 2026")):
        assert day in Wording(language).detail(item)


@pytest.mark.parametrize(("local_ore", "holds"), [(24 * KRONER, False), (25 * KRONER, True), (26 * KRONER, True)])
def test_a_floor_of_25_per_cent_is_held_by_25_and_by_no_24(local_ore: int, *, holds: bool) -> None:
    """Foundations lie on top: they make the share neither larger nor smaller."""
    sums = {
        "municipality": local_ore,
        "landsbyggefonden": 100 * KRONER - local_ore,
        "foundation": MILLION_ORE,
    }
    funding = {"by_funder_kind": {kind: {"committed_ore": ore} for kind, ore in sums.items()}}
    assert co_funding.is_above_floor(funding) is holds


def test_a_share_just_below_the_floor_is_not_rounded_up_to_it() -> None:
    """24,97 % beside "not met" would be 25 %."""
    sums = {"municipality": 2_497 * KRONER, "landsbyggefonden": 7_503 * KRONER}
    funding = {"by_funder_kind": {kind: {"committed_ore": ore} for kind, ore in sums.items()}}
    assert co_funding.floor_share_pct(funding) == pytest.approx(24.9)
    assert not co_funding.is_above_floor(funding)
