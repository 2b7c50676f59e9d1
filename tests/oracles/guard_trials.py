"""Tries labelled texts in the fields of real events, through the door that every event takes, and counts what is found.

Recall is the share of texts of a kind that are refused with its code; a false alarm is an ordinary text that is refused
as personal.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from shared import clock
from shared.events.catalogue import CATALOGUES
from shared.events.every_event import EVENTS
from shared.events.fields import MAX_LINE, SLUG_PATTERN
from shared.events.findings import PERSONAL
from tests.oracles.danish_texts.reading import ORDINARY, Labelled
from tests.support.builders import an_event, body

# Where a text of each sort of field is tried: the event, and the way to the field; an attribute has one step.
PLACES: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "free": (
        ("story.published", ("data", "text")),
        ("story.published", ("data", "title")),
        ("session.cancelled", ("data", "reason")),
        ("goal.assessed", ("data", "comment")),
        ("expense.booked", ("data", "text")),
    ),
    "reference": (
        ("expense.booked", ("data", "voucher")),
        ("funding.committed", ("data", "reference")),
        ("participant.enrolled", ("data", "consent", "reference")),
        ("session.cancelled", ("subject",)),
    ),
    "identifier": (
        ("session.cancelled", ("id",)),
        ("session.cancelled", ("data", "session")),
        ("expense.booked", ("data", "expense")),
        ("participant.enrolled", ("data", "participant")),
    ),
}
SEVERAL_LINES: Final = frozenset({"text", "reason", "comment"})
PEOPLE: Final = frozenset({"participant"})
BY_NAME: Final = {event.event_name: event for event in EVENTS}


@dataclass(slots=True)
class Findings:
    """How many texts of each (kind, place) were tried and told of rightly, and which were not."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, Labelled, frozenset[str]]] = field(default_factory=list)

    def share(self, kind: str, place: str = "") -> float:
        """Give the share of texts of a kind that were told of rightly, in one place or in all."""
        where = [key for key in self.tried if key[0] == kind and place in ("", key[1])]
        return sum(self.right[key] for key in where) / sum(self.tried[key] for key in where)

    def table(self) -> str:
        """Write recall and false alarms per kind and place, a line each."""
        return "\n".join(self._line(kind, place) for kind, place in sorted(self.tried))

    def _line(self, kind: str, place: str) -> str:
        share = self.share(kind, place)
        told = f"false alarms {1 - share:.3f}" if kind == ORDINARY else f"recall {share:.3f}"
        return f"{kind:16} {place:34} {self.tried[kind, place]:5} {told}"


def tried(texts: Iterable[Labelled]) -> Findings:
    """Try every text in all fields that it may stand in."""
    findings = Findings()
    for each in texts:
        for name, steps in _places_of(each):
            codes = _codes_of(name, steps, each.text)
            key = each.kind, f"{name} {'/'.join(steps[-2:])}"
            findings.tried[key] += 1
            if codes == frozenset() if each.kind == ORDINARY else each.kind in codes:
                findings.right[key] += 1
            else:
                findings.wrong.append((key[1], each, codes))
    return findings


def _places_of(each: Labelled) -> Iterator[tuple[str, tuple[str, ...]]]:
    for sort in each.fields:
        for name, steps in PLACES[sort]:
            is_slug = sort == "identifier" and steps[0] == "data"
            if is_slug and not re.fullmatch(SLUG_PATTERN, each.text):
                continue
            if steps[-1] in PEOPLE and each.kind == ORDINARY:
                continue
            if steps[-1] not in SEVERAL_LINES and (re.search(r"[\n\t]", each.text) or len(each.text) > MAX_LINE):
                continue
            yield name, steps


def _codes_of(name: str, steps: tuple[str, ...], text: str) -> frozenset[str]:
    """Give the codes of what the door finds in a text that stands in a field, of those about people."""
    told = _replaced(an_event(name, BY_NAME[name].example), steps, text)
    # An event of the year in which the texts were written.
    told["time"] = "2026-11-01T08:00:00Z"
    posted, faults = CATALOGUES[BY_NAME[name].event_owner].read(body(told), clock.now())
    assert len(posted) + len(faults) > 0
    return frozenset(fault.code for fault in faults) & PERSONAL.keys()


def _replaced(value: dict[str, Any], steps: tuple[str, ...], text: str) -> dict[str, Any]:
    first, *others = steps
    return value | {first: _replaced(value[first], tuple(others), text) if others else text}
