"""The ledger's rules: pure functions from loaded state and one event to changed state. No I/O, no framework.

Double entry: money always goes from one account to another, in positive øre, so every event's entries balance by
their shape. A balance is what has come to an account less what has gone from it: assets and expenses stand above
zero, what is owed and earned stands below.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from shared import money
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.errors import ForeignArea, NotYetKnown, Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.funding import ExpenseBooked, FundingCommitted, FundingReceived, FundingReleased

LANDSBYGGEFONDEN: Final = "landsbyggefonden"
LOCAL_KINDS: Final = frozenset({"municipality", "housing_organisation"})
# What Landsbyggefonden may carry of a plan's agreed financing, in per cent.
CEILING_PERCENT: Final = 75

BANK: Final = "bank"


def pledges(commitment: str) -> str:
    """Name the account of what a funder has promised and not released (an asset)."""
    return f"pledges:{commitment}"


def receivables(commitment: str) -> str:
    """Name the account of what a funder has released and not paid (an asset)."""
    return f"receivables:{commitment}"


def agreed(commitment: str) -> str:
    """Name the account that answers for what is promised and not yet paid in (a liability)."""
    return f"agreed:{commitment}"


def regulation(commitment: str) -> str:
    """Name the regulation account: what was received less the funder's share of expenses (a liability)."""
    return f"regulation:{commitment}"


def income(commitment: str) -> str:
    """Name the account of what a funder has carried of the expenses (income)."""
    return f"income:{commitment}"


def expenses(line: str) -> str:
    """Name the account of what was spent on a budget line (an expense)."""
    return f"expenses:{line}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A helhedsplan as the registry told of it, and the totals that its bookings are held against.

    `agreed_ore` is the money that all commitments promise, contributions in kind apart; `spent_ore` all its expenses.
    """

    plan: str
    pool: str
    areas: tuple[str, ...]
    start_on: date
    end_on: date
    commitments: tuple[str, ...] = ()
    agreed_ore: int = 0
    spent_ore: int = 0

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.plan


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as the registry told of it."""

    activity: str
    plan: str
    area: str

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.activity


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a funder has promised a plan, and how much of it is released and received."""

    commitment: str
    plan: str
    funder: str
    funder_kind: str
    amount_ore: int
    in_kind: bool
    reference: str
    committed_on: date
    released_ore: int = 0
    received_ore: int = 0

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.commitment


@dataclass(frozen=True, slots=True)
class Receipt:
    """An instalment that came in; kept so that its name is used once."""

    receipt: str
    commitment: str

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.receipt


@dataclass(frozen=True, slots=True)
class Expense:
    """An expense that was booked; `shares` is what each commitment carries of it."""

    expense: str
    plan: str
    area: str
    line: str
    amount_ore: int
    incurred_on: date
    voucher: str
    text: str
    activity: str | None
    shares: Mapping[str, int]

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.expense


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a plan; `version` counts its entries."""

    plan: str
    account: str
    balance_ore: int = 0
    version: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Give the plan and the account's name."""
        return self.plan, self.account


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that went from one account to another: each side's balance before and after, and its version after."""

    place: int
    plan: str
    booked_on: date
    amount_ore: int
    from_account: str
    from_before_ore: int
    from_after_ore: int
    from_version: int
    to_account: str
    to_before_ore: int
    to_after_ore: int
    to_version: int


def commit_funding(state: WorkingSet, event: CloudEvent[FundingCommitted]) -> Decision:
    """A funder promises a plan money; once it has started, Landsbyggefonden's part stays within the ceiling."""
    data = event.data
    plan = _plan(state, event, data.plan)
    if state.get(Commitment, data.commitment):
        detail = f"the commitment '{data.commitment}' exists already"
        raise Refused("commitment_exists", detail, pointer="/data/commitment")
    commitment = Commitment(
        data.commitment,
        data.plan,
        data.funder,
        data.funder_kind,
        data.amount_ore,
        bool(data.in_kind),
        data.reference,
        data.date,
    )
    if data.funder_kind == LANDSBYGGEFONDEN and data.date >= plan.start_on:
        _check_ceiling([*_commitments(state, plan), commitment])
    state.put(commitment)
    cash_ore = 0 if commitment.in_kind else commitment.amount_ore
    state.put(
        replace(
            plan,
            commitments=(*plan.commitments, commitment.commitment),
            agreed_ore=plan.agreed_ore + cash_ore,
        )
    )
    name = commitment.commitment
    return Decision(entries=_post(state, plan, data.date, [(agreed(name), pledges(name), data.amount_ore)]))


