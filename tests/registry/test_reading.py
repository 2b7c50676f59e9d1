"""The registry's read routes: what was posted can be read, filtered and paged through."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest

from tests.conftest import Bearer
from tests.support.builders import AREA, OTHER_AREA, PLAN, Json, a_plan, a_start, an_activity, an_area, an_end, body

Read: TypeAlias = Callable[..., Awaitable[Any]]
PEOPLE = "beskaeftigelse"

NETWORK: list[Json] = [
    an_area(residents=4200, departments=["Solvang", "Dyvekevænget"]),
    an_area(OTHER_AREA, name="Gellerupparken", municipality="Aarhus Kommune"),
    a_plan(),
    a_plan("toveshoej", name="Gellerup-Toveshøj", areas=[OTHER_AREA]),
    a_plan("faelles", areas=[AREA, OTHER_AREA]),
    an_activity("a-planned", name="Lektiecafé"),
    an_activity("b-started", name="Lommepengejob", effort_area=PEOPLE, capacity=12, fixed=True),
    an_activity("c-ended", name="Fællesspisning"),
    an_activity("d-elsewhere", name="Lektiecafé", plan="toveshoej", area=OTHER_AREA),
    a_start("b-started"),
    a_start("c-ended"),
    an_end("c-ended"),
]


@pytest.fixture
async def read(registry: httpx.AsyncClient, bearer: Bearer) -> Read:
    """Post the network, and give a function that reads a path as a network lead."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    answer = await registry.post("/registry/events", content=body(NETWORK), headers=headers)
    assert answer.status_code == 201, answer.text

    async def read(path: str, **parameters: str | int) -> Any:  # noqa: ANN401  JSON
        answer = await registry.get(f"/registry{path}", params=parameters, headers=bearer("lead"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


async def test_one_of_each_can_be_read(read: Read) -> None:
    """Every field that was posted is there."""
    assert await read(f"/areas/{AREA}") == {
        "area": AREA,
        "name": "Urbanplanen",
        "municipality": "Københavns Kommune",
        "residents": 4200,
        "departments": ["Solvang", "Dyvekevænget"],
    }
    assert await read("/plans/faelles") == {
        "plan": "faelles",
        "name": "Faelles",
        "pool": "2019-26",
        "areas": [AREA, OTHER_AREA],
        "start": "2025-08-01",
        "end": "2029-07-31",
        "invited": [],
        "approval_reference": "LBF 2025-1",
        "closed": None,
        "goals": [],
        "partners": [],
    }
    assert await read("/activities/b-started") == {
        "activity": "b-started",
        "plan": PLAN,
        "area": AREA,
        "name": "Lommepengejob",
        "kind": "homework-cafe",
        "effort_area": PEOPLE,
        "start": "2025-08-01",
        "end": "2026-06-30",
        "fixed": True,
        "capacity": 12,
        "target_group": None,
        "status": "started",
        "started": "2025-09-01",
        "ended": None,
        "anchored": None,
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abcd"),
        ({"area": AREA}, "abc"),
        ({"area": OTHER_AREA}, "d"),
        ({"plan": PLAN}, "abc"),
        ({"effort_area": PEOPLE}, "b"),
        ({"status": "planned"}, "ad"),
        ({"status": "started"}, "b"),
        ({"status": "ended"}, "c"),
        ({"q": "LEKTIE"}, "ad"),
        ({"q": "fællesspisning"}, "c"),
        ({"q": "FÆLLES"}, "c"),
        ({"q": "%"}, ""),
        ({"q": "_"}, ""),
        ({"q": "café", "area": OTHER_AREA, "status": "planned"}, "d"),
        ({"area": "nowhere"}, ""),
    ],
)
async def test_activities_can_be_filtered(read: Read, filters: dict[str, str], expected: str) -> None:
    """Filters narrow, together and alone; a search knows no wildcards and no capitals, Danish letters included."""
    found = await read("/activities", **filters)
    assert "".join(item["activity"][0] for item in found["activities"]) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["amagerplanen", "faelles", "toveshoej"]),
        ({"area": AREA}, ["amagerplanen", "faelles"]),
        ({"area": OTHER_AREA}, ["faelles", "toveshoej"]),
        ({"q": "tovesh"}, ["toveshoej"]),
    ],
)
async def test_plans_can_be_filtered(read: Read, filters: dict[str, str], expected: list[str]) -> None:
    """A plan of several areas is found under each of them."""
    assert [item["plan"] for item in (await read("/plans", **filters))["plans"]] == expected


