"""What belongs to a plan, kept between units of work for as long as the plan's seal says it is the same (ADR 84)."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import asyncpg

from services.funding.domain.rows import Commitment, Plan, Statement
from services.funding.domain.statements import LOCKING
from services.funding.store.budget import BUDGET_LINES
from services.funding.store.commitments import COMMITMENTS
from services.funding.store.plans import ACCOUNTS, PLANS
from services.funding.store.statements import STATEMENTS
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.recent import Recent
from shared.shape import Shape, load_by

KEPT_PLANS: Final = 200

Rows = Mapping[Hashable, Any]


class KeptPlans:
    """The commitments, accounts, budget lines and statements of plans that were written last, under their seals.

    Every event of a plan moves its seal, which digests all that came before. So rows that were kept under the seal
    that the locked plan bears are those of the database, and any others are not looked at: after a transaction that
    was rolled back, another process's, a backup that was restored.
    """

    def __init__(self) -> None:
        self._kept: Recent[str, tuple[bytes, Mapping[type[Any], Rows]]] = Recent(KEPT_PLANS)

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
        """Keep what was just written, though it may yet be rolled back: then the seal in the database differs."""
        for plan in state.changed(Plan):
            owned = {kind: _of(plan, state.mapping(kind)) for kind in OWNED}
            self._kept.keep(plan.plan, (plan.seal, owned))

    def _known(self, plan: str, seal: bytes) -> Mapping[type[Any], Rows] | None:
        kept = self._kept.find(plan)
        return kept[1] if kept is not None and kept[0] == seal else None


OWNED: Final[Mapping[type[Any], Shape[Any]]] = {
    shape.row: shape for shape in (COMMITMENTS, ACCOUNTS, BUDGET_LINES, STATEMENTS)
}


def _of(plan: Plan, rows: Rows) -> Rows:
    return {key: row for key, row in rows.items() if row.plan == plan.plan}


async def _read(connection: Connection, plans: Sequence[str]) -> dict[str, dict[type[Any], dict[Hashable, Any]]]:
    """Read all that belongs to plans: by plan, by kind and by key."""
    owned: dict[str, dict[type[Any], dict[Hashable, Any]]] = {plan: {kind: {} for kind in OWNED} for plan in plans}
    if plans:
        for kind, shape in OWNED.items():
            for row in await load_by(connection, shape, "plan", plans):
                owned[row.plan][kind][row.key] = row
    return owned


def _plan(row: asyncpg.Record, owned: Mapping[type[Any], Rows]) -> Plan:
    locked_years = sorted(item.year for item in owned[Statement].values() if item.status in LOCKING)
    return PLANS.read(row, commitments=tuple(sorted(map(str, owned[Commitment]))), locked_years=tuple(locked_years))
