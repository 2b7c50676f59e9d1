"""Areas with a club of twelve and sessions that are planned, told to a system that runs, and their coordinators."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from shared import clock
from tests.support import builders as b
from tests.support.browsing import Visit
from tests.support.builders import Json
from tests.support.invitations import invite
from tests.support.systems import System

TWELVE: Final = [f"{letter}c1fa02b4de97a63" for letter in "abcdefghjkmn"]
TODAY: Final = clock.today()


def story(area: str) -> list[Json]:
    """Tell of an area, and of one club in it, which is called as its area; two of its sessions are planned."""
    start, end = TODAY - timedelta(days=200), TODAY + timedelta(days=200)
    source = f"/areas/{area}"
    planned = [
        b.an_event(
            "session.planned",
            {"activity": area, "session": f"{day}", "date": f"{day}", "start": "18:30", "hours": 2},
            source=source,
            identifier=f"{area}-{place}",
        )
        for place, day in (("a", TODAY), ("b", TODAY - timedelta(days=7)))
    ]
    return [
        b.an_area(area),
        b.a_plan(area, areas=[area], start=f"{start}", end=f"{end}"),
        b.an_activity(area, plan=area, area=area, start=f"{start}", end=f"{end}", name="Klubben"),
        b.a_start(area, area=area, date=f"{start}"),
        *(b.an_enrolment(who, area, area=area, date=f"{start}") for who in TWELVE),
        *planned,
    ]


def tell(system: System, areas: Iterable[str]) -> None:
    """Tell a system of areas, and wait until its reports know of them."""
    told = [event for area in areas for event in story(area)]
    events = [{**event, "time": datetime.now(UTC).isoformat(timespec="seconds")} for event in told]
    headers = {"Authorization": f"Bearer {system.token('admin')}"}
    posted = httpx.post(f"{system.address}/registry/events", json=events, headers=headers, timeout=30)
    assert posted.is_success, posted.text
    path = f"{system.address}/reporting/reports/network?at_least={posted.json()['cursor']}"
    httpx.get(path, headers=headers, timeout=30).raise_for_status()


async def sign_in(visit: Visit, system: System, area: str) -> None:
    """Sign in as the coordinator of an area."""
    invitation = invite(system, "--role", "coordinator", "--area", area)
    await visit.open(f"/sign-in?invitation={invitation}")
    await visit.press("Log ind")
    assert visit.page.url.endswith("/own-area")
