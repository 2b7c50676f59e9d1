"""What belongs to a plan, kept between units of work for as long as the plan's seal says it is the same (ADR 84)."""

import collections
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import asyncpg

from services.funding.domain.rows import Account, BudgetLine, Commitment, Plan, Statement
from services.funding.domain.statements import LOCKING
from services.funding.store import loading
from shared.backbone.working_set import WorkingSet
from shared.database import Connection

KEPT_PLANS: Final = 200

Rows = Mapping[Hashable, Any]


class KeptPlans:
    """The commitments, accounts, budget lines and statements of plans that were written last, under their seals.

    Every event of a plan moves its seal, which digests all that came before. So rows that were kept under the seal
    that the locked plan bears are those of the database, and any others are not looked at: after a transaction that
    was rolled back, another process's, a backup that was restored.
    """

    def __init__(self) -> None:
        self._kept: collections.OrderedDict[str, tuple[bytes, Mapping[type[Any], Rows]]] = collections.OrderedDict()

    async def load(self, connection: Connection, state: WorkingSet, locked: Sequence[asyncpg.Record]) -> None:
        """Bring locked plans and all that belongs to them into the working set; what is kept costs no query."""
        known = {row["plan"]: self._known(row["plan"], row["seal"]) for row in locked}
        read = await _read(connection, [plan for plan, kept in known.items() if kept is None])
        for row in locked:
            owned = known[row["plan"]] or read[row["plan"]]
            for kind, rows in owned.items():
                state.take(kind, rows)
            state.add(_plan(row, owned))

    def keep(self, state: WorkingSet) -> None:
        """Keep what was just written, though it may yet be rolled back: then the database's seal is another."""
        for plan in state.changed(Plan):
            self._kept[plan.plan] = plan.seal, {kind: _of(plan, state.mapping(kind)) for kind in READERS}
            self._kept.move_to_end(plan.plan)
        while len(self._kept) > KEPT_PLANS:
            self._kept.popitem(last=False)

    def _known(self, plan: str, seal: bytes) -> Mapping[type[Any], Rows] | None:
        kept = self._kept.get(plan)
        return kept[1] if kept is not None and kept[0] == seal else None


READERS: Final[Mapping[type[Any], Any]] = {
    Commitment: loading.commitments,
    Account: loading.accounts,
    BudgetLine: loading.budget_lines,
    Statement: loading.statements,
}


def _of(plan: Plan, rows: Rows) -> Rows:
    return {key: row for key, row in rows.items() if row.plan == plan.plan}


async def _read(connection: Connection, plans: Sequence[str]) -> dict[str, dict[type[Any], dict[Hashable, Any]]]:
    """Read all that belongs to plans: by plan, by kind and by key."""
    owned: dict[str, dict[type[Any], dict[Hashable, Any]]] = {plan: {kind: {} for kind in READERS} for plan in plans}
    if plans:
        for kind, read in READERS.items():
            for row in await read(connection, plans):
                owned[row.plan][kind][row.key] = row
    return owned


def _plan(row: asyncpg.Record, owned: Mapping[type[Any], Rows]) -> Plan:
    locked_years = sorted(item.year for item in owned[Statement].values() if item.status in LOCKING)
    values = {**row, "areas": tuple(row["areas"])}
    return Plan(**values, commitments=tuple(sorted(map(str, owned[Commitment]))), locked_years=tuple(locked_years))
