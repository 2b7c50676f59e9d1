"""What reports are read by. Most statements stand in `sql/`, one file each. It never commits."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson

from services.reporting.agreement import store as agreement
from services.reporting.folding import position
from services.reporting.people import store as people_store
from services.reporting.people.change import Pairs
from services.reporting.people.store import Counts
from services.reporting.periods import WHOLE_MONTHS, Period, Span
from services.reporting.releases import store as releases
from services.reporting.reports.attention import REJECTED_DAYS, LatestWord, Watched
from services.reporting.reports.facts import NAMED, ChangeKey, Facts
from services.reporting.reports.released_people import ReleasedPeople
from services.reporting.statements import statement
from services.reporting.terms import Plan, Row, Standing
from shared import clock
from shared.backbone import forgeries, parting
from shared.clock import day_of
from shared.database import Connection

# So many reports that were made last are kept for all replicas.
HANDED_ON: Final = 50
# They have a name of their own: a replica of an older version looks for reports as they are, and finds none of these.
COMPRESSED: Final = ";gzip"
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


async def budget_lines_of(connection: Connection, plans: Collection[str]) -> list[Row]:
    """Give the budget lines of some plans: plan, line, effort area, cost type and year."""
    return [dict(row) for row in await connection.fetch(statement("reports", "named_lines"), sorted(plans))]


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
    """Give what the codes in a report are called, with the area of each activity among them."""
    told: dict[str, dict[str, str]] = {name: {} for name in NAMED}
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
    outside: ReleasedPeople | None = None,
    *,
    plan: str | None = None,
) -> Facts:
    """Read what a report is made from, of all, an area or a plan; the caller's transaction makes it one snapshot.

    Nobody is counted for a reader from `outside`.
    """
    people, change = await _live(connection, period, area, plan) if period and outside is None else ({}, {})
    recorded: datetime | None = await connection.fetchval("SELECT max(recorded) FROM freshness")
    effort_areas = await connection.fetch(statement("reports", "effort_areas"), area, plan)
    return Facts(
        period=period,
        area=area,
        as_of=await position.cursor(connection),
        recorded=recorded,
        areas=[dict(row) for row in await connection.fetch(statement("reports", "areas"), area, plan)],
        effort_areas=[dict(row) for row in effort_areas],
        plans=await plans(connection, area, plan),
        standings=await standings(connection, period, area, plan) if period else [],
        figures=await _figures(connection, period, area, plan) if period else {},
        people=people,
        change=change,
        outside=outside,
        milestones=await _milestones(connection, period) if period else {},
        practices=await _practices(connection, period, area, plan) if period else [],
        plan=plan,
        goals=await _goals(connection, period, area, plan) if period else [],
        pools=[] if plan else await _pools(connection),
        context=[] if plan else await _context(connection, period, area),
    )


async def _live(
    connection: Connection, period: Period, area: str | None, plan: str | None
) -> tuple[Counts, dict[ChangeKey, Pairs]]:
    """Count people, and add up what was measured of them."""
    people = await people_store.count_people(connection, people_store.spans(period), area, plan)
    in_all_and_by_year = list(dict.fromkeys((period, *period.by_school_year())))
    people |= await people_store.count_by_traits(connection, in_all_and_by_year, period.last_day, area, plan)
    if plan:
        people |= await people_store.count_people_of_parts(connection, [period], ["activity"], area, plan)
    else:
        people = people_store.together(people, await people_store.count_staying(connection, period, area))
    change = await people_store.measure_change(connection, [period], area, plan)
    return people, {(of_area, lens, respondent): pairs for (_, of_area, lens, respondent), pairs in change.items()}


async def with_own_areas(connection: Connection, facts: Facts, own: Collection[str]) -> Facts:
    """Give the facts of a plan that is told from outside, with those of its areas live that are the reader's own."""
    live = sorted(set(own) & {area["area"] for area in facts.areas})
    if facts.outside is None or facts.period is None or not live:
        return facts
    people: Counts = {}
    for area in live:
        counted, _ = await _live(connection, facts.period, area, facts.plan)
        # What is counted over all areas is of this one alone, and is told from outside.
        people |= {place: counts for place, counts in counted.items() if place[1] == area}
    return replace(facts, people=people, live_areas=frozenset(live))


