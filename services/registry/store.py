"""Every query of the registry: bulk in, bulk out. It never commits."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import asyncpg

from services.registry.domain import Activity, Area, Attendance, Enrolment, Organisation, Plan, Pool
from shared.database import Connection, columns

PLAN_COLUMNS = "plan, name, pool, areas, start_on, end_on, approval_reference"
ACTIVITY_COLUMNS = (
    "activity, plan, area, name, kind, effort_area, start_on, end_on, fixed, capacity, target_group,"
    " started_on, ended_on, enrolled"
)


async def lock_plans(connection: Connection, names: Collection[str]) -> list[Plan]:
    """Load plans, locked until the end of the transaction."""
    if not names:
        return []
    rows = await connection.fetch(
        f"SELECT {PLAN_COLUMNS} FROM plan WHERE plan = ANY($1) ORDER BY plan FOR NO KEY UPDATE",  # noqa: S608  constant
        list(names),
    )
    return [_plan(row) for row in rows]


async def lock_activities(connection: Connection, names: Collection[str]) -> list[Activity]:
    """Load activities, locked until the end of the transaction: who enrols waits for who enrolled just before."""
    if not names:
        return []
    rows = await connection.fetch(
        f"SELECT {ACTIVITY_COLUMNS} FROM activity"  # noqa: S608  constant
        " WHERE activity = ANY($1) ORDER BY activity FOR NO KEY UPDATE",
        list(names),
    )
    return [Activity(**row) for row in rows]


async def areas(connection: Connection, names: Collection[str]) -> list[Area]:
    """Load areas."""
    if not names:
        return []
    rows = await connection.fetch(
        "SELECT area, name, municipality, residents, departments FROM area WHERE area = ANY($1) ORDER BY area",
        list(names),
    )
    return [_area(row) for row in rows]


async def pools(connection: Connection, names: Collection[str]) -> list[Pool]:
    """Load pools with their effort areas."""
    if not names:
        return []
    rows = await connection.fetch(
        "SELECT pool, name, start_on, end_on, effort_areas, effort_area_names FROM pool"
        " WHERE pool = ANY($1) ORDER BY pool",
        list(names),
    )
    return [
        Pool(
            row["pool"],
            row["name"],
            row["start_on"],
            row["end_on"],
            dict(zip(row["effort_areas"], row["effort_area_names"], strict=True)),
        )
        for row in rows
    ]


async def enrolments(connection: Connection, pairs: Collection[tuple[str, str]]) -> list[Enrolment]:
    """Load the enrolments of (activity, participant) pairs."""
    if not pairs:
        return []
    rows = await connection.fetch(
        "SELECT activity, participant, array_agg(course ORDER BY course) AS courses,"
        " array_agg(enrolled_on ORDER BY course) AS enrolled_on, array_agg(left_on ORDER BY course) AS left_on,"
        " min(age_band) AS age_band, min(gender) AS gender"
        " FROM enrolment JOIN unnest($1::text[], $2::text[]) AS wanted(activity, participant)"
        " USING (activity, participant) GROUP BY activity, participant ORDER BY activity, participant",
        *columns(pairs, 2),
    )
    return [
        Enrolment(
            row["activity"],
            row["participant"],
            dict(zip(row["courses"], zip(row["enrolled_on"], row["left_on"], strict=True), strict=True)),
            row["age_band"],
            row["gender"],
        )
        for row in rows
    ]


async def save_pools(connection: Connection, rows: Sequence[Pool]) -> None:
    """Insert or replace pools; there are few, so one statement each."""
    for row in rows:
        await connection.execute(
            "INSERT INTO pool (pool, name, start_on, end_on, effort_areas, effort_area_names)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (pool) DO UPDATE SET name = excluded.name,"
            " start_on = excluded.start_on, end_on = excluded.end_on, effort_areas = excluded.effort_areas,"
            " effort_area_names = excluded.effort_area_names",
            row.pool,
            row.name,
            row.start_on,
            row.end_on,
            list(row.effort_areas),
            list(row.effort_areas.values()),
        )


async def save_areas(connection: Connection, rows: Sequence[Area]) -> None:
    """Insert or update areas."""
    if rows:
        await connection.execute(
            "INSERT INTO area (area, name, municipality, residents, departments)"
            " SELECT area, name, municipality, residents, string_to_array(departments, E'\\n')"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[])"
            " AS new(area, name, municipality, residents, departments)"
            " ON CONFLICT (area) DO UPDATE SET name = excluded.name, municipality = excluded.municipality,"
            " residents = excluded.residents, departments = excluded.departments",
            *columns(((r.area, r.name, r.municipality, r.residents, "\n".join(r.departments)) for r in rows), 5),
        )


async def save_organisations(connection: Connection, rows: Sequence[Organisation]) -> None:
    """Insert or update organisations."""
    if rows:
        await connection.execute(
            "INSERT INTO organisation (organisation, name, kind, cvr)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])"
            " ON CONFLICT (organisation) DO UPDATE SET name = excluded.name, kind = excluded.kind, cvr = excluded.cvr",
            *columns(((r.organisation, r.name, r.kind, r.cvr) for r in rows), 4),
        )


async def save_plans(connection: Connection, rows: Sequence[Plan]) -> None:
    """Insert new plans; slugs hold no comma, so a plan's areas travel as one text."""
    if rows:
        await connection.execute(
            f"INSERT INTO plan ({PLAN_COLUMNS})"  # noqa: S608  constant
            " SELECT plan, name, pool, string_to_array(areas, ','), start_on, end_on, approval_reference"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[])"
            " AS new(plan, name, pool, areas, start_on, end_on, approval_reference)",
            *columns(
                ((r.plan, r.name, r.pool, ",".join(r.areas), r.start_on, r.end_on, r.approval_reference) for r in rows),
                7,
            ),
        )


