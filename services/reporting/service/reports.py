"""Making a report, and keeping it while the cursor stands. It never commits."""

import collections
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import orjson

from services.reporting import attention, disclosure, domain, store
from services.reporting.attention import Watched
from services.reporting.disclosure import View
from services.reporting.domain import Facts, Json
from services.reporting.periods import Period, published_spans
from shared import clock
from shared.database import Connection, Pool
from shared.errors import NotFound, Refused

CACHED_REPORTS: Final = 256


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report is asked for: the network's, or one area's.

    `inside` is True for the area's own people; `known` are the areas whose people the reader knows anyway.
    """

    area: str | None
    first_day: date | None
    last_day: date | None
    inside: bool
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it goes out: JSON and its entity tag."""

    body: bytes
    etag: str


class Reports:
    """Makes reports, and keeps those made at the present cursor: the same cursor and question give the same answer."""

    def __init__(self, pool: Pool, threshold: int) -> None:
        self._pool = pool
        self._threshold = threshold
        self._made: collections.OrderedDict[str, Report] = collections.OrderedDict()

    async def report(self, wanted: Wanted) -> Report:
        """Give a report as it is at this moment's cursor.

        Raises:
            NotFound: there is no such area.
            Refused: the period ends before it begins (`dates_reversed`).
        """
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            today = clock.now().date()
            etag = self._etag(wanted, await store.cursor(connection), today)
            if etag in self._made:
                self._made.move_to_end(etag)
                return self._made[etag]
            if wanted.area is not None and not await store.has_area(connection, wanted.area):
                raise NotFound(f"there is no area '{wanted.area}' here")
            facts, view = await self._read(connection, wanted)
            watched = await store.watched(connection, today)
        report = domain.area_report(facts) if wanted.area else domain.network_report(facts)
        if view is not None:
            report = view.protect(report, facts.period, wanted.area)
        report["attention"] = _attention(watched, wanted.area)
        report["digest"] = domain.digest(report)
        made = Report(orjson.dumps(report), etag)
        self._made[etag] = made
        if len(self._made) > CACHED_REPORTS:
            self._made.popitem(last=False)
        return made

    async def attention(self, area: str | None) -> list[Json]:
        """List what needs attention today, everywhere or in one area.

        Raises:
            NotFound: there is no such area.
        """
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            if area is not None and not await store.has_area(connection, area):
                raise NotFound(f"there is no area '{area}' here")
            return _attention(await store.watched(connection, clock.now().date()), area)

    async def area_names(self) -> dict[str, str]:
        """Give every area's name."""
        async with self._pool.acquire() as connection:
            return await store.area_names(connection)

    async def _read(self, connection: Connection, wanted: Wanted) -> tuple[Facts, View | None]:
        """Read what a report needs, and for readers outside the area what they may see of it."""
        whole = await store.whole_period(connection)
        period = _period(wanted, whole)
        if wanted.inside or period is None:
            return await store.facts(connection, period, wanted.area), None
        # Before the first plan there is nobody to count, whatever days are asked for.
        whole = whole or period
        people = await store.count_people(connection, published_spans(whole), None)
        view = disclosure.view(people, whole, self._threshold, wanted.known)
        return await store.facts(connection, period, wanted.area, view.counts(people, period)), view

    def _etag(self, wanted: Wanted, cursor: Mapping[str, int], today: date) -> str:
        question = repr((wanted, sorted(cursor.items()), self._threshold, today))
        return f'"{hashlib.sha256(question.encode()).hexdigest()[:32]}"'


def _attention(watched: Watched, area: str | None) -> list[Json]:
    items = attention.attention(watched)
    return items if area is None else attention.of_area(items, area, watched.plans)


def _period(wanted: Wanted, whole: Period | None) -> Period | None:
    """Give the days asked for; an end that is not given is that of the whole."""
    first_day = wanted.first_day or (whole.first_day if whole else wanted.last_day)
    last_day = wanted.last_day or (whole.last_day if whole else wanted.first_day)
    if first_day is None or last_day is None:
        return None
    if last_day < first_day:
        raise Refused("dates_reversed", f"the period ends on {last_day}, before it begins on {first_day}")
    return Period(first_day, last_day)
