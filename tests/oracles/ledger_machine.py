"""A Hypothesis state machine that posts any funding event there is, in any order, right or wrong.

`python -m tests.oracles.ledger_machine 2000 200` runs it long: so many histories of up to so many steps.
"""

import sys
from typing import Any, Final

from beancount import loader
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.funding.domain import accounts
from services.funding.domain.auditing import Audit
from services.funding.domain.rows import Account, BudgetLine, Commitment, Expense, Plan
from services.funding.exports import beancount
from shared.errors import Refused
from tests.support.builders import PLAN, Json, a_commitment, an_expense
from tests.support.ledger_in_memory import Ledger, folded
from tests.support.money import (
    a_budget,
    a_line,
    a_receipt,
    a_release,
    a_resumption,
    a_reversal,
    a_revision,
    a_statement,
    a_withholding,
)

FUNDER_KINDS: Final = ("landsbyggefonden", "municipality", "housing_organisation", "foundation", "other")
COMMITMENTS: Final = [f"tilsagn-{number}" for number in range(5)]
LINES: Final = {"loen-2025": 2025, "loen-2026": 2026, "drift-2025": 2025, "drift-2027": 2027}
# The first and the last day of the plan and of its years, with a day on either side; most lie in the later years.
DAYS: Final = [
    "2025-07-31",
    "2025-08-01",
    "2025-12-31",
    "2026-01-01",
    "2026-06-30",
    "2027-02-28",
    "2028-02-29",
    "2028-12-31",
    "2029-07-31",
    "2029-08-01",
]
# Small amounts make rounding matter and limits near; large ones are promised, and now and then asked for.
PROMISES = st.integers(1, 40) | st.integers(1, 10_000_000_000)
AMOUNTS = st.integers(1, 9) | st.integers(1, 40) | st.integers(1, 2_000) | st.integers(1, 10_000_000_000)

commitments = st.sampled_from(COMMITMENTS)
# An expense that is there already when there is one, by its place from the last; or none of them: a new one.
places = st.integers(0, 5)
lines = st.sampled_from(sorted(LINES))
days = st.sampled_from(DAYS)
years = st.integers(2025, 2027)


