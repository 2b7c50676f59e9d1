"""The queries on people, who are known only by pseudonyms."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import asyncpg

from services.registry.domain.people_rows import Attendance, Enrolment, Instrument, Measurement, Volunteering
from services.registry.domain.rows import Activity, Span, Spans
from services.registry.store import corrections
from services.registry.store.shapes import Shapes
from services.registry.store.spans import SpanShape
from shared import database, locks
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, columns
from shared.events.naming import Naming
from shared.events.registry.people import OutcomeMeasured, ParticipantEnrolled, VolunteerEngaged
from shared.shape import Shape, load, load_by

# One row per stay, gathered by `read_enrolments`: to let the database gather them takes it twice as long.
ENROLMENTS: Final = "SELECT activity, participant, course, enrolled_on, left_on, age_band, gender FROM enrolment"
IN_ORDER: Final = "ORDER BY activity, participant, course, enrolled_on"
VOLUNTEERINGS: Final = SpanShape(
    Volunteering, "volunteering", ("activity", "volunteer", "role"), "engaged_on", "left_on"
)
INSTRUMENTS: Final = Shape(
    Instrument, "instrument", {"area": "text", "instrument": "text"}, {"scale_min": "numeric", "scale_max": "numeric"}
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
SHAPES: Final = Shapes(once=(INSTRUMENTS, MEASUREMENTS), spans=(VOLUNTEERINGS,))
# A list of nobody on its way, which is no missing list.
NOBODY: Final = "-"
# What puts a pseudonym where it was not before.
JOINING: Final = (ParticipantEnrolled, VolunteerEngaged)
# The fields in which events name those who are enrolled.
ENROLLED: Final = ("participant", "participants", "absent", "members")


async def lock_consents(connection: Connection, naming: Naming) -> None:
    """Let a withdrawal, or a correction, see all who have joined anywhere, and nobody join until it is done.

    There is one lock: those who join take it shared, so they do not wait for one another; the others take it alone.
    """
    revising, joining = naming.of(*corrections.REVISING), naming.of(*JOINING)
    if revising or joining:
        lock = "pg_advisory_xact_lock" if revising else "pg_advisory_xact_lock_shared"
        await connection.execute(f"SELECT {lock}($1)", locks.CONSENT)


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load what is kept of the people whom events name, but for those enrolled in an activity that the event names.

    Those `KeptEnrolments` knows. The activities are locked already.
    """
    revised = corrections.people_revised(state, naming)
    state.add(
        *await VOLUNTEERINGS.load(connection, ("activity", "volunteer"), naming.keys("activity", "volunteer")),
        *await VOLUNTEERINGS.load(connection, ("volunteer",), [(name,) for name in sorted(revised)]),
    )
    state.add(*await enrolments_of(connection, revised))
    state.add(*await load_by(connection, MEASUREMENTS, "participant", revised))
    measured = naming.of(OutcomeMeasured)
    areas = {row.activity: row.area for row in state.all(Activity)}
    scales = {
        (areas[name], instrument) for name, instrument in measured.keys("activity", "instrument") if name in areas
    }
    state.add(*await load(connection, INSTRUMENTS, ("area", "instrument"), scales))
    pairs = measured.keys("activity", "participant")
    state.add(*await load(connection, MEASUREMENTS, ("activity", "participant"), pairs))


async def enrolments(
    connection: Connection, activities: Collection[str], participants: Collection[str]
) -> list[Enrolment]:
    """Load the enrolments of any of these participants in any of these activities.

    One list for each column of the key is one walk through its index; a join with pairs looks every pair up.
    """
    if not participants:
        return []
    rows = await connection.fetch(
        f"{ENROLMENTS} WHERE activity = ANY($1) AND participant = ANY($2) {IN_ORDER}",
        list(activities),
        list(participants),
    )
    return read_enrolments(rows)


async def enrolments_of(connection: Connection, participants: Collection[str]) -> list[Enrolment]:
    """Load all enrolments of participants."""
    if not participants:
        return []
    rows = await connection.fetch(
        f"{ENROLMENTS} WHERE participant = ANY($1) {IN_ORDER}",
        list(participants),
    )
    return read_enrolments(rows)


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
    rows = [row for _, row in entries]
    await connection.execute(
        "INSERT INTO attendance (sequence, activity, session, held_on, participants, headcount, hours, cancelled)"  # noqa: S608  constants
        " SELECT sequence::bigint, activity, session, held_on,"
        f" CASE participants WHEN '{NOBODY}' THEN ARRAY[]::text[] ELSE string_to_array(participants, ',') END,"
        " headcount::int, hours::numeric, cancelled::boolean"
        f" FROM unnest({database.parted(*range(1, 8))}, $8::date[])"
        " AS new(sequence, activity, session, participants, headcount, hours, cancelled, held_on)",
        database.joined([str(sequence) for sequence, _ in entries]),
        database.joined([row.activity for row in rows]),
        database.joined([row.session for row in rows]),
        database.joined([None if row.participants is None else ",".join(row.participants) or NOBODY for row in rows]),
        database.joined([None if row.headcount is None else str(row.headcount) for row in rows]),
        database.joined([None if row.hours is None else str(row.hours) for row in rows]),
        database.joined([str(row.cancelled) for row in rows]),
        [row.held_on for row in rows],
    )


def read_enrolments(rows: Iterable[asyncpg.Record]) -> list[Enrolment]:
    """Make enrolments of what `ENROLMENTS` reads in this order; the latest stay tells the age band and the gender."""
    enrolments: dict[tuple[str, str], Enrolment] = {}
    for activity, participant, course, enrolled_on, left_on, age_band, gender in rows:
        stays: dict[str, Spans] = {course: (Span(enrolled_on, left_on),)}
        told = age_band, gender
        if known := enrolments.get((activity, participant)):
            stays = {**known.stays, course: (*known.stays.get(course, ()), *stays[course])}
            if any(span.start_on >= enrolled_on for span in known.spans):
                told = known.age_band, known.gender
        enrolments[activity, participant] = Enrolment(activity, participant, stays, *told)
    return list(enrolments.values())
