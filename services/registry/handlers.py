"""What the registry learns from funding: which annual statements are accepted."""

from collections.abc import Sequence
from typing import Final

from services.registry.store import plans
from shared.backbone.event_log import Entry
from shared.backbone.learning import Learning
from shared.backbone.rebuilding import UnknownToOwner
from shared.database import Connection

OWNER: Final = "funding"
# A statement that is returned, or submitted again, is accepted no longer.
ACCEPTED: Final = {"statement.accepted": True, "statement.returned": False, "statement.submitted": False}


async def apply(connection: Connection, owner: str, entries: Sequence[Entry]) -> None:
    """Apply a run of funding's entries; what is no word on a statement is passed over."""
    if owner != OWNER:
        raise ValueError(f"the registry does not follow {owner}")
    await plans.learn_statements(connection, _accepted(entries))


async def forget(connection: Connection, entries: Sequence[Entry]) -> list[UnknownToOwner]:
    """Forget the accepted statements that no entry tells of; give those that stay, since a closed plan rests on them.

    A plan is closed only where its statements are accepted, and nothing opens it again.
    """
    staying = await plans.forget_statements(connection, list(_accepted(entries)))
    return [UnknownToOwner(OWNER, "statement", f"{plan} {year}") for plan, year in staying]


def _accepted(entries: Sequence[Entry]) -> dict[tuple[str, int], bool]:
    """Give the last word on each plan's year."""
    said = [(entry.event["data"], ACCEPTED[entry.name]) for entry in entries if entry.name in ACCEPTED]
    return {(data["plan"], data["year"]): is_accepted for data, is_accepted in said}


LEARNING: Final = Learning(OWNER, ACCEPTED.keys(), apply, forget)
