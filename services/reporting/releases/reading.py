"""Reads what the newest release tells, and keeps what was read of it: a release is never changed. It never commits."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from services.reporting.releases import store
from services.reporting.releases.heads import ReleaseHead, ToldByArea
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import ToldAs
from shared.database import Connection
from shared.recent import Recent

# What is told of an area, or of some cells of all areas, each a few hundred kilobytes at most.
KEPT_PLACES: Final = 64


class Releases:
    """Gives what a release tells, from memory where it was read before."""

    def __init__(self) -> None:
        self._areas: Recent[tuple[int, str], Mapping[Count, ToldAs]] = Recent(KEPT_PLACES)
        self._cells: Recent[tuple[int, frozenset[Count]], ToldByArea] = Recent(KEPT_PLACES)

    async def of_areas(self, connection: Connection, head: ReleaseHead, areas: Iterable[str]) -> ToldByArea:
        """Give all that is told of areas, and of the network where one of them is `NETWORK`."""
        return {area: await self._of_area(connection, head.number, area) for area in areas}

    async def of_cells(self, connection: Connection, head: ReleaseHead, cells: Collection[Count]) -> ToldByArea:
        """Give what is told of some cells by area, of all areas."""
        asked = head.number, frozenset(cells)
        if (found := self._cells.find(asked)) is None:
            found = self._cells.keep(asked, await store.told_by_area(connection, head.number, asked[1]))
        return found

    async def _of_area(self, connection: Connection, number: int, area: str) -> Mapping[Count, ToldAs]:
        if (found := self._areas.find((number, area))) is None:
            found = self._areas.keep((number, area), await store.told(connection, number, area))
        return found
