"""Rules of what a plan spends: who carries an expense, and how one is taken back."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.funding.domain import ceiling
from services.funding.domain.accounts import BANK, account_of, expenses, income, post, regulation
from services.funding.domain.checks import check_open, commitments_of, plan_of, statement_year
from services.funding.domain.rows import Activity, BudgetLine, Commitment, Expense, Plan, Reversal
from shared import money
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import NotYetKnown, Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.funding import ExpenseBooked, ExpenseReversed


def book_expense(state: WorkingSet, event: CloudEvent[ExpenseBooked]) -> Decision:
    """An expense inside its plan, within the agreed financing, is shared over the plan's commitments to the øre."""
    data = event.data
    plan = plan_of(state, data.plan)
    _check_expense(state, event, plan)
    over_ore = plan.spent_ore + data.amount_ore - plan.agreed_ore
    if over_ore > 0:
        detail = f"{over_ore} øre more than the agreed financing of {plan.agreed_ore} øre"
        raise Refused("over_financing", detail, pointer="/data/amount_ore")
    shares = dict(sorted(_shares(state, plan, data).items()))
    state.put(
        Expense(
            expense=data.expense,
            plan=data.plan,
            area=data.area,
            line=data.line,
            amount_ore=data.amount_ore,
            incurred_on=data.incurred_on,
            voucher=data.voucher,
            text=data.text,
            activity=data.activity,
            shares=shares,
        ),
        plan._replace(spent_ore=plan.spent_ore + data.amount_ore),
    )
    transfers = [(BANK, expenses(data.line), data.amount_ore)]
    transfers.extend((income(name), regulation(name), share_ore) for name, share_ore in shares.items())
    entries = post(state, plan, data.incurred_on, transfers)
    warnings = (*_overdrawn(state, plan, shares), *_line_warnings(state, plan, data.line, data.incurred_on))
    return Decision(warnings, {"shares": shares}, entries)


def reverse_expense(state: WorkingSet, event: CloudEvent[ExpenseReversed]) -> Decision:
    """An expense is taken back whole, once, by the opposite of each entry; in a locked year, in the next open one."""
    data = event.data
    expense = state.get(Expense, data.expense)
    if expense is None:
        raise Refused("unknown_expense", f"there is no expense '{data.expense}'", pointer="/data/expense")
    plan = plan_of(state, expense.plan)
    if expense.reversal is not None:
        raise Refused("expense_reversed", f"'{expense.reversal}' has taken it back", pointer="/data/expense")
    if state.get(Reversal, data.reversal):
        raise Refused("reversal_exists", f"'{data.reversal}' is booked already", pointer="/data/reversal")
    if data.date < expense.incurred_on:
        detail = f"the expense was incurred on {expense.incurred_on}"
        raise Refused("before_expense", detail, pointer="/data/date")
    booked_on = _first_open_day(plan, data.date)
    state.put(
        expense._replace(reversal=data.reversal, reversed_on=booked_on, reversal_reason=data.reason),
    )
    state.put(Reversal(reversal=data.reversal, expense=data.expense))
    state.put(plan._replace(spent_ore=plan.spent_ore - expense.amount_ore))
    transfers = [(expenses(expense.line), BANK, expense.amount_ore)]
    transfers.extend((regulation(name), income(name), share_ore) for name, share_ore in expense.shares.items())
    entries = post(state, plan, booked_on, transfers)
    locked = statement_year(plan, expense.incurred_on) in plan.locked_years
    warnings = (f"reversed_in_open_year:{statement_year(plan, booked_on)}",) if locked else ()
    outcome = {
        "plan": plan.plan,
        "line": expense.line,
        "booked_on": booked_on.isoformat(),
        "shares": {name: -share_ore for name, share_ore in expense.shares.items()},
    }
    return Decision(warnings, outcome, entries)


def _first_open_day(plan: Plan, day: date) -> date:
    """Give the day itself, or the first of the next year that takes bookings; after the plan's last year all do."""
    while (year := statement_year(plan, day)) in plan.locked_years:
        day = date(year + 1, 1, 1)
    return day


