"""What published reports show of people, which nothing shown later may complete (ADR 41). It never commits."""

from collections.abc import Sequence

import orjson

from services.reporting.people import disclosure, store
from services.reporting.people.knowledge import PeopleCell
from shared.database import Connection


class Frozen:
    """The counts of people in all published reports, each read once."""

    def __init__(self) -> None:
        self._last = 0
        self._told: Sequence[tuple[PeopleCell, int]] = ()

    async def told(self, connection: Connection) -> Sequence[tuple[PeopleCell, int]]:
        """Give every count of people that was ever published, as of the connection's snapshot."""
        if fresh := await store.published_bodies(connection, self._last):
            self._last = fresh[-1][0]
            self._told = [*self._told, *(told for _, body in fresh for told in disclosure.told(orjson.loads(body)))]
        return self._told
