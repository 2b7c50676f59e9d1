"""Whether the reports say of money what the ledger says, both at one place of funding's log. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from services.reporting.terms import AMOUNTS, Row


class Moved(NamedTuple):
    """What has moved on a commitment, in øre."""

    committed_ore: int = 0
    released_ore: int = 0
    received_ore: int = 0
    spent_ore: int = 0


NOTHING: Final = Moved()


class Sums(NamedTuple):
    """What one side says: what moved on each commitment, what each plan spent, and whose each commitment is."""

    moved: Mapping[str, Moved]
    spent_ore: Mapping[str, int]
    plan_of: Mapping[str, str]


def sums_of(commitments: Iterable[Row], plans: Iterable[Row]) -> Sums:
    """Read sums from rows as either side gives them.

    Raises:
        LookupError, TypeError, ValueError: they are none.
    """
    rows = list(commitments)
    return Sums(
        {row["commitment"]: Moved(*(int(row[name]) for name in AMOUNTS)) for row in rows},
        {row["plan"]: int(row["spent_ore"]) for row in plans},
        {row["commitment"]: row["plan"] for row in rows},
    )


def differing_plans(ledger: Sums, reports: Iterable[Sums]) -> list[str]:
    """Name the plans of which a report says anything else than the ledger; what is not there counts as nothing."""
    found: set[str] = set()
    for report in reports:
        found |= {
            ledger.plan_of.get(commitment) or report.plan_of[commitment]
            for commitment in ledger.moved.keys() | report.moved.keys()
            if ledger.moved.get(commitment, NOTHING) != report.moved.get(commitment, NOTHING)
        }
        found |= {
            plan
            for plan in ledger.spent_ore.keys() | report.spent_ore.keys()
            if ledger.spent_ore.get(plan, 0) != report.spent_ore.get(plan, 0)
        }
    return sorted(found)
