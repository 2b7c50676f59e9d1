"""The rules of the events that reporting takes itself: pure functions from what was loaded and one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.errors import ForeignArea, NotYetKnown, Refused
from shared.events import reporting
from shared.events.envelope import CloudEvent, EventData

Rule = Callable[[WorkingSet, CloudEvent[Any]], Decision]


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area that reporting has heard of."""

    area: str

    @property
    def key(self) -> str:
        """Give its name."""
        return self.area


@dataclass(frozen=True, slots=True)
class ReportMade:
    """A report as reporting made it at a cursor."""

    report: str
    cursor: str
    digest: str
    body: bytes

    @property
    def key(self) -> tuple[str, str]:
        """Give which report, and at which cursor."""
        return self.report, self.cursor


def import_context(state: WorkingSet, event: CloudEvent[reporting.ContextImported]) -> Decision:
    """Take a figure about an area: the area is known, and nobody speaks for another's."""
    data = event.data
    if event.area not in (None, data.area):
        raise ForeignArea(f"'{event.area}' may not speak for '{data.area}'", pointer="/data/area")
    if state.get(KnownArea, data.area) is None:
        raise NotYetKnown("area", data.area, pointer="/data/area")
    return Decision(entries=(event,))


def publish_report(state: WorkingSet, event: CloudEvent[reporting.ReportPublished]) -> Decision:
    """Freeze a report that reporting makes, or has lately made, at that cursor with that digest."""
    data = event.data
    if event.area is not None and data.report.partition("?")[0] != f"areas/{event.area}":
        raise ForeignArea(f"'{event.area}' publishes its own report only", pointer="/data/report")
    made = state.get(ReportMade, (data.report, data.cursor))
    if made is None or made.digest != data.digest:
        raise Refused(
            "digest_differs",
            "at that cursor there is no such report with that digest; read it again and publish it then",
            pointer="/data/digest",
        )
    return Decision(entries=(event, made))


RULES: Final[Mapping[type[EventData], Rule]] = {
    reporting.ContextImported: import_context,
    reporting.ReportPublished: publish_report,
}


def decide(state: WorkingSet, event: CloudEvent[Any]) -> Decision:
    """Apply the event's rule."""
    return RULES[type(event.data)](state, event)
