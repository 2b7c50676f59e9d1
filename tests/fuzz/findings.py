"""What a run has found: breaches with what repeats them, what was promised, and what was reached. Owns no judgement."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.fuzz.calls import Call
from tests.support.builders import Json

KEPT_OF_A_KIND: Final = 5


@dataclass(slots=True)
class Breach:
    """Something that must not be; `where` is the seed's client and step at which it was seen."""

    kind: str
    said: str
    where: str = ""
    call: Call | None = None
    event: Json | None = None
    repeat: str = ""


@dataclass(slots=True)
class Coverage:
    """What was reached."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    routes: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    ways: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    put_off: Counter[int] = field(default_factory=Counter)
    duplicates: int = 0
    not_learnt: int = 0
    calls: int = 0
    longest_answer: tuple[float, str] = (0.0, "")


@dataclass(slots=True)
class Findings:
    """Everything that a run found. `promises` holds the sequence of each event that was accepted, by owner."""

    breaches: list[Breach] = field(default_factory=list)
    breaches_by_kind: Counter[str] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=Coverage)
    promises: dict[str, dict[tuple[str, str], int]] = field(
        default_factory=lambda: {owner: {} for owner in ("registry", "funding", "reporting")}
    )
    # What was sent without an answer may be stored or not.
    unanswered: set[tuple[str, str]] = field(default_factory=set)
    # Pseudonyms whose consent was withdrawn, or may have been: an id that holds one is erased with what it stands for.
    withdrawn: set[str] = field(default_factory=set)
    # Where a breach happened that does not say so itself.
    where: str = ""
    dead: set[str] = field(default_factory=set)
    # Is told each breach that is kept, when it is found: whoever ends a run early has what it found until then.
    tell: Callable[[Breach], None] = field(default=lambda _: None)

    def stands_as(self, identity: tuple[str, str], sequence: int) -> tuple[str, str]:
        """Give the identity under which an accepted event stands in its log at the end."""
        source, identifier = identity
        return (source, f"erased-{sequence}") if any(name in identifier for name in self.withdrawn) else identity

    def breach(self, breach: Breach) -> None:
        """Note a breach; of each kind the first few are kept, the others counted."""
        breach.where = breach.where or self.where
        self.breaches_by_kind[breach.kind] += 1
        if self.breaches_by_kind[breach.kind] <= KEPT_OF_A_KIND:
            self.breaches.append(breach)
            self.tell(breach)
