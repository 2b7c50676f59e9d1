"""A figure that no events add up to leads to its rule: to what it is made of, or to the release that tells it."""

from collections.abc import Callable
from typing import Final

import httpx
import pytest

from services.reporting.web.figure_rules import of_rule
from tests.conftest import Bearer
from tests.support.builders import Json

AREA: Final = "urbanplanen"
PLAN: Final = "amagerplanen-2023"


@pytest.mark.parametrize(
    ("figure", "of", "computed"),
    [
        ("remaining_ore", {"plan": PLAN}, lambda budget, spent: budget - spent),
        ("spent_pct", {"plan": PLAN}, lambda spent, committed: 100 * spent / committed),
        ("local_share_pct", {"plan": PLAN}, lambda town, housing, committed: 100 * (town + housing) / committed),
        ("cost_ore", {"plan": PLAN}, None),
        ("forecast_ore", {"plan": PLAN}, None),
    ],
)
async def test_a_figure_that_is_computed_leads_to_those_that_it_is_made_of(
    demo: httpx.AsyncClient, bearer: Bearer, figure: str, of: Json, computed: Callable[..., float] | None
) -> None:
    """Each part with its sum for whoever reads it, which its own ground gives too; from outside the parts alone."""
    report = (await demo.get(f"/reporting/reports/plans/{PLAN}", headers=bearer("lead"))).json()
    asked = {"figure": figure, **of, "to": report["period"]["to"]}
    told = (await demo.get("/reporting/ground", params=asked, headers=bearer("lead"))).json()
    assert told["rule"]["da"] != told["rule"]["en"]
    assert told["rows"] == []
    sums = [part["sum_ore"] if part["unit"] == "ore" else part["sum"] for part in told["made_of"]]
    for part, amount in zip(told["made_of"], sums, strict=True):
        days = {name: day for name, day in part["period"].items() if day}
        own = await demo.get(
            "/reporting/ground", params={"figure": part["figure"], **part["of"], **days}, headers=bearer("lead")
        )
        assert (own.status_code == httpx.codes.OK) == (amount is not None), part
        assert amount is None or own.json().get("sum_ore", own.json().get("sum")) == amount
    if computed is not None:
        value = {
            "remaining_ore": report["budget"]["remaining_ore"],
            "spent_pct": report["plans"][0]["spent_pct"],
            "local_share_pct": report["funding"]["local_share_pct"],
        }[figure]
        # A report says a percentage with one decimal.
        assert computed(*sums) == pytest.approx(value, abs=0.051)
    outside = await demo.get("/reporting/ground", params=asked, headers=bearer("coordinator", "gellerupparken"))
    assert {part.get("sum_ore", part.get("sum")) for part in outside.json()["made_of"]} == {None}


async def test_from_outside_a_figure_of_people_has_its_rule_and_its_release_and_no_events(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """With the release's number and month, for every reader, also one of the area."""
    number = (await demo.get("/reporting/reports/network", headers=bearer("lead"))).json()["people"]["release"]
    for headers in (bearer("lead"), bearer("coordinator", AREA)):
        for figure in ("participants", "pairs", "cohort"):
            asked = {"figure": figure, "area": AREA, "release": number}
            told = (await demo.get("/reporting/ground", params=asked, headers=headers)).json()
            assert told["release"]["number"] == number
            assert (told["rows"], told["entries"], told["made_of"]) == ([], 0, [])
            assert "sum" not in told


def test_what_was_held_is_live_and_who_came_is_from_the_release() -> None:
    """Figures of sessions lead to their rule as it is now; those of people to the release that tells them."""
    report: Json = {
        "totals": {},
        "people": {"told_from": "release", "release": 3},
        "period": {"from": None, "to": "2026-10-31"},
    }
    live, released = (of_rule(f"totals.{name}", report) for name in ("sessions", "participants"))
    assert live == {"figure": "sessions", "to": "2026-10-31", "events": "false"}
    assert released == {"figure": "participants", "to": "2026-10-31", "release": "3"}
