"""Funding's use cases: load → decide → save. It never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.funding.domain import accounts, financing, rows, rules
from services.funding.domain import annual_statement as drawing
from services.funding.settings import FundingSettings
from services.funding.store import budget, commitments, expenses, journal, plans, reading, statements
from services.funding.store.keeping import KeptPlans
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.catalogue import Posted
from shared.events.envelope import CloudEvent
from shared.events.naming import Naming


class FundingUseCases:
    """What funding does with posted events."""

    def __init__(self) -> None:
        self._kept = KeptPlans()

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load the plans that the events concern, locked in the order of their keys, and what belongs to them.

        The lock on a plan covers its commitments, accounts, budget and statements, so writers of one plan wait for
        one another and those of other plans never do. What is not named costs no query.
        """
        state, naming = WorkingSet(), Naming(events)
        await self._kept.load(connection, state, await plans.lock_concerned(connection, naming))
        await expenses.load_rows(connection, state, naming)
        await commitments.load_rows(connection, state, naming)
        await plans.load_rows(connection, state, naming)
        return state

    def decide(self, state: WorkingSet, posted: Posted) -> Decision:
        """Apply the event's rule and seal it; pure."""
        return rules.decide(state, posted)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save what changed, parents before children."""
        await plans.save_rows(connection, state)
        await commitments.save_rows(connection, state)
        await expenses.save_rows(connection, state)
        await budget.save_rows(connection, state)
        await statements.save_rows(connection, state)
        self._kept.keep(state)

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Insert the ledger's entries and seals."""
        await journal.insert_journal(connection, entries)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan's financing stands on a day."""

    as_of: date
    commitments: Sequence[rows.Commitment]
    balances: Mapping[str, int]
    instalments: Sequence[financing.Instalment]
    carried_by_year: Mapping[int, financing.Gauge]

    def carried_ore(self, commitment: rows.Commitment) -> int:
        """Give what a funder has carried of the expenses."""
        return -self.balances.get(accounts.income(commitment.commitment), 0)

    def instalments_of(self, commitment: rows.Commitment) -> list[financing.Instalment]:
        """Give the schedule of one commitment."""
        return [item for item in self.instalments if item.commitment == commitment.commitment]


async def standing(connection: Connection, plan: rows.Plan, as_of: date, settings: FundingSettings) -> Standing:
    """Read how a plan's financing stands; the caller's transaction makes it one snapshot."""
    commitments = await reading.commitments(connection, plan.plan)
    carried = await reading.carried_by_year(connection, plan.plan)
    instalments = [
        instalment
        for item in commitments
        for instalment in financing.schedule(
            plan, item, as_of, months=settings.instalment_months, grace_days=settings.instalment_grace_days
        )
    ]
    return Standing(
        as_of,
        commitments,
        await reading.balances(connection, plan.plan),
        sorted(instalments, key=lambda item: (item.due_on, item.commitment)),
        financing.carried_by_kind(commitments, carried),
    )


async def annual_statement(connection: Connection, plan: rows.Plan, year: int, today: date) -> drawing.AnnualStatement:
    """Draw up the statement of a year; the caller's transaction makes it one snapshot."""
    first_day, last_day = drawing.first_and_last_day(plan, year)
    statements = {row.year: row for row in await reading.statements(connection, plan.plan)}
    movements = await reading.movements(connection, plan.plan, first_day, last_day)
    sources = drawing.Sources(
        plan=plan,
        movements=[drawing.Movement(**row) for row in movements],
        commitments=await reading.commitments(connection, plan.plan),
        receipts=await reading.receipts(connection, plan.plan),
        expenses=await reading.expenses(connection, plan.plan, year=None, after=None, limit=None),
        lines=await reading.budget_lines(connection, plan.plan),
        versions=await reading.budget_versions(connection, plan.plan),
        statement=statements.get(year),
    )
    return drawing.draw_up(sources, year, today)
