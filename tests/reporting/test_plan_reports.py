"""The report of a plan and its annual statements over HTTP: what they say, to whom, and that funding says the same."""

from typing import Final

import httpx
import pytest

from tests.builders import AREA, OTHER_AREA, PLAN, Json, an_event, body
from tests.conftest import Bearer, Headers

DEMO_PLAN: Final = "amagerplanen-2025"
DEMO_PLANS: Final = (DEMO_PLAN, "gellerup-toveshoej-2025")
# What funding's own statement tells beside: it counts the days from today.
OF_TODAY: Final = {"days_left"}


async def _post(demo_system: httpx.AsyncClient, owner: str, events: list[Json], headers: Headers) -> str:
    """Post events of one owner, and give the cursor."""
    told = {**headers, "content-type": "application/json"}
    answer = await demo_system.post(f"/{owner}/events", content=body(events), headers=told)
    assert answer.status_code == httpx.codes.CREATED, answer.text[:1_000]
    return str(answer.json()["cursor"])


async def _more(demo_system: httpx.AsyncClient, headers: Headers) -> str:
    """Post what the demo lacks: goals, partners, a budget, a reversal, a statement sent back; give the cursor."""
    registry = await _post(demo_system, "registry", _registry_events(), headers)
    funding = await _post(demo_system, "funding", _funding_events(await _lines(demo_system, headers)), headers)
    return f"{registry},{funding}"


async def _lines(demo_system: httpx.AsyncClient, headers: Headers) -> list[str]:
    """Give the lines that the demo's plan has spent on."""
    balances = (await demo_system.get(f"/funding/plans/{DEMO_PLAN}/trial-balance", headers=headers)).json()
    names = [row["account"] for row in balances["accounts"]]
    return [name.removeprefix("expenses:") for name in names if name.startswith("expenses:")]


def _registry_events() -> list[Json]:
    goal = {"plan": DEMO_PLAN, "goal": "job", "effort_area": "beskaeftigelse", "title": "Flere i job"}
    assessed = {"plan": DEMO_PLAN, "goal": "job", "year": 2025, "attainment": "partly", "value": 21.25}
    milestone = {"plan": DEMO_PLAN, "milestone": "messe", "title": "Jobmesse", "due": "2026-03-01"}
    partner = {"plan": DEMO_PLAN, "organisation": "boligselskabet-3b", "role": "applicant", "date": "2025-09-01"}
    return [
        an_event("goal.set", {**goal, "target": 25}),
        an_event("goal.assessed", assessed),
        an_event("milestone.planned", milestone),
        an_event("partner.joined", partner),
        an_event("partner.left", {**partner, "date": "2026-02-01"}),
    ]


def _funding_events(lines: list[str]) -> list[Json]:
    """A budget of all that is promised, over two years; what is left of the first goes on to the second."""
    agreed_ore, first = 28_000_000_00, lines[0]
    share_ore = agreed_ore // (2 * len(lines))
    rows = [
        {"line": line, "effort_area": "beskaeftigelse", "cost_type": "wages", "year": 2025, "amount_ore": share_ore}
        for line in lines
    ]
    later = {"line": "later", "effort_area": "kriminalitetsforebyggelse", "cost_type": "activities", "year": 2026}
    rows.append({**later, "amount_ore": agreed_ore - share_ore * len(lines)})

    def revised(kind: str, *changes: tuple[str, int]) -> Json:
        told = [{"line": line, "amount_ore": amount_ore} for line, amount_ore in changes]
        return an_event("budget.revised", {"plan": DEMO_PLAN, "kind": kind, "changes": told, "approval_reference": "2"})

    booked = {
        "plan": DEMO_PLAN,
        "area": "urbanplanen",
        "line": first,
        "amount_ore": 12_345,
        "voucher": "B",
        "text": "x",
    }
    statement = {"plan": DEMO_PLAN, "year": 2025}
    why = {"explanations": [{"line": first, "text": "Vakant"}], "auditor_reference": "R1"}
    return [
        an_event("budget.approved", {"plan": DEMO_PLAN, "lines": rows, "approval_reference": "1"}),
        an_event("expense.booked", {**booked, "expense": "wrong", "incurred_on": "2025-12-20"}),
        an_event("expense.booked", {**booked, "expense": "late", "incurred_on": "2025-12-30"}),
        an_event("expense.reversed", {"expense": "wrong", "reversal": "back", "date": "2025-12-31", "reason": "x"}),
        revised("reallocation", (lines[1], -5_000), (lines[2], 5_000)),
        revised("carry_forward", (lines[1], -7_000), ("later", 7_000)),
        an_event("statement.submitted", {**statement, **why}),
        # Its year is locked by now, so it is booked under the next.
        an_event("expense.reversed", {"expense": "late", "reversal": "later", "date": "2025-12-31", "reason": "x"}),
        an_event("funding.withheld", {"commitment": "amagerplanen-lbf", "date": "2026-05-20", "reason": "sent"}),
        an_event("statement.returned", {**statement, "remarks": "Bilag mangler"}),
        an_event("statement.submitted", {**statement, "remarks": "Igen"}),
        an_event("statement.accepted", statement),
    ]


