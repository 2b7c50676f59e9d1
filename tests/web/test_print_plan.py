"""What a plan's report tells on paper of its budget, beside the system that makes it."""

from services.reporting.web.print import plan_sections
from services.reporting.web.print.blocks import Speech
from tests.support.builders import Json

NAMES = {"job": "Beskæftigelse"}


def _line(year: int, budget_ore: int, spent_ore: int, cost_type: str = "wages") -> Json:
    remaining = budget_ore - spent_ore
    of_what = {"effort_area": "job", "cost_type": cost_type, "year": year}
    return {**of_what, "budget_ore": budget_ore, "spent_ore": spent_ore, "remaining_ore": remaining}


def test_a_budget_is_listed_by_year_with_the_sums_of_each() -> None:
    """Fifty lines without a sum say nothing of a year to whoever reads them on paper."""
    lines = [_line(2024, 30_000, 10_000), _line(2023, 20_000, 5_000), _line(2024, 1_000, 0, "evaluation")]
    sums = {"budget_ore": 51_000, "spent_ore": 15_000, "remaining_ore": 36_000}
    table = plan_sections.budget_lines({"lines": lines, **sums}, NAMES, Speech("da"))
    assert table is not None
    assert [row[2:] for row in table["rows"]] == [
        ["2023", "200,00", "50,00", "150,00"],
        ["2023", "200,00", "50,00", "150,00"],
        ["2024", "300,00", "100,00", "200,00"],
        ["2024", "10,00", "0,00", "10,00"],
        ["2024", "310,00", "100,00", "210,00"],
        ["", "510,00", "150,00", "360,00"],
    ]
    assert [place for place, row in enumerate(table["rows"]) if row[0] == "I alt"] == [1, 4, 5]
    assert (table["sums"], table["has_total"]) == ([1, 4], True)


def test_a_plan_without_a_budget_has_no_such_list() -> None:
    """A list of nothing but a sum of nothing says nothing."""
    empty = {"lines": [], "budget_ore": 0, "spent_ore": 0, "remaining_ore": 0}
    assert plan_sections.budget_lines(empty, NAMES, Speech("da")) is None
