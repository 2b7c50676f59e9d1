"""Use cases of registering on pages: what can be chosen, a roster, and what an area has to see to. It never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.reporting.entry import store
from shared.database import Pool
from shared.errors import Forbidden, NotFound

ABSENCES_IN_A_ROW: Final = 3
# As many as may be shown as ten lines, where some are alike.
LATEST: Final = 40
# How far back sessions can be registered and corrected where there is no net, and how far ahead planned ones are known.
KEPT_BACK: Final = timedelta(days=60)
KEPT_AHEAD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Roster:
    """What the roster of a session is made from.

    `recorded` is what was said of the session before, `last` the session before it, `planned` what is planned that day.
    """

    activity: str
    name: str
    area: str
    day: date
    session: str
    enrolled: Sequence[str]
    recorded: dict[str, Any] | None
    last: dict[str, Any] | None
    planned: dict[str, Any] | None

    @property
    def seen(self) -> int:
        """Give the place in the registry's log of what was last said of the session, 0 where nothing was."""
        return int(self.recorded["sequence"]) if self.recorded else 0


@dataclass(frozen=True, slots=True)
class OwnArea:
    """What an area has to see to, and what it does."""

    activities: Sequence[dict[str, Any]]
    unregistered: Sequence[dict[str, Any]]
    absent: Sequence[dict[str, Any]]
    latest: Sequence[dict[str, Any]]


class Entry:
    """Reads what people register from; people are told of inside their own area alone."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def choices(self, areas: Collection[str] | None) -> dict[str, dict[str, str]]:
        """Give what can be chosen, by kind; of some areas, or of all where that is None."""
        async with self._pool.acquire() as connection:
            return await store.choices(connection, None if areas is None else sorted(areas))

    async def context_figures(self, areas: Collection[str]) -> dict[tuple[str, str, str], tuple[float, str]]:
        """Give what others measured of areas, and who did, by area, figure and day; it is everybody's to read."""
        async with self._pool.acquire() as connection:
            return await store.context_figures(connection, sorted(areas))

    async def roster(self, activity: str, day: date, own: Collection[str], session: str | None = None) -> Roster:
        """Give the roster of an activity on a day; the session is called after the day where it has no name yet.

        Raises:
            NotFound: there is no such activity.
            Forbidden: it is of an area that is not the reader's own.
        """
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            found = await store.activity(connection, activity)
            if found is None:
                raise NotFound(f"there is no activity '{activity}'")
            if found["area"] not in own:
                raise Forbidden("only an area's own coordinators see who is in its activities")
            planned = await store.planned(connection, activity, day)
            name = session or (planned["session"] if planned else day.isoformat())
            return Roster(
                activity,
                found["name"],
                found["area"],
                day,
                name,
                await store.enrolled(connection, activity, day),
                await store.session(connection, activity, name),
                await store.session_before(connection, activity, day),
                planned,
            )

    async def own_area(self, areas: Collection[str], today: date) -> OwnArea:
        """Give what some areas have to see to on a day."""
        own = sorted(areas)
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            return OwnArea(
                await store.own_activities(connection, own, today),
                await store.unregistered(connection, own, today),
                await store.absent_in_a_row(connection, own, ABSENCES_IN_A_ROW),
                await store.latest(connection, own, LATEST),
            )

    async def kept_rosters(self, areas: Collection[str], today: date) -> list[dict[str, Any]]:
        """Give what the rosters of some areas are made from where there is no net."""
        async with self._pool.acquire() as connection:
            return await store.kept_rosters(connection, sorted(areas), today, today - KEPT_BACK, today + KEPT_AHEAD)
