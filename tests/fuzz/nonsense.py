"""What no event that was accepted may say: an opinion of its own, written without the services' code."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from shared.clock import day_of
from tests.support.builders import Json

RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-](\d\d):\d\d)", re.ASCII)
# What PostgreSQL takes: 15:59:59 to either side.
LARGEST_OFFSET_HOURS: Final = 15
# A sender's clock may be ahead of ours by so much.
CLOCK_GRACE: Final = timedelta(days=1, hours=1)
FACTS: Final = frozenset({"date", "incurred_on"})
# Names, identifiers and codes have rules of their own.
LINE_BREAKS: Final = frozenset("\t\n\r")
BIDI_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LAST_DAYS_AHEAD: Final = 1
# A session may be called off long before.
CALLED_OFF_DAYS_AHEAD: Final = 366
MOST_OF_AN_AVERAGE: Final = 1_000


def nonsense(event: Json) -> Iterator[str]:
    """Say what of an accepted event is nonsense; what it is stands before the colon."""
    now = datetime.now(UTC)
    yield from _of_time(event.get("time"), now)
    data = event.get("data")
    kind = str(event.get("type"))
    days_ahead = CALLED_OFF_DAYS_AHEAD if kind.endswith(".session.cancelled.v1") else LAST_DAYS_AHEAD
    # A session is planned for a day to come, which is no fact.
    is_planned = kind.endswith(".session.planned.v1")
    for key, value in _leaves(data):
        if isinstance(value, str):
            yield from _of_text(key, value)
        if key in FACTS and isinstance(value, str) and not is_planned:
            yield from _of_day(key, value, day_of(now) + timedelta(days=days_ahead))
    if isinstance(data, dict):
        yield from _of_figures(event.get("type"), data)


def _of_time(time: object, now: datetime) -> Iterator[str]:
    found = RFC_3339.fullmatch(time) if isinstance(time, str) else None
    if found is None:
        yield f"a time that is not of RFC 3339: {time!r}"
        return
    if found[3] is not None and int(found[3]) > LARGEST_OFFSET_HOURS:
        yield f"a time with an offset that PostgreSQL does not know: {time}"
        return
    try:
        moment = datetime.fromisoformat(str(time).upper())
    except ValueError:
        return
    if moment > now + CLOCK_GRACE:
        yield f"a time in the future: {time}"


def _of_day(key: str, day: str, last: date) -> Iterator[str]:
    try:
        fact = date.fromisoformat(day)
    except ValueError:
        return
    if fact > last:
        yield f"a fact in the future: {key} {day}"


def _of_text(key: str, text: str) -> Iterator[str]:
    if text and not text.strip():
        yield f"a text of blanks: {key} {text!r}"
    for sign in text:
        if unicodedata.category(sign) == "Cc" and sign not in LINE_BREAKS:
            yield f"a control character: {key} {sign!r}"
        elif sign in BIDI_OVERRIDES:
            yield f"a bidirectional override: {key} {sign!r}"
        elif 0xFDD0 <= ord(sign) <= 0xFDEF or ord(sign) & 0xFFFE == 0xFFFE:
            yield f"a non-character: {key} {sign!r}"
        else:
            continue
        return


def _of_figures(kind: object, data: dict[str, Any]) -> Iterator[str]:
    value = data.get("value")
    # Income is told against the region's average, and may be more than that.
    most = MOST_OF_AN_AVERAGE if data.get("indicator") == "income_pct" else 100
    if kind == "dk.helhedsnet.context.imported.v1" and isinstance(value, int | float) and not 0 <= value <= most:
        yield f"a percentage beyond 0 to 100: {value}"


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, str(name))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, key)
    else:
        yield key, value
