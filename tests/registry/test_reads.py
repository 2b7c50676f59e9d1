"""Every read route of the registry: what it gives, to whom, in pages that stay right, and when it need not be sent."""

import asyncio

import httpx
import pytest

from shared.events.catalogue import CATALOGUES
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.deciding import AWAY, BOY, MIND, OTHER, running, told

JSON = {"content-type": "application/json"}
GELLERUP = "/areas/gellerupparken"


@pytest.fixture
async def told_registry(registry: httpx.AsyncClient, bearer: Bearer) -> httpx.AsyncClient:
    """Give a registry that knows a running activity, what was shared, planned and set."""
    events = [
        *running(),
        told("partner.joined"),
        told("goal.set"),
        told("goal.assessed"),
        told("milestone.planned"),
        told("milestone.planned", milestone="evaluering", due="2029-01-31"),
        told("milestone.reached"),
        told("activity.anchored"),
        told("practice.shared", activity=OTHER, source=GELLERUP),
        told("practice.adopted"),
        told("story.published"),
    ]
    answer = await registry.post("/registry/events", content=b.body(events), headers={**bearer("admin"), **JSON})
    assert answer.status_code == 201, answer.text
    registry.headers.update(bearer("lead"))
    return registry


async def _read(registry: httpx.AsyncClient, path: str, **parameters: object) -> Json:
    answer = await registry.get(f"/registry{path}", params={name: str(value) for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    decoded: Json = answer.json()
    return decoded


async def test_a_plan_shows_its_partners_and_goals(told_registry: httpx.AsyncClient) -> None:
    """Figures are figures, and an assessment stands with its goal."""
    plan = await _read(told_registry, "/plans/amagerplanen")
    assert plan["closed"] is None
    assert plan["partners"] == [
        {"organisation": "boligforening", "role": "applicant", "joined": "2025-08-01", "left": None}
    ]
    (goal,) = plan["goals"]
    assert float(goal["baseline"]) == 18.5
    assert [(item["year"], item["attainment"]) for item in goal["assessments"]] == [(2026, "partly")]


async def test_milestones_are_found_by_plan_area_and_status(told_registry: httpx.AsyncClient) -> None:
    """Reached or planned; of one plan or of all."""
    for parameters, expected in (
        ({}, ["evaluering", "jobmesse"]),
        ({"status": "reached"}, ["jobmesse"]),
        ({"status": "planned", "area": "urbanplanen"}, ["evaluering"]),
        ({"plan": "gellerup"}, []),
    ):
        page = await _read(told_registry, "/milestones", **parameters)
        assert [item["milestone"] for item in page["milestones"]] == expected


async def test_a_practice_shows_whom_it_stems_from_and_who_took_it_home(told_registry: httpx.AsyncClient) -> None:
    """The lineage can be followed in both directions, with how it was adapted."""
    practices = {item["activity"]: item for item in (await _read(told_registry, "/practices"))["practices"]}
    adapted = "Vi begynder med kvarterets egne butikker."
    assert practices[OTHER]["is_shared"]
    assert practices[OTHER]["adopters"] == [{"activity": MIND, "area": "urbanplanen", "adaptation": adapted}]
    assert not practices[MIND]["is_shared"]
    assert practices[MIND]["sources"] == [{"activity": OTHER, "area": "gellerupparken", "adaptation": adapted}]


async def test_pools_hold_their_effort_areas_and_crosswalk(told_registry: httpx.AsyncClient) -> None:
    """The three pools are there from the start; defined again, a pool has another version."""
    pools = {item["pool"]: item for item in (await _read(told_registry, "/pools"))["pools"]}
    assert {pool: item["version"] for pool, item in pools.items()} == {"2011-14": 1, "2015-18": 1, "2019-26": 1}
    assert {item["other_pool"] for item in pools["2015-18"]["crosswalk"]} == {"2019-26"}
    assert len(pools["2011-14"]["effort_areas"]) == 7


async def test_organisations_and_stories_are_listed(told_registry: httpx.AsyncClient) -> None:
    """By kind, by area, by lens; where a story's consent is filed is nobody's business."""
    organisations = await _read(told_registry, "/organisations", kind="company")
    assert [item["organisation"] for item in organisations["organisations"]] == ["tryk-og-skilte"]
    stories = await _read(told_registry, "/stories", area="urbanplanen", lens="others_perception")
    assert [item["story"] for item in stories["stories"]] == ["trykkeri-i-kaelderen"]
    assert "Samtykke" not in str(stories)
    assert (await _read(told_registry, "/stories", lens="personal_competence"))["stories"] == []


async def test_an_activity_shows_who_carries_it_on(told_registry: httpx.AsyncClient) -> None:
    """An activity that nobody carries on says so too."""
    anchored = (await _read(told_registry, f"/activities/{MIND}"))["anchored"]
    assert (anchored["organisation"], anchored["from"]) == ("boligforening", "2029-08-01")
    assert (await _read(told_registry, f"/activities/{OTHER}"))["anchored"] is None


async def test_only_the_own_area_sees_who_is_in_an_activity(told_registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """Not the leads, not the auditors, not another area's coordinators; and no cache keeps it."""
    path = f"/registry/activities/{MIND}/participants"
    for headers in (
        bearer("lead"),
        bearer("auditor"),
        bearer("service"),
        bearer("admin"),
        bearer("coordinator", "gellerupparken"),
    ):
        refused = await told_registry.get(path, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert BOY not in refused.text
    answer = await told_registry.get(path, headers=bearer("coordinator", "urbanplanen"))
    assert [item["participant"] for item in answer.json()["participants"]] == sorted((AWAY, BOY))
    assert answer.json()["participants"][0]["stays"] == [{"course": "2025", "enrolled": "2025-10-01", "left": None}]
    assert answer.headers["cache-control"] == "no-store"


async def test_every_event_has_its_schema(told_registry: httpx.AsyncClient) -> None:
    """With labels in both languages; a name that is none is not found."""
    listed = (await _read(told_registry, "/schemas"))["schemas"]
    assert [item["name"] for item in listed] == [event.event_name for event in CATALOGUES["registry"].events]
    schema = await _read(told_registry, "/schemas/activity.anchored")
    assert "from" in schema["json_schema"]["properties"]
    assert (await told_registry.get("/registry/schemas/nothing")).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/areas", "/plans", "/plans/amagerplanen", "/activities", "/milestones", "/practices", "/stories", "/pools",
     "/organisations", "/schemas", "/schemas/plan.closed"],
)  # fmt: skip
async def test_what_has_not_changed_need_not_be_sent_again(told_registry: httpx.AsyncClient, path: str) -> None:
    """An answer carries an ETag of its content, and is asked for again each time."""
    first = await told_registry.get(f"/registry{path}")
    assert first.headers["cache-control"] == "private, no-cache"
    etag = first.headers["etag"]
    again = await told_registry.get(f"/registry{path}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = await told_registry.get(f"/registry{path}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


async def test_an_etag_changes_with_the_content(told_registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """What was said since shows."""
    before = (await told_registry.get("/registry/milestones")).headers["etag"]
    milestone = b.body(told("milestone.planned", milestone="ny"))
    await told_registry.post("/registry/events", content=milestone, headers={**bearer("admin"), **JSON})
    assert (await told_registry.get("/registry/milestones")).headers["etag"] != before


async def test_pages_stay_right_while_rows_arrive(told_registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """Whoever pages through sees everything that was there, once, whatever is added meanwhile."""
    there = [f"m-{number:03}" for number in range(40)]
    headers = {**bearer("admin"), **JSON}

    async def plan(names: list[str]) -> None:
        events = [told("milestone.planned", milestone=name) for name in names]
        answer = await told_registry.post("/registry/events", content=b.body(events), headers=headers)
        assert answer.status_code == 201

    await plan(there)
    seen: list[str] = []
    cursor = ""
    for number in range(100):
        page, _ = await asyncio.gather(
            _read(told_registry, "/milestones", cursor=cursor, limit=5), plan([f"m-{number:03}-ny"])
        )
        seen += [item["milestone"] for item in page["milestones"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    assert set(there) <= set(seen)
