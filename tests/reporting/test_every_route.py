"""Every read route of reporting, with every parameter, for every role: no pseudonym, and no area's small counts.

The routes and their parameters are those of the OpenAPI document, so a new one is walked too; a parameter for which
this test has no value fails it. Two areas are small and differ: one has three people of each kind, the other two.
"""

import asyncio
import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

import httpx
import openpyxl
import orjson
import pytest

from services.reporting.exports import data_package, workbook
from services.reporting.figures.pivot import DIMENSIONS
from services.reporting.indicators import INDICATORS
from services.reporting.terms import COUNTS
from services.reporting.web.charts.catalogue import CHARTS
from shared.pseudonyms import LETTERS, PREFIX
from tests.conftest import Bearer, Headers
from tests.support import builders as b
from tests.support.answers import texts_in
from tests.support.extent import long_but_for
from tests.support.samples import SAMPLES

Json = dict[str, Any]
PEOPLE: Final = {b.AREA: 3, b.OTHER_AREA: 2}
MARK: Final = "hemmelig-person"
SECRET: Final = re.compile(rf"{MARK}|{PREFIX}[{LETTERS}]{{22}}".encode())
# Those of nobody, with which the documentation shows what one looks like.
EXAMPLES: Final = frozenset(found for text in SAMPLES.values() for found in SECRET.findall(orjson.dumps(text)))
PLANS: Final = {b.AREA: b.PLAN, b.OTHER_AREA: "gellerupplanen"}
THRESHOLD: Final = 5
# How long the session of each area was, so that its hours are so many times its people.
HOURS: Final = 2
# A document is made in a few seconds; the rest is for a machine that has more to do.
SECONDS: Final = 60
# What each parameter is tried with. A path with several of them is tried with every combination.
IN_PATHS: Final = {
    "area": list(PEOPLE),
    "plan": list(PLANS.values()),
    "year": ["2025"],
    "number": ["1"],
    "owner": ["registry", "funding"],
    "sequence": ["1"],
    "name": sorted(CHARTS),
    # Of a report that is made again, the one form that takes no seconds to make.
    "form": ["json"],
}
VALUES: Final = {
    "area": list(PEOPLE),
    "plan": list(PLANS.values()),
    "effort_area": ["uddannelse-og-livschancer"],
    "from": ["2025-09-11"],
    "to": ["2025-12-31"],
    "period": ["2025-09", "2025-Q3", "2025/26", "2025"],
    "at_least": ["registry:1"],
    "language": ["en"],
    "theme": ["dark"],
    "table": ["totals", "areas", "effort_areas", "months", "figures", "total"],
    "indicator": [",".join(COUNTS)],
    "by": [
        *DIMENSIONS,
        *(f"area,{name}" for name in DIMENSIONS if name != "area"),
        "area,effort_area,month",
        "area,activity,school_year",
        "plan,kind,year",
    ],
    "after": ["1"],
    "before": ["1000"],
    "limit": ["1"],
    "cursor": ["urbanplanen"],
    "figure": ["attendances", "participant_hours", "volunteer_hours", "participants", "volunteers", "spent_ore"],
    "funder_kind": ["municipality"],
    "commitment": ["kommune"],
    "line": ["loen"],
    "pool": ["2019-26"],
    "cost_type": ["wages"],
    "year": ["2025"],
    "activity": [f"klub-{area}" for area in PEOPLE],
    "sample": ["5"],
    "seed": ["x"],
    "release": ["1"],
    "events": ["false"],
    "months_after": ["6"],
    "status": ["education"],
    "lens": ["self_perception"],
    "respondent": ["self"],
    "report": [f"areas/{area}" for area in PEOPLE],
    "day": ["2025-12-31"],
    "If-None-Match": ['"x"'],
    "Last-Event-ID": ["1"],
}
# Which parameters are tried together: what differs is then taken off one another.
TOGETHER: Final = (("by", "area"), ("area", "from", "to"), ("from", "to"), ("table", "by"), ("figure", "area"))
ALWAYS: Final = {
    "/figures": {"indicator": ",".join(COUNTS)},
    "/remade": {"report": "network", "cursor": "registry:1,funding:0,reporting:0", "day": "2025-12-31"},
}
# For everybody; they tell nothing of areas.
OPEN: Final = frozenset({"/health/live", "/health/ready", "/health/serving", "/metrics", "/asyncapi.json"})
FOR_SERVICES: Final = frozenset({"/events", "/rejections"})
# Made from a report's JSON, at a cost: asked for as they stand, and charts of each area and plan too.
COSTLY: Final = (".pdf", ".svg", ".png", ".json")
IN_SHORT: Final = frozenset({"area", "plan", "from", "period", "by"})
# How many questions are asked at least.
FEW_ASKED: Final = 150
MANY_ASKED: Final = 400
MADE_IN_SECONDS: Final = (".pdf", ".svg", ".png")
# The same answers as files: with each parameter alone, and of the many dimensions with three choices.
FILES: Final = (".csv", ".xlsx", ".zip")
DIMENSIONS_IN_FILES: Final = 3
LABELS: Final = frozenset(
    word for item in INDICATORS if item.name in COUNTS for word in (item.name, item.label_da, item.label_en)
)