class LedgerMachine(RuleBasedStateMachine):
    """One plan's ledger, and every event that was accepted on it."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.accepted: list[Json] = []

    def post(self, event: Json) -> None:
        """Post an event; when it is refused, nothing may have changed."""
        before = self._everything()
        try:
            decision = self.ledger.post(event)
        except Refused:
            assert self._everything() == before
            return
        self.accepted.append(event)
        if decision.outcome and "shares" in decision.outcome:
            entry = decision.entries[0]
            shares = decision.outcome["shares"].values()
            assert abs(sum(shares)) == entry.amount_ore

    @initialize(amounts=st.tuples(PROMISES, PROMISES))
    def two_funders_promise(self, amounts: tuple[int, int]) -> None:
        """Most histories begin with a fund and a municipality."""
        for name, kind, amount_ore in zip(COMMITMENTS, FUNDER_KINDS, amounts, strict=False):
            self.post(a_commitment(name, funder_kind=kind, amount_ore=amount_ore))

    @rule(name=commitments, kind=st.sampled_from(FUNDER_KINDS), amount_ore=PROMISES, day=days, in_kind=st.booleans())
    def promise(self, name: str, kind: str, amount_ore: int, day: str, in_kind: bool) -> None:  # noqa: FBT001  drawn by the machine
        """A funder promises."""
        self.post(a_commitment(name, funder_kind=kind, amount_ore=amount_ore, date=day, in_kind=in_kind))

    @rule(name=commitments, amount_ore=AMOUNTS, day=days)
    def release(self, name: str, amount_ore: int, day: str) -> None:
        """A funder releases."""
        self.post(a_release(name, amount_ore, day))

    @rule(name=commitments, amount_ore=AMOUNTS, day=days, again=st.sampled_from([0, 0, 0, 1]))
    def receive(self, name: str, amount_ore: int, day: str, again: int) -> None:
        """An instalment comes in, now and then under the name of the last."""
        self.post(a_receipt(name, amount_ore, f"rate-{len(self.accepted) - again}", date=day))

    @rule(name=commitments, day=days, resume=st.booleans())
    def hold_back(self, name: str, day: str, resume: bool) -> None:  # noqa: FBT001  as above
        """A funder holds back, or pays again."""
        self.post((a_resumption if resume else a_withholding)(name, day))

    @rule(amount_ore=AMOUNTS, line=lines, day=days)
    def spend(self, amount_ore: int, line: str, day: str) -> None:
        """The plan spends, and the ledger shares it."""
        self.post(an_expense(self._new_expense(), amount_ore=amount_ore, line=line, incurred_on=day))

    @rule(line=lines)
    def spend_the_rest(self, line: str) -> None:
        """The plan spends everything that is left."""
        plan = self._plan()
        left_ore = max(1, plan.agreed_ore - plan.spent_ore)
        self.post(an_expense(self._new_expense(), amount_ore=left_ore, line=line, incurred_on="2029-07-31"))

    @rule(shares=st.dictionaries(commitments, AMOUNTS, min_size=1, max_size=3), day=days, place=places)
    def spend_as_told(self, shares: dict[str, int], day: str, place: int) -> None:
        """The plan spends, and the sender shares it; now and then under a name that is taken."""
        name = self._new_expense() if place else self._expense(place)
        amount_ore = sum(shares.values())
        self.post(an_expense(name, amount_ore=amount_ore, shares=shares, line="loen-2025", incurred_on=day))

    @rule(place=places, day=days)
    def take_back(self, place: int, day: str) -> None:
        """An expense is reversed."""
        self.post(a_reversal(self._expense(place), date=day))

    @rule(weights=st.lists(st.integers(1, 5), min_size=4, max_size=4), off_ore=st.sampled_from([0, 0, 0, 1]))
    def budget(self, weights: list[int], off_ore: int) -> None:
        """A budget of the whole financing is approved, or one that is an øre off."""
        left_ore = self._plan().agreed_ore + off_ore
        budgeted = []
        for (name, year), weight in zip(LINES.items(), weights, strict=True):
            amount_ore = left_ore * weight // 6 if name != "drift-2027" else left_ore
            left_ore -= amount_ore
            if amount_ore > 0:
                budgeted.append(a_line(name, amount_ore, year=year))
        if budgeted:
            self.post(a_budget(budgeted))

    @rule(giving=lines, taking=lines, amount_ore=AMOUNTS, carry=st.booleans(), named=st.booleans())
    def revise(self, giving: str, taking: str, amount_ore: int, carry: bool, named: bool) -> None:  # noqa: FBT001  as above
        """Money moves between lines, or forward."""
        changes = {taking: amount_ore}
        if named and giving != taking:
            changes[giving] = -amount_ore
        self.post(a_revision("carry_forward" if carry else "reallocation", **changes))

    @rule(word=st.sampled_from(["submitted", "submitted", "returned", "accepted"]), year=years)
    def state(self, word: str, year: int) -> None:
        """A statement is handed in, sent back or accepted."""
        self.post(a_statement(word, year))

    @invariant()
    def balances_are_the_fold_of_the_entries(self) -> None:
        """All accounts together stand at zero, each at the sum of its entries."""
        balances = self.ledger.balances()
        assert sum(balances.values()) == 0
        assert balances == folded(self.ledger.entries)

    @invariant()
    def nothing_is_overdrawn(self) -> None:
        """Neither a commitment nor the plan, and the bank's accounts are the expenses' mirror."""
        state, plan = self.ledger.state, self._plan()
        balances = self.ledger.balances()
        carried_ore = 0
        for row in state.all(Commitment):
            own_ore = -balances.get(accounts.income(row.commitment), 0)
            carried_ore += own_ore
            assert 0 <= own_ore <= (0 if row.in_kind else row.amount_ore)
            assert 0 <= row.received_ore <= row.released_ore <= row.amount_ore
        booked_ore = sum(row.amount_ore for row in state.all(Expense) if row.reversal is None)
        assert carried_ore == booked_ore == plan.spent_ore <= plan.agreed_ore

    @invariant()
    def landsbyggefonden_stays_within_its_ceiling(self) -> None:
        """However much it promises: of what all promise it releases, pays and carries three quarters at most."""
        rows, balances = self.ledger.state.all(Commitment), self.ledger.balances()
        ceiling_ore = sum(row.amount_ore for row in rows) * 75 // 100
        fund = [row for row in rows if row.funder_kind == "landsbyggefonden"]
        assert sum(row.received_ore for row in fund) <= sum(row.released_ore for row in fund) <= ceiling_ore
        assert -sum(balances.get(accounts.income(row.commitment), 0) for row in fund) <= ceiling_ore

    @invariant()
    def the_budget_stays_whole(self) -> None:
        """No line stands below zero, and no revision adds to the budget."""
        rows = self.ledger.state.all(BudgetLine)
        assert all(row.amount_ore >= 0 for row in rows)
        assert sum(row.amount_ore for row in rows) <= self._plan().agreed_ore

    def teardown(self) -> None:
        """At the end the journal is whole, a fresh replay is identical, and Beancount agrees."""
        replayed = Ledger()
        replayed.post(*self.accepted)
        assert replayed.balances() == self.ledger.balances()
        assert replayed.seals == self.ledger.seals
        state = self.ledger.state
        audit = Audit()
        for event in self.ledger.journal:
            audit.read(event)
        audit.close(len(self.ledger.journal), state.all(Plan), state.all(Account))
        audit.check_commitments(state.all(Commitment), state.all(Account))
        assert audit.findings == []
        text = beancount.journal(PLAN, self.ledger.journal, self.ledger.balances(), state.all(BudgetLine))
        _, errors, _ = loader.load_string(text)
        assert errors == []

    def _new_expense(self) -> str:
        return f"udgift-{len(self.accepted)}"

    def _expense(self, place: int) -> str:
        booked = [row.expense for row in self.ledger.state.all(Expense)]
        return booked[-1 - place % len(booked)] if booked else "findes-ikke"

    def _plan(self) -> Plan:
        return self.ledger.row(Plan, PLAN)

    def _everything(self) -> list[Any]:
        state = self.ledger.state
        kinds = (Plan, Commitment, Expense, BudgetLine, Account)
        return [sorted(map(repr, state.all(kind))) for kind in kinds]


def run(examples: int, steps: int) -> None:
    """Try so many histories of up to so many steps."""
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]))
