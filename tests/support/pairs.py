"""Networks of two areas, drawn from a seed: each is all that is left of every sum for the other's coordinator."""

import random
from collections.abc import Iterator
from typing import Final

from tests.support import builders as b
from tests.support.builders import Json
from tests.support.outsiders import MONTHS, person

AREAS: Final = ("nord", "syd")
GROUPS: Final = ("cafe", "klub", "hold")
EFFORT_AREAS: Final = ("uddannelse-og-livschancer", "beskaeftigelse", "kriminalitetsforebyggelse")
AGE_BANDS: Final = ("15-17", "15-17", "15-17", "18-24", "25-29", "30-49")
GENDERS: Final = ("female", "male", "male", "female", "other")
FEWEST, MOST = 3, 40
# Of a hundred: who comes each month, and who leaves in the end.
COMES, LEAVES = 70, 30
# The months that are said before the first release, and the one of the second.
FIRST: Final = tuple(month for month in MONTHS if month < "2025-09")
SECOND: Final = "2025-09"
# The month, counted from the first, by which every activity has begun.
LATEST: Final = 5


def history(seed: int) -> list[Json]:
    """Give what is said before the first release."""
    dice = random.Random(seed)  # noqa: S311  drawn from a seed
    events: list[Json] = []
    for area in AREAS:
        plan = f"plan-{area}"
        events += [b.an_area(area), b.a_plan(plan, areas=[area], start="2024-08-01", end="2028-07-31")]
        for group, effort_area in zip(GROUPS, EFFORT_AREAS, strict=True):
            events += _activity(dice, area, group, effort_area)
        events += _helpers(dice, area)
    return events


def later(seed: int) -> list[Json]:
    """Give what is said between the two: consents withdrawn, people heard of late, and sessions of the month."""
    dice = random.Random(f"{seed}-later")  # noqa: S311  drawn from a seed
    events = []
    for area in AREAS:
        name = f"{area}-cafe"
        late = [person(area, "sent", number) for number in range(dice.randint(1, 7))]
        events += [b.an_enrolment(each, name, area=area, date=f"{dice.choice(FIRST[LATEST:])}-07") for each in late]
        gone = {"participant": person(area, "cafe", 0)}
        events.append(b.an_event("consent.withdrawn", gone, source=f"/areas/{area}"))
        session = f"{name}-{SECOND}"
        events.append(b.an_attendance(session, name, area=area, date=f"{SECOND}-12", participants=late, hours=2))
    # Something of the month after: the one before is over.
    events.append(b.an_attendance("bagefter", "nord-cafe", area="nord", date="2025-10-02", headcount=12, hours=2))
    return events


def _activity(dice: random.Random, area: str, group: str, effort_area: str) -> Iterator[Json]:
    name, at = f"{area}-{group}", f"/areas/{area}"
    kind = group if group != "hold" else "klub"
    begins = dice.choice(FIRST[:LATEST])
    of_plan = {"plan": f"plan-{area}", "area": area, "kind": kind, "effort_area": effort_area}
    yield b.an_activity(name, **of_plan, start=f"{begins}-01", end="2027-06-30")
    yield b.a_start(name, date=f"{begins}-03", area=area)
    months = [month for month in FIRST if month >= begins]
    joined: dict[str, str] = {}
    for number in range(dice.randint(FEWEST, MOST)):
        # Some of those in the second and the third are in the first as well.
        who = person(area, "cafe" if dice.random() < 0.3 else group, number)
        joined[who] = dice.choice(months)
        traits = {"age_band": dice.choice(AGE_BANDS), "gender": dice.choice(GENDERS)}
        yield b.an_enrolment(who, name, area=area, date=f"{joined[who]}-05", **traits)
    for month in months:
        came = sorted(who for who, since in joined.items() if since <= month and dice.randrange(100) < COMES)
        if came:
            yield b.an_attendance(f"{name}-{month}", name, area=area, date=f"{month}-20", participants=came, hours=2)
    for who in sorted(joined):
        if dice.randrange(100) < LEAVES:
            left = {"activity": name, "participant": who, "date": f"{FIRST[-1]}-28", "reason": "job"}
            yield b.an_event("participant.left", left, source=at)
    for who in sorted(who for who, since in joined.items() if since <= months[-2] and group == "klub"):
        for wave, month, score in (("before", months[-2], 2), ("after", months[-1], 3 + dice.randrange(2))):
            yield _measured(name, who, wave, f"{month}-22", score)


def _measured(activity: str, who: str, wave: str, day: str, score: int) -> Json:
    told = {"activity": activity, "participant": who, "instrument": "tro-paa-egne-evner", "wave": wave, "date": day}
    scale = {"score": score, "scale_min": 1, "scale_max": 5}
    how = {"lens": "self_perception", "respondent": "self"}
    return b.an_event("outcome.measured", {**told, **scale, **how}, source=f"/areas/{activity.partition('-')[0]}")


def _helpers(dice: random.Random, area: str) -> Iterator[Json]:
    for number in range(dice.randint(2, 14)):
        helper = {"activity": f"{area}-cafe", "volunteer": f"{area}-hjaelper-{number}"}
        month = dice.choice(FIRST[LATEST:])
        engaged = {**helper, "role": "volunteer", "date": f"{month}-02"}
        yield b.an_event("volunteer.engaged", engaged, source=f"/areas/{area}")
        worked = {**helper, "date": f"{month}-12", "hours": 2 + number % 3}
        yield b.an_event("volunteer.hours", worked, source=f"/areas/{area}")
