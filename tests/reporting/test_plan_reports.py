"""The report of a plan and its annual statements over HTTP: what they say, to whom, and that funding says the same."""

from typing import Final

import httpx
import pytest

from tests.conftest import Bearer
from tests.support.builders import AREA, OTHER_AREA, PLAN, Json

DEMO_PLAN: Final = "amagerplanen-2023"
DEMO_PLANS: Final = (DEMO_PLAN, "gellerup-toveshoej-2023")
# What funding's own statement tells beside: it counts the days from today.
OF_TODAY: Final = {"days_left"}


async def test_the_annual_statement_is_the_one_that_funding_draws_up(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """On the demo's books, with their revisions and reversals: every figure of every year, and the voucher list."""
    for plan in DEMO_PLANS:
        for year in range(2023, 2028):
            path = f"plans/{plan}/statements/{year}"
            ours = await demo.get(f"/reporting/reports/{path}", headers=bearer("auditor"))
            assert ours.status_code == httpx.codes.OK, ours.text
            said, told = (await demo.get(f"/funding/{path}", headers=bearer("auditor"))).json(), ours.json()
            assert _differences(said, told) == {}, path


def _differences(said: Json, told: Json) -> Json:
    """Name what differs, but for what our rows have beside."""
    return {name: (said[name], told.get(name)) for name in said.keys() - OF_TODAY if not _same(said[name], told[name])}


def _same(said: object, told: object) -> bool:
    if isinstance(said, list) and isinstance(told, list):
        return len(said) == len(told) and all(map(_same, said, told))
    if isinstance(said, dict) and isinstance(told, dict):
        return all(name in told and _same(value, told[name]) for name, value in said.items())
    return said == told


async def test_a_plans_report_says_all_that_is_known_of_it(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Its head, activities, goals, milestones, partners, funding, budget, expenses and statements, one by one."""
    path = f"/reporting/reports/plans/{DEMO_PLAN}"
    report = (await demo.get(path, headers=bearer("coordinator", "urbanplanen"))).json()
    head = report["plan"]
    assert (head["plan"], head["pool"], head["areas"]) == (DEMO_PLAN, "2019-26", ["urbanplanen"])
    assert report["period"] == {"from": "2023-08-01", "to": "2026-11-13"}
    network = (await demo.get("/reporting/reports/network", headers=bearer("lead"))).json()
    (area,) = (row for row in network["areas"] if row["area"] == "urbanplanen")
    for name in ("sessions", "activities_running"):
        assert report["totals"][name] == area[name] == sum(row[name] for row in report["activities"]), name
    for name in ("attendances", "participant_hours"):
        assert report["totals"][name]["value"] == sum(row[name]["value"] for row in report["activities"]) > 0, name
    goals = {goal["goal"]: goal for goal in report["goals"]}
    typed = {"year": 2024, "attainment": "partly", "value": 14, "origin": "typed", "comment": None}
    assert typed in goals["fritidsjob"]["assessments"]
    computed = [(each["period"], each["value"]["value"], each["origin"]) for each in goals["skolegang"]["figures"]]
    children = {"2023/24": 30, "2024/25": 34, "2025/26": 33, "2026/27": 34}
    assert computed == [(year, count, "computed") for year, count in children.items()]
    assert goals["fritidsjob"]["target"] == 20
    assert [row["milestone"] for row in report["milestones"] if row["overdue"]] == ["forankringsplan"]
    (partner,) = (row for row in report["partners"] if row["organisation"] == "mentorvirksomhed-a")
    assert (partner["name"], partner["from"], partner["until"]) == ("Mentorvirksomhed A", "2023-10-04", "2025-06-11")
    behind = (await demo.get(f"/reporting/reports/plans/{DEMO_PLANS[1]}", headers=bearer("lead"))).json()
    withheld = {row["commitment"]: row["withheld_on"] for row in behind["funding"]["commitments"]}
    assert withheld["gellerup-lbf"] == "2026-07-06"
    assert report["funding"]["co_funding"]["committed"]["local_pct"] == 25
    budget = (await demo.get(f"/funding/plans/{DEMO_PLAN}/budget", headers=bearer("auditor"))).json()
    assert _same([row | {"year": row["year"]} for row in budget["lines"]], report["budget"]["lines"])
    assert _same(budget["versions"], report["budget"]["versions"])
    assert report["budget"]["spent_ore"] == sum(row["spent_ore"] for row in report["expenses"]) == budget["spent_ore"]
    assert [(row["year"], row["status"]) for row in report["statements"]][2:4] == [(2025, "accepted"), (2026, "open")]


@pytest.mark.parametrize("path", [f"{PLAN}", f"{PLAN}/statements/2025"])
async def test_what_is_not_there_says_so(system: httpx.AsyncClient, bearer: Bearer, path: str) -> None:
    """An unknown plan has no report and no statement, and a service's token reads neither."""
    answer = await system.get(f"/reporting/reports/plans/{path}", headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.NOT_FOUND, "not_found")
    answer = await system.get(f"/reporting/reports/plans/{path}", headers=bearer("service"))
    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_small_counts_of_a_plan_are_seen_by_its_own_people_alone(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """A coordinator of the plan's areas sees them; a lead sees what the area's report shows, and no more."""
    path, area = f"/reporting/reports/plans/{DEMO_PLANS[1]}", OTHER_AREA
    own = (await demo.get(path, headers=bearer("coordinator", area))).json()
    small = [row["activity"] for row in own["activities"] if 0 < row["participants"]["value"] < 5]
    assert small == ["gellerupparken-pigegruppe"]
    lead = (await demo.get(path, headers=bearer("lead"))).json()
    of_area = (await demo.get(f"/reporting/reports/areas/{area}", headers=bearer("lead"))).json()
    assert [row["participants"] for row in lead["months"]] == [row["participants"] for row in of_area["months"]]
    assert lead["totals"]["participants"] == of_area["totals"]["participants"]
    (girls,) = (row for row in lead["activities"] if row["activity"] in small)
    assert (girls["participants"]["value"], girls["participants"]["suppressed"]) == (None, True)
    statement = f"{path}/statements/2025"
    foreign = await demo.get(statement, headers=bearer("coordinator", AREA))
    assert foreign.status_code == httpx.codes.FORBIDDEN
    assert (await demo.get(statement, headers=bearer("coordinator", area))).status_code == httpx.codes.OK