def release_funding(state: WorkingSet, event: CloudEvent[FundingReleased]) -> Decision:
    """A part of a commitment may be drawn; never more than was promised."""
    data = event.data
    commitment, plan = _commitment(state, event)
    over_ore = commitment.released_ore + data.amount_ore - commitment.amount_ore
    if over_ore > 0:
        raise Refused("over_commitment", f"{over_ore} øre more than committed", pointer="/data/amount_ore")
    state.put(replace(commitment, released_ore=commitment.released_ore + data.amount_ore))
    name = commitment.commitment
    return Decision(entries=_post(state, plan, data.date, [(pledges(name), receivables(name), data.amount_ore)]))


def receive_funding(state: WorkingSet, event: CloudEvent[FundingReceived]) -> Decision:
    """An instalment comes in: of co-funding only what is released, of Landsbyggefonden's what is committed."""
    data = event.data
    commitment, plan = _commitment(state, event)
    if state.get(Receipt, data.receipt):
        raise Refused("receipt_exists", f"the receipt '{data.receipt}' is booked already", pointer="/data/receipt")
    received_ore = commitment.received_ore + data.amount_ore
    if commitment.funder_kind == LANDSBYGGEFONDEN:
        limit_ore, code, limit = commitment.amount_ore, "over_commitment", "committed"
    else:
        limit_ore, code, limit = commitment.released_ore, "over_release", "released"
    if received_ore > limit_ore:
        detail = f"{received_ore - limit_ore} øre more than {limit}"
        raise Refused(code, detail, pointer="/data/amount_ore")
    # Landsbyggefonden pays without a release of its own: the payment then says that the money was released.
    unreleased_ore = max(0, received_ore - commitment.released_ore)
    state.put(replace(commitment, received_ore=received_ore, released_ore=commitment.released_ore + unreleased_ore))
    state.put(Receipt(data.receipt, data.commitment))
    name = commitment.commitment
    transfers = [
        (pledges(name), receivables(name), unreleased_ore),
        (receivables(name), BANK, data.amount_ore),
        (regulation(name), agreed(name), data.amount_ore),
    ]
    outcome = {"released_ore": unreleased_ore} if unreleased_ore else None
    return Decision(outcome=outcome, entries=_post(state, plan, data.date, transfers))


def book_expense(state: WorkingSet, event: CloudEvent[ExpenseBooked]) -> Decision:
    """An expense inside its plan, within the agreed financing, is shared over the plan's commitments to the øre."""
    data = event.data
    plan = _plan(state, event, data.plan)
    _check_expense(state, event, plan)
    over_ore = plan.spent_ore + data.amount_ore - plan.agreed_ore
    if over_ore > 0:
        detail = f"{over_ore} øre more than the agreed financing of {plan.agreed_ore} øre"
        raise Refused("over_financing", detail, pointer="/data/amount_ore")
    shares = _shares(state, plan, data)
    state.put(
        Expense(
            data.expense,
            data.plan,
            data.area,
            data.line,
            data.amount_ore,
            data.incurred_on,
            data.voucher,
            data.text,
            data.activity,
            shares,
        )
    )
    state.put(replace(plan, spent_ore=plan.spent_ore + data.amount_ore))
    transfers = [(BANK, expenses(data.line), data.amount_ore)]
    transfers.extend((income(name), regulation(name), share_ore) for name, share_ore in sorted(shares.items()))
    entries = _post(state, plan, data.incurred_on, transfers)
    return Decision(_overdrawn(state, plan, shares), {"shares": dict(sorted(shares.items()))}, entries)


Rule = Callable[[WorkingSet, Any], Decision]

RULES: Final[Mapping[type[EventData], Rule]] = {
    FundingCommitted: commit_funding,
    FundingReleased: release_funding,
    FundingReceived: receive_funding,
    ExpenseBooked: book_expense,
}


def _plan(state: WorkingSet, event: CloudEvent[Any], name: str) -> Plan:
    """Give a plan that the event's sender may speak of."""
    plan = state.get(Plan, name)
    if plan is None:
        raise NotYetKnown("plan", name, pointer="/data/plan")
    if event.area is not None and event.area not in plan.areas:
        raise ForeignArea(f"'{event.area}' is no area of the plan '{name}'", pointer="/source")
    return plan


def _commitment(state: WorkingSet, event: CloudEvent[Any]) -> tuple[Commitment, Plan]:
    name = event.data.commitment
    commitment = state.get(Commitment, name)
    if commitment is None:
        raise Refused("unknown_commitment", f"there is no commitment '{name}'", pointer="/data/commitment")
    if commitment.in_kind:
        detail = "a contribution in kind is neither released nor received"
        raise Refused("commitment_in_kind", detail, pointer="/data/commitment")
    return commitment, _plan(state, event, commitment.plan)


