"""How events are folded into the rollups: one statement for each kind of event, in `sql/`. It never commits.

What a fold shares, its own file says in a header (`headers.py`).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson

from services.reporting.folding.headers import shared_by
from services.reporting.statements import FOLDER, statement
from shared.backbone.event_log import Entry
from shared.database import Connection
from shared.events.envelope import AREA_PREFIX
from shared.events.every_event import EVENTS
from shared.events.text_fields import PSEUDONYMS

# The statement that folds each kind of event; one file may fold several kinds, which its name joins by a plus.
FOLDS: Final = {
    name: path.stem for path in sorted((FOLDER / "folding" / "sql").glob("*.*.sql")) for name in path.stem.split("+")
}
# What changes no figure: all that it says was kept when it was taken.
NOT_FOLDED: Final = frozenset({"report.published", "release.made"})
OWN: Final = "reporting"
# What changes what was said before, so that this has to be folded before it.
REVISING: Final = frozenset(event.event_name for event in EVENTS if event.revises)
# What areas share with one another.
SHARED: Final = frozenset(name for fold in FOLDS.values() for name in shared_by(fold, statement("folding", fold)))
# What somebody said; of what was erased since, the log holds a word that nobody says.
SAID: Final = frozenset(event.event_name for event in EVENTS)
ERASED: Final = "event.erased"
# What erases what was said before.
ERASING: Final = frozenset(event.event_name for event in EVENTS if event.erases)
# The fields whose person or story an event goes with when it is erased.
SUBJECTS: Final = (*sorted(PSEUDONYMS), "story")
# So many of what an area registered last are kept, of each owner's.
LATEST: Final = 40
# Source: MAX_TZDISP_HOUR of PostgreSQL's timestamp.h is 15.
REFUSED_OFFSET_HOURS: Final = 16


class Prepared(NamedTuple):
    """A run of entries as the folds read it.

    `folds` are (fold, JSON) in the order in which they go, `said` is what every event tells, `latest` what areas
    registered last, both by column, `erasing` what erases, and `shared` what areas share with one another, as JSON.
    """

    folds: Sequence[tuple[str, str]]
    said: tuple[list[str], ...]
    latest: tuple[list[Any], ...]
    erasing: str | None
    shared: str | None


def prepared(entries: Sequence[Entry]) -> Prepared:
    """Write a run of entries the way the folds read it; pure."""
    folds: list[tuple[str, str]] = []
    for run in _runs(entries):
        by_fold: dict[str, list[dict[str, Any]]] = {}
        for name, entry in run:
            if (fold := FOLDS.get(name)) is not None:
                by_fold.setdefault(fold, []).append(_flat(entry))
        in_order = sorted(by_fold, key=lambda fold: (fold in REVISING, fold))
        folds.extend((fold, orjson.dumps(by_fold[fold]).decode()) for fold in in_order)
    shared = [_readable(entry) for entry in entries if entry.name in SHARED]
    erasing = [_flat(entry) for entry in entries if entry.name in ERASING]
    return Prepared(folds, _said(entries), _latest(entries), _as_json(erasing), _as_json(shared))


async def fold(connection: Connection, owner: str, run: Prepared) -> None:
    """Fold a run of entries into the rollups: one statement per kind of event, however many there are of it.

    The order of the kinds does not matter, nor that of the entries; what was folded before falls out. Only what is
    corrected or erased must have been folded before.
    """
    for fold, events in run.folds:
        await connection.execute(statement("folding", fold), events)
    if run.shared is not None:
        await connection.execute(statement("folding", "feed"), run.shared)
    # What is said to reporting itself is no sign of life of an area, and no day of the network's.
    if any(run.said) and owner != OWN:
        await connection.execute(statement("folding", "every_event"), owner, *run.said)
    if run.latest:
        await connection.execute(statement("folding", "latest"), owner, *run.latest, LATEST)
    if run.erasing is not None:
        # After what was registered before it in the same run.
        await connection.execute(statement("folding", "latest_erased"), run.erasing, ERASED)


def _as_json(events: Sequence[dict[str, Any]]) -> str | None:
    return orjson.dumps(events).decode() if events else None


def _flat(entry: Entry) -> dict[str, Any]:
    """Give an event as its fold reads it: what it says, and beside that its place, time, type and outcome.

    PostgreSQL reads that in a quarter of the time that it needs for the entry.
    """
    event = entry.event
    return {
        **event["data"],
        "sequence": entry.sequence,
        "stated": _moment(event["time"]),
        "type": event["type"],
        "outcome": entry.document.get("outcome"),
    }


def _readable(entry: Entry) -> dict[str, Any]:
    """Give an entry with a time that PostgreSQL reads."""
    time = _moment(entry.event["time"])
    return entry.document if time == entry.event["time"] else {**entry.document, "event": {**entry.event, "time": time}}


def _moment(time: str) -> str:
    """Give a time as PostgreSQL reads it: one further from Greenwich than that allows is said in UTC.

    `2026-10-01T10:00:00+23:59` is a time that stands in logs, and 16 hours are the first that PostgreSQL refuses.
    """
    if time.endswith("Z") or time[-6] not in "+-" or int(time[-5:-3]) < REFUSED_OFFSET_HOURS:
        return time
    return datetime.fromisoformat(time).astimezone(UTC).isoformat()


def _said(entries: Sequence[Entry]) -> tuple[list[str], ...]:
    """Give what every event tells, each once: when recorded, the days concerned, and who spoke with when."""
    events = [entry.event for entry in entries]
    days = {event["data"].get("date") or event["data"].get("incurred_on") for event in events}
    spoke = {(event["source"], _moment(event["time"])) for event in events}
    return (
        list({entry.document["recorded"] for entry in entries}),
        [day for day in days if day is not None],
        [source for source, _ in spoke],
        [time for _, time in spoke],
    )


def _latest(entries: Sequence[Entry]) -> tuple[list[Any], ...]:
    """Give what areas registered last, by column, nothing where none did; of each area no more than is kept of it."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for entry in reversed(entries):
        source: str = entry.event["source"]
        own = rows.setdefault(source, [])
        if source.startswith(AREA_PREFIX) and len(own) < LATEST and (entry.name in SAID or entry.name == ERASED):
            own.append(_registration(entry, source.removeprefix(AREA_PREFIX)))
    return tuple(list(column) for column in zip(*(row for own in rows.values() for row in own), strict=True))


def _registration(entry: Entry, area: str) -> tuple[Any, ...]:
    """Give what an area is told of one; of what was erased its place alone, so that as many stay as before."""
    said, data = entry.document, entry.event["data"]
    if entry.name == ERASED:
        return (entry.sequence, area, entry.recorded, ERASED, *(None,) * 6)
    day = data.get("date") or data.get("incurred_on")
    told = (entry.sequence, area, entry.recorded, entry.name, data.get("activity"), data.get("session"), day)
    # Who is named in a list goes from the list; the registration stays.
    subjects = [data[name] for name in SUBJECTS if isinstance(data.get(name), str) and entry.name not in ERASING]
    return (*told, said.get("authtype"), said.get("authid"), orjson.dumps(subjects).decode() if subjects else None)


def _runs(entries: Sequence[Entry]) -> Iterator[Sequence[tuple[str, Entry]]]:
    """Part a run of entries, each with its event's name, after each one that revises what was said."""
    named = [(entry.name, entry) for entry in entries]
    start = 0
    for end, (name, _) in enumerate(named, start=1):
        if name in REVISING:
            yield named[start:end]
            start = end
    if start < len(named):
        yield named[start:]
