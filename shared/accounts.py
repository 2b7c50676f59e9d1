"""Who reads a plan's accounts: one table and one function, for funding's books and for reporting's reports alike.

A plan's accounts are its budget and expenses by line, its commitments one by one, its regulation accounts, its annual
statements with their remarks, and why money is withheld. What is committed, released, received and spent of a plan in
all, and by kind of funder, is no part of them: every signed-in reader sees that.
Source: ADR 46.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import Forbidden
from shared.tokens import Identity, Role

Reading = Literal["all", "own", "none"]
# Of which plans each role reads the accounts; `own` are the plans that an area of the reader is part of.
READS_ACCOUNTS: Final[Mapping[Role, Reading]] = {
    "coordinator": "own",
    "lead": "all",
    "auditor": "all",
    "admin": "all",
    "service": "none",
}
READERS: Final[tuple[Role, ...]] = tuple(role for role, reading in READS_ACCOUNTS.items() if reading != "none")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts that a reader reads: those of the plans in some areas, or all where `areas` is None."""

    areas: frozenset[str] | None

    def include(self, areas: Collection[str]) -> bool:
        """Tell whether the accounts of a plan in these areas are among them."""
        return self.areas is None or not self.areas.isdisjoint(areas)

    def must_include(self, areas: Collection[str]) -> None:
        """Check that the accounts of a plan in these areas are among them.

        Raises:
            Forbidden: they are not.
        """
        if not self.include(areas):
            raise Forbidden("the accounts of a plan are read by its own areas, leads and auditors")


EVERY_PLANS: Final = Accounts(None)


def accounts_of(reader: Identity) -> Accounts:
    """Give the accounts that a reader reads."""
    reading = READS_ACCOUNTS[reader.role]
    if reading == "all":
        return EVERY_PLANS
    return Accounts(reader.areas if reading == "own" else frozenset())
