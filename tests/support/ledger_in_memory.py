"""The ledger's rules over a working set alone: what is posted, what was decided, and what the entries add up to."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from datetime import date

import pytest

from services.funding.domain import rules
from services.funding.domain.auditing import JournalEvent
from services.funding.domain.rows import Account, Activity, Entry, Plan, Pool, Seal
from services.funding.domain.sealing import outcome_text
from shared.backbone.decisions import Decision
from shared.backbone.working_set import RowT, WorkingSet
from shared.errors import Refused
from shared.events.catalogue import Posted
from tests.support.builders import ACTIVITY, AREA, OTHER_AREA, PLAN, POOL, Json, posted

EFFORT_AREAS = ("uddannelse-og-livschancer", "beskaeftigelse", "kriminalitetsforebyggelse")


class Ledger:
    """A plan from August 2025 to July 2029 in two areas, with one activity, and all that is posted on it."""

    def __init__(self) -> None:
        self.state = WorkingSet()
        self.state.add(
            Pool(POOL, EFFORT_AREAS),
            Plan(PLAN, POOL, (AREA, OTHER_AREA), date(2025, 8, 1), date(2029, 7, 31)),
            Activity(ACTIVITY, PLAN, AREA),
        )
        self.entries: list[Entry] = []
        self.seals: list[Seal] = []
        self.journal: list[JournalEvent] = []

    def post(self, *events: Json) -> Decision:
        """Decide events in order, as the write path does, and give the last decision. Raises `Refused`."""
        decision = Decision()
        for event in events:
            savepoint = self.state.savepoint()
            read = posted(event)
            try:
                decision = rules.decide(self.state, read)
            except Exception:
                self.state.roll_back(savepoint)
                raise
            self._keep(read, decision)
        return decision

    def _keep(self, read: Posted, decision: Decision) -> None:
        """Keep what the log, the ledger and the chain would hold of an event."""
        entries = [entry for entry in decision.entries if isinstance(entry, Entry)]
        (seal,) = (entry for entry in decision.entries if isinstance(entry, Seal))
        self.entries.extend(entries)
        self.seals.append(seal)
        self.journal.append(
            JournalEvent(
                len(self.journal) + 1,
                read.event.type,
                *read.identity,
                read.body,
                read.digest,
                outcome_text(decision.outcome) or None,
                seal.plan,
                seal.number,
                seal.digest,
                entries,
            )
        )

    def balances(self) -> dict[str, int]:
        """Give the balance in øre of each account that has entries."""
        return {account.account: account.balance_ore for account in self.state.all(Account)}

    def row(self, kind: type[RowT], key: Hashable) -> RowT:
        """Give a row that must be there."""
        found = self.state.get(kind, key)
        assert found is not None
        return found


def folded(entries: list[Entry]) -> Mapping[str, int]:
    """Add the entries of one plan up to balances, from nothing."""
    balances: dict[str, int] = defaultdict(int)
    for entry in entries:
        balances[entry.from_account] -= entry.amount_ore
        balances[entry.to_account] += entry.amount_ore
    return balances


def moved(decision: Decision) -> list[tuple[str, str, int]]:
    """Give (from, to, øre) of what a decision posted."""
    return [
        (entry.from_account, entry.to_account, entry.amount_ore)
        for entry in decision.entries
        if isinstance(entry, Entry)
    ]


def refused(ledger: Ledger, event: Json) -> tuple[str, str]:
    """Post an event that must be refused, and give its code and pointer."""
    with pytest.raises(Refused) as caught:
        ledger.post(event)
    return caught.value.code, caught.value.pointer
