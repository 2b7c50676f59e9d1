"""What reporting takes itself: load → decide → save. It never commits."""

from collections.abc import Sequence
from typing import Any

import orjson

from services.reporting import publication_store
from services.reporting.domain import own_events
from services.reporting.domain.own_events import KnownArea, ReportMade
from services.reporting.service.publishing import Publishing
from services.reporting.service.reports import Reports
from services.reporting.service.viewing import Views
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

    def __init__(self, views: Views) -> None:
        self._views = views
        # Made with the database, when the service starts.
        self.publishing: Publishing | None = None

    def open(self, pool: Pool) -> Reports:
        """Begin to use a database; give the reports, of which those made lately can be published."""
        reports = Reports(pool, self._views)
        self.publishing = Publishing(pool, reports)
        return reports

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load what the events name: areas, and the reports that are to be published."""
        state = WorkingSet()
        areas = {event.data.area for event in events if isinstance(event.data, reporting.ContextImported)}
        state.add(*(KnownArea(area) for area in await publication_store.known_areas(connection, areas)))
        for event in events:
            if isinstance(event.data, reporting.ReportPublished) and self.publishing is not None:
                made = await self.publishing.made(event.data.report, event.data.cursor)
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
        await publication_store.fold_own(connection, own)
        published = [(sequence, entry) for sequence, entry in entries if isinstance(entry, ReportMade)]
        await publication_store.publish(connection, published, recorded)
