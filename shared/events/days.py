"""Holds the days that an event tells against the clock: a fact has happened, a plan may lie ahead. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, get_args

from pydantic.fields import FieldInfo

from shared.clock import day_of
from shared.events.envelope import CloudEvent, EventData
from shared.events.fields import GRACE_DAYS, Ahead

# The clocks of a sender and of a service differ by less.
CLOCK_SKEW: Final = timedelta(minutes=5)


class Latest(NamedTuple):
    """The latest time and the present day, against which an event is held."""

    time: datetime
    today: date
    # Whoever's clock says this day, whatever its offset, tells of a time that has passed.
    past: date


class TooLate(NamedTuple):
    """What lies too far ahead: the JSON pointer to it, a stable code, and a sentence."""

    pointer: str
    code: str
    detail: str


class Dated(NamedTuple):
    """A field that holds a day or a year: its name in Python, in JSON, and how many days ahead it may lie."""

    name: str
    written: str
    days: int


class _Today:
    """The present day and the day two before it, looked up once an hour: a day begins with an hour of UTC."""

    def __init__(self) -> None:
        # From when until when it is known.
        never = datetime.max.replace(tzinfo=UTC)
        self._known = never, never, date.max, date.max

    def at(self, now: datetime) -> tuple[date, date]:
        """Give both as they are at a moment."""
        begun, ends, today, past = self._known
        if not begun <= now < ends:
            today = day_of(now)
            past = today - timedelta(days=2)
            begun = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            self._known = begun, begun + timedelta(hours=1), today, past
        return today, past


_TODAY: Final = _Today()


def latest(now: datetime) -> Latest:
    """Give what events may tell of at a moment."""
    today, past = _TODAY.at(now)
    return Latest(now + CLOCK_SKEW, today, past)


def too_late(event: CloudEvent[Any], until: Latest) -> Iterable[TooLate]:
    """Give what of an event lies too far ahead: of the clock, or, where it is a fact, of its own statement."""
    data, stated = event.data, event.time.date()
    kind: type[EventData] = type(data)
    for field in dated_fields(kind):
        day = getattr(data, field.name)
        if day is not None and (date(day, 1, 1) if day.__class__ is int else day) > stated:
            return _too_late(event, until)
    # Nearly all say what had happened; to compare times of two zones takes several times as long as two days.
    if stated <= until.past:
        return ()
    return _too_late(event, until) if event.time > until.time else ()


def _day(data: EventData, field: Dated) -> date:
    """Give the day that a field holds, of a year its first; the first of all days where it holds none."""
    day: date | int | None = getattr(data, field.name)
    if day is None:
        return date.min
    return date(day, 1, 1) if isinstance(day, int) else day


def _too_late(event: CloudEvent[Any], until: Latest) -> Iterator[TooLate]:
    if event.time > until.time:
        yield TooLate("/time", "in_the_future", "it was stated later than now")
    stated = event.time.date()
    kind: type[EventData] = type(event.data)
    for field in dated_fields(kind):
        day = _day(event.data, field)
        if day > until.today + timedelta(days=field.days):
            said = "tomorrow" if field.days == GRACE_DAYS else f"{field.days} days ahead"
            yield TooLate(f"/data/{field.written}", "in_the_future", f"it lies later than {said}")
        elif day > stated + timedelta(days=field.days):
            yield TooLate(f"/data/{field.written}", "after_statement", "it lies after the time at which it was stated")


@cache
def dated_fields(data: type[EventData]) -> tuple[Dated, ...]:
    """Give the fields of an event that the clock bounds."""
    found = ((name, field, _ahead(field)) for name, field in data.model_fields.items())
    return tuple(
        Dated(name, field.alias or name, ahead.days)
        for name, field, ahead in found
        if ahead is not None and ahead.days is not None
    )


def _ahead(field: FieldInfo) -> Ahead | None:
    """Give how far ahead a field may lie, None where it holds no day."""
    marks = [
        *field.metadata,
        *(mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ())),
    ]
    return next((mark for mark in marks if isinstance(mark, Ahead)), None)
