"""Joins the rules of funding's themes, and seals what they decided into the chain of the plan. Pure."""

from typing import Any, Final

from services.funding.domain import budget, commitments, expenses, rights, statements
from services.funding.domain.rows import Commitment, Expense
from services.funding.domain.sealing import seal
from shared.backbone.decisions import Decision, rules_of
from shared.backbone.working_set import WorkingSet
from shared.events import funding
from shared.events.catalogue import Posted
from shared.events.envelope import CloudEvent

RULES: Final = rules_of(commitments.RULES, budget.RULES, expenses.RULES, statements.RULES)


def decide(state: WorkingSet, posted: Posted) -> Decision:
    """Check who says an event, apply its rule, and seal what it decided into the chain of its plan."""
    kind = type(posted.event.data)
    rights.CHECKS[kind](state, posted.event)
    decision = RULES[kind](state, posted.event)
    return seal(state, _plan_name(state, posted.event), posted.digest, decision)


def _plan_name(state: WorkingSet, event: CloudEvent[Any]) -> str:
    """Tell which plan an event concerned, now that its rule has found it."""
    data = event.data
    plan: str | None = getattr(data, "plan", None)
    if plan is not None:
        return plan
    row: Commitment | Expense | None = (
        state.get(Expense, data.expense)
        if isinstance(data, funding.ExpenseReversed)
        else state.get(Commitment, data.commitment)
    )
    if row is None:
        raise AssertionError(f"{data.event_name} was decided without what it concerns")
    return row.plan
