"""Every rule of the ledger at its border: what is equal passes, one øre or one day more is refused by its code."""

from collections.abc import Callable
from datetime import date

import pytest

from services.funding.domain.rows import Activity, Commitment, Plan
from tests.support.builders import ACTIVITY, AREA, OTHER_AREA, PLAN, Json, a_commitment, an_event, an_expense
from tests.support.ledger_in_memory import Ledger, refused
from tests.support.money import (
    HOUSING,
    LBF,
    MUNICIPALITY,
    a_confirmation,
    a_receipt,
    a_release,
    a_resumption,
    a_reversal,
    a_withholding,
)

NO_SUCH = "findes-ikke"


class TestCommitments:
    """What funders may promise, release, pay and hold back."""

    def test_a_commitment_is_made_once(self, ledger: Ledger) -> None:
        """The name is taken."""
        assert refused(ledger, a_commitment(LBF)) == ("commitment_exists", "/data/commitment")

    def test_a_plan_that_is_on_its_way_is_not_known_yet(self, ledger: Ledger) -> None:
        """The sender tries again."""
        assert refused(ledger, a_commitment("nyt", plan=NO_SUCH)) == ("not_yet_known", "/data/plan")

    def test_everything_promised_may_be_released_and_not_one_ore_more(self, ledger: Ledger) -> None:
        """Released is at most committed."""
        ledger.post(a_release(MUNICIPALITY, 125_000))
        assert refused(ledger, a_release(MUNICIPALITY, 1)) == ("over_commitment", "/data/amount_ore")

    def test_co_funding_comes_in_as_far_as_it_is_released(self, ledger: Ledger) -> None:
        """Received is at most released."""
        ledger.post(a_release(HOUSING, 500), a_receipt(HOUSING, 500))
        assert refused(ledger, a_receipt(HOUSING, 1, "rate-2")) == ("over_release", "/data/amount_ore")

    def test_landsbyggefonden_pays_as_far_as_it_has_committed(self, ledger: Ledger) -> None:
        """Received is at most committed, without any release."""
        ledger.post(a_receipt(LBF, 750_000))
        assert refused(ledger, a_receipt(LBF, 1, "rate-2")) == ("over_commitment", "/data/amount_ore")

    def test_a_receipt_is_booked_once(self, ledger: Ledger) -> None:
        """The name is taken."""
        ledger.post(a_receipt())
        assert refused(ledger, a_receipt()) == ("receipt_exists", "/data/receipt")

    @pytest.mark.parametrize("event", [a_release(NO_SUCH), a_receipt(NO_SUCH), a_withholding(NO_SUCH)])
    def test_what_nobody_promised_cannot_move(self, ledger: Ledger, event: Json) -> None:
        """A commitment must be there."""
        assert refused(ledger, event) == ("unknown_commitment", "/data/commitment")

    @pytest.mark.parametrize("event", [a_release("lokaler"), a_receipt("lokaler"), a_withholding("lokaler")])
    def test_what_is_given_in_kind_is_no_money(self, ledger: Ledger, event: Json) -> None:
        """It is neither released, nor received, nor withheld."""
        ledger.post(a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5))
        assert refused(ledger, event) == ("commitment_in_kind", "/data/commitment")

    def test_another_area_may_not_speak_of_the_plan(self, ledger: Ledger) -> None:
        """An area outside the plan is refused."""
        event = a_release() | {"source": "/areas/vollsmose"}
        assert refused(ledger, event) == ("foreign_area", "/source")

    def test_a_payout_is_withheld_once_and_resumed_once(self, ledger: Ledger) -> None:
        """Withheld and resumed take turns, and the days do not run backwards."""
        assert refused(ledger, a_resumption()) == ("not_withheld", "/data/commitment")
        ledger.post(a_withholding(date="2025-10-01"))
        assert refused(ledger, a_withholding()) == ("withheld_already", "/data/commitment")
        assert refused(ledger, a_resumption(date="2025-09-30")) == ("dates_reversed", "/data/date")
        ledger.post(a_resumption(date="2025-10-01"))
        assert ledger.row(Commitment, LBF).withheld_on is None

    def test_what_an_area_states_is_confirmed_by_the_network_once(self, ledger: Ledger) -> None:
        """Until then it is a statement; whoever confirms says the amount that they have seen, and no earlier day."""
        ledger.post(a_commitment("gave", funder_kind="foundation", amount_ore=9) | {"source": f"/areas/{AREA}"})
        assert ledger.row(Commitment, "gave").confirmed_on is None
        assert refused(ledger, a_confirmation(NO_SUCH)) == ("unknown_commitment", "/data/commitment")
        assert refused(ledger, a_confirmation("gave", 8)) == ("amount_differs", "/data/amount_ore")
        assert refused(ledger, a_confirmation("gave", 9, "2025-05-31")) == ("dates_reversed", "/data/date")
        by_the_area = a_confirmation("gave", 9) | {"source": f"/areas/{AREA}"}
        assert refused(ledger, by_the_area) == ("network_only", "/source")
        ledger.post(a_confirmation("gave", 9))
        assert ledger.row(Commitment, "gave").confirmed_on == date(2025, 8, 10)
        assert refused(ledger, a_confirmation("gave", 9)) == ("confirmed_already", "/data/commitment")

    def test_what_the_network_states_itself_needs_no_second_word(self, ledger: Ledger) -> None:
        """It is confirmed on the day of the commitment."""
        assert ledger.row(Commitment, LBF).confirmed_on == ledger.row(Commitment, LBF).committed_on
        assert ledger.post(a_commitment("mere")).outcome == {"confirmed": True}
        assert refused(ledger, a_confirmation()) == ("confirmed_already", "/data/commitment")

    def test_what_is_given_in_kind_is_confirmed_like_money(self, ledger: Ledger) -> None:
        """A promise of rooms is a promise."""
        stated = a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5)
        assert ledger.post(stated | {"source": f"/areas/{AREA}"}).outcome is None
        ledger.post(a_confirmation("lokaler", 5))

    def test_money_that_comes_in_while_withheld_is_booked_with_a_warning(self, ledger: Ledger) -> None:
        """The bank's statement is right."""
        ledger.post(a_withholding())
        assert ledger.post(a_receipt(LBF, 5)).warnings == (f"payout_withheld:{LBF}",)
        ledger.post(a_resumption())
        assert ledger.post(a_receipt(LBF, 5, "rate-2")).warnings == ()