async def save_activities(connection: Connection, rows: Sequence[Activity]) -> None:
    """Insert activities, or note that they started, ended or were joined."""
    if rows:
        await connection.execute(
            f"INSERT INTO activity ({ACTIVITY_COLUMNS}) SELECT * FROM unnest("  # noqa: S608  constant
            "$1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[],"
            " $9::boolean[], $10::int[], $11::text[], $12::date[], $13::date[], $14::int[])"
            " ON CONFLICT (activity) DO UPDATE SET started_on = excluded.started_on,"
            " ended_on = excluded.ended_on, enrolled = excluded.enrolled",
            *columns((_activity_values(row) for row in rows), 14),
        )


async def save_enrolments(connection: Connection, rows: Sequence[Enrolment]) -> None:
    """Insert enrolments, or note that somebody left."""
    if rows:
        await connection.execute(
            "INSERT INTO enrolment (activity, participant, course, enrolled_on, left_on, age_band, gender)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[])"
            " ON CONFLICT (activity, participant, course) DO UPDATE SET left_on = excluded.left_on"
            " WHERE enrolment.left_on IS DISTINCT FROM excluded.left_on",
            *columns(
                (
                    (row.activity, row.participant, course, enrolled_on, left_on, row.age_band, row.gender)
                    for row in rows
                    for course, (enrolled_on, left_on) in sorted(row.stays.items())
                ),
                7,
            ),
        )


async def insert_attendance(connection: Connection, entries: Sequence[tuple[int, Attendance]]) -> None:
    """Add what was recorded of sessions; earlier records of the same session stay."""
    await connection.execute(
        "INSERT INTO attendance (sequence, activity, session, held_on, participants, headcount, hours)"
        " SELECT sequence, activity, session, held_on, string_to_array(participants, ','), headcount, hours"
        " FROM unnest($1::bigint[], $2::text[], $3::text[], $4::date[], $5::text[], $6::int[], $7::numeric[])"
        " AS new(sequence, activity, session, held_on, participants, headcount, hours)",
        *columns(
            (
                (
                    sequence,
                    row.activity,
                    row.session,
                    row.held_on,
                    None if row.participants is None else ",".join(row.participants),
                    row.headcount,
                    row.hours,
                )
                for sequence, row in entries
            ),
            7,
        ),
    )


