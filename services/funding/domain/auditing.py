"""Reads a journal again from its beginning and finds what does not fit. Owns no rule: what it finds was not decided.

It knows nothing but what the journal itself says, so it also finds what was changed behind the ledger's back.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.funding.domain import accounts
from services.funding.domain.rows import Account, Commitment, Entry, Plan
from services.funding.domain.sealing import first_digest, next_digest


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """An event as the journal holds it; `posted_digest` is what the log says of it."""

    sequence: int
    type: str
    source: str
    id: str
    body: str
    posted_digest: bytes
    outcome: str | None
    plan: str | None
    number: int | None
    seal: bytes | None
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit; `code` is stable, `detail` is for people."""

    code: str
    plan: str | None
    sequence: int | None
    detail: str


@dataclass(slots=True)
class _Chain:
    """Where the journal of one plan stands while it is read."""

    seals: int
    seal: bytes
    accounts: dict[str, tuple[int, int]] = field(default_factory=dict)


class Audit:
    """The journals of all plans, read again in the order of the log."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.events = 0
        self.entries = 0
        self._sequence = 0
        self._chains: dict[str, _Chain] = {}

    def read(self, event: JournalEvent) -> None:
        """Read the next event of the log: it follows the last, is unchanged, is sealed, and its entries go on."""
        self.events += 1
        self.entries += len(event.entries)
        if event.sequence != self._sequence + 1:
            self._find("event_missing", event, f"the log goes from {self._sequence} to {event.sequence}")
        self._sequence = event.sequence
        posted = hashlib.sha256(event.body.encode()).digest()
        if posted != event.posted_digest:
            self._find("event_changed", event, "what was posted is not what the log's digest was made of")
        if event.plan is None or event.seal is None:
            self._find("event_unsealed", event, "the event has no seal")
            return
        chain = self._chains.setdefault(event.plan, _Chain(0, first_digest(event.plan)))
        if event.number != chain.seals + 1:
            self._find("seal_missing", event, f"the chain goes from {chain.seals} to {event.number}")
        if next_digest(chain.seal, posted, event.outcome or "", event.entries) != event.seal:
            self._find("seal_broken", event, "the event, its outcome or its entries are not what was sealed")
        chain.seals, chain.seal = event.number or 0, event.seal
        for place, entry in enumerate(event.entries, 1):
            self._follow(chain, event, place, entry)

    def close(self, head: int, plans: Iterable[Plan], stored: Iterable[Account]) -> None:
        """Compare where the journals end with the log's head, the plans' chains and totals, and the accounts."""
        if head != self._sequence:
            self._find("event_missing", None, f"the log's head is {head}, its last event {self._sequence}")
        balances: dict[str, dict[str, tuple[int, int]]] = {}
        for account in stored:
            balances.setdefault(account.plan, {})[account.account] = account.balance_ore, account.version
        for plan in plans:
            chain = self._chains.pop(plan.plan, _Chain(0, b""))
            if (plan.seals, plan.seal) != (chain.seals, chain.seal):
                detail = f"the plan knows of {plan.seals} seals, the journal ends with {chain.seals}"
                self._find("chain_cut", None, detail, plan.plan)
            kept = balances.get(plan.plan, {})
            for name in sorted(kept.keys() | chain.accounts.keys()):
                if kept.get(name) != chain.accounts.get(name):
                    detail = f"'{name}' is kept as {kept.get(name)}, its entries make it {chain.accounts.get(name)}"
                    self._find("account_differs", None, detail, plan.plan)
            self._compare(plan, "spent", plan.spent_ore, _total(chain, "expenses"))
        for name in sorted(self._chains):
            self._find("plan_missing", None, "the journal speaks of a plan that is not there", name)

    def check_strays(self, sequences: Iterable[int]) -> None:
        """Name the entries that belong to no sealed event."""
        for sequence in sequences:
            self.findings.append(Finding("entry_stray", None, sequence, "entries stand under an event without a seal"))

    def check_commitments(self, commitments: Iterable[Commitment], stored: Iterable[Account]) -> None:
        """Compare what is noted on each commitment with its accounts, and that it carries no more than it promised."""
        balances = {(account.plan, account.account): account.balance_ore for account in stored}
        for row in commitments:
            name = row.commitment

            def balance(account: str, plan: str = row.plan) -> int:
                return balances.get((plan, account), 0)

            carried_ore = -balance(accounts.income(name))
            unpaid_ore = row.amount_ore - row.received_ore
            promised = (accounts.in_kind if row.in_kind else accounts.pledges)(name)
            expected = {
                promised: row.amount_ore - row.released_ore,
                accounts.receivables(name): row.released_ore - row.received_ore,
                accounts.agreed(name): -unpaid_ore,
                accounts.regulation(name): carried_ore - row.received_ore,
            }
            for account, expected_ore in expected.items():
                if balance(account) != expected_ore:
                    detail = f"'{account}' stands at {balance(account)} øre, the commitment makes it {expected_ore}"
                    self._find("commitment_differs", None, detail, row.plan)
            if not 0 <= carried_ore <= row.amount_ore:
                detail = f"'{name}' carries {carried_ore} øre of {row.amount_ore}"
                self._find("commitment_overdrawn", None, detail, row.plan)

    def _follow(self, chain: _Chain, event: JournalEvent, place: int, entry: Entry) -> None:
        """Move the two accounts of an entry, and see that it says of them what they were and became."""
        if (entry.place, entry.plan) != (place, event.plan):
            self._find("entry_misplaced", event, f"entry {entry.place} of '{entry.plan}' stands at {place}")
        from_before, from_version = chain.accounts.get(entry.from_account, (0, 0))
        to_before, to_version = chain.accounts.get(entry.to_account, (0, 0))
        from_now = (from_before - entry.amount_ore, from_version + 1)
        to_now = (to_before + entry.amount_ore, to_version + 1)
        said = (
            (entry.from_before_ore, entry.from_after_ore, entry.from_version),
            (entry.to_before_ore, entry.to_after_ore, entry.to_version),
        )
        if said != ((from_before, *from_now), (to_before, *to_now)) or entry.amount_ore <= 0:
            self._find("balance_broken", event, f"entry {place} does not go on from the balances before it")
        chain.accounts[entry.from_account] = from_now
        chain.accounts[entry.to_account] = to_now

    def _compare(self, plan: Plan, what: str, noted_ore: int, booked_ore: int) -> None:
        if noted_ore != booked_ore:
            detail = f"{noted_ore} øre are noted as {what}, {booked_ore} are booked"
            self._find("total_differs", None, detail, plan.plan)

    def _find(self, code: str, event: JournalEvent | None, detail: str, plan: str | None = None) -> None:
        self.findings.append(Finding(code, event.plan if event else plan, event.sequence if event else None, detail))


def _total(chain: _Chain, group: str) -> int:
    return sum(balance for name, (balance, _) in chain.accounts.items() if accounts.split_name(name)[0] == group)