class TestCeiling:
    """Landsbyggefonden's three quarters: flagged where they are promised, held where money moves."""

    @pytest.mark.parametrize("day", ["2025-07-31", "2025-08-01"])
    def test_three_quarters_exactly_are_no_warning_and_one_ore_more_is(self, day: str) -> None:
        """Before the plan's start as after it, and taken all the same."""
        ledger = Ledger()
        ledger.post(a_commitment(MUNICIPALITY, funder_kind="municipality", amount_ore=100, date=day))
        assert ledger.post(a_commitment(LBF, amount_ore=300, date=day)).warnings == ()
        over = ledger.post(a_commitment("tilsagn-lbf-2", amount_ore=1, date=day))
        assert over.warnings == ("over_ceiling:tilsagn-lbf-2",)
        assert ledger.row(Plan, PLAN).agreed_ore == 401

    def test_what_is_registered_first_is_flagged_until_the_local_share_is_there(self) -> None:
        """The order in which true promises come refuses none of them."""
        ledger = Ledger()
        assert ledger.post(a_commitment(LBF, amount_ore=300)).warnings == (f"over_ceiling:{LBF}",)
        local = a_commitment(MUNICIPALITY, funder_kind="municipality", amount_ore=100)
        assert ledger.post(local).warnings == ()
        ledger.post(a_receipt(LBF, 300), an_expense(amount_ore=400))

    @pytest.mark.parametrize("move", [a_release, a_receipt])
    def test_no_ore_above_three_quarters_of_what_is_promised_moves(self, move: Callable[[str, int], Json]) -> None:
        """Neither released nor paid, until the local share is there."""
        ledger = Ledger()
        ledger.post(a_commitment(LBF, amount_ore=300))
        assert refused(ledger, move(LBF, 226)) == ("over_ceiling", "/data/amount_ore")
        ledger.post(a_commitment(MUNICIPALITY, funder_kind="municipality", amount_ore=99))
        assert refused(ledger, move(LBF, 300)) == ("over_ceiling", "/data/amount_ore")
        ledger.post(move(LBF, 299))
        ledger.post(a_commitment(HOUSING, funder_kind="housing_organisation", amount_ore=1))
        rest = a_release(LBF, 1) if move is a_release else a_receipt(LBF, 1, "rate-2")
        ledger.post(rest)

    def test_all_of_its_promises_count_together(self) -> None:
        """What one has had, the other cannot have."""
        ledger = Ledger()
        ledger.post(a_commitment(LBF, amount_ore=300), a_commitment("tilsagn-lbf-2", amount_ore=100))
        ledger.post(a_receipt(LBF, 299), a_release("tilsagn-lbf-2", 1))
        assert refused(ledger, a_release("tilsagn-lbf-2", 1)) == ("over_ceiling", "/data/amount_ore")
        assert refused(ledger, a_receipt("tilsagn-lbf-2", 2, "rate-2")) == ("over_ceiling", "/data/amount_ore")

    def test_what_was_released_before_there_was_a_ceiling_here_is_not_paid_beyond_it(self) -> None:
        """The payment is what moves the money."""
        ledger = Ledger()
        ledger.post(a_commitment(LBF, amount_ore=300))
        ledger.state.put(ledger.row(Commitment, LBF)._replace(released_ore=300))
        assert refused(ledger, a_receipt(LBF, 226)) == ("over_ceiling", "/data/amount_ore")
        ledger.post(a_receipt(LBF, 225))

    def test_it_carries_no_more_of_the_expenses_whoever_shares_them(self) -> None:
        """In proportion or as the sender says; a reversal makes room again."""
        ledger = Ledger()
        ledger.post(a_commitment(LBF, amount_ore=300), an_expense(amount_ore=225))
        assert refused(ledger, an_expense("udgift-2", amount_ore=1)) == ("over_ceiling", "/data/amount_ore")
        told = an_expense("udgift-2", amount_ore=1, shares={LBF: 1})
        assert refused(ledger, told) == ("over_ceiling", "/data/shares")
        ledger.post(a_reversal(), told)

    def test_what_others_promise_is_spent_all_the_same(self) -> None:
        """Money that is not Landsbyggefonden's has no such ceiling."""
        ledger = Ledger()
        ledger.post(a_commitment(LBF, amount_ore=300), a_commitment("fond", funder_kind="foundation", amount_ore=4))
        ledger.post(an_expense(amount_ore=228, shares={LBF: 228}))
        ledger.post(an_expense("udgift-2", amount_ore=4, shares={"fond": 4}))
        told = an_expense("udgift-3", amount_ore=1, shares={LBF: 1})
        assert refused(ledger, told) == ("over_ceiling", "/data/shares")


