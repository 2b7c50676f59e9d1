"""How a rule finds what an event names, and what it says when there is none."""

from datetime import date
from typing import Any

from services.funding.domain.rows import Commitment, Plan
from shared.backbone.working_set import WorkingSet
from shared.errors import NotYetKnown, Refused
from shared.events.envelope import CloudEvent


def plan_of(state: WorkingSet, name: str) -> Plan:
    """Give a plan that an event names.

    Raises:
        NotYetKnown: the registry has not told of it.
    """
    plan = state.get(Plan, name)
    if plan is None:
        raise NotYetKnown("plan", name, pointer="/data/plan")
    return plan


def commitment_of(state: WorkingSet, event: CloudEvent[Any]) -> tuple[Commitment, Plan]:
    """Give a commitment of money and its plan.

    Raises:
        Refused: there is none (`unknown_commitment`), or it is in kind (`commitment_in_kind`).
    """
    commitment = any_commitment_of(state, event)
    if commitment.in_kind:
        detail = "a contribution in kind is neither released nor received"
        raise Refused("commitment_in_kind", detail, pointer="/data/commitment")
    return commitment, plan_of(state, commitment.plan)


def any_commitment_of(state: WorkingSet, event: CloudEvent[Any]) -> Commitment:
    """Give a commitment, of money or in kind.

    Raises:
        Refused: there is none (`unknown_commitment`).
    """
    name = event.data.commitment
    commitment = state.get(Commitment, name)
    if commitment is None:
        raise Refused("unknown_commitment", f"there is no commitment '{name}'", pointer="/data/commitment")
    return commitment


def commitments_of(state: WorkingSet, plan: Plan) -> list[Commitment]:
    """Give all commitments to a plan."""
    found = [state.get(Commitment, name) for name in plan.commitments]
    return [commitment for commitment in found if commitment is not None]


def statement_year(plan: Plan, day: date) -> int:
    """Give the year in whose statement a day belongs: what was before the plan began is in its first."""
    return max(day.year, plan.start_on.year)


def check_open(plan: Plan, day: date, *, pointer: str) -> None:
    """Check that the year of a day takes bookings.

    Raises:
        Refused: its statement is handed in (`year_locked`).
    """
    year = statement_year(plan, day)
    if year in plan.locked_years:
        raise Refused("year_locked", f"the annual statement for {year} is handed in", pointer=pointer)