async def test_the_annual_statement_is_the_one_that_funding_draws_up(
    demo_system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """On the demo's books, with a budget, revisions and reversals: every figure of every year, and the voucher list."""
    cursor = await _more(demo_system, bearer("admin"))
    for plan in DEMO_PLANS:
        for year in range(2025, 2030):
            path = f"plans/{plan}/statements/{year}"
            ours = await demo_system.get(
                f"/reporting/reports/{path}", params={"at_least": cursor}, headers=bearer("auditor")
            )
            assert ours.status_code == httpx.codes.OK, ours.text
            said, told = (await demo_system.get(f"/funding/{path}", headers=bearer("auditor"))).json(), ours.json()
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


async def test_a_plans_report_says_all_that_is_known_of_it(demo_system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Its head, activities, goals, milestones, partners, funding, budget, expenses and statements, one by one."""
    cursor = await _more(demo_system, bearer("admin"))
    path = f"/reporting/reports/plans/{DEMO_PLAN}"
    report = (
        await demo_system.get(path, params={"at_least": cursor}, headers=bearer("coordinator", "urbanplanen"))
    ).json()
    head = report["plan"]
    assert (head["plan"], head["pool"], head["areas"]) == (DEMO_PLAN, "2019-26", ["urbanplanen"])
    assert report["period"] == {"from": "2025-08-01", "to": "2026-06-30"}
    network = (await demo_system.get("/reporting/reports/network", headers=bearer("lead"))).json()
    (area,) = (row for row in network["areas"] if row["area"] == "urbanplanen")
    for name in ("sessions", "attendances", "participant_hours", "activities_running"):
        assert report["totals"][name] == area[name] == sum(row[name] for row in report["activities"]), name
    (goal,) = report["goals"]
    assert goal["assessments"] == [{"year": 2025, "attainment": "partly", "value": 21.25, "comment": None}]
    assert goal["target"] == 25
    assert [(row["milestone"], row["overdue"]) for row in report["milestones"]] == [("messe", True)]
    (partner,) = report["partners"]
    assert (partner["name"], partner["from"], partner["until"]) == ("3B", "2025-09-01", "2026-02-01")
    withheld = {row["commitment"]: row["withheld_on"] for row in report["funding"]["commitments"]}
    assert withheld["amagerplanen-lbf"] == "2026-05-20"
    assert report["funding"]["co_funding"]["committed"]["local_pct"] == 25
    budget = (await demo_system.get(f"/funding/plans/{DEMO_PLAN}/budget", headers=bearer("auditor"))).json()
    assert _same([row | {"year": row["year"]} for row in budget["lines"]], report["budget"]["lines"])
    assert _same(budget["versions"], report["budget"]["versions"])
    assert report["budget"]["spent_ore"] == sum(row["spent_ore"] for row in report["expenses"]) == budget["spent_ore"]
    assert [(row["year"], row["status"]) for row in report["statements"]][:2] == [(2025, "accepted"), (2026, "open")]


@pytest.mark.parametrize("path", [f"{PLAN}", f"{PLAN}/statements/2025"])
async def test_what_is_not_there_says_so(system: httpx.AsyncClient, bearer: Bearer, path: str) -> None:
    """An unknown plan has no report and no statement, and a service's token reads neither."""
    answer = await system.get(f"/reporting/reports/plans/{path}", headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.NOT_FOUND, "not_found")
    answer = await system.get(f"/reporting/reports/plans/{path}", headers=bearer("service"))
    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_small_counts_of_a_plan_are_seen_by_its_own_people_alone(
    demo_system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """A coordinator of the plan's areas sees them; a lead sees what the area's report shows, and no more."""
    cursor = await _more(demo_system, bearer("admin"))
    path, area = f"/reporting/reports/plans/{DEMO_PLANS[1]}", OTHER_AREA
    own = (await demo_system.get(path, params={"at_least": cursor}, headers=bearer("coordinator", area))).json()
    small = [row["activity"] for row in own["activities"] if 0 < row["participants"]["value"] < 5]
    assert small == ["gellerupparken-pigegruppe"]
    lead = (await demo_system.get(path, headers=bearer("lead"))).json()
    of_area = (await demo_system.get(f"/reporting/reports/areas/{area}", headers=bearer("lead"))).json()
    assert [row["participants"] for row in lead["months"]] == [row["participants"] for row in of_area["months"]]
    assert lead["totals"]["participants"] == of_area["totals"]["participants"]
    (girls,) = (row for row in lead["activities"] if row["activity"] in small)
    assert girls["participants"] == {"value": None, "suppressed": True}
    statement = f"{path}/statements/2025"
    foreign = await demo_system.get(statement, headers=bearer("coordinator", AREA))
    assert foreign.status_code == httpx.codes.FORBIDDEN
    assert (await demo_system.get(statement, headers=bearer("coordinator", area))).status_code == httpx.codes.OK