def _check_expense(state: WorkingSet, event: CloudEvent[ExpenseBooked], plan: Plan) -> None:
    """Check what an expense says about itself: its area is of the plan, it is new, and it lies inside the plan."""
    data = event.data
    if data.area not in plan.areas:
        raise Refused("area_not_in_plan", f"'{data.area}' is no area of this plan", pointer="/data/area")
    if state.get(Expense, data.expense):
        raise Refused("expense_exists", f"'{data.expense}' is booked already", pointer="/data/expense")
    if not plan.start_on <= data.incurred_on <= plan.end_on:
        detail = f"the plan runs from {plan.start_on} to {plan.end_on}"
        raise Refused("outside_plan", detail, pointer="/data/incurred_on")
    check_open(plan, data.incurred_on, pointer="/data/incurred_on")
    if plan.budget_version and state.get(BudgetLine, (plan.plan, data.line)) is None:
        raise Refused("unknown_line", f"the plan's budget has no line '{data.line}'", pointer="/data/line")
    if data.activity is not None:
        activity = state.get(Activity, data.activity)
        if activity is None:
            raise NotYetKnown("activity", data.activity, pointer="/data/activity")
        if activity.plan != plan.plan:
            detail = f"'{data.activity}' belongs to another plan"
            raise Refused("activity_not_in_plan", detail, pointer="/data/activity")


def _shares(state: WorkingSet, plan: Plan, data: ExpenseBooked) -> Mapping[str, int]:
    """Share an expense as the event says, else in proportion to what each funder has promised in money."""
    commitments = commitments_of(state, plan)
    paying = {item.commitment: item for item in commitments if not item.in_kind}
    if data.shares is None:
        shares, pointer = _proportional(state, plan, paying, data.amount_ore), "/data/amount_ore"
    else:
        shares, pointer = _told(state, plan, paying, data.shares), "/data/shares"
    ceiling.check_carried(state, plan, commitments, shares, pointer=pointer)
    return shares


def _told(
    state: WorkingSet, plan: Plan, paying: Mapping[str, Commitment], shares: Mapping[str, int]
) -> Mapping[str, int]:
    """Check the shares that the sender gives: of commitments of money to this plan, none beyond what was promised."""
    for name, share_ore in shares.items():
        if name not in paying:
            detail = f"'{name}' is no commitment of money to this plan"
            raise Refused("unknown_commitment", detail, pointer=f"/data/shares/{name}")
        over_ore = share_ore - _room_ore(state, plan, paying[name])
        if over_ore > 0:
            raise Refused("over_commitment", f"{over_ore} øre more than committed", pointer=f"/data/shares/{name}")
    return shares


def _proportional(
    state: WorkingSet, plan: Plan, paying: Mapping[str, Commitment], amount_ore: int
) -> Mapping[str, int]:
    """Share in proportion to the promises; what would go over one of them is carried by the others, so that none is.

    The rounding of many small expenses, or explicit shares, can use one commitment up before the rest.
    """
    weights = {name: item.amount_ore for name, item in paying.items()}
    rooms_ore = {name: _room_ore(state, plan, item) for name, item in paying.items()}
    shares: dict[str, int] = {}
    left_ore = amount_ore
    while True:
        tried = money.split(left_ore, weights)
        full = [name for name, share_ore in tried.items() if share_ore > rooms_ore[name]]
        if not full:
            return {name: share_ore for name, share_ore in (shares | tried).items() if share_ore}
        for name in full:
            shares[name] = rooms_ore[name]
            left_ore -= rooms_ore[name]
            del weights[name]


def _room_ore(state: WorkingSet, plan: Plan, commitment: Commitment) -> int:
    """Give what a commitment can still carry; what it carries stands below zero on its income account."""
    return commitment.amount_ore + account_of(state, plan, income(commitment.commitment)).balance_ore


def _overdrawn(state: WorkingSet, plan: Plan, shares: Mapping[str, int]) -> tuple[str, ...]:
    """Name the regulation accounts that an expense has taken below zero: allowed, and flagged."""
    return tuple(
        f"regulation_account_below_zero:{name}"
        for name in shares
        if account_of(state, plan, regulation(name)).balance_ore > 0
    )


def _line_warnings(state: WorkingSet, plan: Plan, name: str, day: date) -> tuple[str, ...]:
    """Warn where a line of the budget is overrun, or belongs to another year: allowed, and flagged."""
    line = state.get(BudgetLine, (plan.plan, name))
    if line is None:
        return ()
    warnings = []
    if account_of(state, plan, expenses(name)).balance_ore > line.amount_ore:
        warnings.append(f"line_overrun:{name}")
    if line.year != day.year:
        warnings.append(f"line_of_another_year:{name}")
    return tuple(warnings)


RULES: Final[Mapping[type[EventData], Rule]] = {
    ExpenseBooked: book_expense,
    ExpenseReversed: reverse_expense,
}
