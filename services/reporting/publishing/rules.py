"""The rules of the events that reporting takes itself: pure functions from what was loaded and one event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.backbone.decisions import Decision, Rule
from shared.backbone.rights import Check, by_field, checks_of, only_one_of
from shared.backbone.working_set import WorkingSet
from shared.errors import NotYetKnown, Refused
from shared.events import reporting
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import CloudEvent, EventData


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
    """Take a figure about an area that is known."""
    data = event.data
    if state.get(KnownArea, data.area) is None:
        raise NotYetKnown("area", data.area, pointer="/data/area")
    return Decision(entries=(event,))


def publish_report(state: WorkingSet, event: CloudEvent[reporting.ReportPublished]) -> Decision:
    """Freeze a report that reporting makes, or has lately made, at that cursor with that digest."""
    data = event.data
    made = state.get(ReportMade, (data.report, data.cursor))
    if made is None or made.digest != data.digest:
        raise Refused(
            "digest_differs",
            "at that cursor there is no such report with that digest; read it again and publish it then",
            pointer="/data/digest",
        )
    return Decision(entries=(event, made))


def of_area(_: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the area that the figure is about."""
    only_one_of((event.data.area,), event, pointer="/data/area")


def of_report(_: WorkingSet, event: CloudEvent[reporting.ReportPublished]) -> None:
    """Check the area whose report it is; the network's report is the network's to publish."""
    kind, _separator, area = event.data.report.partition("?")[0].partition("/")
    only_one_of((area,) if kind == "areas" else (), event, pointer="/data/report")


# What an event is about, by who may say it and by the field that names it.
FIELDS: Final[Mapping[str, Mapping[str, Check]]] = {"area": {"area": of_area, "report": of_report}}


def check_of(event: type[EventData]) -> Check:
    """Give the check that an event's line of the table asks for."""
    return by_field(event, FIELDS[event.said_by])


CHECKS: Final = checks_of(CATALOGUES["reporting"].events, check_of)
RULES: Final[Mapping[type[EventData], Rule]] = {
    reporting.ContextImported: import_context,
    reporting.ReportPublished: publish_report,
}


def decide(state: WorkingSet, event: CloudEvent[Any]) -> Decision:
    """Check that the sender may say an event, and apply its rule."""
    kind = type(event.data)
    CHECKS[kind](state, event)
    return RULES[kind](state, event)