def _world() -> list[Json]:
    """Two areas with a plan and an activity each, three people of each kind in one, two in the other."""
    events = []
    for area, number in PEOPLE.items():
        activity = f"klub-{area}"
        events += [
            b.an_area(area),
            b.a_plan(PLANS[area], areas=[area]),
            b.an_activity(activity, area=area, plan=PLANS[area]),
            b.a_start(activity, area=area),
        ]
        names = [f"{MARK}-{area}-{each}" for each in range(number)]
        events += [b.an_enrolment(name, activity, area=area) for name in names]
        events.append(b.an_attendance(f"session-{area}", activity, area=area, participants=names, hours=HOURS))
        for name in names:
            volunteer = {"activity": activity, "volunteer": f"{name}-frivillig", "date": "2025-09-10"}
            events.append(b.an_event("volunteer.engaged", {**volunteer, "role": "volunteer"}, source=f"/areas/{area}"))
            for wave, day in (("before", "2025-09-11"), ("after", "2025-09-15")):
                measured = {"activity": activity, "participant": name, "instrument": "skala", "wave": wave, "date": day}
                measured |= {"lens": "self_perception", "respondent": "self"}
                score = {"score": 3, "scale_min": 1, "scale_max": 5}
                events.append(b.an_event("outcome.measured", {**measured, **score}, source=f"/areas/{area}"))
        story = {"story": f"story-{area}", "area": area, "title": "En god dag", "text": "Det gik godt."}
        consent = {"consent": {"reference": f"{MARK}-samtykke", "guardian": True}}
        events.append(b.an_event("story.published", {**story, **consent}, source=f"/areas/{area}"))
    return events


async def _post(system: httpx.AsyncClient, headers: Headers) -> str:
    told = {**headers, "content-type": "application/json"}
    answer = await system.post("/registry/events", content=b.body(_world()), headers=told)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["cursor"])


def _requests(document: Json, *, is_long: bool) -> Iterator[tuple[str, Json, Headers]]:
    """Give every question to every read route: path, query and headers.

    In short, one value of each parameter, and of what takes seconds to make one document and one drawing of each kind.
    """
    for path, operations in document["paths"].items():
        if "get" not in operations:
            continue
        parameters = operations["get"].get("parameters", [])
        for parameter in parameters:
            known = IN_PATHS if parameter["in"] == "path" else VALUES
            assert parameter["name"] in known, f"{path} takes '{parameter['name']}', for which there is no value here"
        names = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
        ways = itertools.product(*(IN_PATHS[name] for name in names))
        for values in ways if is_long or not path.endswith(MADE_IN_SECONDS) else itertools.islice(ways, 1):
            filled = path.format(**dict(zip(names, values, strict=True)))
            for chosen in _choices(path, parameters, is_long=is_long):
                always = next((more for start, more in ALWAYS.items() if path.startswith(start)), {})
                kinds = {parameter["name"]: parameter["in"] for parameter in parameters}
                query = {**always, **{name: value for name, value in chosen.items() if kinds[name] == "query"}}
                yield filled, query, {name: value for name, value in chosen.items() if kinds[name] == "header"}


def _choices(path: str, parameters: Iterable[Json], *, is_long: bool) -> Iterator[dict[str, str]]:
    """Give nothing chosen, then each value of each parameter alone, then those that are tried together.

    In short, one value of each parameter that matters most: which area, of which days, by which dimensions.
    """
    yield {}
    taken = {parameter["name"] for parameter in parameters if parameter["in"] != "path"}
    if path.endswith(COSTLY):
        taken &= {"area", "plan"} if path.endswith(".json") else set()
    is_file = path.endswith(FILES)
    if not is_long:
        yield from ({name: VALUES[name][-1]} for name in sorted(taken & set(() if is_file else IN_SHORT)))
        return
    for group in (*((name,) for name in sorted(taken)), *(() if is_file else TOGETHER)):
        if taken.issuperset(group):
            tried = [
                VALUES[name][-DIMENSIONS_IN_FILES:] if is_file and name == "by" else VALUES[name] for name in group
            ]
            for values in itertools.product(*tried):
                yield dict(zip(group, values, strict=True))


