"""A plan of several areas: whoever coordinates one of them reads its rows live and complete, and the rest as others."""

import asyncio
from datetime import date
from typing import Any, Final

import httpx
import pytest

from services.reporting.web.visitor import COOKIE
from shared.tokens import Identity, Role
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.outsiders import Network, told
from tests.support.signing_in import Hosts

SEPTEMBER: Final = date(2025, 9, 1)
MONTHS: Final = ("2024-10", "2025-03", "2025-08", "2025-09")
TAKE_PART: Final = {"nord": 14, "syd": 3}


def _history() -> list[Json]:
    events = [b.a_pool(), *(b.an_area(area) for area in TAKE_PART)]
    events.append(b.a_plan("faelles", areas=[*TAKE_PART], start="2024-08-01", end="2028-07-31"))
    for area, people in TAKE_PART.items():
        name = f"{area}-klub"
        events.append(b.an_activity(name, plan="faelles", area=area, kind="klub", start="2024-08-01", end="2027-06-30"))
        events.append(b.a_start(name, date="2024-08-15", area=area))
        names = [f"{area}-{number}" for number in range(people)]
        events += [b.an_enrolment(each, name, area=area, date="2024-09-01") for each in names]
        for month in MONTHS:
            events.append(
                b.an_attendance(f"{name}-{month}", name, area=area, date=f"{month}-20", participants=names, hours=2)
            )
    return events


@pytest.fixture
async def network(system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any]) -> Network:
    """Give a network whose only plan is of two areas, and whose people are released up to September."""
    found = Network(system, bearer, surroundings["database_url"])
    await found.post(*_history())
    await found.release(SEPTEMBER)
    # Two come in October, after the release.
    later = [f"syd-{number}" for number in range(2)]
    await found.post(
        b.an_attendance("okt", "syd-klub", area="syd", date="2025-10-02", participants=later, hours=1),
    )
    return found


def _row(report: Json, part: str, area: str) -> Json:
    (row,) = (row for row in report[part] if row["area"] == area)
    found: Json = row
    return found


async def test_the_own_areas_rows_are_live_and_those_of_others_released(network: Network) -> None:
    """Area and activity; the plan's totals are those of everybody, and a note says which rows are the own."""
    lead, syd, nord = await asyncio.gather(
        network.read("reports/plans/faelles"),
        network.read("reports/plans/faelles", "coordinator", "syd"),
        network.read("reports/plans/faelles", "coordinator", "nord"),
    )
    for part in ("areas", "activities"):
        own = _row(syd, part, "syd")
        assert None not in dict(told(own)).values()
        assert (own["participants"]["value"], own["attendances"]["value"]) == (3, 4 * 3 + 2)
        outside = _row(lead, part, "syd")
        assert outside["participants"] == {"value": None, "suppressed": True, "hidden": "small"}
        assert _row(nord, part, "syd") == outside
        assert _row(syd, part, "nord") == _row(lead, part, "nord")
    for part in ("totals", "months", "effort_areas", "age_bands", "genders", "change", "people"):
        assert dict(told(syd[part])) == dict(told(lead[part]))
    notes = {name: {note["code"]: note for note in report["notes"]} for name, report in (("lead", lead), ("syd", syd))}
    assert "own_areas_live" not in notes["lead"]
    assert notes["syd"]["own_areas_live"]["text_da"].count("Syd") == 1
    assert syd["people"]["told_from"] == "release"


async def test_an_own_activitys_page_is_live_in_every_number(
    network: Network, system: httpx.AsyncClient, hosts: Hosts
) -> None:
    """The coordinator's says nothing of a release; a lead's hides what few people did, month by month too."""
    del network

    async def page(role: Role, *areas: str) -> str:
        session = await hosts.session(Identity(role, frozenset(areas)))
        answer = await system.get("/activities/syd-klub", headers={"cookie": f"{COOKIE}={session}"})
        assert answer.status_code == httpx.codes.OK, answer.text[:500]
        return answer.text

    inside = await page("coordinator", "syd")
    for text in (await page("lead"), await page("coordinator", "nord")):
        assert 'class="withheld"' in text
        assert "opgjort til og med september 2025" in text
    assert 'class="withheld"' not in inside
    assert "skjult" not in inside
    assert "opgjort til og med" not in inside
