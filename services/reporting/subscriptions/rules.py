"""When a Monday's mail is due, what is news to its reader, and what concerns a reader. Pure.

Source: ADR 143.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from services.reporting.terms import Json
from shared.clock import DENMARK
from shared.tokens import Identity

# Mail is made from this hour of a Monday on, by Danish clocks.
MAIL_HOUR: Final = 6
# So many may subscribe to mail, and as many have a calendar.
MOST_SUBSCRIPTIONS: Final = 5_000
# Whoever has not confirmed an address by then never asked for mail there.
CONFIRMED_WITHIN: Final = timedelta(days=7)
# Source: the HTML standard, valid e-mail address; the length: RFC 5321, section 4.5.3.1.
ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
ADDRESS_LENGTH: Final = 254
# By these values two items of one code are different things; the others are how such a thing stands today.
IDENTIFYING: Final = ("activity", "commitment", "last", "milestone", "month", "owner", "plans", "state", "year")
NAME_LENGTH: Final = 16


def latest_monday(now: datetime) -> date:
    """Give the Monday whose mail should have been sent by now."""
    local = now.astimezone(DENMARK) - timedelta(hours=MAIL_HOUR)
    return local.date() - timedelta(days=local.weekday())


def is_address(text: str) -> bool:
    """Tell whether a text is a mail address that we send to."""
    return len(text) <= ADDRESS_LENGTH and ADDRESS.fullmatch(text) is not None


def name_of(item: Json) -> str:
    """Name what needs attention, so that it is known again on later Mondays; the name says nothing of it.

    A statement that becomes urgent is news, one that is a week later than last Monday is none.
    """
    values = [item["values"].get(name) for name in IDENTIFYING]
    told = repr((item["code"], item["severity"], item["area"], item["plan"], values))
    return hashlib.sha256(told.encode()).hexdigest()[:NAME_LENGTH]


def concerning(items: Iterable[Json], reader: Identity, areas_of: dict[str, Collection[str]]) -> list[Json]:
    """Keep what concerns a reader: for a coordinator the own areas and their plans, for everybody else all."""
    if reader.role != "coordinator":
        return list(items)
    return [
        item
        for item in items
        if item["area"] in reader.areas
        or (item["area"] is None and not reader.areas.isdisjoint(areas_of.get(item["plan"] or "", ())))
    ]


def news(items: Iterable[Json], told: Collection[str]) -> list[Json]:
    """Keep what a reader has not been told of."""
    return [item for item in items if name_of(item) not in told]
