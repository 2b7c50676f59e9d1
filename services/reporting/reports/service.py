"""Making a report, and keeping it while the cursor stands. It never commits."""

import asyncio
import contextlib
import gzip
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import orjson

from services.reporting.digest import sealed
from services.reporting.folding import position
from services.reporting.periods import Period, asked_for
from services.reporting.reader.report import Report
from services.reporting.reader.wanted import NOBODY, ToldOf, Wanted
from services.reporting.releases import store as releases
from services.reporting.releases.periods import months_of
from services.reporting.releases.reading import Releases
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import NETWORK as ALL_AREAS
from services.reporting.reports import attention, one_plan, store
from services.reporting.reports.accounts import withhold_accounts
from services.reporting.reports.annual_statement import STATEMENT
from services.reporting.reports.attention import Listed, Watched, told_items
from services.reporting.reports.beside import BesideFigures
from services.reporting.reports.beside_store import beside
from services.reporting.reports.facts import Facts, PlanSource
from services.reporting.reports.goal_figures import GoalFigures, with_figures
from services.reporting.reports.outside_plan import outside_plan
from services.reporting.reports.released_people import RELEASED_AS, ReleasedPeople, attendances_of_months
from services.reporting.reports.shapes import AREA, NETWORK, PLAN
from services.reporting.reports.telling import ToldReports
from services.reporting.terms import OF_PEOPLE, Json, Row
from shared import clock
from shared.accounts import EVERY_PLANS, Accounts
from shared.database import UNAVAILABLE, Connection, Pool
from shared.errors import NotFound
from shared.joint import JointQuestion
from shared.recent import Recent

# How many bytes of reports are kept: dozens of a network of a thousand areas, and all of a small one.
KEPT_REPORT_BYTES: Final = 64 * 1024 * 1024
# Of what needs attention: that of the place where reporting stands. Of a thousand areas it takes megabytes.
KEPT_LISTS: Final = 1
# Once for each that is made, and seldom read: what takes the least time.
HANDED_ON_LEVEL: Final = 1
# A release's last month and the one before.
COMPARED_MONTHS: Final = 2

# The cursor and the generation. The generation changes when figures at the same cursor may differ, as after a rebuild.
Stands = tuple[Mapping[str, int], str]
# Where reporting stands, how often the rejections have changed, and the day that overdue is told from.
StandsToday = tuple[Stands, int, date]


