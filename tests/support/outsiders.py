"""A small network over HTTP with releases of its people, and all that somebody from outside reads of it."""

import asyncio
import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import httpx

from services.reporting.releases import area_facts, worker
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.presence import AreaFacts
from shared import database
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json

AREAS: Final = ("nord", "syd", "vest", "oest")
# Three go to the club in the north, and three were measured there before and after.
FEW: Final = 3
IN_THE_CAFE: Final[Mapping[str, int]] = {"nord": 31, "syd": 46, "vest": 38, "oest": 27}
IN_THE_CLUB: Final[Mapping[str, int]] = {"nord": FEW, "syd": 14, "vest": 17, "oest": 12}
MEASURED: Final[Mapping[str, int]] = {"nord": FEW, "syd": 12, "vest": 9, "oest": 11}
MONTHS: Final = [f"{2024 + (7 + number) // 12}-{(7 + number) % 12 + 1:02}" for number in range(1, 15)]
# A document of its own process, on a busy machine.
SLOWEST_SECONDS: Final = 120
MOST_WAITS: Final = 20
COUNTED_GOAL: Final = "Antal unge med fritidsjob"
SHARE_GOAL: Final = "Andel af unge med fritidsjob, i procent"
OF_PEOPLE: Final = (
    *("participants", "new_participants", "multi_year_participants", "volunteers"),
    *("attendances", "participant_hours", "volunteer_hours"),
)
BY: Final = ("", "area", "effort_area", "activity", "plan", "kind", "area,month", "area,year", "area,school_year")
BY_MORE: Final = ("activity,month", "area,quarter", "effort_area,year", "area,effort_area,school_year")


def person(area: str, group: str, number: int) -> str:
    """Name a participant."""
    return f"{area}-{group}-{number}"


def measures(area: str) -> dict[str, Json]:
    """Give what goals that fill themselves are measured by: figures of people, and one of what is done."""
    return {
        "klub": {"figure": "participants", "activity": f"{area}-klub", "per": "school_year"},
        "cafe": {"figure": "participants", "activity": f"{area}-cafe", "per": "school_year"},
        "alle": {"figure": "participants", "area": area},
        "timer": {"figure": "participant_hours", "per": "year"},
        "frivillige": {"figure": "volunteers", "kind": "klub"},
        "moedegange": {"figure": "sessions", "activity": f"{area}-klub", "per": "school_year"},
    }


def history() -> list[Json]:
    """Give what the network and four areas say: a café and a club each, over fourteen months."""
    events = [b.a_pool()]
    for area in AREAS:
        plan = f"plan-{area}"
        events += [b.an_area(area), b.a_plan(plan, areas=[area], start="2024-08-01", end="2028-07-31")]
        for group, people in (("cafe", IN_THE_CAFE[area]), ("klub", IN_THE_CLUB[area])):
            events += _activity(area, plan, group, people)
        events += _measured(area)
        events += _goals(plan)
    return events


def _activity(area: str, plan: str, group: str, people: int) -> Iterator[Json]:
    name = f"{area}-{group}"
    yield b.an_activity(name, plan=plan, area=area, kind=group, start="2024-08-01", end="2027-06-30")
    yield b.a_start(name, date="2024-08-15", area=area)
    dice = random.Random(name)  # noqa: S311  drawn from a name
    joined: list[str] = []
    for place, month in enumerate(MONTHS):
        for number in range(people):
            if number % len(MONTHS) == place or (place == 0 and number % 3 == 0):
                if person(area, group, number) in joined:
                    continue
                joined.append(person(area, group, number))
                yield b.an_enrolment(joined[-1], name, area=area, date=f"{month}-05")
        came = sorted(each for each in joined if dice.random() < 0.8)
        if came:
            yield b.an_attendance(f"{name}-{month}", name, area=area, date=f"{month}-20", participants=came, hours=2)


def _measured(area: str) -> Iterator[Json]:
    for number in range(MEASURED[area]):
        for wave, month, score in (("before", 9, 2), ("after", 10, 3 + number % 2)):
            data = {
                "activity": f"{area}-cafe",
                "participant": person(area, "cafe", 3 * number),
                "instrument": "tro-paa-egne-evner",
                "wave": wave,
                "lens": "self_perception",
                "respondent": "self",
                "score": score,
                "scale_min": 1,
                "scale_max": 5,
                "date": f"2025-{month:02}-10",
            }
            if 3 * number < IN_THE_CAFE[area]:
                yield b.an_event("outcome.measured", data, source=f"/areas/{area}")


def _goals(plan: str) -> Iterator[Json]:
    for goal, indicator in (("antal", COUNTED_GOAL), ("andel", SHARE_GOAL)):
        data = {"plan": plan, "goal": goal, "effort_area": "uddannelse-og-livschancer", "title": goal}
        yield b.an_event("goal.set", {**data, "indicator": indicator, "baseline": 2, "target": 9})
        said = {"plan": plan, "goal": goal, "year": 2025, "attainment": "partly", "value": 3}
        yield b.an_event("goal.assessed", said)
    area = plan.removeprefix("plan-")
    for goal, measure in measures(area).items():
        data = {"plan": plan, "goal": goal, "effort_area": "uddannelse-og-livschancer", "title": goal}
        yield b.an_event("goal.set", {**data, "baseline": 2, "measure": measure})


