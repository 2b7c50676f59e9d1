"""Funding's use cases: load → decide → save. It never commits."""

from collections.abc import Sequence
from typing import Any

from services.funding import domain, store
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.envelope import CloudEvent
from shared.events.naming import named


class FundingUseCases:
    """What funding does with posted events."""

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load the plans that the events concern, locked in the order of their keys, and what belongs to them.

        The lock on a plan covers its commitments and accounts, so writers of one plan wait for one another and
        those of other plans never do.
        """
        state = WorkingSet()
        commitments = named(events, "commitment", "shares")
        names = named(events, "plan") | await store.plans_of(connection, commitments)
        plans = await store.lock_plans(connection, names)
        state.add(*plans)
        state.add(*await store.commitments(connection, names, commitments))
        state.add(*await store.accounts(connection, names, {domain.expenses(line) for line in named(events, "line")}))
        state.add(*await store.activities(connection, named(events, "activity")))
        state.add(*await store.receipts(connection, named(events, "receipt")))
        state.add(*await store.expenses(connection, named(events, "expense")))
        return state

    def decide(self, state: WorkingSet, event: CloudEvent[Any]) -> Decision:
        """Apply the event's rule; pure."""
        return domain.RULES[type(event.data)](state, event)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save what changed, parents before children."""
        await store.save_plans(connection, state.changed(domain.Plan))
        await store.save_commitments(connection, state.changed(domain.Commitment))
        await store.insert_receipts(connection, state.changed(domain.Receipt))
        await store.insert_expenses(connection, state.changed(domain.Expense))
        await store.save_accounts(connection, state.changed(domain.Account))

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Insert the ledger's entries."""
        await store.insert_entries(connection, entries)
