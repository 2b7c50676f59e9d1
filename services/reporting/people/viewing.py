"""Deciding what readers outside an area may see, once for each change of a count of people. It never commits."""

import asyncio
from collections.abc import Sequence
from typing import Final

from services.reporting.people import disclosure, store
from services.reporting.people.disclosure import View
from services.reporting.people.frozen import Frozen
from services.reporting.people.keys import PeopleKey
from services.reporting.people.knowledge import Belonging, PeopleCell
from services.reporting.periods import Period
from shared.database import Connection

# Readers of one area each; who knows what decides what may be seen.
KEPT_VIEWS: Final = 64
# What readers know who know no area's counts; nobody sees more of an area that is not the own.
NOBODYS: Final[frozenset[str]] = frozenset()
# The counts of people, and what activities are part of.
Counted = tuple[dict[PeopleKey, dict[str, int]], dict[str, Belonging]]


class Views:
    """Decides what may be seen, and keeps the decisions while no count changes: they cost more than a report."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self._at: tuple[str, Period] | None = None
        self._counted: Counted = {}, {}
        self._published: Sequence[tuple[PeopleCell, int]] = ()
        self._views: dict[frozenset[str], View] = {}
        self._deciding = asyncio.Lock()
        self._frozen = Frozen()

    async def of(self, connection: Connection, whole: Period, known: frozenset[str]) -> View:
        """Give what a reader who knows some areas' people may see, in the connection's snapshot."""
        # One decision at a time: whoever waits finds it made.
        async with self._deciding:
            await self._count(connection, whole)
            everybody = await self._decided(whole, NOBODYS, None)
            return await self._decided(whole, known, everybody) if known else everybody

    async def _decided(self, whole: Period, known: frozenset[str], everybody: View | None) -> View:
        if known not in self._views:
            people, belongs = self._counted
            if len(self._views) >= KEPT_VIEWS:
                self._views = {} if everybody is None else {NOBODYS: everybody}
            # In a large network this takes longer than everybody else should wait for their answers.
            self._views[known] = await asyncio.to_thread(
                disclosure.view,
                people,
                whole,
                self.threshold,
                known,
                belongs,
                published=self._published,
                everybody=everybody,
            )
        return self._views[known]

    async def _count(self, connection: Connection, whole: Period) -> None:
        """Count people where a count may have changed, and forget the decisions where something did."""
        published = await self._frozen.told(connection)
        if published is not self._published:
            self._published, self._views = published, {}
        at = await store.frame_version(connection), whole
        if at == self._at:
            return
        counted = await store.frame(connection, whole)
        if counted != self._counted or self._at is None or self._at[1] != whole:
            self._counted, self._views = counted, {}
        self._at = at
