"""Rules of what funders promise, release, pay and hold back."""

from collections.abc import Mapping
from typing import Final

from services.funding.domain import ceiling
from services.funding.domain.accounts import BANK, agreed, in_kind, pledges, post, receivables, regulation
from services.funding.domain.checks import any_commitment_of, check_open, commitment_of, commitments_of, plan_of
from services.funding.domain.rows import Commitment, Receipt
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.funding import (
    FundingCommitted,
    FundingConfirmed,
    FundingReceived,
    FundingReleased,
    FundingResumed,
    FundingWithheld,
)
from shared.law import LANDSBYGGEFONDEN


def commit_funding(state: WorkingSet, event: CloudEvent[FundingCommitted]) -> Decision:
    """A funder promises a plan money; where Landsbyggefonden's part stands above the ceiling, that is flagged."""
    data = event.data
    plan = plan_of(state, data.plan)
    if state.get(Commitment, data.commitment):
        detail = f"the commitment '{data.commitment}' exists already"
        raise Refused("commitment_exists", detail, pointer="/data/commitment")
    check_open(plan, data.date, pointer="/data/date")
    name = data.commitment
    commitment = Commitment(
        commitment=name,
        plan=data.plan,
        funder=data.funder,
        funder_kind=data.funder_kind,
        amount_ore=data.amount_ore,
        in_kind=bool(data.in_kind),
        reference=data.reference,
        committed_on=data.date,
        confirmed_on=None if event.area else data.date,
    )
    warnings = ceiling.warnings(commitment, [*commitments_of(state, plan), commitment])
    state.put(commitment)
    money_ore = 0 if commitment.in_kind else commitment.amount_ore
    state.put(
        plan._replace(commitments=tuple(sorted((*plan.commitments, name))), agreed_ore=plan.agreed_ore + money_ore)
    )
    promised = in_kind(name) if commitment.in_kind else pledges(name)
    outcome = {"confirmed": True} if commitment.confirmed_on else None
    return Decision(warnings, outcome, post(state, plan, data.date, [(agreed(name), promised, data.amount_ore)]))


def confirm_commitment(state: WorkingSet, event: CloudEvent[FundingConfirmed]) -> Decision:
    """The network confirms what an area has stated, by the amount that it has seen; no money moves."""
    data = event.data
    commitment = any_commitment_of(state, event)
    if commitment.confirmed_on is not None:
        detail = f"it is confirmed since {commitment.confirmed_on}"
        raise Refused("confirmed_already", detail, pointer="/data/commitment")
    if data.amount_ore != commitment.amount_ore:
        detail = f"{commitment.amount_ore} øre were stated"
        raise Refused("amount_differs", detail, pointer="/data/amount_ore")
    if data.date < commitment.committed_on:
        raise Refused("dates_reversed", f"it was made on {commitment.committed_on}", pointer="/data/date")
    state.put(commitment._replace(confirmed_on=data.date))
    return Decision()


def release_funding(state: WorkingSet, event: CloudEvent[FundingReleased]) -> Decision:
    """A part of a commitment may be drawn: never more than was promised, of Landsbyggefonden's within the ceiling."""
    data = event.data
    commitment, plan = commitment_of(state, event)
    check_open(plan, data.date, pointer="/data/date")
    over_ore = commitment.released_ore + data.amount_ore - commitment.amount_ore
    if over_ore > 0:
        raise Refused("over_commitment", f"{over_ore} øre more than committed", pointer="/data/amount_ore")
    ceiling.check_moved(state, plan, commitment, released_ore=data.amount_ore)
    state.put(commitment._replace(released_ore=commitment.released_ore + data.amount_ore))
    name = commitment.commitment
    entries = post(state, plan, data.date, [(pledges(name), receivables(name), data.amount_ore)])
    return Decision(_held_back(commitment), entries=entries)


def receive_funding(state: WorkingSet, event: CloudEvent[FundingReceived]) -> Decision:
    """An instalment comes in: of co-funding only what is released, of Landsbyggefonden's what is committed.

    What Landsbyggefonden pays, and so releases, stays within the ceiling.
    """
    data = event.data
    commitment, plan = commitment_of(state, event)
    if state.get(Receipt, data.receipt):
        raise Refused("receipt_exists", f"the receipt '{data.receipt}' is booked already", pointer="/data/receipt")
    check_open(plan, data.date, pointer="/data/date")
    received_ore = commitment.received_ore + data.amount_ore
    over_ore = received_ore - commitment.amount_ore
    if over_ore > 0:
        raise Refused("over_commitment", f"{over_ore} øre more than committed", pointer="/data/amount_ore")
    over_ore = received_ore - commitment.released_ore
    if over_ore > 0 and commitment.funder_kind != LANDSBYGGEFONDEN:
        raise Refused("over_release", f"{over_ore} øre more than released", pointer="/data/amount_ore")
    # Landsbyggefonden pays without a release of its own: the payment then says that the money was released.
    unreleased_ore = max(0, received_ore - commitment.released_ore)
    ceiling.check_moved(state, plan, commitment, received_ore=data.amount_ore, released_ore=unreleased_ore)
    state.put(commitment._replace(received_ore=received_ore, released_ore=commitment.released_ore + unreleased_ore))
    name = commitment.commitment
    state.put(
        Receipt(
            receipt=data.receipt,
            commitment=name,
            amount_ore=data.amount_ore,
            received_on=data.date,
            reference=data.reference,
        )
    )
    transfers = [
        (pledges(name), receivables(name), unreleased_ore),
        (receivables(name), BANK, data.amount_ore),
        (regulation(name), agreed(name), data.amount_ore),
    ]
    outcome = {"released_ore": unreleased_ore} if unreleased_ore else None
    return Decision(_held_back(commitment), outcome, post(state, plan, data.date, transfers))


def withhold_funding(state: WorkingSet, event: CloudEvent[FundingWithheld]) -> Decision:
    """A funder holds back what it still owes; what comes in all the same is booked, with a warning."""
    commitment, _ = commitment_of(state, event)
    if commitment.withheld_on is not None:
        detail = f"it is withheld since {commitment.withheld_on}"
        raise Refused("withheld_already", detail, pointer="/data/commitment")
    state.put(commitment._replace(withheld_on=event.data.date, withheld_reason=event.data.reason))
    return Decision()


def resume_funding(state: WorkingSet, event: CloudEvent[FundingResumed]) -> Decision:
    """A funder pays again what it had held back."""
    commitment, _ = commitment_of(state, event)
    if commitment.withheld_on is None:
        raise Refused("not_withheld", "nothing of it is withheld", pointer="/data/commitment")
    if event.data.date < commitment.withheld_on:
        raise Refused("dates_reversed", f"it is withheld since {commitment.withheld_on}", pointer="/data/date")
    state.put(commitment._replace(withheld_on=None, withheld_reason=None))
    return Decision()


def _held_back(commitment: Commitment) -> tuple[str, ...]:
    """Warn of money that moves while its funder holds it back; the bank's statement is right, so it is booked."""
    return () if commitment.withheld_on is None else (f"payout_withheld:{commitment.commitment}",)


RULES: Final[Mapping[type[EventData], Rule]] = {
    FundingCommitted: commit_funding,
    FundingConfirmed: confirm_commitment,
    FundingReleased: release_funding,
    FundingReceived: receive_funding,
    FundingWithheld: withhold_funding,
    FundingResumed: resume_funding,
}
