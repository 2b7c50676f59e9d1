"""The rules of budgets and statements at their border: what is equal passes, one øre more is refused by its code."""

import pytest

from services.funding.domain.rows import BudgetLine
from tests.support.builders import AREA, PLAN, a_commitment, an_expense
from tests.support.ledger_in_memory import Ledger, refused
from tests.support.money import (
    ACTIVITIES,
    HOUSING,
    LBF,
    MUNICIPALITY,
    WAGES,
    WAGES_LATER,
    a_budget,
    a_line,
    a_receipt,
    a_release,
    a_reversal,
    a_revision,
    a_statement,
    three_lines,
)

NO_SUCH = "findes-ikke"


class TestBudget:
    """What a budget may hold and how it may change."""

    def test_a_budget_is_as_large_as_the_agreed_financing(self, ledger: Ledger) -> None:
        """One øre more or less is refused, equal passes."""
        for wrong_ore in (999_999, 1_000_001):
            assert refused(ledger, a_budget([a_line(amount_ore=wrong_ore)])) == ("budget_mismatch", "/data/lines")
        ledger.post(a_budget([a_line(amount_ore=1_000_000)]))

    def test_a_line_lies_in_the_plan_and_its_pool(self, ledger: Ledger) -> None:
        """The effort area is one of the pool's, the year one of the plan's."""
        foreign = a_budget([a_line(amount_ore=1_000_000, effort_area="sundhed")])
        assert refused(ledger, foreign) == ("effort_area_not_in_pool", "/data/lines/0/effort_area")
        for year in (2024, 2030):
            late = a_budget([a_line(amount_ore=1_000_000, year=year)])
            assert refused(ledger, late) == ("outside_plan", "/data/lines/0/year")
        ledger.post(a_budget([a_line(amount_ore=1_000_000, year=2029)]))

    def test_a_line_keeps_its_kind(self, budgeted: Ledger) -> None:
        """A later budget may change its amount and nothing else."""
        lines = [a_line(amount_ore=1_000_000, cost_type="other")]
        assert refused(budgeted, a_budget(lines)) == ("line_redefined", "/data/lines/0/line")
        budgeted.post(a_budget([a_line(amount_ore=1_000_000)]))
        assert budgeted.row(BudgetLine, (PLAN, ACTIVITIES)).amount_ore == 0

    def test_a_line_that_was_spent_on_stays(self, ledger: Ledger) -> None:
        """A budget without it is refused."""
        ledger.post(an_expense(line=WAGES, amount_ore=5))
        lines = [a_line(ACTIVITIES, 1_000_000)]
        assert refused(ledger, a_budget(lines)) == ("line_missing", "/data/lines")

    def test_with_a_budget_expenses_name_its_lines(self, budgeted: Ledger) -> None:
        """Without one any name does."""
        event = an_expense(line=NO_SUCH, amount_ore=5)
        assert refused(budgeted, event) == ("unknown_line", "/data/line")

    def test_a_line_spent_to_the_end_is_no_warning_and_one_ore_more_is(self, budgeted: Ledger) -> None:
        """An overrun is allowed and flagged."""
        budgeted.post(a_receipt(LBF, 750_000), a_release(MUNICIPALITY, 125_000), a_release(HOUSING, 125_000))
        budgeted.post(a_receipt(MUNICIPALITY, 125_000, "rate-2"), a_receipt(HOUSING, 125_000, "rate-3"))
        assert budgeted.post(an_expense(line=WAGES, amount_ore=600_000)).warnings == ()
        decision = budgeted.post(an_expense("udgift-2", line=WAGES, amount_ore=1))
        assert decision.warnings == (f"line_overrun:{WAGES}",)
        later = budgeted.post(an_expense("udgift-3", line=WAGES_LATER, amount_ore=1))
        assert later.warnings == (f"line_of_another_year:{WAGES_LATER}",)

    def test_a_reallocation_adds_up_to_nothing(self, budgeted: Ledger) -> None:
        """One øre off is refused."""
        event = a_revision(loen_2025=-100, aktiviteter_2025=101)
        assert refused(budgeted, event) == ("reallocation_unbalanced", "/data/changes")
        decision = budgeted.post(a_revision(loen_2025=-100, aktiviteter_2025=100))
        assert decision.outcome == {"version": 2, "changes": {ACTIVITIES: 100, WAGES: -100}}

    def test_a_line_gives_all_it_has_and_not_one_ore_more(self, budgeted: Ledger) -> None:
        """A line never stands below zero."""
        event = a_revision(aktiviteter_2025=-300_001, loen_2025=300_001)
        assert refused(budgeted, event) == ("line_below_zero", "/data/changes/0/amount_ore")
        budgeted.post(a_revision(aktiviteter_2025=-300_000, loen_2025=300_000))

    def test_a_reallocation_below_what_is_spent_is_flagged(self, budgeted: Ledger) -> None:
        """It is the overrun of a line."""
        budgeted.post(an_expense(line=ACTIVITIES, amount_ore=300_000))
        decision = budgeted.post(a_revision(aktiviteter_2025=-1, loen_2025=1))
        assert decision.warnings == (f"line_overrun:{ACTIVITIES}",)

    def test_a_revision_names_lines_of_the_budget(self, budgeted: Ledger) -> None:
        """An unknown one is refused."""
        event = a_revision(loen_2025=-1, findes_ikke=1)
        assert refused(budgeted, event) == ("unknown_line", "/data/changes/1/line")

    def test_what_a_year_left_unspent_is_carried_forward_and_not_one_ore_more(self, budgeted: Ledger) -> None:
        """Without a word on where it comes from, the oldest lines give, in the order of their names."""
        budgeted.post(
            an_expense(line=WAGES, amount_ore=550_000), an_expense("u-2", line=ACTIVITIES, amount_ore=299_990)
        )
        assert refused(budgeted, a_revision("carry_forward", loen_2026=50_011)) == ("over_unspent", "/data/changes")
        decision = budgeted.post(a_revision("carry_forward", loen_2026=50_010))
        assert decision.outcome == {
            "version": 2,
            "changes": {ACTIVITIES: -10, WAGES: -50_000, WAGES_LATER: 50_010},
        }

    def test_a_line_that_is_named_gives_at_most_what_it_left(self, budgeted: Ledger) -> None:
        """Equal passes, one øre more does not."""
        budgeted.post(an_expense(line=WAGES, amount_ore=599_990))
        event = a_revision("carry_forward", loen_2025=-11, loen_2026=11)
        assert refused(budgeted, event) == ("over_unspent", "/data/changes/0/amount_ore")
        budgeted.post(a_revision("carry_forward", loen_2025=-10, loen_2026=10))

    def test_money_is_carried_forward_only(self, budgeted: Ledger) -> None:
        """Not within a year, not to an earlier one, and not to nowhere."""
        backward = a_revision("carry_forward", loen_2026=-10, loen_2025=10)
        assert refused(budgeted, backward) == ("carry_forward_backward", "/data/changes/0/line")
        for event in (
            a_revision("carry_forward", loen_2025=-10),
            a_revision("carry_forward", loen_2025=-2, loen_2026=1),
        ):
            assert refused(budgeted, event) == ("carry_forward_unbalanced", "/data/changes")