def _commitments(state: WorkingSet, plan: Plan) -> list[Commitment]:
    found = [state.get(Commitment, name) for name in plan.commitments]
    return [commitment for commitment in found if commitment is not None]


def _check_ceiling(commitments: Iterable[Commitment]) -> None:
    total_ore = own_ore = 0
    for commitment in commitments:
        total_ore += commitment.amount_ore
        own_ore += commitment.amount_ore if commitment.funder_kind == LANDSBYGGEFONDEN else 0
    if own_ore * 100 > total_ore * CEILING_PERCENT:
        detail = f"Landsbyggefonden would carry more than {CEILING_PERCENT} % of the agreed financing"
        raise Refused("over_ceiling", detail, pointer="/data/amount_ore")


def _check_expense(state: WorkingSet, event: CloudEvent[ExpenseBooked], plan: Plan) -> None:
    """Check what an expense says about itself: whose it is, that it is new, and that it lies inside its plan."""
    data = event.data
    if event.area not in (None, data.area):
        raise ForeignArea(f"'{event.area}' may not speak for '{data.area}'", pointer="/data/area")
    if data.area not in plan.areas:
        raise Refused("area_not_in_plan", f"'{data.area}' is no area of this plan", pointer="/data/area")
    if state.get(Expense, data.expense):
        raise Refused("expense_exists", f"'{data.expense}' is booked already", pointer="/data/expense")
    if not plan.start_on <= data.incurred_on <= plan.end_on:
        detail = f"the plan runs from {plan.start_on} to {plan.end_on}"
        raise Refused("outside_plan", detail, pointer="/data/incurred_on")
    if data.activity is not None:
        activity = state.get(Activity, data.activity)
        if activity is None:
            raise NotYetKnown("activity", data.activity, pointer="/data/activity")
        if activity.plan != plan.plan:
            detail = f"'{data.activity}' belongs to another plan"
            raise Refused("activity_not_in_plan", detail, pointer="/data/activity")


def _shares(state: WorkingSet, plan: Plan, data: ExpenseBooked) -> Mapping[str, int]:
    """Share an expense as the event says, else in proportion to what each funder has promised in money."""
    paying = {item.commitment: item for item in _commitments(state, plan) if not item.in_kind}
    if data.shares is None:
        weights = {name: item.amount_ore for name, item in paying.items()}
        shares = money.split(data.amount_ore, weights)
        return {name: share_ore for name, share_ore in shares.items() if share_ore}
    for name, share_ore in data.shares.items():
        if name not in paying:
            detail = f"'{name}' is no commitment of money to this plan"
            raise Refused("unknown_commitment", detail, pointer=f"/data/shares/{name}")
        carried_ore = -_account(state, plan, income(name)).balance_ore
        over_ore = carried_ore + share_ore - paying[name].amount_ore
        if over_ore > 0:
            raise Refused("over_commitment", f"{over_ore} øre more than committed", pointer=f"/data/shares/{name}")
    return data.shares


def _overdrawn(state: WorkingSet, plan: Plan, shares: Mapping[str, int]) -> tuple[str, ...]:
    """Name the regulation accounts that an expense has taken below zero: allowed, and flagged."""
    return tuple(
        f"regulation_account_below_zero:{name}"
        for name in sorted(shares)
        if _account(state, plan, regulation(name)).balance_ore > 0
    )


def _account(state: WorkingSet, plan: Plan, name: str) -> Account:
    return state.get(Account, (plan.plan, name)) or Account(plan.plan, name)


def _post(state: WorkingSet, plan: Plan, day: date, transfers: list[tuple[str, str, int]]) -> tuple[Entry, ...]:
    """Move money between accounts, (from, to, øre) each, and give the entries; nothing moves for 0 øre."""
    entries: list[Entry] = []
    for from_name, to_name, amount_ore in transfers:
        if amount_ore == 0:
            continue
        before_from, before_to = _account(state, plan, from_name), _account(state, plan, to_name)
        after_from = Account(plan.plan, from_name, before_from.balance_ore - amount_ore, before_from.version + 1)
        after_to = Account(plan.plan, to_name, before_to.balance_ore + amount_ore, before_to.version + 1)
        state.put(after_from)
        state.put(after_to)
        entries.append(
            Entry(
                len(entries) + 1,
                plan.plan,
                day,
                amount_ore,
                from_name,
                before_from.balance_ore,
                after_from.balance_ore,
                after_from.version,
                to_name,
                before_to.balance_ore,
                after_to.balance_ore,
                after_to.version,
            )
        )
    return tuple(entries)
