"""What the areas of a small network say after a release of what was before it: late, wrong before, or withdrawn."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Final

from tests.support import builders as b
from tests.support.builders import Json
from tests.support.outsiders import AREAS, IN_THE_CAFE, IN_THE_CLUB, person

HELPERS: Final = 9
LATE: Final = 8


def volunteers() -> list[Json]:
    """Give those who help in each café, and how long."""
    found: list[Json] = []
    for area, number in itertools.product(AREAS, range(HELPERS)):
        helper = {"activity": f"{area}-cafe", "volunteer": f"{area}-hjaelper-{number}"}
        engaged = {**helper, "role": "venture_pilot", "date": f"2024-{9 + number % 3:02}-02"}
        found.append(b.an_event("volunteer.engaged", engaged, source=f"/areas/{area}"))
        worked = {**helper, "date": f"2025-{1 + number % 9:02}-12", "hours": 2 + number % 3}
        found.append(b.an_event("volunteer.hours", worked, source=f"/areas/{area}"))
    return found


def in_october() -> list[Json]:
    """Give a consent withdrawn, people heard of late, one who was two, an end and an activity that nobody had told."""
    found = [
        b.an_event("consent.withdrawn", {"participant": person("syd", "cafe", 0)}, source="/areas/syd"),
        b.an_event(
            "participant.corrected",
            {"participant": person("nord", "cafe", 4), "age_band": "18-24"},
            source="/areas/nord",
        ),
        b.an_event(
            "participant.merged",
            {"participant": person("vest", "cafe", 2), "into": person("vest", "cafe", 5)},
            source="/areas/vest",
        ),
        b.an_event(
            "participant.left",
            {
                "activity": "nord-klub",
                "participant": person("nord", "klub", 0),
                "date": "2025-08-10",
                "reason": "job",
            },
            source="/areas/nord",
        ),
        b.an_end("syd-klub", date="2025-07-31", area="syd"),
        b.an_enrolment(person("vest", "klub", 99), "vest-klub", area="vest", date="2025-03-02"),
        b.an_activity("oest-hold", plan="plan-oest", area="oest", kind="hold", start="2025-02-01", end="2027-06-30"),
        b.a_start("oest-hold", date="2025-02-01", area="oest"),
        *_enrolled("oest", "hold", range(LATE), "2025-02-03"),
        *_enrolled("oest", "cafe", range(90, 90 + LATE), "2025-04-02"),
    ]
    return [*found, *_sessions("2025-10")]


def in_november() -> list[Json]:
    """Give more consents withdrawn, one more heard of late, a session that was counted wrong, and a helper who left.

    The activity that was said to have ended goes on all the same.
    """
    gone = [person("vest", "cafe", number) for number in (7, 11)]
    heard = [person("nord", "cafe", number) for number in range(13)]
    left = {
        "activity": "nord-cafe",
        "volunteer": "nord-hjaelper-1",
        "role": "venture_pilot",
        "date": "2025-06-01",
    }
    return [
        *(b.an_event("consent.withdrawn", {"participant": one}, source="/areas/vest") for one in gone),
        b.an_enrolment(person("nord", "klub", 99), "nord-klub", area="nord", date="2024-11-02"),
        b.an_attendance("nord-cafe-2025-09", "nord-cafe", area="nord", date="2025-09-20", participants=heard, hours=2),
        b.an_event("volunteer.left", left, source="/areas/nord"),
        b.an_event(
            "activity.started",
            {"activity": "syd-klub", "date": "2025-11-03", "reason": "Den var ikke slut"},
            source="/areas/syd",
        ),
        *_sessions("2025-11"),
    ]


def _enrolled(area: str, group: str, numbers: Iterable[int], date: str) -> Iterator[Json]:
    for number in numbers:
        yield b.an_enrolment(person(area, group, number), f"{area}-{group}", area=area, date=date)


def _sessions(month: str) -> Iterator[Json]:
    """Give a session of each activity that runs on, with half of those who were in it from the beginning."""
    for area, group in itertools.product(AREAS, ("cafe", "klub")):
        people = IN_THE_CAFE if group == "cafe" else IN_THE_CLUB
        if (area, group) != ("syd", "klub"):
            came = [person(area, group, number) for number in range(12, people[area])] or [person(area, group, 1)]
            yield b.an_attendance(
                f"{area}-{group}-{month}", f"{area}-{group}", area=area, date=f"{month}-12", participants=came, hours=2
            )
