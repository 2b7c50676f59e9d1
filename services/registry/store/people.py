"""The queries on people, who are known only by pseudonyms."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import asyncpg

from services.registry.domain import Attendance, Enrolment, Instrument, Measurement, Span
from services.registry.store.shape import Shape, SpanShape
from shared.database import Connection, columns

ENROLMENTS: Final = (
    "SELECT activity, participant, array_agg(course ORDER BY course, enrolled_on) AS courses,"
    " array_agg(enrolled_on ORDER BY course, enrolled_on) AS enrolled_on,"
    " array_agg(left_on ORDER BY course, enrolled_on) AS left_on,"
    " (array_agg(age_band ORDER BY enrolled_on DESC))[1] AS age_band,"
    " (array_agg(gender ORDER BY enrolled_on DESC))[1] AS gender FROM enrolment"
)
VOLUNTEERINGS: Final = SpanShape("volunteering", ("activity", "volunteer", "role"), "engaged_on", "left_on")
INSTRUMENTS: Final = Shape(
    Instrument, "instrument", {"instrument": "text"}, {"scale_min": "numeric", "scale_max": "numeric"}
)
MEASUREMENTS: Final = Shape(
    Measurement,
    "measurement",
    {
        "activity": "text",
        "participant": "text",
        "course": "text",
        "wave": "text",
        "lens": "text",
        "respondent": "text",
    },
    {"instrument": "text", "score": "numeric", "measured_on": "date"},
)


async def enrolments(connection: Connection, pairs: Collection[tuple[str, str]]) -> list[Enrolment]:
    """Load the enrolments of (activity, participant) pairs."""
    if not pairs:
        return []
    rows = await connection.fetch(
        f"{ENROLMENTS} JOIN unnest($1::text[], $2::text[]) AS wanted(activity, participant)"
        " USING (activity, participant) GROUP BY activity, participant ORDER BY activity, participant",
        *columns(pairs, 2),
    )
    return [read_enrolment(row) for row in rows]


async def enrolments_of(connection: Connection, participants: Collection[str]) -> list[Enrolment]:
    """Load all enrolments of participants."""
    if not participants:
        return []
    rows = await connection.fetch(
        f"{ENROLMENTS} WHERE participant = ANY($1) GROUP BY activity, participant ORDER BY activity, participant",
        list(participants),
    )
    return [read_enrolment(row) for row in rows]


async def activities_of_people(connection: Connection, pseudonyms: Collection[str]) -> set[str]:
    """Give the activities in which anything is kept under pseudonyms."""
    if not pseudonyms:
        return set()
    rows = await connection.fetch(
        "SELECT activity FROM enrolment WHERE participant = ANY($1)"
        " UNION SELECT activity FROM volunteering WHERE volunteer = ANY($1)",
        list(pseudonyms),
    )
    return {row["activity"] for row in rows}


async def save_enrolments(connection: Connection, rows: Sequence[Enrolment]) -> None:
    """Insert enrolments, or note that somebody left. The earlier stays come first: only one may be open at a time."""
    if rows:
        await connection.execute(
            "INSERT INTO enrolment (activity, participant, course, enrolled_on, left_on, age_band, gender)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[])"
            " ON CONFLICT (activity, participant, course, enrolled_on) DO UPDATE SET left_on = excluded.left_on"
            " WHERE enrolment.left_on IS DISTINCT FROM excluded.left_on",
            *columns(
                (
                    (row.activity, row.participant, course, span.start_on, span.end_on, row.age_band, row.gender)
                    for row in rows
                    for course, spans in sorted(row.stays.items())
                    for span in spans
                ),
                7,
            ),
        )


async def insert_attendance(connection: Connection, entries: Sequence[tuple[int, Attendance]]) -> None:
    """Add what was recorded of sessions; earlier records of the same session stay."""
    if not entries:
        return
    await connection.execute(
        "INSERT INTO attendance (sequence, activity, session, held_on, participants, headcount, hours,"
        " cancelled)"
        " SELECT sequence, activity, session, held_on, string_to_array(participants, ','), headcount, hours, cancelled"
        " FROM unnest($1::bigint[], $2::text[], $3::text[], $4::date[], $5::text[], $6::int[], $7::numeric[],"
        " $8::boolean[])"
        " AS new(sequence, activity, session, held_on, participants, headcount, hours, cancelled)",
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
                    row.cancelled,
                )
                for sequence, row in entries
            ),
            8,
        ),
    )


def read_enrolment(row: asyncpg.Record) -> Enrolment:
    """Make an enrolment of what `ENROLMENTS` reads."""
    stays: dict[str, tuple[Span, ...]] = {}
    days: Any = zip(row["courses"], row["enrolled_on"], row["left_on"], strict=True)
    for course, enrolled_on, left_on in days:
        stays[course] = (*stays.get(course, ()), Span(enrolled_on, left_on))
    return Enrolment(row["activity"], row["participant"], stays, row["age_band"], row["gender"])
