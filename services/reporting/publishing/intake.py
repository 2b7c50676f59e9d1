"""What reporting takes itself: load → decide → save. It never commits."""

from collections.abc import Sequence
from typing import Any

import orjson

from services.reporting.figures.service import FigureAnswers
from services.reporting.publishing import rules as own_events
from services.reporting.publishing import store
from services.reporting.publishing.rules import KnownArea, ReportMade
from services.reporting.publishing.service import Publishing
from services.reporting.releases.reading import Releases
from services.reporting.reports.service import Reports
from shared import clock
from shared.backbone.decisions import Decision
from shared.backbone.event_log import Entry
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, Pool
from shared.events import reporting
from shared.events.catalogue import Posted
from shared.events.envelope import CloudEvent


class ReportingUseCases:
    """Reporting's part of the shared write path."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._publishing: Publishing | None = None

    def open(self, pool: Pool) -> tuple[Reports, Publishing]:
        """Begin to use a database; return the reports, and the publishing of those that were made lately."""
        reports = Reports(pool, self._releases, FigureAnswers(pool, self._releases))
        self._publishing = publishing = Publishing(pool, reports)
        return reports, publishing

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load what the events name: areas, and the reports that are to be published."""
        state = WorkingSet()
        areas = {event.data.area for event in events if isinstance(event.data, reporting.ContextImported)}
        state.add(*(KnownArea(area) for area in await store.known_areas(connection, areas)))
        for event in events:
            if isinstance(event.data, reporting.ReportPublished) and self._publishing is not None:
                made = await self._publishing.made(event.data.report, event.data.cursor)
                state.add(*([made] if made else []))
        return state

    def decide(self, state: WorkingSet, posted: Posted) -> Decision:
        """Apply the event's rule; pure."""
        return own_events.decide(state, posted.event)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save nothing: all that changes carries the sequence of its event."""

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Fold the events at once, in the transaction that logs them, and keep what is published."""
        recorded = clock.now()
        own = [
            Entry(
                {
                    "sequence": sequence,
                    "recorded": recorded.isoformat(),
                    "event": orjson.loads(entry.as_logged()),
                    "outcome": None,
                }
            )
            for sequence, entry in entries
            if isinstance(entry, CloudEvent)
        ]
        await store.fold_own(connection, own)
        published = [(sequence, entry) for sequence, entry in entries if isinstance(entry, ReportMade)]
        await store.publish(connection, published, recorded)
