"""What a visitor typed, and the event made of it: an id and a time are made with the form, so it counts once. Pure."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.reporting.terms import Json
from shared.events.envelope import AREA_PREFIX, NETWORK, EventData
from shared.events.every_event import EVENTS
from shared.tokens import Identity

# No digit stands in an id, so that none looks like somebody's number.
LETTERS: Final = "bcdfghjkmnpqrstvwxz"
ID_LETTERS: Final = 20
ID_OF_SESSION_LETTERS: Final = 28
LONGEST_PLACE: Final = 18
BY_NAME: Final[Mapping[str, type[EventData]]] = {event.event_name: event for event in EVENTS}
# The names of the hidden fields; no field of an event is called so.
ID, TIME, SOURCE, ACTION, ACKNOWLEDGED, SEEN = "-id", "-time", "-source", "-action", "-acknowledged", "-seen"
OWN: Final = (ID, TIME, SOURCE, ACTION, ACKNOWLEDGED, SEEN)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is being typed: its id and time, who says it, and what was typed by the paths of fields.

    `seen` is the place in the log of what was last said of the same session, where the form is a roster.
    """

    id: str
    time: str
    source: str
    typed: Mapping[str, Sequence[str]]
    action: str = ""
    acknowledged: bool = False
    seen: int | None = None


def new_id() -> str:
    """Make an id that no other form has."""
    return f"form-{''.join(secrets.choice(LETTERS) for _ in range(ID_LETTERS))}"


def id_of_session(activity: str, session: str, seen: int) -> str:
    """Make the id of what is said next of a session, by whoever says it (ADR 141).

    `seen` is the place in the registry's log of what was last said of it, 0 where nothing was. Two people who saw the
    same make the same id: the intake takes the first, and tells the second that the id is used.
    """
    told = hashlib.sha256("\0".join((activity, session, str(seen))).encode()).digest()
    return f"session-{''.join(LETTERS[byte % len(LETTERS)] for byte in told[:ID_OF_SESSION_LETTERS])}"


def begun(sources: Sequence[str], now: datetime, typed: Mapping[str, Sequence[str]]) -> Draft:
    """Begin a form, with what is typed already."""
    return Draft(new_id(), now.isoformat(timespec="seconds"), next(iter(sources), ""), typed)


def read(fields: Mapping[str, Sequence[str]], sources: Sequence[str], now: datetime) -> Draft:
    """Read what a browser sent; what it leaves out of the hidden fields is made anew."""

    def hidden(name: str, otherwise: str) -> str:
        return next(iter(fields.get(name, ())), "") or otherwise

    return Draft(
        hidden(ID, new_id()),
        hidden(TIME, now.isoformat(timespec="seconds")),
        hidden(SOURCE, next(iter(sources), "")),
        {path: list(values) for path, values in fields.items() if path not in OWN},
        hidden(ACTION, ""),
        acknowledged=hidden(ACKNOWLEDGED, "") == "true",
        seen=int(seen) if (seen := hidden(SEEN, "")).isdecimal() and len(seen) <= LONGEST_PLACE else None,
    )


def event_of(draft: Draft, event: type[EventData], data: Json) -> Json:
    """Give the CloudEvent of a draft."""
    return {
        "specversion": "1.0",
        "id": draft.id,
        "source": draft.source,
        "type": event.type_name(),
        "time": draft.time,
        "data": data,
    }


def sources_of(visitor: Identity) -> list[str]:
    """Give in whose names somebody may speak; nobody's where the role posts nothing."""
    if visitor.role == "coordinator":
        return [f"{AREA_PREFIX}{area}" for area in sorted(visitor.areas)]
    return [NETWORK] if visitor.role == "admin" else []


def said_by_areas_too(visitor: Identity, areas: Collection[str]) -> list[str]:
    """Give the names in which somebody speaks, those of every area beside the network's where it speaks for all."""
    own = sources_of(visitor)
    return own if visitor.role != "admin" else [*own, *(f"{AREA_PREFIX}{area}" for area in sorted(areas))]
