"""Rules of the annual statement: handed in, it locks its year; returned, it opens it; accepted, it closes it."""

from collections.abc import Mapping
from typing import Final

from services.funding.domain.checks import plan_of
from services.funding.domain.rows import Plan, Statement
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.funding import StatementAccepted, StatementReturned, StatementSubmitted

SUBMITTED: Final = "submitted"
RETURNED: Final = "returned"
ACCEPTED: Final = "accepted"
LOCKING: Final = frozenset({SUBMITTED, ACCEPTED})


def submit_statement(state: WorkingSet, event: CloudEvent[StatementSubmitted]) -> Decision:
    """A year's statement is handed in after those of the years before it; from then on the year takes no booking.

    The outcome tells where the plan's chain of digests stands, so that whoever has the statement can show later that
    its figures are still the same.
    """
    data = event.data
    plan = plan_of(state, data.plan)
    if not plan.start_on.year <= data.year <= plan.end_on.year:
        detail = f"the plan runs from {plan.start_on} to {plan.end_on}"
        raise Refused("outside_plan", detail, pointer="/data/year")
    if data.year in plan.locked_years:
        raise Refused("year_locked", f"the statement for {data.year} is handed in already", pointer="/data/year")
    for year in range(plan.start_on.year, data.year):
        if year not in plan.locked_years:
            raise Refused("earlier_year_open", f"the statement for {year} comes first", pointer="/data/year")
    state.put(
        Statement(
            plan=plan.plan,
            year=data.year,
            status=SUBMITTED,
            submitted_on=event.time.date(),
            decided_on=None,
            auditor_reference=data.auditor_reference,
            remarks=data.remarks,
            explanations={item.line: item.text for item in data.explanations or ()},
        )
    )
    state.put(plan._replace(locked_years=(*plan.locked_years, data.year)))
    return Decision(outcome={"seals": plan.seals, "seal": plan.seal.hex()})


def return_statement(state: WorkingSet, event: CloudEvent[StatementReturned]) -> Decision:
    """The network sends a statement back; the year is open again, so no later one may rest on it."""
    plan, statement = _handed_in(state, event)
    if any(year > statement.year for year in plan.locked_years):
        detail = "the statement of a later year rests on this one"
        raise Refused("later_year_locked", detail, pointer="/data/year")
    _decide(state, event, statement, RETURNED)
    locked_years = tuple(year for year in plan.locked_years if year != statement.year)
    state.put(plan._replace(locked_years=locked_years))
    return Decision()


def accept_statement(state: WorkingSet, event: CloudEvent[StatementAccepted]) -> Decision:
    """The network accepts a statement; its year stays closed for good. The outcome tells when all of them are."""
    plan, statement = _handed_in(state, event)
    _decide(state, event, statement, ACCEPTED)
    years = range(plan.start_on.year, plan.end_on.year + 1)
    statements = [state.get(Statement, (plan.plan, year)) for year in years]
    accepted = all(row is not None and row.status == ACCEPTED for row in statements)
    return Decision(outcome={"all_accepted": accepted})


def _handed_in(
    state: WorkingSet, event: CloudEvent[StatementReturned] | CloudEvent[StatementAccepted]
) -> tuple[Plan, Statement]:
    """Give a statement that waits for the network's word."""
    data = event.data
    plan = plan_of(state, data.plan)
    statement = state.get(Statement, (plan.plan, data.year))
    if statement is None or statement.status == RETURNED:
        detail = f"the statement for {data.year} is not handed in"
        raise Refused("statement_not_submitted", detail, pointer="/data/year")
    if statement.status == ACCEPTED:
        detail = f"the statement for {data.year} is accepted, which is final"
        raise Refused("statement_accepted", detail, pointer="/data/year")
    return plan, statement


def _decide(
    state: WorkingSet,
    event: CloudEvent[StatementReturned] | CloudEvent[StatementAccepted],
    statement: Statement,
    status: str,
) -> None:
    data = event.data
    state.put(
        statement._replace(
            status=status,
            decided_on=event.time.date(),
            auditor_reference=data.auditor_reference or statement.auditor_reference,
            remarks=data.remarks or statement.remarks,
        )
    )


RULES: Final[Mapping[type[EventData], Rule]] = {
    StatementSubmitted: submit_statement,
    StatementReturned: return_statement,
    StatementAccepted: accept_statement,
}
