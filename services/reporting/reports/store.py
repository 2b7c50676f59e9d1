"""What reports are read by. Most statements stand in `sql/`, one file each. It never commits."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson

from services.reporting.agreement import store as agreement
from services.reporting.folding import position
from services.reporting.people import store as people_store
from services.reporting.people.keys import PeopleKey
from services.reporting.periods import WHOLE_MONTHS, Period, Span
from services.reporting.reports.attention import REJECTED_DAYS, Watched
from services.reporting.reports.facts import Facts
from services.reporting.statements import statement
from services.reporting.terms import Plan, Standing
from shared.backbone import forgeries, parting
from shared.database import Connection

# The statements that the numbers of a report come from. Together they owe all of them.
NUMBER_THEMES: Final = ("activities", "sessions", "things")


async def has_area(connection: Connection, area: str) -> bool:
    """Tell whether an area is known."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM area WHERE area = $1)", area)
    return found


async def find_plan(connection: Connection, plan: str) -> Plan | None:
    """Give a plan, None where it is not known."""
    found = await plans(connection, None, plan)
    return found[0] if found else None


async def plan_of_activity(connection: Connection, activity: str) -> str | None:
    """Give the plan that an activity belongs to, None where it is not known."""
    plan: str | None = await connection.fetchval("SELECT plan FROM activity WHERE activity = $1", activity)
    return plan


async def area_names(connection: Connection) -> dict[str, str]:
    """Give every area's name, in the order of the areas."""
    rows = await connection.fetch("SELECT area, name FROM area ORDER BY area")
    return {row["area"]: row["name"] for row in rows}


async def activity_names(connection: Connection, activities: Collection[str]) -> dict[str, str]:
    """Give the names of those of some activities that have one."""
    rows = await connection.fetch(
        "SELECT activity, name FROM activity WHERE activity = ANY ($1) AND name IS NOT NULL ORDER BY activity",
        sorted(activities),
    )
    return {row["activity"]: row["name"] for row in rows}


async def names(
    connection: Connection, activities: Collection[str], *, plan: str | None = None, area: str | None = None
) -> dict[str, dict[str, str]]:
    """Give what the codes in a report are called: activities, the funders of commitments, and effort areas."""
    told: dict[str, dict[str, str]] = {"activities": {}, "funders": {}, "effort_areas": {}}
    for row in await connection.fetch(statement("reports", "report_names"), sorted(activities), plan, area):
        told[row["kind"]][row["code"]] = row["name"]
    return told


async def whole_period(connection: Connection, today: date) -> Period | None:
    """Give the days from the first plan's first to the last that any event concerns; None when there is none.

    It ends today at the latest, whatever older logs say of later days, and has `WHOLE_MONTHS` at most.
    """
    row = await connection.fetchrow(statement("reports", "period"))
    if row is None or row["first_day"] is None or row["last_day"] is None:
        return None
    first_day = min(row["first_day"], today)
    whole = Period(first_day, max(first_day, min(row["last_day"], today)))
    return Period(max(first_day, whole.months()[-WHOLE_MONTHS:][0]), whole.last_day)


async def facts(
    connection: Connection,
    period: Period | None,
    area: str | None,
    people: Mapping[PeopleKey, Mapping[str, int]] | None = None,
    *,
    plan: str | None = None,
) -> Facts:
    """Read what a report is made from, of all, an area or a plan; the caller's transaction makes it one snapshot.

    `people` are the counts of people where the caller has read them already.
    """
    if people is None:
        people = await people_store.count_people(connection, people_store.spans(period), area, plan) if period else {}
        if period and plan:
            people |= await people_store.count_people_of_parts(connection, [period], ["activity"], area, plan)
        elif period:
            people = people_store.together(people, await people_store.count_staying(connection, period, area))
    recorded: datetime | None = await connection.fetchval("SELECT max(recorded) FROM freshness")
    change = await people_store.measure_change(connection, [period], area, plan) if period else {}
    effort_areas = await connection.fetch(statement("reports", "effort_areas"), area, plan)
    return Facts(
        period=period,
        area=area,
        as_of=await position.cursor(connection),
        recorded=recorded,
        areas=[dict(row) for row in await connection.fetch(statement("reports", "areas"), area, plan)],
        effort_areas=[dict(row) for row in effort_areas],
        plans=await plans(connection, area, plan),
        standings=await _standings(connection, period, area, plan) if period else [],
        figures=await _figures(connection, period, area, plan) if period else {},
        people=people,
        change={(of_area, lens, respondent): pairs for (_, of_area, lens, respondent), pairs in change.items()},
        milestones=await _milestones(connection, period) if period else {},
        practices=await _practices(connection, period, area, plan) if period else [],
        plan=plan,
        goals=await _goals(connection, period, area, plan) if period else [],
        pools=[] if plan else await _pools(connection),
    )