async def totals(
    connection: Connection,
    period: Period,
    area: str | None,
    outside: ReleasedPeople | None = None,
    *,
    plan: str | None = None,
) -> Facts:
    """Read what the totals of a period are made from, and nothing else."""
    people: Counts = {}
    if outside is None:
        people = await people_store.count_people(connection, [Span("other", period)], area, plan)
    return Facts(
        period=period,
        area=area,
        as_of={},
        recorded=None,
        areas=(),
        effort_areas=(),
        plans=(),
        standings=await standings(connection, period, area, plan),
        figures=await _figures(connection, period, area, plan),
        people=people,
        outside=outside,
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
    return [
        {
            **dict(row),
            "assessments": orjson.loads(row["assessments"]),
            "measure": orjson.loads(row["measure"]) if row["measure"] else None,
            "figures": [],
        }
        for row in rows
    ]


async def _context(connection: Connection, period: Period | None, area: str | None) -> list[dict[str, Any]]:
    """Give the newest figures about areas until the period's end, each with the one a year before."""
    last_day = period.last_day if period else clock.today()
    return [dict(row) for row in await connection.fetch(statement("reports", "context"), last_day, area)]


async def statement_words(connection: Connection) -> dict[tuple[str, int], LatestWord]:
    """Give the latest word on each annual statement of which something was said, by plan and year."""
    rows = await connection.fetch(statement("reports", "watched_statements"))
    return {(row["plan"], row["year"]): LatestWord(row["state"], row["said_on"], row["remarks"]) for row in rows}


async def watched(connection: Connection, today: date) -> Watched:
    """Read what the attention list is made from, as of a day."""
    found = await agreement.last(connection)
    return Watched(
        today=today,
        areas=[dict(row) for row in await connection.fetch(statement("reports", "areas"), None, None)],
        plans=await plans(connection),
        standings=await standings(connection, Period(today, today), None, None),
        activities=[dict(row) for row in await connection.fetch(statement("reports", "watched_activities"), today)],
        milestones=[dict(row) for row in await connection.fetch(statement("reports", "watched_milestones"), today)],
        statements=await statement_words(connection),
        dead_letters=await connection.fetchval("SELECT count(*) FROM dead_letter"),
        forgeries=await forgeries.lately(connection, today),
        partings=await parting.all_of(connection),
        differing=found.plans if found else (),
        differing_since=day_of(found.since) if found and found.since else None,
        late_release=await releases.late_month(connection, today),
        withholdings=[dict(row) for row in await connection.fetch(statement("reports", "watched_withholdings"), today)],
    )


async def area_sessions(connection: Connection, months: Sequence[date]) -> dict[tuple[str, date], int]:
    """Give how many sessions areas held in some months, by area and the month's first day."""
    rows = await connection.fetch(statement("reports", "area_sessions"), list(months))
    return {(row["area"], row["month"]): row["sessions"] for row in rows}


async def rejected(connection: Connection, today: date) -> list[dict[str, Any]]:
    """Give what was refused lately, as of a day."""
    rows = await connection.fetch(statement("reports", "watched_rejections"), today - timedelta(days=REJECTED_DAYS))
    return [dict(row) for row in rows]


async def standings(connection: Connection, period: Period, area: str | None, plan: str | None) -> list[Standing]:
    """Give how commitments stand at a period's end."""
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


async def keep_made(connection: Connection, etag: str, compressed: bytes, at: datetime) -> None:
    """Keep a report that was made, compressed by gzip, for all replicas, and of those before it the newest."""
    await connection.execute(statement("reports", "keep_made"), etag + COMPRESSED, at, compressed, HANDED_ON - 1)


async def made(connection: Connection, etag: str) -> bytes | None:
    """Give a report that some replica has made lately, compressed by gzip; None where none did."""
    query = "SELECT body FROM made_report WHERE etag = $1"
    compressed: bytes | None = await connection.fetchval(query, etag + COMPRESSED)
    return compressed