class Reports:
    """Makes reports, and keeps those made at the present cursor: the same cursor and question give the same answer."""

    def __init__(
        self, pool: Pool, releases: Releases, figures: GoalFigures, today: Callable[[], date] = clock.today
    ) -> None:
        self._pool = pool
        self._figures = figures
        self._today = today
        self._releases = releases
        self._making = asyncio.Lock()
        self._made: Recent[str, Report] = Recent(KEPT_REPORT_BYTES)
        self._told = ToldReports()
        self._needs: Recent[tuple[object, ...], Listed] = Recent(KEPT_LISTS)
        # Each request asks it, whatever else is kept: those who ask at once share one question to the database.
        self._standing = JointQuestion(self._ask_standing)

    async def stands(self) -> StandsToday:
        """Tell where reporting stands now: an answer that was given there is still the answer."""
        return *await self._standing.answer(), self._today()

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

    async def _ask_standing(self) -> tuple[Stands, int]:
        async with self._pool.acquire() as connection:
            return await position.standing(connection)

    async def _kept(self, wanted: Wanted, told_of: ToldOf) -> Report | None:
        stands, changes = await self._standing.answer()
        etag = self._etag(wanted, stands, self._today())
        made = self._made.find(etag)
        return made if made is None or told_of == NOBODY else self._told.find((etag, told_of, changes))

    async def _make(self, wanted: Wanted, told_of: ToldOf) -> Report:
        today = self._today()
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            stands, changes = await position.standing(connection)
            etag = self._etag(wanted, stands, today)
            if (made := self._made.find(etag)) is None:
                listed = await self._listed(connection, stands, today)
                made = self._keep(await self._content(connection, wanted, listed), etag)
            rejected = [] if told_of == NOBODY else await store.rejected(connection, today)
        await self._hand_on(wanted, made)
        if told_of == NOBODY:
            return made
        rejected = attention.events_rejected(rejected, told_of)
        return self._told.tell((etag, told_of, changes), made, rejected)

    async def _content(self, connection: Connection, wanted: Wanted, listed: Listed) -> Json:
        if wanted.area is not None and not await store.has_area(connection, wanted.area):
            raise NotFound(f"there is no area '{wanted.area}' here")
        if wanted.plan is not None:
            report = await self._plan(connection, wanted, wanted.plan, listed)
        else:
            report = await self._network_or_area(connection, wanted, listed)
        return withhold_accounts(report, wanted.accounts)

    async def _listed(self, connection: Connection, stands: Stands, today: date) -> Listed:
        """List what needs attention: the same at a place and on a day, whichever report and days are asked for."""
        cursor, generation = stands
        place = (*sorted(cursor.items()), generation, today)
        if (found := self._needs.find(place)) is None:
            found = self._needs.keep(place, attention.listed(await self._watched(connection, today)))
        return found

    async def _watched(self, connection: Connection, today: date) -> Watched:
        """Read what the attention list is made from, with what the newest release tells of attendances."""
        watched, head = await store.watched(connection, today), await releases.newest(connection)
        if head is None or head.calendar.months < COMPARED_MONTHS:
            return watched
        months = head.calendar.each_month[-COMPARED_MONTHS:]
        told = await self._releases.of_cells(connection, head, [Count("attendances", month) for month in months])
        days = [head.calendar.period(month).first_day for month in months]
        held = await store.area_sessions(connection, days)
        return replace(watched, released=attendances_of_months(told, months, days, held))

    async def at(self, wanted: Wanted, cursor: Mapping[str, int]) -> Report | None:
        """Give a report as it was at a cursor: one made there and still at hand, or the present one, or None."""
        async with self._pool.acquire() as connection:
            now, generation = await position.cursor_and_generation(connection)
        etag = self._etag(wanted, ({**now, **cursor}, generation), self._today())
        if (made := self._made.find(etag)) is None and {**now, **cursor} == now:
            await self.report(wanted)
            made = self._made.find(etag)
        return made or await self._handed_on(etag)

    async def _hand_on(self, wanted: Wanted, made: Report) -> None:
        """Let whichever replica is asked to publish it have it, where it may be published."""
        if wanted != Wanted(wanted.area, wanted.first_day, wanted.last_day, EVERY_PLANS):
            return
        # Megabytes of a large network, which the database would compress itself, and slower.
        compressed = await asyncio.to_thread(gzip.compress, made.body, HANDED_ON_LEVEL, mtime=0)
        # Where nothing can be written, nothing can be published either, and whoever reads is told all the same.
        with contextlib.suppress(*UNAVAILABLE):
            async with self._pool.acquire() as connection:
                await store.keep_made(connection, made.etag, compressed, clock.now())

    async def _handed_on(self, etag: str) -> Report | None:
        async with self._pool.acquire() as connection:
            compressed = await store.made(connection, etag)
        if compressed is None:
            return None
        body = await asyncio.to_thread(gzip.decompress, compressed)
        return self._made.keep(etag, Report(body, etag), len(body))

    def _keep(self, report: Json, etag: str) -> Report:
        body = orjson.dumps(sealed(report))
        return self._made.keep(etag, Report(body, etag), len(body))

    async def _network_or_area(self, connection: Connection, wanted: Wanted, listed: Listed) -> Json:
        facts = await self._read(connection, wanted)
        items = told_items(listed, wanted.area, wanted.accounts, wanted.own)
        return (AREA if wanted.area else NETWORK).tell(await _named(connection, facts, items))

    async def _plan(self, connection: Connection, wanted: Wanted, name: str, listed: Listed) -> Json:
        """Make the report of a plan; where no days are asked for, from its first to the last that has a fact."""
        plan = await store.find_plan(connection, name)
        if plan is None:
            raise NotFound(f"there is no plan '{name}' here")
        whole = await store.whole_period(connection, self._today())
        until = min(max(whole.last_day, plan.start_on), plan.end_on) if whole else plan.start_on
        its_own = Period(plan.start_on, until)
        period = asked_for(wanted.first_day, wanted.last_day, its_own) or its_own
        outside = None
        if not wanted.is_inside(plan.areas):
            head = await releases.newest(connection)
            outside = await outside_plan(connection, self._releases, head, plan, listed.plans, whole)
        facts = await store.facts(connection, period, None, outside, plan=name)
        facts = await store.with_own_areas(connection, facts, wanted.own)
        facts = await with_figures(connection, facts, wanted, self._figures, self._today())
        before = _before(period, its_own)
        if before:
            facts = replace(facts, previous=await store.totals(connection, before, None, outside, plan=name))
        items = told_items(listed, None, wanted.accounts, wanted.own)
        own = [item for item in items if item["plan"] == name or item["area"] in plan.areas]
        facts = await _named(connection, facts, own)
        return PLAN.tell(PlanSource.of(facts, await one_plan.plan_facts(connection, name, period)))

    async def beside(self, report: Report) -> BesideFigures | None:
        """Give what documents tell beside a report, at the report's cursor; None where the figures have moved on."""
        told = orjson.loads(report.body)
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            now = await position.cursor(connection)
            return await beside(connection, told) if now == {name: told["as_of"][name] for name in now} else None

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
            report = STATEMENT.tell(await one_plan.books(connection, plan, year))
        asked = repr((name, year, stands))
        return self._keep(report, f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"')

    async def statement_begins(self, name: str, year: int) -> date | None:
        """Give the first day of a plan's annual statement; None for the first one, which has all that was before."""
        async with self._pool.acquire() as connection:
            plan = await store.find_plan(connection, name)
        return None if plan is None or year == plan.start_on.year else date(year, 1, 1)

    async def attention(self, area: str | None, accounts: Accounts, told_of: ToldOf = NOBODY) -> list[Json]:
        """List what needs attention today, everywhere or in one area, with the rejections that a reader is told of.

        Single commitments are told of to those who read the plan's accounts, and what rests on who came to those whose
        area it is.

        Raises:
            NotFound: there is no such area.
        """
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            if area is not None and not await store.has_area(connection, area):
                raise NotFound(f"there is no area '{area}' here")
            today, (stands, _) = self._today(), await position.standing(connection)
            rejected = attention.events_rejected(await store.rejected(connection, today), told_of)
            concerned = [item for item in rejected if area is None or item["area"] == area]
            listed = await self._listed(connection, stands, today)
            items = told_items(listed, area, accounts, told_of or ())
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

    async def budget_lines_of(self, plans: Collection[str]) -> list[Row]:
        """Give what the budget lines of some plans are for."""
        async with self._pool.acquire() as connection:
            return await store.budget_lines_of(connection, plans)

    async def whole_period(self) -> Period | None:
        """Give the days that there is anything to report of; None where there is nothing."""
        async with self._pool.acquire() as connection:
            return await store.whole_period(connection, self._today())

    async def _read(self, connection: Connection, wanted: Wanted) -> Facts:
        """Read what the report of the network or of an area is made from."""
        whole = await store.whole_period(connection, self._today())
        period = asked_for(wanted.first_day, wanted.last_day, whole)
        is_inside = wanted.area is not None and wanted.is_inside([wanted.area])
        outside = None if is_inside else await self._outside(connection, wanted.area, period, whole)
        facts = await store.facts(connection, period, wanted.area, outside)
        if wanted.area is not None:
            facts = await with_figures(connection, facts, wanted, self._figures, self._today())
        before = _before(period, whole)
        if before:
            facts = replace(facts, previous=await store.totals(connection, before, wanted.area, outside))
        return facts

    async def _outside(
        self, connection: Connection, area: str | None, period: Period | None, whole: Period | None
    ) -> ReleasedPeople:
        """Read what everybody is told of the people of an area, or of all of them."""
        head = await releases.newest(connection)
        if head is None or period is None:
            return ReleasedPeople(head)
        told = await self._releases.of_areas(connection, head, [area or ALL_AREAS])
        if area is None and (months := months_of(period, head.calendar, whole)):
            cells = [Count(RELEASED_AS.get(name, name), months) for name in OF_PEOPLE]
            told = {**await self._releases.of_cells(connection, head, cells), **told}
        return ReleasedPeople(head, told, whole)

    @staticmethod
    def _etag(wanted: Wanted, stands: Stands, today: date) -> str:
        cursor, generation = stands
        question = repr((wanted, sorted(cursor.items()), generation, today))
        return f'"{hashlib.sha256(question.encode()).hexdigest()[:32]}"'


async def _named(connection: Connection, facts: Facts, items: list[Json]) -> Facts:
    """Add what needs attention, and what the codes in the report are called."""
    values = [item["values"] for item in items]
    activities = {each["activity"] for each in values if "activity" in each}
    carried = (each.get("activities", ()) for each in values)
    activities = activities.union(*carried, *(practice["adopted_by"] for practice in facts.practices))
    measured = {(goal["measure"] or {}).get("activity") for goal in facts.goals}
    activities |= {activity for activity in measured if activity is not None}
    names = await store.names(connection, activities, plan=facts.plan, area=facts.area)
    return replace(facts, attention=items, names=names)


def _before(period: Period | None, whole: Period | None) -> Period | None:
    """Give the period to compare with, where there is anything in it."""
    if period is None or whole is None or period.first_day <= whole.first_day:
        return None
    before = period.before()
    return before if before.overlaps(whole) else None