async def _ask(system: httpx.AsyncClient, path: str, query: Json, headers: Headers) -> tuple[int, str, bytes]:
    """Ask, and give status, media type and all that is answered; a stream is read until it has nothing new to say."""
    async with (
        asyncio.timeout(SECONDS),
        system.stream("GET", f"/reporting{path}", params=query, headers=headers) as got,
    ):
        media_type = got.headers.get("content-type", "").split(";")[0]
        content = b""
        async for chunk in got.aiter_bytes():
            content += chunk
            if media_type == "text/event-stream" and b": nothing new" in content:
                break
        return got.status_code, media_type, content


def _counts(media_type: str, content: bytes) -> Iterator[float]:
    """Give every count of people that an answer shows, and every number of pairs."""
    if media_type == "application/json":
        yield from _counts_in(orjson.loads(content))
    elif media_type == "text/csv":
        yield from _counts_in_rows(_csv(content))
    elif media_type == workbook.MEDIA_TYPE:
        for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
            yield from _counts_in_rows([[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)])
    elif media_type == data_package.MEDIA_TYPE:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    yield from _counts_in_rows(_csv(archive.read(name)))


def _counts_in(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        if {"value", "suppressed"} <= value.keys():
            assert value["suppressed"] == (value["value"] is None)
            yield value["value"] or 0
        elif isinstance(pairs := value.get("pairs"), int):
            yield pairs
        for inner in value.values():
            yield from _counts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _counts_in(inner)


def _csv(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


def _counts_in_rows(rows: list[list[str]]) -> Iterator[float]:
    """Read counts from a table: under their label, or in the cell after it."""
    if not rows:
        return
    columns = [place for place, label in enumerate(rows[0]) if label in LABELS]
    for row in rows[1:]:
        places = [*columns, *(place + 1 for place, cell in enumerate(row[:-1]) if cell in LABELS)]
        yield from (float(row[place]) for place in places if row[place].isdecimal())


@pytest.mark.parametrize("least", long_but_for([FEW_ASKED, MANY_ASKED], [FEW_ASKED]), ids=["short", "long"])
async def test_no_route_shows_a_pseudonym_or_another_areas_small_counts(
    system: httpx.AsyncClient, bearer: Bearer, least: int
) -> None:
    """Whoever asks whatever: no pseudonym anywhere; a count of 1 to 4 only to the own area's coordinator, their own."""
    cursor = await _post(system, bearer("admin"))
    document = (await system.get("/reporting/openapi.json")).json()
    await system.get("/reporting/reports/network", params={"at_least": cursor}, headers=bearer("lead"))
    roles = {
        **{area: (bearer("coordinator", area), number) for area, number in PEOPLE.items()},
        **{role: (bearer(role), None) for role in ("lead", "auditor", "admin")},
    }
    asked = found_own = 0
    for path, query, headers in _requests(document, is_long=least == MANY_ASKED):
        for role, (token, own) in roles.items():
            # They see what a lead sees, which one question of each kind tells.
            if role in {"auditor", "admin"} and (path.endswith(COSTLY) or query.keys() - {"indicator"} or headers):
                continue
            if least == FEW_ASKED and role != b.AREA and path.endswith((*MADE_IN_SECONDS, *FILES)):
                continue
            status, media_type, content = await _ask(system, path, query, {**headers, **token})
            where = f"{role}: {path} {query} {headers}"
            assert status < httpx.codes.INTERNAL_SERVER_ERROR, where
            shown = {found for text in texts_in(media_type, content) for found in SECRET.findall(text)}
            assert shown <= EXAMPLES, where
            for count in _counts(media_type, content):
                assert not 0 < count < THRESHOLD or (own and count in {own, HOURS * own}), f"{where} shows {count}"
                # The two areas together, off which a coordinator could take the own.
                assert own is None or count != sum(PEOPLE.values()), f"{where} shows the total"
                found_own += count == own
            asked += 1
    assert asked > least
    assert found_own > least / 8, "a coordinator finds the own area's counts, or this test looks in the wrong places"


async def test_nobody_reads_without_a_role_for_it(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Without a token every route says 401; a service reads logs and what was refused, and nothing else."""
    document = (await system.get("/reporting/openapi.json")).json()
    tried = 0
    for path, query, headers in _requests(document, is_long=False):
        if query.keys() - ALWAYS["/figures"].keys() or headers or path in OPEN:
            continue
        status, _, _ = await _ask(system, path, query, {})
        assert status == httpx.codes.UNAUTHORIZED, path
        status, _, _ = await _ask(system, path, query, bearer("service"))
        assert (status == httpx.codes.FORBIDDEN) == (path not in FOR_SERVICES), path
        tried += 1
    assert tried > 20
