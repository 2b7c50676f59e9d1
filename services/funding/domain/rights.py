"""Who may say each of funding's events: the areas that belong to the plan whose money it is.

What is not there has no plan: then the event's own rule refuses what it names.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.funding.domain.rows import Commitment, Expense, Plan
from shared.backbone.rights import Check, by_field, checks_of, only_one_of
from shared.backbone.working_set import WorkingSet
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import CloudEvent, EventData
from shared.events.funding import ExpenseBooked


def of_plan(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the areas that belong to the plan which the event names."""
    _only_areas_of(state, event, event.data.plan)


def of_commitment(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the areas that belong to the plan which the commitment was made to."""
    commitment = state.get(Commitment, event.data.commitment)
    if commitment is not None:
        _only_areas_of(state, event, commitment.plan)


def of_area(state: WorkingSet, event: CloudEvent[ExpenseBooked]) -> None:
    """Check the area that spends, which belongs to the plan."""
    _only_areas_of(state, event, event.data.plan)
    only_one_of((event.data.area,), event, pointer="/data/area")


def of_expense(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the area that spent."""
    expense = state.get(Expense, event.data.expense)
    if expense is not None:
        only_one_of((expense.area,), event, pointer="/source")


def _only_areas_of(state: WorkingSet, event: CloudEvent[Any], name: str) -> None:
    plan = state.get(Plan, name)
    if plan is not None:
        only_one_of(plan.areas, event, pointer="/source")


# What an event concerns, by who may say it and by the field that names it; of two, the first is asked.
FIELDS: Final[Mapping[str, Mapping[str, Check]]] = {
    "area": {"area": of_area, "expense": of_expense},
    "plan": {"plan": of_plan, "commitment": of_commitment},
}


def check_of(event: type[EventData]) -> Check:
    """Give the check that an event's line of the table asks for."""
    return by_field(event, FIELDS[event.said_by])


CHECKS: Final = checks_of(CATALOGUES["funding"].events, check_of)