async def read_area(connection: Connection, area: str) -> Area | None:
    """Give one area."""
    found = await areas(connection, [area])
    return found[0] if found else None


async def read_plan(connection: Connection, plan: str) -> Plan | None:
    """Give one plan."""
    row = await connection.fetchrow(f"SELECT {PLAN_COLUMNS} FROM plan WHERE plan = $1", plan)  # noqa: S608  constant
    return _plan(row) if row else None


async def read_activity(connection: Connection, activity: str) -> Activity | None:
    """Give one activity."""
    row = await connection.fetchrow(
        f"SELECT {ACTIVITY_COLUMNS} FROM activity WHERE activity = $1",  # noqa: S608  constant
        activity,
    )
    return Activity(**row) if row else None


async def page_of_areas(connection: Connection, *, after: str, limit: int, text: str | None) -> list[Area]:
    """Give the areas that follow a slug, by slug; `text` narrows by what the name holds."""
    rows = await connection.fetch(
        "SELECT area, name, municipality, residents, departments FROM area"
        " WHERE area > $1 AND ($2::text IS NULL OR strpos(lower(name), lower($2)) > 0) ORDER BY area LIMIT $3",
        after,
        text,
        limit,
    )
    return [_area(row) for row in rows]


async def page_of_plans(
    connection: Connection, *, after: str, limit: int, text: str | None, area: str | None
) -> list[Plan]:
    """Give the plans that follow a slug, by slug."""
    rows = await connection.fetch(
        f"SELECT {PLAN_COLUMNS} FROM plan WHERE plan > $1"  # noqa: S608  constant
        " AND ($2::text IS NULL OR strpos(lower(name), lower($2)) > 0)"
        " AND ($3::text IS NULL OR areas @> ARRAY[$3]) ORDER BY plan LIMIT $4",
        after,
        text,
        area,
        limit,
    )
    return [_plan(row) for row in rows]


async def page_of_activities(  # noqa: PLR0913  one filter each
    connection: Connection,
    *,
    after: str,
    limit: int,
    text: str | None,
    area: str | None,
    plan: str | None,
    effort_area: str | None,
    status: str | None,
) -> list[Activity]:
    """Give the activities that follow a slug, by slug; `status` is planned, started or ended."""
    rows = await connection.fetch(
        f"SELECT {ACTIVITY_COLUMNS} FROM activity WHERE activity > $1"  # noqa: S608  constant
        " AND ($2::text IS NULL OR strpos(lower(name), lower($2)) > 0)"
        " AND ($3::text IS NULL OR area = $3) AND ($4::text IS NULL OR plan = $4)"
        " AND ($5::text IS NULL OR effort_area = $5)"
        " AND ($6::text IS NULL OR $6 = CASE WHEN ended_on IS NOT NULL THEN 'ended'"
        "      WHEN started_on IS NOT NULL THEN 'started' ELSE 'planned' END)"
        " ORDER BY activity LIMIT $7",
        after,
        text,
        area,
        plan,
        effort_area,
        status,
        limit,
    )
    return [Activity(**row) for row in rows]


def _area(row: asyncpg.Record) -> Area:
    return Area(row["area"], row["name"], row["municipality"], row["residents"], tuple(row["departments"]))


def _plan(row: asyncpg.Record) -> Plan:
    values: dict[str, Any] = dict(row)
    return Plan(**{**values, "areas": tuple(values["areas"])})


def _activity_values(row: Activity) -> Iterable[Any]:
    return tuple(getattr(row, name) for name in Activity.__dataclass_fields__)