class TestExpenses:
    """What a plan may spend, and how an expense is taken back."""

    def test_everything_agreed_may_be_spent_and_not_one_ore_more(self, ledger: Ledger) -> None:
        """Spent is at most agreed."""
        ledger.post(an_expense(amount_ore=1_000_000))
        assert refused(ledger, an_expense("udgift-2", amount_ore=1)) == ("over_financing", "/data/amount_ore")

    def test_in_kind_is_not_there_to_spend(self, ledger: Ledger) -> None:
        """Agreed financing is money."""
        ledger.post(a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5))
        assert refused(ledger, an_expense(amount_ore=1_000_001)) == ("over_financing", "/data/amount_ore")

    @pytest.mark.parametrize("day", ["2025-08-01", "2029-07-31"])
    def test_the_first_and_the_last_day_belong_to_the_plan(self, ledger: Ledger, day: str) -> None:
        """An expense of either day is booked."""
        ledger.post(an_expense(incurred_on=day, amount_ore=5))

    @pytest.mark.parametrize("day", ["2025-07-31", "2029-08-01"])
    def test_the_day_before_and_the_day_after_do_not(self, ledger: Ledger, day: str) -> None:
        """An expense of either day is refused."""
        event = an_expense(incurred_on=day, amount_ore=5)
        assert refused(ledger, event) == ("outside_plan", "/data/incurred_on")

    def test_an_expense_is_booked_once(self, ledger: Ledger) -> None:
        """The name is taken, even after a reversal."""
        ledger.post(an_expense(amount_ore=5), a_reversal())
        assert refused(ledger, an_expense(amount_ore=5)) == ("expense_exists", "/data/expense")

    def test_an_area_books_its_own_expenses(self, ledger: Ledger) -> None:
        """Not those of another area of the plan, nor of one outside it."""
        assert refused(ledger, an_expense(area=OTHER_AREA, amount_ore=5)) == ("foreign_area", "/data/area")
        outside = an_event("expense.booked", an_expense(area="vollsmose", amount_ore=5)["data"])
        assert refused(ledger, outside) == ("area_not_in_plan", "/data/area")

    def test_an_activity_must_be_known_and_of_the_plan(self, ledger: Ledger) -> None:
        """An unknown one may be on its way; one of another plan never fits."""
        ledger.post(an_expense(activity=ACTIVITY, amount_ore=5))
        event = an_expense("udgift-2", activity=NO_SUCH, amount_ore=5)
        assert refused(ledger, event) == ("not_yet_known", "/data/activity")
        ledger.state.add(Activity("fremmed", "anden-plan", AREA))
        foreign = an_expense("udgift-2", activity="fremmed", amount_ore=5)
        assert refused(ledger, foreign) == ("activity_not_in_plan", "/data/activity")

    def test_explicit_shares_go_up_to_each_promise_and_not_one_ore_further(self, ledger: Ledger) -> None:
        """A share beyond what its funder promised is refused."""
        ledger.post(an_expense(amount_ore=125_000, shares={MUNICIPALITY: 125_000}))
        event = an_expense("udgift-2", amount_ore=1, shares={MUNICIPALITY: 1})
        assert refused(ledger, event) == ("over_commitment", f"/data/shares/{MUNICIPALITY}")

    def test_explicit_shares_name_commitments_of_money_to_this_plan(self, ledger: Ledger) -> None:
        """Neither an unknown one nor one in kind."""
        ledger.post(a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5))
        for name in (NO_SUCH, "lokaler"):
            event = an_expense(amount_ore=1, shares={name: 1})
            assert refused(ledger, event) == ("unknown_commitment", f"/data/shares/{name}")

    def test_when_one_promise_is_used_up_the_others_carry_the_rest(self, ledger: Ledger) -> None:
        """Proportional shares never go beyond a promise."""
        ledger.post(an_expense(amount_ore=125_000, shares={MUNICIPALITY: 125_000}))
        decision = ledger.post(an_expense("udgift-2", amount_ore=875_000))
        assert decision.outcome == {"shares": {HOUSING: 125_000, LBF: 750_000}}

    def test_rounding_never_takes_a_promise_too_far(self) -> None:
        """Three promises of one øre carry three expenses of one øre, one each."""
        ledger = Ledger()
        for name in ("a", "b", "c"):
            ledger.post(a_commitment(name, funder_kind="foundation", amount_ore=1))
        shares = [ledger.post(an_expense(f"udgift-{n}", amount_ore=1)).outcome for n in range(3)]
        assert shares == [{"shares": {"a": 1}}, {"shares": {"b": 1}}, {"shares": {"c": 1}}]

    def test_a_regulation_account_at_zero_is_no_warning_and_below_is_one(self, ledger: Ledger) -> None:
        """Below zero is allowed and flagged."""
        ledger.post(a_receipt(LBF, 100))
        assert ledger.post(an_expense(amount_ore=100, shares={LBF: 100})).warnings == ()
        decision = ledger.post(an_expense("udgift-2", amount_ore=1, shares={LBF: 1}))
        assert decision.warnings == (f"regulation_account_below_zero:{LBF}",)

    def test_a_reversal_is_whole_and_once(self, ledger: Ledger) -> None:
        """What was reversed cannot be again, and leaves every account where it was."""
        before = ledger.balances()
        ledger.post(an_expense(amount_ore=100_003), a_reversal())
        assert {name: balance for name, balance in ledger.balances().items() if balance} == before
        assert ledger.row(Plan, PLAN).spent_ore == 0
        event = a_reversal(reversal="retur-2")
        assert refused(ledger, event) == ("expense_reversed", "/data/expense")

    def test_a_reversal_has_a_name_of_its_own(self, ledger: Ledger) -> None:
        """The name is taken."""
        ledger.post(an_expense(amount_ore=5), an_expense("udgift-2", amount_ore=5), a_reversal(reversal="retur"))
        assert refused(ledger, a_reversal("udgift-2", reversal="retur")) == ("reversal_exists", "/data/reversal")

    def test_a_reversal_comes_on_the_day_of_the_expense_at_the_earliest(self, ledger: Ledger) -> None:
        """The same day passes, the day before does not; and there must be an expense."""
        ledger.post(an_expense(incurred_on="2025-09-30", amount_ore=5))
        assert refused(ledger, a_reversal(date="2025-09-29")) == ("before_expense", "/data/date")
        ledger.post(a_reversal(date="2025-09-30"))
        assert refused(ledger, a_reversal(NO_SUCH)) == ("unknown_expense", "/data/expense")

    def test_an_area_reverses_its_own_expenses(self, ledger: Ledger) -> None:
        """Another area of the same plan may not."""
        ledger.post(an_expense(amount_ore=5))
        event = a_reversal() | {"source": f"/areas/{OTHER_AREA}"}
        assert refused(ledger, event) == ("foreign_area", "/source")
