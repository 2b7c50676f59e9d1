"""The chain of digests over a plan's journal: whoever knows its end can see that nothing before it was changed.

Each event of a plan is sealed with SHA-256 over the seal before it, what the sender posted, what was decided, and
the entries. The text that is digested is written down in `docs/ledger.md`, so that anybody can do it again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import orjson

from services.funding.domain.rows import Entry, Plan, Seal
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet

# What is digested of an entry, in the order of its line: its place, day and amount; then of each side the account, the
# balances before and after, the version. The order is a promise of `docs/ledger.md`; that of the row's fields is none.
SEALED: Final = (
    "place",
    "booked_on",
    "amount_ore",
    "from_account",
    "from_before_ore",
    "from_after_ore",
    "from_version",
    "to_account",
    "to_before_ore",
    "to_after_ore",
    "to_version",
)
LINE: Final = "|".join(["%s"] * len(SEALED))
_sealed: Final = attrgetter(*SEALED)


def seal(state: WorkingSet, plan_name: str, posted: bytes, decision: Decision) -> Decision:
    """Add an event's seal to its entries, and move the end of the plan's chain; `posted` is the event's digest."""
    plan = state.get(Plan, plan_name)
    if plan is None:
        raise AssertionError(f"an event of the plan '{plan_name}' was decided without the plan")
    digest = next_digest(plan.seal or first_digest(plan.plan), posted, outcome_text(decision.outcome), decision.entries)
    state.put(plan._replace(seals=plan.seals + 1, seal=digest))
    entries = (*decision.entries, Seal(plan.plan, plan.seals + 1, digest))
    return Decision(decision.warnings, decision.outcome, entries)


def first_digest(plan: str) -> bytes:
    """Give what a plan's chain begins with."""
    return hashlib.sha256(plan.encode()).digest()


def outcome_text(outcome: Mapping[str, Any] | None) -> str:
    """Give an outcome as it stands in the log; empty when there is none."""
    return orjson.dumps(outcome).decode() if outcome else ""


def next_digest(before: bytes, posted: bytes, outcome: str, entries: Sequence[Entry]) -> bytes:
    """Digest one event: the seal before, the digest of what was posted, the outcome, and each entry on a line."""
    lines = [before.hex(), posted.hex(), outcome, *[LINE % _sealed(entry) for entry in entries]]
    return hashlib.sha256("\n".join(lines).encode()).digest()
