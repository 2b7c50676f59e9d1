"""Deciding what readers outside an area may see, once for each cursor. It never commits."""

import asyncio
from collections.abc import Mapping
from typing import Final

from services.reporting import disclosure, store
from services.reporting.disclosure import View
from services.reporting.domain import PeopleKey
from services.reporting.knowledge import Belonging, Cell
from services.reporting.periods import Period
from services.reporting.service.frozen import Frozen
from shared.database import Connection

# Readers of one area each; who knows what decides what may be seen.
KEPT_VIEWS: Final = 64
# The counts of people, what activities are part of, and what published reports show.
Counted = tuple[dict[PeopleKey, dict[str, int]], dict[str, Belonging], list[tuple[Cell, int]]]
Stands = tuple[Mapping[str, int], str]


class Views:
    """Decides what may be seen, and keeps the decisions while the cursor stands: they cost more than a report."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self._at: tuple[Stands, Period] | None = None
        self._deciding = asyncio.Lock()
        self._frozen = Frozen()
        self._counted: tuple[dict[PeopleKey, dict[str, int]], dict[str, Belonging], list[tuple[Cell, int]]] | None = (
            None
        )
        self._views: dict[frozenset[str], View] = {}

    async def of(self, connection: Connection, stands: Stands, whole: Period, known: frozenset[str]) -> View:
        """Give what a reader who knows some areas' people may see, in the snapshot that stands at a cursor."""
        # One decision at a time: whoever waits finds it made.
        async with self._deciding:
            if self._at != (stands, whole) or self._counted is None:
                counted = (*await store.frame(connection, whole), await self._frozen.told(connection))
                # Most events change no count of people, and where nothing has changed, the same may be seen.
                if counted != self._counted or self._at is None or self._at[1] != whole:
                    self._counted, self._views = counted, {}
                self._at = stands, whole
            if known not in self._views:
                people, belongs, published = self._counted
                if len(self._views) >= KEPT_VIEWS:
                    self._views.clear()
                # In a large network this takes longer than everybody else should wait for their answers.
                self._views[known] = await asyncio.to_thread(
                    disclosure.view, people, whole, self.threshold, known, belongs, published=published
                )
            return self._views[known]
