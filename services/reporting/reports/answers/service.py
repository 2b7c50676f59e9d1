"""Making the answers of a day, and keeping them while nothing changes. It never commits."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import orjson

from services.reporting.digest import sealed
from services.reporting.folding import position
from services.reporting.periods import Period, school_year, whole_school_year
from services.reporting.reader.report import Report
from services.reporting.reader.wanted import ToldOf
from services.reporting.releases import store as releases_store
from services.reporting.releases.reading import Releases
from services.reporting.reports import attention, store
from services.reporting.reports.answers import store as answers_store
from services.reporting.reports.answers.facts import MOST_PLANS, AnswersSource, PlanHours
from services.reporting.reports.answers.shape import ANSWERS
from services.reporting.reports.attention import told_items
from services.reporting.reports.outside_plan import outside_plan
from services.reporting.reports.parts.figures import figures_at
from services.reporting.terms import Plan
from shared import clock
from shared.accounts import Accounts
from shared.database import Connection, Pool
from shared.recent import Recent

KEPT_ANSWERS: Final = 32


@dataclass(frozen=True, slots=True)
class AnswersReader:
    """Who asks: whose accounts are read, inside which areas everything is live, and whose rejections are told."""

    accounts: Accounts
    own: frozenset[str]
    told_of: ToldOf


class DailyAnswers:
    """Makes the answers of today, and keeps those made at the present cursor."""

    def __init__(self, pool: Pool, releases: Releases, today: Callable[[], date] = clock.today) -> None:
        self._pool = pool
        self._today = today
        self._releases = releases
        self._made: Recent[str, Report] = Recent(KEPT_ANSWERS)

    async def answers(self, reader: AnswersReader) -> Report:
        """Give the answers of today, as far as a reader may have them."""
        today = self._today()
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            stands, changes = await position.standing(connection)
            asked = repr((reader, stands, changes, today))
            etag = f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
            if (kept := self._made.find(etag)) is not None:
                return kept
            report = sealed(ANSWERS.tell(await self._source(connection, reader, today)))
        return self._made.keep(etag, Report(orjson.dumps(report), etag))

    async def _source(self, connection: Connection, reader: AnswersReader, today: date) -> AnswersSource:
        before = today.replace(day=1) - timedelta(days=1)
        found = await answers_store.read(connection, today, before)
        listed = attention.listed(await store.watched(connection, today))
        rejected = attention.events_rejected(await store.rejected(connection, today), reader.told_of)
        items = attention.in_order([*told_items(listed, None, reader.accounts, reader.own), *rejected])
        activities = {row["activity"] for name in ("mentors", "cancelled", "endings") for row in found[name]}
        for values in (item["values"] for item in items):
            activities |= {values[name] for name in ("activity",) if name in values} | {*values.get("activities", ())}
        return AnswersSource(
            today=today,
            as_of=await position.cursor(connection),
            accounts=reader.accounts,
            hours=await self._hours(connection, reader, found["plans"], found["months"], before),
            attention=items,
            names=_told_names(await store.names(connection, activities), found, reader.accounts),
            **found,
        )

    async def _hours(
        self,
        connection: Connection,
        reader: AnswersReader,
        plans: list[Plan],
        months: Collection[dict[str, Any]],
        last_day: date,
    ) -> list[PlanHours]:
        """Give the hours of each plan and what was spent in the same days: since it began, and in a school year."""
        head = await releases_store.newest(connection)
        whole = await store.whole_period(connection, last_day)
        told: list[PlanHours] = []
        for plan in plans[:MOST_PLANS]:
            is_inside = bool(plan.areas) and reader.own.issuperset(plan.areas)
            outside = None if is_inside else await outside_plan(connection, self._releases, head, plan, plans, whole)
            until = last_day if head is None or is_inside else head.calendar.period(head.calendar.whole).last_day
            for period in _periods(plan, until):
                facts = await store.totals(connection, period, None, outside, plan=plan.plan)
                spent_ore = sum(
                    row["spent_ore"]
                    for row in months
                    if row["plan"] == plan.plan and period.first_day.replace(day=1) <= row["month"] <= period.last_day
                )
                hours = figures_at(facts, "total")["participant_hours"]
                told.append(PlanHours(plan.plan, period, hours, spent_ore))
        return told


def _periods(plan: Plan, until: date) -> list[Period]:
    """Give the plan's days until a month's end, and the last whole school year of it in them."""
    last_day = min(plan.end_on, until)
    if last_day < plan.start_on:
        return []
    year = school_year(last_day + timedelta(days=1)) - 1
    last = whole_school_year(year)
    return [Period(plan.start_on, last_day), *([last] if plan.start_on <= last.first_day else [])]


def _told_names(
    names: dict[str, dict[str, str]], found: dict[str, Any], accounts: Accounts
) -> dict[str, dict[str, str]]:
    """Leave out the funders of commitments of plans whose accounts are not read."""
    read = {plan.plan for plan in found["plans"] if accounts.include(plan.areas)}
    commitments = {each.commitment for each in found["standings"] if each.plan in read}
    return {**names, "funders": {code: name for code, name in names["funders"].items() if code in commitments}}
