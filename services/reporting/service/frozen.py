"""What published reports show of people, which nothing shown later may complete (ADR 41). It never commits."""

import orjson

from services.reporting import disclosure, publication_store
from services.reporting.knowledge import Cell
from shared.database import Connection


class Frozen:
    """The counts of people in all published reports, each read once."""

    def __init__(self) -> None:
        self._told: dict[int, list[tuple[Cell, int]]] = {}

    async def told(self, connection: Connection) -> list[tuple[Cell, int]]:
        """Give every count of people that was ever published, as of the connection's snapshot."""
        for number, body in await publication_store.published_bodies(connection, max(self._told, default=0)):
            self._told[number] = disclosure.told(orjson.loads(body))
        return [told for each in self._told.values() for told in each]
