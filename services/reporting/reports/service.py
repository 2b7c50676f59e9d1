"""Making a report, and keeping it while the cursor stands. It never commits."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import orjson

from services.reporting.digest import sealed
from services.reporting.folding import position
from services.reporting.people import staying
from services.reporting.people.disclosure import View
from services.reporting.people.viewing import Views
from services.reporting.periods import Period, asked_for
from services.reporting.reader.report import Report
from services.reporting.reader.wanted import NOBODY, ToldOf, Wanted
from services.reporting.reports import attention, one_plan, store
from services.reporting.reports.accounts import readable_items, withhold_accounts
from services.reporting.reports.annual_statement import annual_statement
from services.reporting.reports.attention import Watched
from services.reporting.reports.context import context_told
from services.reporting.reports.facts import Facts
from services.reporting.reports.network import area_report, network_report
from services.reporting.reports.plan import plan_report
from services.reporting.reports.telling import ToldReports
from services.reporting.terms import Json
from shared import clock
from shared.accounts import Accounts
from shared.database import Connection, Pool
from shared.errors import NotFound
from shared.recent import Recent

CACHED_REPORTS: Final = 256

# The cursor and the generation. The generation changes when figures at the same cursor may differ, as after a rebuild.
Stands = tuple[Mapping[str, int], str]
# Where reporting stands, how often the rejections have changed, and the day that overdue is told from.
StandsToday = tuple[Stands, int, date]


class Reports:
    """Makes reports, and keeps those made at the present cursor: the same cursor and question give the same answer."""

    def __init__(self, pool: Pool, views: Views) -> None:
        self._pool = pool
        self._views = views
        self._making = asyncio.Lock()
        self._made: Recent[str, Report] = Recent(CACHED_REPORTS)
        self._told = ToldReports()

    async def stands(self) -> StandsToday:
        """Tell where reporting stands now: an answer that was given there is still the answer."""
        async with self._pool.acquire() as connection:
            return *await position.standing(connection), clock.now().date()

    async def report(self, wanted: Wanted, told_of: ToldOf = NOBODY) -> Report:
        """Give a report as it is at this moment's cursor, with the rejected events that its reader is told of.

        Raises:
            NotFound: there is no such area.
            Unanswerable: the period ends before it begins (`dates_reversed`), or is too long (`period_too_long`).
        """
        # One question and no transaction where the report is there, which is nearly always.
        if (kept := await self._kept(wanted, told_of)) is not None:
            return kept
        # One is made at a time, so that those who wait hold no connection; some of them find theirs made.
        async with self._making:
            return await self._kept(wanted, told_of) or await self._make(wanted, told_of)

    async def _kept(self, wanted: Wanted, told_of: ToldOf) -> Report | None:
        async with self._pool.acquire() as connection:
            stands, changes = await position.standing(connection)
        etag = self._etag(wanted, stands, clock.now().date())
        made = self._made.find(etag)
        return made if made is None or told_of == NOBODY else self._told.find((etag, told_of, changes))

    async def _make(self, wanted: Wanted, told_of: ToldOf) -> Report:
        today = clock.now().date()
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            stands, changes = await position.standing(connection)
            etag = self._etag(wanted, stands, today)
            if (made := self._made.find(etag)) is None:
                made = self._keep(await self._content(connection, wanted, today), etag)
            if told_of == NOBODY:
                return made
            rejected = attention.events_rejected(await store.rejected(connection, today), told_of)
        return self._told.tell((etag, told_of, changes), made, rejected)

    async def _content(self, connection: Connection, wanted: Wanted, today: date) -> Json:
        if wanted.area is not None and not await store.has_area(connection, wanted.area):
            raise NotFound(f"there is no area '{wanted.area}' here")
        watched = await store.watched(connection, today)
        if wanted.plan is not None:
            report = await self._plan(connection, wanted, wanted.plan, watched)
        else:
            report = await self._network_or_area(connection, wanted, watched)
        named = _activities_of(report)
        report["names"] = await store.names(connection, named, plan=wanted.plan, area=wanted.area)
        return withhold_accounts(report, wanted.accounts)

    async def at(self, wanted: Wanted, cursor: Mapping[str, int]) -> Report | None:
        """Give a report as it was at a cursor: one made there and still at hand, or the present one, or None."""
        async with self._pool.acquire() as connection:
            now, generation = await position.cursor_and_generation(connection)
        etag = self._etag(wanted, ({**now, **cursor}, generation), clock.now().date())
        if (made := self._made.find(etag)) is None and {**now, **cursor} == now:
            await self.report(wanted)
            made = self._made.find(etag)
        return made

    def _keep(self, report: Json, etag: str) -> Report:
        return self._made.keep(etag, Report(orjson.dumps(sealed(report)), etag))

    async def _network_or_area(self, connection: Connection, wanted: Wanted, watched: Watched) -> Json:
        facts, view = await self._read(connection, wanted)
        report = area_report(facts) if wanted.area else network_report(facts)
        last_day = facts.period.last_day if facts.period else clock.now().date()
        report["context"] = context_told(await store.context(connection, last_day, wanted.area))
        if view is not None:
            report = view.protect(report, facts.period, wanted.area)
        report = staying.tell_shares(report)
        report["attention"] = _attention(watched, wanted.area, wanted.accounts)
        return report

    async def _plan(self, connection: Connection, wanted: Wanted, name: str, watched: Watched) -> Json:
        """Make the report of a plan; where no days are asked for, from its first to the last that has a fact."""
        plan = await store.find_plan(connection, name)
        if plan is None:
            raise NotFound(f"there is no plan '{name}' here")
        whole = await store.whole_period(connection, clock.now().date())
        until = min(max(whole.last_day, plan.start_on), plan.end_on) if whole else plan.start_on
        its_own = Period(plan.start_on, until)
        period = asked_for(wanted.first_day, wanted.last_day, its_own) or its_own
        facts = await store.facts(connection, period, None, plan=name)
        before = _before(period, its_own)
        if before:
            facts = replace(facts, previous=await store.totals(connection, before, None, plan=name))
        report = plan_report(facts, await one_plan.plan_facts(connection, name, period))
        if not wanted.known.issuperset(plan.areas):
            view = await self._views.of(connection, whole or period, wanted.known)
            report = view.protect_plan(report, period, plan, watched.plans)
        items = _attention(watched, None, wanted.accounts)
        report["attention"] = [item for item in items if item["plan"] == name or item["area"] in plan.areas]
        return report

    async def statement(self, name: str, year: int, accounts: Accounts) -> Report:
        """Give the annual statement of a plan's year, to a reader of the plan's accounts.

        Raises:
            NotFound: there is no such plan, or it has no such year.
            Forbidden: the reader does not read them.
        """
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            stands = await position.cursor_and_generation(connection)
            plan = await store.find_plan(connection, name)
            if plan is None:
                raise NotFound(f"there is no plan '{name}' here")
            accounts.must_include(plan.areas)
            if not plan.start_on.year <= year <= plan.end_on.year:
                raise NotFound(f"the plan runs from {plan.start_on} to {plan.end_on}")
            report = annual_statement(await one_plan.books(connection, plan, year))
            report["names"] = await store.names(connection, (), plan=name)
        asked = repr((name, year, stands))
        return self._keep(report, f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"')

    async def attention(self, area: str | None, accounts: Accounts, told_of: ToldOf = NOBODY) -> list[Json]:
        """List what needs attention today, everywhere or in one area, with the rejections that a reader is told of.

        Single commitments are told of to those who read the plan's accounts.

        Raises:
            NotFound: there is no such area.
        """
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            if area is not None and not await store.has_area(connection, area):
                raise NotFound(f"there is no area '{area}' here")
            today = clock.now().date()
            rejected = attention.events_rejected(await store.rejected(connection, today), told_of)
            concerned = [item for item in rejected if area is None or item["area"] == area]
            items = _attention(await store.watched(connection, today), area, accounts)
            return attention.in_order([*items, *concerned])

    async def plan_of_activity(self, activity: str) -> str:
        """Give the plan that an activity belongs to.

        Raises:
            NotFound: there is no such activity.
        """
        async with self._pool.acquire() as connection:
            plan = await store.plan_of_activity(connection, activity)
        if plan is None:
            raise NotFound(f"there is no activity '{activity}' here")
        return plan

    async def area_names(self) -> dict[str, str]:
        """Give every area's name."""
        async with self._pool.acquire() as connection:
            return await store.area_names(connection)

    async def activity_names(self, activities: Collection[str]) -> dict[str, str]:
        """Give the names of those of some activities that have one."""
        async with self._pool.acquire() as connection:
            return await store.activity_names(connection, activities)

    async def whole_period(self) -> Period | None:
        """Give the days that there is anything to report of; None where there is nothing."""
        async with self._pool.acquire() as connection:
            return await store.whole_period(connection, clock.now().date())

    async def _read(self, connection: Connection, wanted: Wanted) -> tuple[Facts, View | None]:
        """Read what a report needs, and for readers outside the area what they may see of it."""
        whole = await store.whole_period(connection, clock.now().date())
        period = asked_for(wanted.first_day, wanted.last_day, whole)
        # Before the first plan there is nobody to count, whatever days are asked for.
        view = None
        if period is not None and not wanted.inside:
            view = await self._views.of(connection, whole or period, wanted.known)
        people = view.counts(view.people, period) if view and period else None
        facts = await store.facts(connection, period, wanted.area, people)
        before = _before(period, whole)
        if before:
            people = view.counts(view.people, before) if view else None
            facts = replace(facts, previous=await store.totals(connection, before, wanted.area, people))
        return facts, view

    def _etag(self, wanted: Wanted, stands: Stands, today: date) -> str:
        cursor, generation = stands
        question = repr((wanted, sorted(cursor.items()), generation, self._views.threshold, today))
        return f'"{hashlib.sha256(question.encode()).hexdigest()[:32]}"'


def _activities_of(report: Json) -> set[str]:
    """Name the activities that a report speaks of without saying what they are called."""
    values = [item["values"] for item in report["attention"]]
    named = {each["activity"] for each in values if "activity" in each}
    carried = (each.get("activities", ()) for each in values)
    return named.union(*carried, *(practice["adopted_by"] for practice in report["practices"]))


def _attention(watched: Watched, area: str | None, accounts: Accounts) -> list[Json]:
    areas_of = {plan.plan: plan.areas for plan in watched.plans}
    items = list(readable_items(attention.attention(watched), accounts, areas_of))
    return items if area is None else attention.of_area(items, area, watched.plans)


def _before(period: Period | None, whole: Period | None) -> Period | None:
    """Give the period to compare with, where there is anything in it."""
    if period is None or whole is None or period.first_day <= whole.first_day:
        return None
    before = period.before()
    return before if before.overlaps(whole) else None
