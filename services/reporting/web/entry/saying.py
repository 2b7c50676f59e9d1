"""Says something of a session so that no word of anybody's on it is replaced unseen: from rosters, and from phones.

Whoever says something tells what it saw: the place in the registry's log of the last word on the session. Owns no rule
of what is right, which is the intake's (ADR 141).
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request

from services.reporting.entry.posting import Intakes, Posted
from services.reporting.entry.service import Entry, Roster
from services.reporting.reader.reading import own_areas
from services.reporting.terms import Json
from services.reporting.web.visitor import Visitor, session_of
from shared.http.state import part_of

# How long to wait until reporting knows what the registry has taken.
WAIT_SECONDS: Final = 3.0
POLL_SECONDS: Final = 0.05
ID_REUSED: Final = "id_reused"


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it: the roster as it is then, and what the intake said; nothing where somebody else spoke first."""

    roster: Roster
    posted: Posted | None

    @property
    def is_taken(self) -> bool:
        """Tell whether somebody else said something of the session since, so that it is for people to choose."""
        return self.posted is None


async def say(request: Request, visitor: Visitor, roster: Roster, told: Json, seen: int | None) -> Said:
    """Post an event about a session, unless somebody has said something else of it since it was seen.

    Without `seen` nothing is compared. Whoever posts at the same moment used the same id: one of the two is refused.

    Raises:
        Unauthenticated: the session is good no more.
        Forbidden: its holder posts nothing.
    """
    if seen is not None:
        roster = await known_since(request, visitor, roster, seen)
        if roster.recorded is not None and roster.seen != seen:
            return _said_since(roster, told)
    posted = await part_of(request, Intakes).post(session_of(request), "registry", [told])
    if seen is None or not any(refusal.code == ID_REUSED for refusal in posted.refusals):
        return Said(roster, posted)
    roster = await known_since(request, visitor, roster, seen + 1)
    # What was said stands in the log and not yet here: the same can be sent again.
    return _said_since(roster, told) if roster.seen > seen else Said(roster, Posted(is_away=True))


def _said_since(roster: Roster, told: Json) -> Said:
    is_same = roster.recorded is not None and says(roster.recorded, told["data"])
    return Said(roster, Posted(duplicates=1) if is_same else None)


def says(recorded: dict[str, Any], data: Json) -> bool:
    """Tell whether what is recorded of a session is what an event says."""
    hours = recorded["hours"]
    return not recorded["is_cancelled"] and (
        recorded["held_on"].isoformat(),
        sorted(recorded["participants"]),
        _absent(recorded["absent"]),
        recorded["guests"] or 0,
        recorded["headcount"],
        float(hours) if hours else 0.0,
    ) == (
        data.get("date"),
        sorted(data.get("participants") or ()),
        _absent(data.get("absent") or ()),
        data.get("guests") or 0,
        data.get("headcount"),
        data.get("hours") or 0.0,
    )


def _absent(absences: Any) -> list[tuple[str, str]]:  # noqa: ANN401  as JSON has them
    return sorted((item.get("participant", ""), item.get("reason") or "") for item in absences)


async def known_since(
    request: Request, visitor: Visitor, roster: Roster, place: int, patience: float = WAIT_SECONDS
) -> Roster:
    """Read a roster until it knows of a place in the registry's log, or as it is when that takes too long."""
    until = time.monotonic() + patience
    while roster.seen < place and time.monotonic() < until:
        await asyncio.sleep(POLL_SECONDS)
        entry = part_of(request, Entry)
        roster = await entry.roster(roster.activity, roster.day, own_areas(visitor.identity), roster.session)
    return roster
