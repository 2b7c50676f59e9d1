"""Who may try to say an event: every kind of token, with every kind of source that it may claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.tokens import Role

# The area that an event concerns, one more of its plan, one that the plan only invites, and one that has no part in it.
OWN: Final = "urbanplanen"
OTHER: Final = "gellerupparken"
INVITED: Final = "tingbjerg"
FOREIGN: Final = "vollsmose"
AREAS: Final = (OWN, OTHER, INVITED, FOREIGN)


@dataclass(frozen=True)
class Sender:
    """A token, the source that it claims, and what lets it pass: the words of the table under which it is entitled."""

    role: Role | None
    areas: tuple[str, ...]
    source: str
    entitled_by: frozenset[str]

    @property
    def name(self) -> str:
        """Give what it is called in a test's name."""
        return f"{self.role or 'nobody'} of {', '.join(self.areas) or 'nothing'} as {self.source}"

    @property
    def is_believed(self) -> bool:
        """Tell whether its token lets it speak for its source, whatever it says."""
        own = self.role == "coordinator" and self.source.removeprefix("/areas/") in self.areas
        return self.role == "admin" or own


EVERYTHING: Final = frozenset({"network", "area", "plan", "registrant"})
OF_THE_AREA: Final = EVERYTHING - {"network"}
NOTHING: Final[frozenset[str]] = frozenset()
SENDERS: Final[Sequence[Sender]] = (
    Sender("admin", (), "/network", EVERYTHING),
    Sender("admin", (), f"/areas/{OWN}", OF_THE_AREA),
    Sender("coordinator", (OWN,), f"/areas/{OWN}", OF_THE_AREA),
    Sender("coordinator", (OTHER,), f"/areas/{OTHER}", frozenset({"plan"})),
    Sender("coordinator", (INVITED,), f"/areas/{INVITED}", NOTHING),
    Sender("coordinator", (FOREIGN,), f"/areas/{FOREIGN}", NOTHING),
    Sender("admin", (), f"/areas/{FOREIGN}", NOTHING),
    Sender("coordinator", (OWN,), "/network", NOTHING),
    Sender("coordinator", (FOREIGN,), f"/areas/{OWN}", NOTHING),
    *(
        Sender(role, (OWN,), source, NOTHING)
        for role in ("lead", "auditor", "service", None)
        for source in (f"/areas/{OWN}", "/network")
    ),
)
# The network, the area that is concerned, one more of its plan, a stranger, and nobody.
IN_SHORT: Final[Sequence[Sender]] = (SENDERS[0], *SENDERS[2:4], SENDERS[5], SENDERS[-2])
