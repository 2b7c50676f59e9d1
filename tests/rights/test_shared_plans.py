"""A plan of several areas belongs to those alone that have consented: in no other's report, list or money."""

import asyncio

import httpx

from tests.conftest import Bearer, Headers
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.senders import OTHER, OWN

SECONDS = 90
SHARED = "faelles"
PLAN = b.a_plan(SHARED, areas=[OWN, OTHER]) | {"source": f"/areas/{OWN}"}
COMMITMENT = b.a_commitment("faelles-lbf", plan=SHARED) | {"source": f"/areas/{OWN}"}
CONSENT = b.an_event("plan.consented", {"plan": SHARED, "area": OTHER}, source=f"/areas/{OTHER}")


class System:
    """The three services, as coordinators meet them."""

    def __init__(self, client: httpx.AsyncClient, bearer: Bearer) -> None:
        self._client = client
        self._bearer = bearer
        self._cursors: dict[str, str] = {}

    async def post(self, event: Json, *areas: str) -> httpx.Response:
        """Post an event as the coordinator of areas, or as the network; what is on its way is waited for."""
        token: Headers = self._bearer("coordinator", *areas) if areas else self._bearer("admin")
        owner = "funding" if ".funding." in event["type"] or ".expense." in event["type"] else "registry"
        headers = {**token, "content-type": "application/json"}
        # Until reporting has come so far, funding may not have either.
        await self.report(OWN)
        while True:
            answer = await self._client.post(f"/{owner}/events", content=b.body(event), headers=headers)
            if answer.status_code != httpx.codes.CONFLICT:
                break
        if answer.is_success:
            self._cursors[owner] = answer.json()["cursor"]
        return answer

    async def heard_by_funding(self, area: str) -> None:
        """Wait until funding knows that the plan belongs to an area."""
        async with asyncio.timeout(SECONDS):
            while True:
                answer = await self._client.get(f"/funding/plans/{SHARED}", headers=self._bearer("auditor"))
                if area in answer.json()["areas"]:
                    return

    async def report(self, area: str) -> Json:
        """Give an area's report, as it is after all that was posted."""
        asked = {"at_least": ",".join(self._cursors.values())} if self._cursors else {}
        answer = await self._client.get(f"/reporting/reports/areas/{area}", params=asked, headers=self._bearer("lead"))
        report: Json = answer.json()
        return report


async def test_a_plan_and_its_money_come_into_an_areas_report_with_its_consent(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """Until then the plan, what is promised to it and what it needs are its proposer's alone."""
    services = System(system, bearer)
    for area in (OWN, OTHER):
        assert (await services.post(b.an_area(area))).is_success
    before = await services.report(OTHER)
    assert (await services.post(PLAN, OWN)).is_success
    assert (await services.post(COMMITMENT, OWN)).is_success
    extended = {"plan": SHARED, "end": "2030-07-31", "approval_reference": "LBF 2"}
    assert (await services.post(b.an_event("plan.extended", extended, source=f"/areas/{OWN}"), OWN)).is_success
    own, other = await services.report(OWN), await services.report(OTHER)
    assert own["totals"]["funding"]["committed_ore"] == 2_100_000_000
    assert {item["code"] for item in own["attention"]} >= {"consent_missing", "local_floor_at_risk"}
    assert other["totals"]["funding"] == before["totals"]["funding"]
    assert (other["plans"], other["attention"]) == ([], before["attention"])

    expense = b.an_expense(plan=SHARED, area=OTHER) | {"source": f"/areas/{OTHER}"}
    assert (await services.post(expense, OTHER)).status_code == httpx.codes.FORBIDDEN
    by_network = await services.post({**expense, "source": "/network"})
    assert by_network.json()["errors"][0]["code"] == "area_not_in_plan"

    assert (await services.post(CONSENT, OTHER)).is_success
    other = await services.report(OTHER)
    assert [plan["plan"] for plan in other["plans"]] == [SHARED]
    assert other["totals"]["funding"]["committed_ore"] == 2_100_000_000
    assert "consent_missing" not in {item["code"] for item in other["attention"]}
    await services.heard_by_funding(OTHER)
    assert (await services.post(expense, OTHER)).is_success