class TestStatements:
    """How a year is locked, opened and closed."""

    def test_a_submitted_year_takes_no_booking_and_the_next_does(self, ledger: Ledger) -> None:
        """The last day of the locked year is refused, the first of the open one passes; so for every booking."""
        ledger.post(a_release(MUNICIPALITY, 100), a_statement("submitted"))
        locked = [
            (an_expense(incurred_on="2025-12-31", amount_ore=5), "/data/incurred_on"),
            (a_release(HOUSING, date="2025-12-31"), "/data/date"),
            (a_receipt(date="2025-12-31"), "/data/date"),
            (a_commitment("sent", funder_kind="foundation", date="2025-06-01"), "/data/date"),
        ]
        for event, pointer in locked:
            assert refused(ledger, event) == ("year_locked", pointer)
        ledger.post(
            an_expense(incurred_on="2026-01-01", amount_ore=5),
            a_release(HOUSING, date="2026-01-01"),
            a_receipt(date="2026-01-01"),
            a_commitment("sent", funder_kind="foundation", date="2026-01-01"),
        )

    def test_a_returned_year_is_open_again_and_may_be_submitted_again(self, ledger: Ledger) -> None:
        """The last day of it takes bookings."""
        ledger.post(a_statement("submitted"), a_statement("returned"))
        ledger.post(an_expense(incurred_on="2025-12-31", amount_ore=5), a_statement("submitted"))

    def test_an_accepted_year_stays_closed(self, ledger: Ledger) -> None:
        """It is neither returned, nor accepted, nor submitted again."""
        ledger.post(a_statement("submitted"), a_statement("accepted"))
        assert refused(ledger, a_statement("returned")) == ("statement_accepted", "/data/year")
        assert refused(ledger, a_statement("accepted")) == ("statement_accepted", "/data/year")
        assert refused(ledger, a_statement("submitted")) == ("year_locked", "/data/year")

    def test_only_what_is_submitted_is_decided(self, ledger: Ledger) -> None:
        """Neither what never was, nor what was sent back."""
        assert refused(ledger, a_statement("accepted")) == ("statement_not_submitted", "/data/year")
        ledger.post(a_statement("submitted"), a_statement("returned"))
        assert refused(ledger, a_statement("accepted")) == ("statement_not_submitted", "/data/year")

    def test_years_are_submitted_in_order_and_returned_from_the_end(self, ledger: Ledger) -> None:
        """A later statement rests on the earlier ones."""
        assert refused(ledger, a_statement("submitted", 2026)) == ("earlier_year_open", "/data/year")
        ledger.post(a_statement("submitted"), a_statement("submitted", 2026))
        assert refused(ledger, a_statement("returned")) == ("later_year_locked", "/data/year")

    @pytest.mark.parametrize("year", [2024, 2030])
    def test_a_statement_is_of_a_year_of_the_plan(self, ledger: Ledger, year: int) -> None:
        """The years before and after are refused."""
        assert refused(ledger, a_statement("submitted", year)) == ("outside_plan", "/data/year")

    @pytest.mark.parametrize("word", ["returned", "accepted"])
    def test_an_area_does_not_decide_on_its_own_statement(self, ledger: Ledger, word: str) -> None:
        """Only the network does."""
        ledger.post(a_statement("submitted") | {"source": f"/areas/{AREA}"})
        event = a_statement(word) | {"source": f"/areas/{AREA}"}
        assert refused(ledger, event) == ("network_only", "/source")

    def test_the_last_year_accepted_says_that_all_are(self, ledger: Ledger) -> None:
        """The registry can close the plan then."""
        told = []
        for year in range(2025, 2030):
            decision = ledger.post(a_statement("submitted", year), a_statement("accepted", year))
            told.append(decision.outcome)
        assert told == [{"all_accepted": False}] * 4 + [{"all_accepted": True}]

    def test_a_locked_years_expense_is_reversed_in_the_open_year_and_says_so(self, ledger: Ledger) -> None:
        """Whatever day the reversal names."""
        ledger.post(an_expense(amount_ore=5), an_expense("udgift-2", amount_ore=5), a_statement("submitted"))
        decision = ledger.post(a_reversal(date="2025-12-31"))
        assert decision.warnings == ("reversed_in_open_year:2026",)
        assert decision.outcome is not None
        assert decision.outcome["booked_on"] == "2026-01-01"
        later = ledger.post(a_reversal("udgift-2", date="2026-03-04"))
        assert later.outcome is not None
        assert (later.outcome["booked_on"], later.warnings) == ("2026-03-04", ("reversed_in_open_year:2026",))

    def test_a_locked_years_budget_gives_what_it_left_and_changes_no_other_way(self, ledger: Ledger) -> None:
        """A carry-forward out of it passes."""
        ledger.post(a_budget(), a_statement("submitted"))
        event = a_revision(loen_2025=-1, aktiviteter_2025=1)
        assert refused(ledger, event) == ("year_locked", "/data/changes/0/line")
        lines = [a_line(amount_ore=900_000), *three_lines()[2:]]
        assert refused(ledger, a_budget(lines)) == ("year_locked", "/data/lines")
        ledger.post(a_revision("carry_forward", loen_2026=100))