async def totals(
    connection: Connection,
    period: Period,
    area: str | None,
    people: Mapping[PeopleKey, Mapping[str, int]] | None = None,
    *,
    plan: str | None = None,
) -> Facts:
    """Read what the totals of a period are made from, and nothing else."""
    if people is None:
        people = await people_store.count_people(connection, [Span("other", period)], area, plan)
    return Facts(
        period=period,
        area=area,
        as_of={},
        recorded=None,
        areas=(),
        effort_areas=(),
        plans=(),
        standings=await _standings(connection, period, area, plan),
        figures=await _figures(connection, period, area, plan),
        people=people,
        plan=plan,
    )


async def activity_months(connection: Connection, period: Period) -> list[dict[str, Any]]:
    """Give what was held and worked in a period by activity and month, with all that an activity belongs to."""
    rows = await connection.fetch(statement("reports", "activity_months"), period.first_day, period.last_day)
    return [dict(row) for row in rows]


async def spending_months(connection: Connection, last_day: date) -> list[dict[str, Any]]:
    """Give what was spent in each month that begins by a day, by plan, area, activity and line of the budget."""
    return [dict(row) for row in await connection.fetch(statement("reports", "spending_months"), last_day)]


async def plans(connection: Connection, area: str | None = None, plan: str | None = None) -> list[Plan]:
    """Give all plans, those of an area, or one."""
    rows = await connection.fetch(statement("reports", "plans"), area, plan)
    return [Plan(**{**dict(row), **{name: tuple(row[name]) for name in ("areas", "invited")}}) for row in rows]


async def _pools(connection: Connection) -> list[dict[str, Any]]:
    rows = await connection.fetch(statement("reports", "pools"))
    return [{"pool": row["pool"], "crosswalk": orjson.loads(row["crosswalk"])} for row in rows]


async def _milestones(connection: Connection, period: Period) -> dict[str, dict[str, int]]:
    rows = await connection.fetch(statement("reports", "milestones"), period.last_day)
    return {row["plan"]: dict(row) for row in rows}


async def _practices(
    connection: Connection, period: Period, area: str | None, plan: str | None
) -> list[dict[str, Any]]:
    rows = await connection.fetch(statement("reports", "practices"), period.last_day, area, plan)
    return [dict(row) for row in rows]


async def _goals(connection: Connection, period: Period, area: str | None, plan: str | None) -> list[dict[str, Any]]:
    rows = await connection.fetch(statement("reports", "goals"), area, plan, period.last_day.year)
    return [{**dict(row), "assessments": orjson.loads(row["assessments"])} for row in rows]


async def context(connection: Connection, last_day: date, area: str | None) -> list[dict[str, Any]]:
    """Give the newest figures about areas until a day, each with the one a year before."""
    return [dict(row) for row in await connection.fetch(statement("reports", "context"), last_day, area)]


async def watched(connection: Connection, today: date) -> Watched:
    """Read what the attention list is made from, as of a day."""
    statements = await connection.fetch(statement("reports", "watched_statements"))
    found = await agreement.last(connection)
    return Watched(
        today=today,
        areas=[dict(row) for row in await connection.fetch(statement("reports", "areas"), None, None)],
        plans=await plans(connection),
        standings=await _standings(connection, Period(today, today), None, None),
        activities=[dict(row) for row in await connection.fetch(statement("reports", "watched_activities"), today)],
        milestones=[dict(row) for row in await connection.fetch(statement("reports", "watched_milestones"), today)],
        statements={(row["plan"], row["year"]): row["state"] for row in statements},
        dead_letters=await connection.fetchval("SELECT count(*) FROM dead_letter"),
        forgeries=await forgeries.lately(connection, today),
        partings=await parting.all_of(connection),
        differing=found.plans if found else (),
        differing_since=found.since.date() if found and found.since else None,
    )


async def rejected(connection: Connection, today: date) -> list[dict[str, Any]]:
    """Give what was refused lately, as of a day."""
    rows = await connection.fetch(statement("reports", "watched_rejections"), today - timedelta(days=REJECTED_DAYS))
    return [dict(row) for row in rows]


async def _standings(connection: Connection, period: Period, area: str | None, plan: str | None) -> list[Standing]:
    rows = await connection.fetch(statement("reports", "money"), period.last_day, area, plan)
    return [Standing(**row) for row in rows]


async def _figures(
    connection: Connection, period: Period, area: str | None, plan: str | None
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Read all figures by grain; see `Facts`."""
    figures: dict[tuple[Any, ...], dict[str, Any]] = {}
    for theme in NUMBER_THEMES:
        rows = await connection.fetch(statement("reports", theme), period.first_day, period.last_day, area, plan)
        for row in rows:
            values = dict(row)
            key = _grain(values)
            figures.setdefault(key, {}).update(values)
    return figures


def _grain(values: dict[str, Any]) -> tuple[Any, ...]:
    """Take a row's grain out of its values and give it as a key."""
    grain, month, area, activity = (values.pop(name) for name in ("grain", "month", "area", "activity"))
    pool, effort_area = values.pop("pool"), values.pop("effort_area")
    keys: dict[str, tuple[Any, ...]] = {
        "total": (),
        "area": (area,),
        "effort_area": (pool, effort_area),
        "month": (month,),
        "activity": (activity,),
    }
    return (grain, *keys[grain])