@pytest.mark.parametrize(("path", "key"), [("/areas", "area"), ("/plans", "plan"), ("/activities", "activity")])
@pytest.mark.parametrize("limit", [1, 2, 3, 500])
async def test_pages_hold_everything_once(read: Read, path: str, key: str, limit: int) -> None:
    """Going from page to page meets every row once, by slug, and ends."""
    everything = [item[key] for item in (await read(path))[path[1:]]]
    met: list[str] = []
    cursor = ""
    for _ in range(len(everything) + 1):
        page = await read(path, limit=limit, cursor=cursor)
        met += [item[key] for item in page[path[1:]]]
        if (cursor := page["next"]) is None:
            break
    assert cursor is None
    assert met == everything == sorted(everything)


async def test_a_page_that_is_full_and_last_leads_to_an_end(read: Read) -> None:
    """A cursor may lead to an empty page, never past rows."""
    page = await read("/areas", limit=2)
    assert (await read("/areas", limit=2, cursor=page["next"] or "zzz"))["areas"] == []


async def test_how_many_take_part_is_not_told(read: Read) -> None:
    """A count of people in one activity could point at a person; it has no field here."""
    assert "enrolled" not in await read("/activities/b-started")


@pytest.mark.parametrize("path", ["/areas/nowhere", "/plans/none", "/activities/none"])
async def test_what_is_not_there_is_not_found(registry: httpx.AsyncClient, bearer: Bearer, path: str) -> None:
    """A missing thing is 404 with a code, as a problem document."""
    answer = await registry.get(f"/registry{path}", headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "status=lost", "q=a%00b", "area=%00", "cursor=%00", "q=" + "x" * 101],
)
async def test_a_parameter_that_cannot_be_is_refused(registry: httpx.AsyncClient, bearer: Bearer, query: str) -> None:
    """A query beyond its bounds is 422 and names the parameter."""
    answer = await registry.get(f"/registry/activities?{query}", headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_parameter")
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


async def test_a_path_may_hold_anything(registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """A name that no slug can be is not found, and breaks nothing."""
    for name in ("%00", "%C3%A6", "a'b", "x" * 2_000):
        answer = await registry.get(f"/registry/areas/{name}", headers=bearer("lead"))
        assert answer.status_code in {404, 422}, answer.text


async def test_only_a_service_reads_the_log(registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """The log holds people's pseudonyms: no other role may read it."""
    for role in ("coordinator", "lead", "auditor", "admin"):
        answer = await registry.get("/registry/events", headers=bearer(role, AREA))
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    answer = await registry.get("/registry/events?after=1&limit=1", headers=bearer("service"))
    assert answer.status_code == 200
    assert answer.json()["head"] == 3
    assert [entry["sequence"] for entry in answer.json()["events"]] == [2]
    assert answer.headers["cache-control"] == "no-store"


async def test_the_pools_are_there_from_the_start(registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """The three funding periods need no post, and their effort areas have the names of the field."""
    answer = await registry.get("/registry/events", headers=bearer("service"))
    pools = {entry["event"]["data"]["pool"]: entry["event"]["data"] for entry in answer.json()["events"]}
    assert set(pools) == {"2011-14", "2015-18", "2019-26"}
    assert [len(pool["effort_areas"]) for _, pool in sorted(pools.items())] == [7, 4, 4]
    assert {item["effort_area"] for item in pools["2019-26"]["effort_areas"]} == {
        "uddannelse-og-livschancer",
        "beskaeftigelse",
        "kriminalitetsforebyggelse",
        "sammenhaengskraft-og-medborgerskab",
    }