class Network:
    """The running system, as its areas and its outsiders meet it."""

    def __init__(self, client: httpx.AsyncClient, bearer: Bearer, database_url: str) -> None:
        self._client, self._bearer = client, bearer
        self._url = database.service_url(database_url, "reporting")
        self._cursor = ""

    async def post(self, *events: Json, to: str = "registry") -> None:
        """Post events, which must be taken."""
        headers = {**self._bearer("admin"), "content-type": "application/json"}
        answer = await self._client.post(f"/{to}/events", content=b.body(list(events)), headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text[:800]
        self._cursor = answer.json()["cursor"]
        asked = f"/reporting/reports/network?at_least={self._cursor}"
        # On a busy machine reporting is behind for longer than a reader waits.
        for _ in range(MOST_WAITS):
            there = await self._client.get(asked, headers=self._bearer("lead"), timeout=SLOWEST_SECONDS)
            if there.status_code != httpx.codes.GATEWAY_TIMEOUT:
                break
        assert there.status_code == httpx.codes.OK, there.text[:500]

    async def release(self, month: date) -> None:
        """Make the release of a month."""
        connection = await database.connect(self._url, database.BY_KEY)
        try:
            assert await worker.make(connection, month, "schedule") is not None
        finally:
            await connection.close()

    async def facts(self, calendar: Calendar) -> list[AreaFacts]:
        """Give what is true of everybody, as no reader can have it."""
        connection = await database.connect(self._url, database.BY_KEY)
        try:
            return [area async for area in area_facts.by_area(connection, calendar)]
        finally:
            await connection.close()

    async def get(self, path: str, role: Any = "lead", *areas: str) -> httpx.Response:  # noqa: ANN401  a role's name
        """Read a document of reporting in any form."""
        async with asyncio.timeout(SLOWEST_SECONDS):
            answer = await self._asked(path, role, *areas)
            while answer.status_code == httpx.codes.GATEWAY_TIMEOUT:
                # It has not read all that was posted: on a busy machine that takes longer than an answer may.
                answer = await self._asked(path, role, *areas)
        assert answer.status_code == httpx.codes.OK, (path, answer.text[:500])
        return answer

    async def _asked(self, path: str, role: Any, *areas: str) -> httpx.Response:  # noqa: ANN401  a role's name
        return await self._client.get(path, headers=self._bearer(role, *areas), timeout=SLOWEST_SECONDS)

    async def read(self, path: str, role: Any = "lead", *areas: str) -> Json:  # noqa: ANN401  a role's name
        """Read a document of reporting as JSON, as far as was posted."""
        mark = "&" if "?" in path else "?"
        at_least = f"{mark}at_least={self._cursor}" if self._cursor and not path.startswith("published") else ""
        document: Json = (await self.get(f"/reporting/{path}{at_least}", role, *areas)).json()
        return document

    async def outside(self, role: Any = "lead", *areas: str) -> dict[str, Json]:  # noqa: ANN401  a role's name
        """Read everything about areas that are not the reader's own, by its address."""
        paths = ["reports/network", "reports/network?period=2025", "reports/network?period=2024/25"]
        paths += [
            f"reports/{kind}" for area in AREAS if area not in areas for kind in (f"areas/{area}", f"plans/plan-{area}")
        ]
        paths += [f"figures?indicator={','.join(OF_PEOPLE)}&by={by}" for by in (*BY, *BY_MORE)]
        return {path: await self.read(path, role, *areas) for path in paths}


def told(document: Any, where: str = "") -> Iterator[tuple[str, float | None]]:  # noqa: ANN401  any JSON
    """Give every figure of people of a document with the way to it, None where it is hidden."""
    if isinstance(document, dict):
        if "suppressed" in document and "value" in document:
            yield where, document["value"]
        elif "suppressed" in document:
            yield from ((f"{where}/{name}", document[name]) for name in ("pairs", "mean_before", "mean_after"))
        else:
            for name, part in document.items():
                yield from told(part, f"{where}/{name}")
    elif isinstance(document, list):
        for place, part in enumerate(document):
            yield from told(part, f"{where}/{_name(part, place)}")


def _name(row: Any, place: int) -> str:  # noqa: ANN401  any JSON
    names = (
        "area",
        "plan",
        "pool",
        "effort_area",
        "activity",
        "kind",
        "month",
        "quarter",
        "year",
        "school_year",
        "cohort",
    )
    if not isinstance(row, dict):
        return str(place)
    found = [f"{name}={row[name]}" for name in (*names, "lens", "respondent") if isinstance(row.get(name), str | int)]
    return ",".join(found) or str(place)
