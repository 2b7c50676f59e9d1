"""Asks for what is held of a person, draws it, and posts what a person has a right to. Owns no rule."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.table import Table
from rich.text import Text

from services.command import access
from services.reporting.person import telling
from shared import clock
from shared.events.envelope import AREA_PREFIX, TYPE_PREFIX, TYPE_SUFFIX
from shared.retention import TABLE, months_after


def fetch(url: str, token: str, pseudonym: str, reason: str) -> dict[str, Any]:
    """Ask for all that is held of a person.

    Raises:
        CommandFailed: nobody answers, the token is not good, or nobody of its area is known by that pseudonym.
    """
    asked = {"participant": pseudonym, "reason": reason}
    return access.send(f"{url.rstrip('/')}/reporting/people/record", token, asked)


def say(url: str, token: str, area: str, name: str, data: Mapping[str, str]) -> None:
    """Post an event about a person in the name of its area.

    Raises:
        CommandFailed: nobody answers, or the event is refused.
    """
    event = {
        "specversion": "1.0",
        "id": f"person-{uuid.uuid4()}",
        "source": f"{AREA_PREFIX}{area}",
        "type": f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}",
        "time": clock.now().isoformat(),
        "data": dict(data),
    }
    access.send(f"{url.rstrip('/')}/registry/events", token, event)


def drawn(record: dict[str, Any], language: telling.SpokenLanguage) -> Iterator[Table | Text]:
    """Draw a record: its three parts, and what is not in it."""
    yield Text(f"{telling.title_in(language)}: {record['participant']}", "bold")
    for part in telling.parts_of(record, language):
        table = Table(title=part.title, title_justify="left")
        for column in part.columns:
            table.add_column(column, overflow="fold")
        for row in part.rows:
            table.add_row(*(Text(cell) for cell in row))
        yield table
    for remark in telling.remarks_on(record, language):
        yield Text(remark)


def erased(record: dict[str, Any], today: date) -> Iterator[str]:
    """Say what was erased of whom a record told, what remains, and until when."""
    events, lookups = len(record["events"]), len(record["lookups"])
    rows = sum(map(len, record["rows"].values()))
    (backups,) = (kept for kept in TABLE if kept.kind == "backups")
    yield f"erased: {events} events, {rows} rows of reporting, {lookups} look-ups"
    yield "remains: a line of the log that somebody was erased, with a digest that names nobody; totals of sessions"
    yield "  with five or more; figures that were released, which are no personal data"
    yield "until tomorrow: old rows in the files of the databases' tables, where nobody reads them"
    yield "until as much more is written as the databases keep (1 GB in containers, nothing with `helhedsnet up`):"
    yield "  what was written of the person in their write-ahead log, on the disk"
    yield f"until {months_after(today, backups.months or 0)}: backups of before, which whoever runs the system deletes"
