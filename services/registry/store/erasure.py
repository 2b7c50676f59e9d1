"""What makes the registry forget: rows are deleted, and the log's lines rewritten. It never commits.

A line keeps its sequence, its source and its time; what it told is gone, and its digest, which no longer fits it, is
left to tell a repeated post. Which lines were rewritten, and why, stands in `erasure`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from services.registry.domain.people_rows import Withdrawal
from services.registry.domain.rows import Story
from shared.backbone import compacting, lookups
from shared.backbone.event_log import CONTENT, CONTENT_NOW
from shared.database import Connection, columns
from shared.events.envelope import AREA_PREFIX, TYPE_PREFIX, TYPE_SUFFIX
from shared.law import SMALLEST_TOLD

ERASED_TYPE: Final = f"{TYPE_PREFIX}event.erased{TYPE_SUFFIX}"
ERASED_NAME: Final = "erased"
ATTENDANCE_TYPE: Final = f"{TYPE_PREFIX}attendance.recorded{TYPE_SUFFIX}"
LISTS: Final = {
    ATTENDANCE_TYPE: "participants",
    f"{TYPE_PREFIX}business.founded{TYPE_SUFFIX}": "members",
    f"{TYPE_PREFIX}business.closed{TYPE_SUFFIX}": "members",
}
REVISING_TYPES: Final = frozenset(
    f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}" for name in ("participant.corrected", "participant.merged")
)
WITHDRAWN_TYPE: Final = f"{TYPE_PREFIX}consent.withdrawn{TYPE_SUFFIX}"


async def forget_person(connection: Connection, withdrawal: Withdrawal) -> None:
    """Delete what is kept of a person, before this unit of work saves what is new."""
    for table, column in (("enrolment", "participant"), ("measurement", "participant"), ("volunteering", "volunteer")):
        await connection.execute(
            f"DELETE FROM {table} WHERE {column} = ANY($1) AND activity = ANY($2)",  # noqa: S608  constants
            list(withdrawal.pseudonyms),
            list(withdrawal.activities),
        )
    await connection.execute(
        "UPDATE business SET members = ARRAY(SELECT unnest(members) EXCEPT SELECT unnest($1::text[]) ORDER BY 1)"
        " WHERE activity = ANY($2) AND members && $1",
        list(withdrawal.pseudonyms),
        list(withdrawal.activities),
    )


async def erase_person(connection: Connection, sequence: int, withdrawal: Withdrawal) -> None:
    """Take a person out of the attendance lists and the log, up to the withdrawal, whose sequence this is."""
    await lookups.forget(connection, withdrawal.pseudonyms)
    await connection.execute(
        "UPDATE attendance SET participants ="
        " ARRAY(SELECT unnest(participants) EXCEPT SELECT unnest($1::text[]) ORDER BY 1)"
        " WHERE activity = ANY($2) AND sequence <= $3 AND participants && $1",
        list(withdrawal.pseudonyms),
        list(withdrawal.activities),
        sequence,
    )
    rows = await connection.fetch(
        "SELECT sequence, id, body, outcome FROM event_log"
        " WHERE source = ANY(SELECT $1 || area FROM activity WHERE activity = ANY($2) UNION SELECT '/network')"
        " AND sequence <= $3 AND EXISTS (SELECT FROM unnest($4::text[]) AS one(name)"
        " WHERE strpos(body, to_json(one.name)::text) > 0) ORDER BY sequence",
        AREA_PREFIX,
        list(withdrawal.activities),
        sequence,
        list(withdrawal.pseudonyms),
    )
    merged = await connection.fetch("SELECT participant, merged_into FROM merging WHERE area = $1", withdrawal.area)
    now = {line["participant"]: line["merged_into"] for line in merged}
    rewritten = []
    for row in rows:
        event = orjson.loads(row["body"])
        own = row["sequence"] == sequence
        of_activity = event["data"].get("activity") in withdrawal.activities
        if own or of_activity or event["type"] in REVISING_TYPES:
            if any(name in event["id"] for name in withdrawal.pseudonyms):
                event["id"] = f"{ERASED_NAME}-{row['sequence']}"
            outcome = orjson.loads(row["outcome"]) if row["outcome"] else {}
            rewritten.append((row["sequence"], *_without(event, outcome, withdrawal.pseudonyms, now)))
    await _rewrite(connection, sequence, rewritten)


async def erase_story(connection: Connection, sequence: int, story: Story) -> None:
    """Take what a story told out of the log; `sequence` is that of its withdrawal."""
    rows = await connection.fetch(
        "SELECT sequence, body FROM event_log WHERE type = $1 AND sequence <= $2"
        " AND source IN ($3, '/network') AND (body::jsonb -> 'data' ->> 'story') = $4 ORDER BY sequence",
        f"{TYPE_PREFIX}story.published{TYPE_SUFFIX}",
        sequence,
        f"{AREA_PREFIX}{story.area}",
        story.story,
    )
    await _rewrite(connection, sequence, [(row["sequence"], *_erased(orjson.loads(row["body"]))) for row in rows])


async def unfaithful_lines(connection: Connection) -> list[int]:
    """Give the sequences of lines that are not as they were accepted, though nothing asked for them to be rewritten."""
    rows = await connection.fetch(
        "SELECT sequence FROM event_log LEFT JOIN erasure USING (sequence)"
        " WHERE erased_by IS NULL AND sha256(convert_to(body, 'UTF8')) <> digest ORDER BY sequence"
    )
    return [row["sequence"] for row in rows]


def _without(
    event: dict[str, Any], outcome: dict[str, Any], pseudonyms: Collection[str], now: Mapping[str, str]
) -> tuple[str, str, str, str | None]:
    """Give a line's id, type, body and outcome without a person: of a list the others stay.

    A person who stands in a list under two pseudonyms counts once; `now` says into which each was merged.
    """
    for attribute in ("subject", "dataschema", "tracestate"):
        event.pop(attribute, None)
    is_absent = event["type"] == ATTENDANCE_TYPE and _take_from_absent(event["data"], pseudonyms)
    if event["type"] == WITHDRAWN_TYPE:
        event["data"] = {"participant": ERASED_NAME}
    elif is_absent:
        pass
    elif (field := LISTS.get(event["type"])) and not set(pseudonyms).isdisjoint(event["data"].get(field, ())):
        names = event["data"][field]
        there = len({_of_now(name, now) for name in names}) + event["data"].get("guests", 0)
        if there + outcome.get("unnamed", 0) >= SMALLEST_TOLD:
            outcome["unnamed"] = outcome.get("unnamed", 0) + 1
        event["data"][field] = [name for name in names if name not in pseudonyms]
    else:
        return _erased(event)
    return event["id"], event["type"], orjson.dumps(event).decode(), orjson.dumps(outcome).decode() if outcome else None


def _of_now(name: str, now: Mapping[str, str]) -> str:
    while name in now:
        name = now[name]
    return name


def _take_from_absent(data: dict[str, Any], pseudonyms: Collection[str]) -> bool:
    """Take a person out of those who did not come to a session; tell whether it was there."""
    absences = data.get("absent", ())
    others = [absence for absence in absences if absence["participant"] not in pseudonyms]
    if len(others) == len(absences):
        return False
    del data["absent"]
    if others:
        data["absent"] = others
    return True


def _erased(event: dict[str, Any]) -> tuple[str, str, str, str | None]:
    kept = {name: event[name] for name in ("specversion", "id", "source", "time")}
    return event["id"], ERASED_TYPE, orjson.dumps({**kept, "type": ERASED_TYPE, "data": {}}).decode(), None


async def _rewrite(
    connection: Connection, erased_by: int, lines: Sequence[tuple[int, str, str, str, str | None]]
) -> None:
    if not lines:
        return
    await compacting.ask(connection)
    sequences = [line[0] for line in lines]
    # What the chain was made of is kept the first time: later it could not be told from the line any more.
    await connection.execute(
        "INSERT INTO erasure (sequence, erased_by, content, rewritten)"  # noqa: S608  a constant
        f" SELECT sequence, $2, {CONTENT}, '' FROM event_log WHERE sequence = ANY($1)"
        " ON CONFLICT (sequence) DO UPDATE SET erased_by = excluded.erased_by",
        sequences,
        erased_by,
    )
    await connection.execute(
        "UPDATE event_log SET id = new.id, type = new.type, body = new.body, outcome = new.outcome"
        " FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])"
        " AS new(sequence, id, type, body, outcome) WHERE event_log.sequence = new.sequence",
        *columns(lines, 5),
    )
    await connection.execute(
        f"UPDATE erasure SET rewritten = {CONTENT_NOW} FROM event_log"  # noqa: S608  a constant
        " WHERE event_log.sequence = erasure.sequence AND erasure.sequence = ANY($1)",
        sequences,
    )


def of_kind(entries: Iterable[tuple[int, Any]], kind: type[Any]) -> list[tuple[int, Any]]:
    """Give the entries of one kind."""
    return [(sequence, entry) for sequence, entry in entries if isinstance(entry, kind)]
