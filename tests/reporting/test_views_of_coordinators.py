"""What a coordinator sees of other areas' people: nothing that a lead does not see, whatever is asked for."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from services.reporting.terms import COUNTS
from tests.conftest import Bearer, Headers

Json = Any
AREAS: Final = ("urbanplanen", "gellerupparken")
BY_PLACE: Final = ("area", "effort_area", "area,school_year", "area,effort_area", "area,quarter")
# Rows of these name no area, so they are asked for of the other area alone.
BY_PART: Final = ("activity", "plan,kind", "activity,school_year")
ASKED: Final = ",".join(COUNTS)


def _counts(value: Json, own: str, place: str = "") -> Iterator[tuple[str, int | None]]:
    """Give each count of people and of pairs with the place that it stands at, but for those of the own area."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _counts(item, own, f"{place}/{number}")
    elif isinstance(value, dict) and value.keys() == {"value", "suppressed"}:
        yield place, value["value"]
    elif isinstance(value, dict) and value.get("area") != own:
        if "lens" in value:
            yield f"{place}/pairs", value["pairs"]
        for name, item in value.items():
            yield from _counts(item, own, f"{place}/{name}")


async def _read(demo: httpx.AsyncClient, path: str, headers: Headers) -> Json:
    answer = await demo.get(f"/reporting{path}", headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


@pytest.mark.parametrize("own", AREAS)
async def test_of_other_areas_a_coordinator_sees_no_more_than_a_lead(
    demo: httpx.AsyncClient, bearer: Bearer, own: str
) -> None:
    """On the demo: in the reports of the network, of the other area and of its plans, and in figures by anything."""
    lead, coordinator = bearer("lead"), bearer("coordinator", own)
    network = await _read(demo, "/reports/network", lead)
    plans = [plan["plan"] for plan in network["plans"] if own not in plan["areas"]]
    (other,) = set(AREAS) - {own}
    paths = [
        "/reports/network",
        "/reports/network?period=2024/25",
        f"/reports/areas/{other}",
        *(f"/reports/plans/{plan}" for plan in plans),
        *(f"/figures?indicator={ASKED}&by={by}" for by in BY_PLACE),
        *(f"/figures?indicator={ASKED}&by={by}&area={other}" for by in BY_PART),
    ]
    compared = 0
    for path in paths:
        seen = dict(_counts(await _read(demo, path, lead), own))
        for place, count in _counts(await _read(demo, path, coordinator), own):
            if count is not None:
                assert seen[place] == count, f"{path} shows {place} to a coordinator alone"
                compared += 1
    assert plans
    assert compared > 100
